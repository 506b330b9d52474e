"""What a build remembers: documents as they were read, bodies, links, and what stands where.

Entries carry a check sum and bodies are kept under their own digest, so that a damaged one is
never believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from litfass.bodies import SUFFIX, Bodies, Place
from litfass.digest import digest
from litfass.memo import Memo, check_sum
from litfass.sources import Signature

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  path TEXT PRIMARY KEY, size INT, changed INT, inode INT,
  rules TEXT, digest TEXT, head TEXT, body TEXT, record BLOB, proof BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, start INT, length INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (path TEXT PRIMARY KEY, key TEXT, digest TEXT, record BLOB);
CREATE TABLE IF NOT EXISTS parts (path TEXT PRIMARY KEY, parts TEXT);
"""

_OUTLINE, _SEEN, _HOLDS = "outline", "seen", "holds"
_KEYS, _SIGNATURES = "keys", "signatures"
_TEMPLATES = "templates"
_SPARE_BODIES, _SPARE_BYTES = 100, 1 << 20  # to look for fewer takes longer than they are worth
_MOST_TEMPLATES = 128  # those of earlier days go


def bodies_of(path: Path) -> Bodies:
    """Return the bodies that belong to the memo table at a path."""
    return Bodies(path.with_suffix(SUFFIX))


class Remembered(NamedTuple):
    """A document as it was read: the file then, the rules that were followed, the result.

    `head` is the digest of its front matter as it is written, `body` that of the HTML.
    """

    signature: Signature
    rules: str
    digest: str
    head: str
    body: str
    record: bytes


class Linked(NamedTuple):
    """Where a document's links lead, as a record, and the key of what that was found from."""

    key: str
    digest: str
    record: bytes


class Cache(Memo):
    """What a build remembers for the next one, for one output folder."""

    schema = _SCHEMA

    def __init__(self, path: Path, version: str) -> None:
        self.bodies = bodies_of(path)
        super().__init__(path, version)

    def close(self) -> None:
        """Let go of the files; what was put since the last commit is not kept."""
        super().close()
        self.bodies.close()

    def remove(self) -> None:
        """Delete the files."""
        super().remove()
        self.bodies.remove()

    def documents(self, paths: Iterable[str] | None = None) -> dict[str, Remembered]:
        """Return all documents by path, or those of some paths; what is damaged is left out."""
        rows = self._rows(
            "SELECT path, size, changed, inode, rules, digest, head, body, record, proof"
            " FROM documents",
            paths,
        )
        return {
            path: Remembered((size, changed, inode), rules, digest_, head, body, record)
            for path, size, changed, inode, rules, digest_, head, body, record, proof in rows
            if isinstance(record, bytes)
            and _proof(path, rules, digest_, head, body, record) == proof
        }

    def keep_documents(
        self, documents: Mapping[str, Remembered], gone: Collection[str] = ()
    ) -> None:
        """Remember documents, and forget those that are gone; the outline holds no longer then."""
        if documents or gone:
            self.forget_outline()
        rows = [
            (path, *one.signature, one.rules, one.digest, one.head, one.body, one.record,
             _proof(path, one.rules, one.digest, one.head, one.body, one.record))
            for path, one in documents.items()
        ]  # fmt: skip
        self._many("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._many("DELETE FROM documents WHERE path = ?", [(path,) for path in gone])

    def body(self, key: str) -> str | None:
        """Return a body's HTML, or None when it is not there or not what it was."""
        for place in self._all("SELECT start, length FROM bodies WHERE digest = ?", (key,)):
            return self.bodies.get(place, key)
        return None

    def keep_bodies(self, places: Mapping[str, Place]) -> None:
        """Remember where bodies are, by their digests; other processes see it at once."""
        rows = [(key, *place) for key, place in places.items()]
        self._many("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)", rows)
        self.commit()

    def forget_bodies(self) -> None:
        """Forget the bodies that no document has any more, when they are more than a few."""
        sums = "SELECT (SELECT count(*) FROM documents), count(*), sum(length) FROM bodies"
        for documents, bodies, length in self._all(sums):
            if bodies > documents + _SPARE_BODIES:
                query = "DELETE FROM bodies WHERE digest NOT IN (SELECT body FROM documents)"
                self._many(query, [()])
            elif self.bodies.size() > 2 * (length or 0) + _SPARE_BYTES:
                self._move_bodies()

    def _move_bodies(self) -> None:
        """Write the file of bodies anew, without those that nobody knows of."""
        rows = self._all("SELECT start, length, digest FROM bodies ORDER BY start")
        moved = self.bodies.keep_only((start, length) for start, length, _ in rows)
        if moved is not None:
            self.keep_bodies({key: moved[start, length] for start, length, key in rows})

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
        return self.amended(_KEYS) or {}

    def signatures(self) -> dict[str, Signature]:
        """Return the signatures of the files of the public folder as we wrote them, by path."""
        return self.amended(_SIGNATURES) or {}

    def keep_outputs(self, keys: dict[str, str], signatures: dict[str, Signature]) -> None:
        """Remember all that stands in the public folder."""
        self.keep_note(_KEYS, keys)
        self.keep_note(_SIGNATURES, signatures)

    def amend_outputs(self, keys: dict[str, str], signatures: dict[str, Signature]) -> None:
        """Remember some files of the public folder, and leave the others as they are."""
        self.amend(_KEYS, keys)
        self.amend(_SIGNATURES, signatures)

    def outline(self) -> tuple[Any, dict[str, Signature]] | None:
        """Return the last build's note about the blog, and the files that it saw.

        None if it is not about what is remembered now: a build has not come to its end.
        """
        if not self.note(_HOLDS):
            return None
        note, seen = self.note(_OUTLINE), self.amended(_SEEN)
        return None if note is None or seen is None else (note, seen)

    def keep_outline(self, note: Any, seen: dict[str, Signature]) -> None:
        """Remember the outline of the documents that are remembered now, and the files seen."""
        self.keep_note(_OUTLINE, note)
        self.keep_note(_SEEN, seen)
        self.keep_note(_HOLDS, True)  # noqa: FBT003 - a note

    def forget_outline(self) -> None:
        """Take the outline for no longer true."""
        self._many("DELETE FROM notes WHERE name = ?", [(_HOLDS,)])

    def amend_outline(self, seen: dict[str, Signature]) -> None:
        """Remember that the outline holds for the documents now, with some files seen anew."""
        self.amend(_SEEN, seen)
        self.keep_note(_HOLDS, True)  # noqa: FBT003 - a note

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
        return {path: _sums(parts) for path, (parts,) in rows}

    def keep_parts(self, parts: Mapping[str, Mapping[str, str]]) -> None:
        """Remember what files are made from."""
        rows = [
            (path, "\n".join([f"{crc32(part.encode())} {name}" for name, part in one.items()]))
            for path, one in parts.items()
        ]
        self._many("INSERT OR REPLACE INTO parts VALUES (?, ?)", rows)


def _sums(parts: str) -> dict[str, int]:
    """Return check sums by the names that stand behind them, one in each line; none if damaged."""
    try:
        pairs = (line.split(" ", 1) for line in parts.split("\n"))
        return {name: int(number) for number, name in pairs}
    except (AttributeError, ValueError):
        return {}


def _proof(path: str, rules: str, digest_: str, head: str, body: str, record: bytes) -> bytes:
    """Return the check sum of a document's row."""
    return check_sum(f"{path}\0{rules}\0{digest_}\0{head}\0{body}\0".encode() + record)
