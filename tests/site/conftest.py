"""A small blog to build, made anew for each test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litfass.build import Built, Options, build
from litfass.settings import open_blog

SETTINGS = """\
[site]
title = "Werkstattbuch"
url = "https://blog.example/"
language = "de"
author = "Die Werkstatt"
timezone = "Europe/Berlin"
"""

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

Files = dict[str, str]


@pytest.fixture
def blog(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of blogs: files by path, settings added unless given."""

    def make(files: Files, folder: str = "blog") -> Path:
        root = tmp_path / folder
        for path, text in ({"litfass.toml": SETTINGS} | files).items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        return root

    return make


@pytest.fixture
def built() -> Callable[..., Built]:
    """Return the build of a blog's folder, at a fixed time."""

    def run(root: Path, **options: object) -> Built:
        return build(open_blog(root), Options(**({"now": NOW} | options)))

    return run
