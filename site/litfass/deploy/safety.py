"""What a deployment must never overwrite: the blog itself, and what others put somewhere."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from litfass.errors import DeployError

MARKER = ".litfass-live"
"""The file that says a folder is ours to replace."""

MARKER_TEXT = "Litfass put this folder here and replaces all that is in it when it deploys.\n"

_SOURCES = ("posts", "pages", "static", "templates", "syndication", ".git", ".litfass")


def refuse_sources(live: Path, blog: Path, public: Path) -> None:
    """Raise DeployError for a folder whose replacement would eat the blog; `live` is resolved."""
    blog, public = blog.resolve(), public.resolve()
    kept = (public, *(blog / name for name in _SOURCES))
    holds = blog.is_relative_to(live) or public.is_relative_to(live)
    if holds or any(live.is_relative_to(folder) for folder in kept):
        raise DeployError(
            f"{live} belongs to the blog itself, and deploying there would overwrite it",
            'Choose a folder of its own in [deploy], "../live" for example.',
        )


def refuse_strangers(where: str, names: Collection[str]) -> None:
    """Raise DeployError when the names in a folder are not those of one of ours."""
    if names and MARKER not in names:
        raise DeployError(
            f"{where} has files that Litfass did not put there",
            f"Choose an empty folder. If all in it may be replaced, make a file named {MARKER} "
            "in it and deploy again.",
        )
