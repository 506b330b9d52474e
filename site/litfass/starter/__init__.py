"""A new blog: its first post, its pages and its settings, from the folders beside this file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from litfass.errors import LitfassError, OutputError
from litfass.settings import parse

LANGUAGES = ("en", "de")
PLACEHOLDER = "https://blog.example"

_TITLES = {"en": "My blog", "de": "Mein Blog"}
_NAMES = {"gitignore": ".gitignore", "gitattributes": ".gitattributes", "gitkeep": ".gitkeep"}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new blog is told of itself. `moment` is aware, `post` the id of the first post."""

    language: str
    moment: datetime
    timezone: str
    post: str
    title: str = ""
    url: str = ""
    author: str = ""


def begin(folder: Path, beginning: Beginning) -> tuple[str, ...]:
    """Write a new blog and return its files.

    Raises LitfassError when the folder is in use, or the blog could not be read.
    """
    root = files(__package__) / beginning.language
    words = _words(beginning)
    texts = {
        _named(path, beginning.moment): Template(file.read_text("utf-8")).substitute(words)
        for path, file in _walk(root, "")
    }
    parse(texts["litfass.toml"])  # what does not make sense is refused before it is written
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            hint = "Choose a new folder: litfass init my-blog"
            raise LitfassError(f"{folder} is not empty", hint)
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        place = str(error.filename or folder)
        raise OutputError(f"cannot be written: {error.strerror}", path=place) from None
    return tuple(texts)


def timezone_here() -> str:
    """Return the name of this machine's time zone, or "UTC" where it does not say."""
    named = os.environ.get("TZ", "").removeprefix(":")
    clock = Path("/etc/localtime")
    if not named and clock.is_symlink():
        named = clock.resolve().as_posix().partition("zoneinfo/")[2]
    return named or "UTC"


def _words(beginning: Beginning) -> Mapping[str, str]:
    """Return what stands in for $names; texts for TOML and YAML are in quotes."""
    title = beginning.title or _TITLES[beginning.language]
    return {
        "title": _quoted(title),
        "url": _quoted(beginning.url or PLACEHOLDER),
        "author": _quoted(beginning.author),
        "timezone": _quoted(beginning.timezone),
        "wait": "300" if beginning.url else "0",
        "id": beginning.post,
        "date": beginning.moment.isoformat(" "),
        "day": f"{beginning.moment:%Y-%m-%d}",
    }


def _quoted(text: str) -> str:
    """Quote a text as both TOML and YAML read it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _walk(folder: Traversable, above: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        path = f"{above}{entry.name}"
        found += _walk(entry, f"{path}/") if entry.is_dir() else [(path, entry)]
    return found


def _named(path: str, moment: datetime) -> str:
    """Return a file's name in the blog: hidden ones get their dot, posts their day."""
    *above, name = path.split("/")
    if above == ["posts"]:
        return f"posts/{moment:%Y-%m-%d}-{name}"
    return "/".join((*above, _NAMES.get(name, name)))
