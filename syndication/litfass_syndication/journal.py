"""The ledger's file: lines are added, never changed, and on the disk before anyone acts."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import Protocol
from urllib.parse import quote

from filelock import FileLock

from litfass_syndication.durable import append, make_folder, truncate
from litfass_syndication.errors import LedgerError
from litfass_syndication.ledger import Event, Record, claimable, entry_in
from litfass_syndication.records import encode
from litfass_syndication.written import (
    Written,
    all_understood,
    lines_of,
    text_of,
    without_torn_line,
)

_log = logging.getLogger(__name__)


class Journal(Protocol):
    """Where a ledger's records are kept. All methods may be called from several threads.

    `name` is what a person knows it by; there is no secret in it.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - said above

    def read(self) -> tuple[Record, ...]:
        """Return all records; none where there is no ledger yet. Raises LedgerError."""

    def append(self, *records: Record) -> None:
        """Add records; when this returns, they survive a power cut. Raises LedgerError."""

    def claim(self, claim: Event) -> bool:
        """Add a claim unless its slot is announced, claimed or withdrawn; tell if it was added.

        Of two processes that claim the same slot, one is told True. Raises LedgerError.
        """

    def turn(self, account: str) -> AbstractContextManager[None]:
        """Wait until no other process speaks for the account, and keep others waiting meanwhile.

        The turn ends with the process, however it ends: whoever holds it knows that a claim
        without an end is nobody's work in progress.
        """

    def written(self) -> tuple[Written, ...]:
        """Return all lines as they stand, read or not. Raises LedgerError."""

    def enter(self, lines: Iterable[bytes]) -> int:
        """Add the lines that are not there yet; return how many were. Raises LedgerError."""


class FileJournal:
    """A ledger kept as JSON lines in a file, with lock files beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"))
        self._memory = Lock()
        self._known = b""
        self._records: tuple[Record, ...] = ()

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self._path)

    def read(self) -> tuple[Record, ...]:
        """Return all records; a line that a crash has torn off at the end is none.

        Raises LedgerError, which names the line, when the file is damaged elsewhere.
        """
        with self._memory:
            content, _ = without_torn_line(self._content())
            self._learn(content)
            return self._records

    def append(self, *records: Record) -> None:
        """Add records with one write, and wait until they are on the disk."""
        if records:
            with self._locked():
                self._write(encode(record).encode() for record in records)

    def claim(self, claim: Event) -> bool:
        """Add a claim unless its slot is no longer free; look and write under one lock."""
        with self._locked():
            free = claimable(entry_in(self.read(), claim.slot))
            if free:
                self._write((encode(claim).encode(),))
            return free

    @contextlib.contextmanager
    def turn(self, account: str) -> Iterator[None]:
        """Hold the account's own lock file: the system lets go of it even when we are killed."""
        name = f"{self._path.name}.{quote(account, safe='')}.lock"
        with self._held(FileLock(self._path.with_name(name))):
            yield

    def written(self) -> tuple[Written, ...]:
        """Return all lines, the torn one at the end as well."""
        return lines_of(self._content())

    def enter(self, lines: Iterable[bytes]) -> int:
        """Add the lines that are not there yet, with one write."""
        with self._locked():
            known = {line.text for line in self.written()}
            new = tuple(line for line in dict.fromkeys(lines) if line not in known)
            if new:
                self._write(new)
            return len(new)

    def _locked(self) -> AbstractContextManager[None]:
        return self._held(self._lock)

    @contextlib.contextmanager
    def _held(self, lock: FileLock) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                make_folder(self._path.parent)
                stack.enter_context(lock)
            except OSError as error:
                raise self._unusable("locked", error) from error
            yield

    def _content(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unusable("read", error) from error

    def _learn(self, content: bytes) -> None:
        """Decode what is new since the last time; a file that was rewritten is read afresh."""
        if not content.startswith(self._known):
            self._known, self._records = b"", ()
        first = self._known.count(b"\n") + 1
        new = content[len(self._known) :]
        if new.strip():
            lines = enumerate(new.split(b"\n"), first)
            whole = ((number, line) for number, line in lines if line.strip())
            self._records += all_understood(whole, self.name)
            self._known = content

    def _write(self, lines: Iterable[bytes]) -> None:
        """Add whole lines, or nothing at all."""
        try:
            self._set_torn_line_aside()
            append(self._path, text_of(lines))
        except OSError as error:
            raise self._unusable("written", error) from error

    def _set_torn_line_aside(self) -> None:
        content, torn = without_torn_line(self._content())
        if not torn:
            return
        aside = self._path.with_name(f"{self._path.name}.torn")
        append(aside, torn + b"\n")
        truncate(self._path, len(content))
        _log.warning(
            "%s: the last line was torn by a crash; it is kept in %s.", self._path, aside.name
        )

    def _unusable(self, done: str, error: OSError) -> LedgerError:
        return LedgerError(
            f"The ledger {self._path} cannot be {done}: {error.strerror or error}.",
            "Nothing is announced without it. Check permissions and the room on the disk.",
        )
