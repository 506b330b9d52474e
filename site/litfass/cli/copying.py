"""Texts that wait for a person, shown so that they are easily copied."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from litfass.cli.screen import Screen

if TYPE_CHECKING:
    from litfass.bridge import Manuscript

_EDGE = "─" * 60


def show(manuscripts: Sequence[Manuscript], root: Path, screen: Screen) -> None:
    """Show the texts, each alone between two lines."""
    for one in manuscripts:
        screen.say(f"\n✎ {one.place} · {one.title}", "bold")
        for line in _before(one, root):
            screen.say(f"  {line}")
        screen.say(f"{_EDGE}\n{one.text}\n{_EDGE}")
        for line in _after(one):
            screen.say(f"  {line}")


def listed(manuscripts: Sequence[Manuscript], root: Path) -> list[dict[str, object]]:
    """Return the texts as programs read them."""
    return [{**asdict(one), "image": _picture(one, root) or None} for one in manuscripts]


def _before(one: Manuscript, root: Path) -> Iterator[str]:
    if one.outdated:
        yield f"The text there is now out of date{f': {one.url}' if one.url else '.'}"
    if one.address:
        yield f"Post it at {one.address}"
    if one.image:
        yield f"With the picture {_picture(one, root)}"
        yield f"Its description: {one.alt or '(there is none)'}"
    if one.content_warning:
        yield f"Content warning: {one.content_warning}"


def _after(one: Manuscript) -> Iterator[str]:
    limit = "" if one.limit is None else f" of {one.limit}"
    yield f"{one.length}{limit} {one.measure}"
    yield f"Is it there? {one.done} (and --url ADDRESS, where it has one)"
    yield f"{'Shall the old one stay?' if one.outdated else 'Not at all?'} {one.never}"


def _picture(one: Manuscript, root: Path) -> str:
    """Return the picture's file as the blog's author knows it."""
    return Path(os.path.relpath(one.image, root)).as_posix() if one.image else ""
