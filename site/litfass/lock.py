"""One at a time: a lock that ends with its process, whatever ends that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows

    @contextmanager
    def locked(path: Path) -> Iterator[None]:
        """Wait until nobody else holds the lock at a path, and hold it."""
        from filelock import FileLock  # noqa: PLC0415 - heavy

        with FileLock(path):
            yield

else:

    @contextmanager
    def locked(path: Path) -> Iterator[None]:
        """Wait until nobody else holds the lock at a path, and hold it. Raises OSError."""
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
