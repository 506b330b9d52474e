"""The default theme: templates, style, scripts and their translations."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder of the theme's templates and assets."""
    return Path(__file__).parent / "theme"


def translations() -> Path:
    """Return the folder of the theme's words, one TOML file per language."""
    return Path(__file__).parent / "translations"
