"""The default theme: templates, style, scripts, translations, message templates."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder that holds the theme's files."""
    return Path(__file__).parent / "theme"
