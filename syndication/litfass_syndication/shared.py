"""The ledger in PostgreSQL: several machines announce from one, and each slot once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING

from litfass_syndication.database import Database
from litfass_syndication.errors import LedgerError
from litfass_syndication.ledger import Event, Record, claimable, entry_in
from litfass_syndication.records import encode
from litfass_syndication.written import Written, all_understood

if TYPE_CHECKING:
    from psycopg import Connection


class SharedJournal:
    """A ledger kept as lines of a table; `Journal` says what the methods promise.

    A connection lasts as long as a call, or as an account's turn. In a turn, claims go through
    the turn's own connection: whoever has lost the connection has lost the turn, and claims
    nothing more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns: dict[str, Connection] = {}
        self._memory = Lock()
        self._known = 0
        self._records: tuple[Record, ...] = ()

    @property
    def name(self) -> str:
        """The address; there is no password in it."""
        return self._database.name

    def read(self) -> tuple[Record, ...]:
        """Return all records."""
        with self._database.reading() as connection:
            return self._learned(connection) if connection else ()

    def append(self, *records: Record) -> None:
        """Add records; they are sent again over a fresh connection when that of a turn is lost."""
        if not records:
            return
        lines = tuple(encode(record).encode() for record in records)
        held = self._held_for(records)
        if held is not None:
            with contextlib.suppress(LedgerError):
                self._enter(held, lines)
                return
        self.enter(lines)

    def claim(self, claim: Event) -> bool:
        """Add a claim unless its slot is no longer free; look and write in one transaction."""
        held = self._turns.get(claim.slot.account)
        if held is not None:
            return self._claimed(held, claim)
        with self._database.connected() as connection:
            return self._claimed(connection, claim)

    @contextlib.contextmanager
    def turn(self, account: str) -> Iterator[None]:
        """Hold the account's lock on the server, which lets go of it when our connection ends."""
        with self._database.connected() as connection:
            self._database.take_turn(connection, account)
            self._turns[account] = connection
            try:
                yield
            finally:
                del self._turns[account]

    def written(self) -> tuple[Written, ...]:
        """Return all lines."""
        with self._database.reading() as connection:
            return self._database.lines(connection) if connection else ()

    def enter(self, lines: Iterable[bytes]) -> int:
        """Add the lines that are not there yet, all or none."""
        with self._database.connected() as connection:
            return self._enter(connection, lines)

    def _enter(self, connection: Connection, lines: Iterable[bytes]) -> int:
        with self._database.explained(), self._database.alone(connection):
            return self._database.add(connection, lines)

    def _claimed(self, connection: Connection, claim: Event) -> bool:
        with self._database.explained(), self._database.alone(connection):
            free = claimable(entry_in(self._learned(connection), claim.slot))
            if free:
                self._database.add(connection, (encode(claim).encode(),))
            return free

    def _held_for(self, records: Iterable[Record]) -> Connection | None:
        """Return the connection of a turn that the records were written in."""
        accounts = (record.slot.account for record in records if isinstance(record, Event))
        return next((self._turns[name] for name in accounts if name in self._turns), None)

    def _learned(self, connection: Connection) -> tuple[Record, ...]:
        """Return all records, having fetched those that are new.

        Numbers grow in the order of commits, because only one writes at a time.
        """
        with self._memory:
            lines = self._database.lines(connection, self._known)
            numbered = ((line.number, line.text) for line in lines)
            self._records += all_understood(numbered, self.name)
            self._known = lines[-1].number if lines else self._known
            return self._records
