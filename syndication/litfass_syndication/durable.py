"""Files that survive a power cut: what is written is on the disk when the call returns.

All raise OSError, and leave the file as it was then.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


def append(path: Path, lines: bytes) -> None:
    """Add whole lines with one write, on a line of their own even after an unfinished one."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o644)
    try:
        size = os.fstat(file).st_size
        if size and _last_byte(file, size) != b"\n":
            lines = b"\n" + lines
        if os.write(file, lines) < len(lines):
            os.ftruncate(file, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)
    if not size:
        _sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those around it, where they are missing."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def replace(path: Path, content: bytes) -> None:
    """Write a file anew: readers see the old one or the new one, never a part."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync_folder(path.parent)


def truncate(path: Path, size: int) -> None:
    """Cut a file off after so many bytes."""
    with path.open("r+b") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def _last_byte(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _sync_folder(folder: Path) -> None:
    """Make a name durable; Windows does that by itself and cannot open folders."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
