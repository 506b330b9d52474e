"""Options of an account that are files: what is written is seen from the blog's folder."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = "syndication"

PATHS = {"path": f"{FOLDER}/outbox.jsonl"}
"""Options that are paths, and what each is when nobody says it; seen from the blog's folder."""


def with_paths(table: Mapping[str, object], options: type, root: Path) -> dict[str, object]:
    """Fill in the paths, seen from the blog's folder."""
    hints = typing.get_type_hints(options)
    wanted = {key: default for key, default in PATHS.items() if hints.get(key) is Path}
    written = {key: table.get(key, default) for key, default in wanted.items()}
    paths = {
        key: root / value if isinstance(value, str) else value for key, value in written.items()
    }
    return {**table, **paths, **_with_files(table, options, root)}


def _with_files(table: Mapping[str, object], options: Any, root: Path) -> dict[str, str]:
    """Fill in what may be a file or something else; `file` in its metadata tells which."""
    fields = dataclasses.fields(options)
    mixed = {one.name: one.metadata["file"] for one in fields if "file" in one.metadata}
    return {
        key: str(root / value)
        for key, value in table.items()
        if key in mixed and isinstance(value, str) and value and mixed[key](value)
    }


def private_files(options: Any, root: Path) -> tuple[str, ...]:
    """Return the files among the options that lie in the blog's folder, and what is beside them."""
    mixed = (one for one in dataclasses.fields(options) if "file" in one.metadata)
    written = ((one.metadata["file"], getattr(options, one.name)) for one in mixed)
    home = root.resolve()
    paths = (Path(value).resolve() for is_file, value in written if is_file(value))
    inside = (path for path in paths if path.is_relative_to(home))
    names = tuple(path.relative_to(home).as_posix() for path in inside)
    return (*names, *(f"{name}.*" for name in names))
