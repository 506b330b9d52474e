"""A memo table on the disk: what was made before from the same things need not be made again.

It may be deleted, damaged or of another version at any time: then it is as if it were empty.
Entries carry a check sum and bodies are kept under their own digest, so that a damaged one is
never believed.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from zlib import crc32

from litfass.digest import digest
from litfass.sources import Signature

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
  path TEXT PRIMARY KEY, size INT, changed INT, inode INT,
  rules TEXT, digest TEXT, body TEXT, record BLOB, proof BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, html TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS links (path TEXT PRIMARY KEY, key TEXT, digest TEXT, record BLOB);
CREATE TABLE IF NOT EXISTS parts (path TEXT PRIMARY KEY, parts BLOB);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, proof BLOB, note BLOB);
"""

_OUTLINE = "outline"
_KEYS, _SIGNATURES = "keys", "signatures"
_TEMPLATES = "templates"
_MOST_TEMPLATES = 128  # those of earlier days go


class Remembered(NamedTuple):
    """A document as it was read: the file then, the rules that were followed, the result."""

    signature: Signature
    rules: str
    digest: str
    body: str
    record: bytes


class Linked(NamedTuple):
    """Where a document's links lead, as a record, and the key of what that was found from."""

    key: str
    digest: str
    record: bytes


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

    def documents(self, paths: Iterable[str] | None = None) -> dict[str, Remembered]:
        """Return all documents by path, or those of some paths; what is damaged is left out."""
        query = (
            "SELECT path, size, changed, inode, rules, digest, body, record, proof FROM documents"
        )
        rows = self._rows(query, paths)
        return {
            path: Remembered((size, changed, inode), rules, digest_, body, record)
            for path, size, changed, inode, rules, digest_, body, record, proof in rows
            if isinstance(record, bytes) and _proof(path, rules, digest_, body, record) == proof
        }

    def keep_documents(
        self, documents: Mapping[str, Remembered], gone: Collection[str] = ()
    ) -> None:
        """Remember documents, and forget those that are gone; the outline holds no longer then."""
        if documents or gone:
            self._many("DELETE FROM notes WHERE name = ?", [(_OUTLINE,)])
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
        self.commit()

    def forget_bodies(self) -> None:
        """Forget the bodies that no document has any more."""
        self._many("DELETE FROM bodies WHERE digest NOT IN (SELECT body FROM documents)", [()])

    def links(self, paths: Iterable[str] | None = None) -> dict[str, Linked]:
        """Return where the links of all documents lead, or of those of some paths."""
        query = "SELECT path, key, digest, record FROM links"
        rows = self._rows(query, paths)
        return {
            path: Linked(key, proof, record)
            for path, key, proof, record in rows
            if isinstance(record, bytes) and digest(record) == proof
        }

    def keep_links(self, links: Mapping[str, Linked], gone: Iterable[str]) -> None:
        """Remember where links lead, and forget those that are gone; others see it at once."""
        rows = [(path, *one) for path, one in links.items()]
        self._many("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", rows)
        self._many("DELETE FROM links WHERE path = ?", [(path,) for path in gone])
        self.commit()

    def keys(self) -> dict[str, str]:
        """Return the keys of what the files of the public folder were made from, by path."""
        return self.note(_KEYS) or {}

    def signatures(self) -> dict[str, Signature]:
        """Return the signatures of the files of the public folder as we wrote them, by path."""
        return self.note(_SIGNATURES) or {}

    def keep_outputs(self, keys: dict[str, str], signatures: dict[str, Signature]) -> None:
        """Remember all that stands in the public folder."""
        self.keep_note(_KEYS, keys)
        self.keep_note(_SIGNATURES, signatures)

    def outline(self) -> Any:
        """Return the note of the last build about the blog as it is remembered here, or None.

        A build that did not come to its end has left none.
        """
        return self.note(_OUTLINE)

    def keep_outline(self, note: Any) -> None:
        """Remember the outline of the documents that are remembered now."""
        self.keep_note(_OUTLINE, note)

    def templates(self) -> dict[str, bytes]:
        """Return compiled templates."""
        return self.note(_TEMPLATES) or {}

    def keep_templates(self, compiled: dict[str, bytes]) -> None:
        """Remember compiled templates, if there are any new ones."""
        if compiled.keys() != self.templates().keys():
            self.keep_note(_TEMPLATES, dict([*compiled.items()][-_MOST_TEMPLATES:]))

    def parts(self, paths: Iterable[str]) -> dict[str, Mapping[str, int]]:
        """Return check sums of what files were made from, each by its name."""
        query = "SELECT parts FROM parts WHERE path = ?"
        rows = ((path, row) for path in paths for row in self._all(query, (path,)))
        return {path: json.loads(parts) for path, (parts,) in rows}

    def keep_parts(self, parts: Mapping[str, Mapping[str, str]]) -> None:
        """Remember what files are made from."""
        rows = [
            (path, json.dumps({name: crc32(part.encode()) for name, part in one.items()}))
            for path, one in parts.items()
        ]
        self._many("INSERT OR REPLACE INTO parts VALUES (?, ?)", rows)

    def note(self, name: str) -> Any:
        """Return a note, plain values of marshal's kinds, or None when it is not what it was."""
        for proof, record in self._all("SELECT proof, note FROM notes WHERE name = ?", (name,)):
            if isinstance(record, bytes) and _sum(name.encode() + record) == proof:
                return marshal.loads(record)  # noqa: S302 - proved to be ours
        return None

    def keep_note(self, name: str, note: Any) -> None:
        """Remember a note under its name."""
        record = marshal.dumps(note)
        row = (name, _sum(name.encode() + record), record)
        self._many("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", [row])

    def commit(self) -> None:
        """Keep what was put, and let other processes see it."""
        with suppress(sqlite3.Error):
            self._db.commit()

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


def _proof(path: str, rules: str, digest_: str, body: str, record: bytes) -> bytes:
    """Return the check sum of a document's row."""
    return _sum(f"{path}\0{rules}\0{digest_}\0{body}\0".encode() + record)


def _sum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=8).digest()
