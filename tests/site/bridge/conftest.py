"""A blog with accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litfass.bridge import Syndication, open_syndication
from litfass.build import Options, survey
from litfass.settings import open_blog

SITE = """\
[site]
title = "Werkstattbuch"
url = "https://blog.example/werkstatt"
language = "de"

[syndication]
wait_seconds = 0
"""

POST = "---\nid: hello\ntitle: Hello\ndate: 2026-11-20 10:00\n---\n\nA first post.\n"

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def opened(blog: Callable[..., Path]) -> Callable[..., Syndication]:
    """Return a maker of a blog's syndication: accounts in TOML, files, the environment."""

    def make(
        accounts: str,
        files: Mapping[str, str | bytes] | None = None,
        environ: Mapping[str, str] | None = None,
        *,
        rehearsal: bool = False,
    ) -> Syndication:
        texts = {"litfass.toml": SITE + accounts, "posts/hello.md": POST, **(files or {})}
        root = blog({path: text for path, text in texts.items() if isinstance(text, str)})
        for path, content in texts.items():
            if isinstance(content, bytes):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
        if (root / "secrets.toml").exists():
            (root / "secrets.toml").chmod(0o600)
        own = open_blog(root)
        built = survey(own, Options(NOW))
        return open_syndication(own, built, environ or {}, lambda: NOW, rehearsal=rehearsal)

    return make
