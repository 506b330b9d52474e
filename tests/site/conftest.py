"""A small blog to build, made anew for each test, and a browser to look at what comes of it."""

from __future__ import annotations

import os
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


@pytest.fixture
def browser():
    """A headless Chromium; without one the test is skipped, or fails where servers are required."""
    chromium = Path(os.environ.get("LITFASS_CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        missing = f"there is no Chromium at {chromium}; set LITFASS_CHROMIUM to one"
        if os.environ.get("LITFASS_REQUIRE_SERVERS") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield launched
        launched.close()
