"""The HTML of documents on the disk: one after the other in one file, which only grows.

Several processes add to it at once. Whoever asks for a body says what it has to be, so that it
does no harm if the file was damaged, lost or written by somebody else: then there is no body.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing, suppress
from io import FileIO
from pathlib import Path

from litfass.digest import digest

Place = tuple[int, int]
"""Where a body begins in the file, and how many bytes it has."""

SUFFIX = ".bodies"

_LARGE = 1 << 20  # bytes that are too many to be asked for at random


class Bodies:
    """A file of bodies, opened when it is needed, by each process for itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._owner = 0

    def add(self, html: str) -> Place | None:
        """Write a body and return its place, or None if it cannot be written."""
        content = html.encode("utf-8", "surrogatepass")
        try:
            file = self._opened()
            if file.write(content) != len(content):  # the disk is full
                return None
            return file.tell() - len(content), len(content)
        except OSError:
            return None

    def get(self, place: Place, key: str) -> str | None:
        """Return the body at a place if `key` is its digest."""
        content = self._read(place)
        return content.decode("utf-8", "surrogatepass") if digest(content) == key else None

    def size(self) -> int:
        """Return how many bytes the file has."""
        try:
            return os.fstat(self._opened().fileno()).st_size
        except OSError:
            return 0

    def keep_only(self, places: Iterable[Place]) -> dict[Place, Place] | None:
        """Write the file anew with the bodies at some places; return where each is now.

        None if it cannot be written: then it is as it was.
        """
        fresh = Bodies(self._path.with_suffix(f"{SUFFIX}.new"))
        fresh.remove()
        moved: dict[Place, Place] = {}
        try:
            with closing(fresh), closing(self):
                end = 0
                for place in places:
                    end += fresh._opened().write(self._read(place))
                    moved[place] = end - place[1], place[1]
            fresh._path.replace(self._path)
        except OSError:
            fresh.remove()
            return None
        return moved

    def remove(self) -> None:
        """Have no bodies any more."""
        self.close()
        with suppress(OSError):
            self._path.unlink()

    def close(self) -> None:
        """Let go of the file until it is needed again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _read(self, place: Place) -> bytes:
        start, length = place
        try:
            file = self._opened()
            if length > _LARGE and length > self.size():
                return b""
            file.seek(start)
            return file.read(length) or b""
        except (OSError, ValueError, OverflowError, TypeError):  # places may be damaged, too
            return b""

    def _opened(self) -> FileIO:
        """Return the file: its place is not to be shared with the process we were forked from."""
        if self._file is None or self._owner != os.getpid():
            self.close()
            self._file, self._owner = FileIO(self._path, "a+"), os.getpid()
        return self._file
