"""What lies in the blog's folders: found in one pass, read only when it has changed."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

from litfass.digest import digest
from litfass.errors import ContentError, Problem, Problems
from litfass.model import Source

Signature = tuple[int, int, int]  # size, time of change (nanoseconds), inode
Place = tuple[int, int]  # device and inode: a folder, by whatever name

NEVER: Signature = (0, 0, 0)
"""A signature that no file has."""

FOLDERS = ("posts", "pages", "static", "templates")

_MARKDOWN = (".md", ".markdown")
_INODE_TIME = os.name != "nt"
_LEFT = (".swp", ".tmp", ".bak")


class Found(NamedTuple):
    """A file of the blog: its path relative to the blog, and what tells an unchanged one."""

    path: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Sources:
    """All files of a blog that become part of it."""

    posts: tuple[Found, ...]
    pages: tuple[Found, ...]
    static: tuple[Found, ...]
    media: tuple[Found, ...]
    templates: tuple[Found, ...] = ()

    def in_order(self) -> Sources:
        """Return the same files, each folder in the order of its paths."""
        return Sources(*(tuple(sorted(getattr(self, one.name))) for one in fields(self)))

    @property
    def everything(self) -> dict[str, Signature]:
        """All files by path, with what tells an unchanged one."""
        return dict((*self.posts, *self.pages, *self.static, *self.media, *self.templates))

    @property
    def documents(self) -> tuple[Found, ...]:
        """What holds Markdown."""
        return (*self.posts, *self.pages)


def scan(root: Path) -> Sources:
    """Find the blog's files. Raises Problems for loops of links and what cannot be read.

    They come as the disk has them; `in_order` sorts them.
    """
    found: dict[str, list[Found]] = {name: [] for name in FOLDERS}
    problems: list[Problem] = []
    for name, files in found.items():
        _walk(root, name, (), files, problems)
    if problems:
        raise Problems(problems)
    written = (*found["posts"], *found["pages"])
    return Sources(
        posts=tuple(one for one in found["posts"] if _is_markdown(one.path)),
        pages=tuple(one for one in found["pages"] if _is_markdown(one.path)),
        static=tuple(found["static"]),
        media=tuple(one for one in written if not _is_markdown(one.path)),
        templates=tuple(found["templates"]),
    )


def read(root: Path, path: str) -> Source:
    """Read one Markdown file. Raises ContentError when it cannot be read or is not UTF-8."""
    try:
        with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 - ten thousand of them
            content = file.read()
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


def trace(status: os.stat_result) -> Signature:
    """Return the signature of a source, which shows every change.

    An archive or `rsync --times` gives a new text an old time; the time of the inode tells on them.
    Windows has none.
    """
    changed = status.st_mtime_ns
    if _INODE_TIME and status.st_ctime_ns > changed:
        changed = status.st_ctime_ns
    return status.st_size, changed, status.st_ino


def is_document(path: str) -> bool:
    """Tell whether a file of the blog holds Markdown that becomes a post or a page."""
    return path.startswith(("posts/", "pages/")) and _is_markdown(path)


def settled(sources: Sources, moment: int) -> dict[str, Signature]:
    """Return the signature of each file by path, as far as it is `still`."""
    return {path: still(one, moment) for path, one in sources.everything.items()}


def still(one: Signature, moment: int) -> Signature:
    """Return a signature, or NEVER if the file changed after a moment (nanoseconds).

    It may change again without showing it, so it is not to be known by its signature.
    """
    return one if one[1] < moment else NEVER


def _walk(
    root: Path, folder: str, above: tuple[Place, ...], files: list[Found], problems: list[Problem]
) -> None:
    """Add what lies in a folder."""
    try:
        status = (root / folder).stat()
        place = (status.st_dev, status.st_ino)
        if place in above:
            hint = "It is a symbolic link to a folder that it lies in. Remove the link."
            problems.append(Problem("goes round in a circle", hint, folder))
            return
        with os.scandir(root / folder) as entries:
            found = list(entries)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(
            Problem(f"cannot be read: {error.strerror}", "Check its permissions.", folder)
        )
        return
    hidden = folder.startswith("static")
    for entry in found:
        name = entry.name
        if not (name.endswith(".md") and name[0].isalnum()) and _is_leftover(name, hidden=hidden):
            continue
        path = f"{folder}/{name}"
        try:
            if entry.is_dir():
                _walk(root, path, (*above, place), files, problems)
            else:
                files.append(Found(path, trace(entry.stat())))
        except OSError:
            hint = "It is a symbolic link that leads nowhere, or in a circle. Mend or remove it."
            problems.append(Problem("cannot be read", hint, path))


def _is_leftover(name: str, *, hidden: bool) -> bool:
    """Tell what editors, Git and desktops leave lying about; `hidden` files may be meant.

    In static/ they are: .well-known/ proves to others whose blog it is, .htaccess tells a server.
    """
    if name[0].isalnum() and name[-1].isalnum() and name[-4:] not in _LEFT:
        return False
    if name.startswith((".#", "._", ".git", "#", "~$")) or name == ".DS_Store":
        return True
    return name.endswith(("~", *_LEFT)) or (name.startswith(".") and not hidden)


def _is_markdown(path: str) -> bool:
    return path.endswith(_MARKDOWN)
