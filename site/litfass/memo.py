"""A memo table on the disk: what was made before from the same things need not be made again.

It may be deleted, damaged or of another version at any time: then it is as if it were empty.
"""

from __future__ import annotations

import hashlib
import marshal
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, proof BLOB, note BLOB);
"""
_MOST_CHANGES = 500  # then a note is written anew, with all of them in it


class Memo:
    """A memo table with notes: plain values of marshal's kinds, each kept under its name.

    Whoever wants tables as well names them in `schema`. A context manager: what was put is kept at
    its end.
    """

    schema = ""

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._db = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):
            if kind is None:
                self._db.commit()
        self.close()

    def close(self) -> None:
        """Let go of the file; what was put since the last commit is not kept."""
        with suppress(sqlite3.Error):
            self._db.close()

    def note(self, name: str) -> Any:
        """Return a note, or None when it is not what it was."""
        return self._proved(name)[1]

    def keep_note(self, name: str, note: Any, base: bytes = b"") -> None:
        """Remember a note under its name; changes of another one with the check sum of that."""
        record = marshal.dumps(note)
        row = (name, check_sum(base + name.encode() + record), record)
        self._many("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", [row])

    def amended(self, name: str) -> dict[str, Any] | None:
        """Return a note that is a mapping, with what was changed in it since, or None."""
        proof, note = self._proved(name)
        changes = self._proved(f"{name}+", proof)[1]
        return {**note, **changes} if changes and note is not None else note

    def amend(self, name: str, changes: dict[str, Any]) -> None:
        """Change some entries of a note that is a mapping, and leave the rest as it is written."""
        for (proof,) in self._all("SELECT proof FROM notes WHERE name = ?", (name,)):
            changes = {**(self._proved(f"{name}+", proof)[1] or {}), **changes}
            if len(changes) <= _MOST_CHANGES:
                self.keep_note(f"{name}+", changes, proof)
            elif note := self.note(name):
                self.keep_note(name, {**note, **changes})

    def _proved(self, name: str, base: bytes = b"") -> tuple[bytes, Any]:
        """Return a note and its check sum; changes count only for the note that they are of."""
        for proof, record in self._all("SELECT proof, note FROM notes WHERE name = ?", (name,)):
            if isinstance(record, bytes) and check_sum(base + name.encode() + record) == proof:
                return proof, marshal.loads(record)  # noqa: S302 - proved to be ours
        return b"", None

    def commit(self) -> None:
        """Keep what was put, and let other processes see it."""
        with suppress(sqlite3.Error):
            self._db.commit()

    def forget(self) -> None:
        """Be empty."""
        self._db.close()
        self.remove()
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.Error:
            self.remove()
        try:
            return self._connected()
        except sqlite3.Error:
            memory = sqlite3.connect(":memory:")  # no cache is slow, not wrong
            memory.executescript(_SCHEMA + self.schema)
            return memory

    def _connected(self) -> sqlite3.Connection:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=30, isolation_level="DEFERRED")
        try:
            # A power cut may damage the file; damage is found out and costs only time.
            db.executescript(f"PRAGMA synchronous = OFF; {_SCHEMA}{self.schema}")
            versions = db.execute("SELECT version FROM about").fetchall()
            if versions and versions != [(self._version,)]:
                raise sqlite3.DatabaseError("another version's")
            if not versions:
                db.execute("INSERT INTO about VALUES (?)", (self._version,))
                db.commit()
        except sqlite3.Error:
            db.close()
            raise
        return db

    def remove(self) -> None:
        """Delete the files."""
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()

    def _rows(self, query: str, paths: Iterable[str] | None) -> list[Any]:
        """Return the rows of a table, or those of some paths."""
        if paths is None:
            return self._all(query)
        return [row for path in paths for row in self._all(f"{query} WHERE path = ?", (path,))]

    def _all(self, query: str, values: tuple[str, ...] = ()) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            return []

    def _many(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        with suppress(sqlite3.Error):
            self._db.executemany(query, rows)


def check_sum(content: bytes) -> bytes:
    """Return what shows that some bytes are what they were."""
    return hashlib.blake2b(content, digest_size=8).digest()
