"""Exchange two folders in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # Linux, renameat2(2)
_RENAME_SWAP = 2  # macOS, renamex_np(2)


def exchange(new: Path, live: Path) -> None:
    """Put each folder in the other's place; whoever looks sees the old or the new one, whole.

    Both must be on one file system. Where the system has no such call (Windows, some network
    file systems), `live` is away for the moment between two renames. Raises OSError, and then
    `live` is what it was.
    """
    if not _exchange_at_once(os.fsencode(new), os.fsencode(live)):
        _exchange_by_renaming(new, live)


def _exchange_at_once(new: bytes, live: bytes) -> bool:
    """Return whether the system did it; if not, the other way is tried and says what is wrong."""
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(new, live, _RENAME_SWAP) == 0)
    if hasattr(library, "renameat2"):
        status = library.renameat2(_AT_FDCWD, new, _AT_FDCWD, live, _RENAME_EXCHANGE)
        return bool(status == 0)
    return False


def _exchange_by_renaming(new: Path, live: Path) -> None:
    old = new.with_name(f"{new.name}-old")
    live.rename(old)
    try:
        new.rename(live)
    except OSError:
        old.rename(live)
        raise
    old.rename(new)
