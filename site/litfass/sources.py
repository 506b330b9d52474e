"""What lies in the blog's folders: found in one pass, read only when it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from litfass.digest import digest
from litfass.errors import ContentError, Problem, Problems
from litfass.model import Source

Signature = tuple[int, int, int]  # size, time of change (nanoseconds), inode
Place = tuple[int, int]  # device and inode: a folder, by whatever name

FOLDERS = ("posts", "pages", "static")


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the blog: its path relative to the blog, and what tells an unchanged one."""

    path: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Sources:
    """All files of a blog that become part of it, each folder in the order of its paths."""

    posts: tuple[Found, ...]
    pages: tuple[Found, ...]
    static: tuple[Found, ...]
    media: tuple[Found, ...]

    @property
    def documents(self) -> tuple[Found, ...]:
        """What holds Markdown."""
        return (*self.posts, *self.pages)


def scan(root: Path) -> Sources:
    """Find the blog's files. Raises Problems for loops of links and what cannot be read."""
    problems: list[Problem] = []
    found = {name: tuple(_walk(root, name, (), problems)) for name in FOLDERS}
    if problems:
        raise Problems(problems)
    written = (*found["posts"], *found["pages"])
    return Sources(
        posts=tuple(one for one in found["posts"] if _is_markdown(one.path)),
        pages=tuple(one for one in found["pages"] if _is_markdown(one.path)),
        static=found["static"],
        media=tuple(one for one in written if not _is_markdown(one.path)),
    )


def read(root: Path, path: str) -> Source:
    """Read one Markdown file. Raises ContentError when it cannot be read or is not UTF-8."""
    try:
        content = (root / path).read_bytes()
    except OSError as error:
        raise ContentError(
            f"cannot be read: {error.strerror}", "Check its permissions.", path=path
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "Open it in your editor and save it with the encoding UTF-8."
        raise ContentError("is not a text in UTF-8", hint, path=path, line=line) from None
    return Source(path, text.replace("\r\n", "\n").replace("\r", "\n"), digest(content))


def signature(status: os.stat_result) -> Signature:
    """Return what tells an unchanged file without reading it."""
    return status.st_size, status.st_mtime_ns, status.st_ino


def _walk(
    root: Path, folder: str, above: tuple[Place, ...], problems: list[Problem]
) -> Iterator[Found]:
    try:
        status = (root / folder).stat()
        place = (status.st_dev, status.st_ino)
        if place in above:
            hint = "It is a symbolic link to a folder that it lies in. Remove the link."
            problems.append(Problem("goes round in a circle", hint, folder))
            return
        with os.scandir(root / folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(
            Problem(f"cannot be read: {error.strerror}", "Check its permissions.", folder)
        )
        return
    for entry in ordered:
        if not _is_leftover(entry.name, hidden=folder.startswith("static")):
            yield from _visit(root, f"{folder}/{entry.name}", entry, (*above, place), problems)


def _visit(
    root: Path,
    path: str,
    entry: os.DirEntry[str],
    above: tuple[Place, ...],
    problems: list[Problem],
) -> Iterator[Found]:
    try:
        if entry.is_dir():
            yield from _walk(root, path, above, problems)
        else:
            yield Found(path, signature(entry.stat()))
    except OSError:
        hint = "It is a symbolic link that leads nowhere, or in a circle. Mend or remove it."
        problems.append(Problem("cannot be read", hint, path))


def _is_leftover(name: str, *, hidden: bool) -> bool:
    """Tell what editors, Git and desktops leave lying about; `hidden` files may be meant.

    In static/ they are: .well-known/ proves to others whose blog it is, .htaccess tells a server.
    """
    if name.startswith((".#", "._", ".git", "#", "~$")) or name == ".DS_Store":
        return True
    return name.endswith(("~", ".swp", ".tmp", ".bak")) or (name.startswith(".") and not hidden)


def _is_markdown(path: str) -> bool:
    return path.endswith((".md", ".markdown"))
