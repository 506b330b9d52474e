"""A memo table on the disk: what was made before from the same things need not be made again.

It may be deleted, damaged or of another version at any time: then it is as if it were empty.
Documents carry a check sum and bodies are kept under their own digest, so that a damaged entry
is never believed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from litfass.digest import digest
from litfass.sources import Signature

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
  path TEXT PRIMARY KEY, size INT, changed INT, inode INT,
  rules TEXT, digest TEXT, body TEXT, record BLOB, proof BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, html TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outputs (
  path TEXT PRIMARY KEY, key TEXT, size INT, changed INT, inode INT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS images (
  path TEXT PRIMARY KEY, size INT, changed INT, inode INT, width INT, height INT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A document as it was read: the file then, the rules that were followed, the result."""

    signature: Signature
    rules: str
    digest: str
    body: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the public folder as we wrote it, and the key of what it was made from."""

    key: str
    signature: Signature


class Cache:
    """The memo table of one output folder. A context manager: what was put is kept at its end."""

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

    def documents(self) -> dict[str, Remembered]:
        """Return all documents by path, those that are damaged left out."""
        rows = self._all(
            "SELECT path, size, changed, inode, rules, digest, body, record, proof FROM documents"
        )
        return {
            path: Remembered((size, changed, inode), rules, digest_, body, record)
            for path, size, changed, inode, rules, digest_, body, record, proof in rows
            if isinstance(record, bytes) and _proof(path, rules, digest_, body, record) == proof
        }

    def keep_documents(self, documents: Mapping[str, Remembered], gone: Iterable[str]) -> None:
        """Remember documents, and forget those that are gone."""
        rows = [
            (path, *one.signature, one.rules, one.digest, one.body, one.record,
             _proof(path, one.rules, one.digest, one.body, one.record))
            for path, one in documents.items()
        ]  # fmt: skip
        self._many("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._many("DELETE FROM documents WHERE path = ?", [(path,) for path in gone])

    def body(self, key: str) -> str | None:
        """Return a body's HTML, or None when it is not there or not what it was."""
        rows = self._all("SELECT html FROM bodies WHERE digest = ?", (key,))
        for (html,) in rows:
            if isinstance(html, str) and digest(html) == key:
                return html
        return None

    def keep_bodies(self, bodies: Mapping[str, str]) -> None:
        """Remember bodies; other processes see them at once."""
        self._many("INSERT OR REPLACE INTO bodies VALUES (?, ?)", list(bodies.items()))
        with suppress(sqlite3.Error):
            self._db.commit()

    def forget_bodies(self) -> None:
        """Forget the bodies that no document has any more."""
        self._many("DELETE FROM bodies WHERE digest NOT IN (SELECT body FROM documents)", [()])

    def outputs(self) -> dict[str, Output]:
        """Return what we wrote into the public folder, by path."""
        rows = self._all("SELECT path, key, size, changed, inode FROM outputs")
        return {
            path: Output(key, (size, changed, inode)) for path, key, size, changed, inode in rows
        }

    def keep_outputs(self, outputs: Mapping[str, Output], gone: Iterable[str]) -> None:
        """Remember what was written, and forget what was removed."""
        rows = [(path, one.key, *one.signature) for path, one in outputs.items()]
        self._many("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", rows)
        self._many("DELETE FROM outputs WHERE path = ?", [(path,) for path in gone])

    def images(self) -> dict[str, tuple[Signature, int | None, int | None]]:
        """Return the sizes of image files that were measured before, by path."""
        rows = self._all("SELECT path, size, changed, inode, width, height FROM images")
        return {path: ((size, changed, inode), w, h) for path, size, changed, inode, w, h in rows}

    def keep_images(self, images: Mapping[str, tuple[Signature, int | None, int | None]]) -> None:
        """Remember the sizes of image files."""
        rows = [
            (path, *signature, width, height) for path, (signature, width, height) in images.items()
        ]
        self._many("INSERT OR REPLACE INTO images VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget(self) -> None:
        """Be empty."""
        self._db.close()
        self._remove()
        self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.Error:
            self._remove()
        try:
            return self._connected()
        except sqlite3.Error:
            memory = sqlite3.connect(":memory:")  # no cache is slow, not wrong
            memory.executescript(_SCHEMA)
            return memory

    def _connected(self) -> sqlite3.Connection:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=30, isolation_level="DEFERRED")
        try:
            # A power cut may damage the file; damage is found out and costs only time.
            db.executescript(f"PRAGMA synchronous = OFF; {_SCHEMA}")
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

    def _remove(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()

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


def _proof(path: str, rules: str, digest_: str, body: str, record: bytes) -> bytes:
    """Return the check sum of a row."""
    head = f"{path}\0{rules}\0{digest_}\0{body}\0".encode()
    return hashlib.blake2b(head + record, digest_size=8).digest()
