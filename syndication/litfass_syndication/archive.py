"""A ledger taken out, brought in, and gone over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from litfass_syndication.errors import LedgerError
from litfass_syndication.journal import Journal
from litfass_syndication.ledger import Ledger, Record, Standing, fold
from litfass_syndication.written import Written, lines_of, text_of, understood


@dataclass(frozen=True, slots=True)
class Entered:
    """How many records were brought in, how many were there already, and whether one was torn."""

    added: int
    known: int
    torn: bool


@dataclass(frozen=True, slots=True)
class Flaw:
    """A line that cannot be read: its number, what is wrong, and what to do about it."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a ledger holds, and what about it is strange.

    `posts` and `accounts` are those that it knows and the blog does not.
    """

    records: int
    slots: Mapping[Standing, int]
    flaws: tuple[Flaw, ...]
    posts: tuple[str, ...]
    accounts: tuple[str, ...]


def take_out(journal: Journal) -> tuple[bytes, int]:
    """Return all records as a ledger's file has them, and how many they are.

    What a crash left unfinished is no record. Raises LedgerError for a line that cannot be read.
    """
    lines = _whole(journal.written(), journal.name)
    return text_of(lines), len(lines)


def bring_in(journal: Journal, content: bytes, name: str) -> Entered:
    """Add the records of a ledger's file, called `name`, that the ledger does not have.

    Raises LedgerError, and adds none, when a line cannot be read.
    """
    written = lines_of(content)
    lines = dict.fromkeys(_whole(written, name))
    added = journal.enter(lines)
    return Entered(added, len(lines) - added, any(line.torn for line in written))


def go_over(journal: Journal, posts: Collection[str] | None, accounts: Collection[str]) -> Findings:
    """Read all of a ledger, whatever is wrong in it, and compare it with the blog's own names.

    `posts` are None when nobody knows them; then none is missed.
    """
    found = tuple(map(_read, journal.written()))
    records = tuple(one for one in found if not isinstance(one, Flaw))
    ledger = fold(records)
    counts = Counter(entry.standing for entry in ledger.entries.values())
    told = {slot.post for slot in ledger.entries}
    known = told if posts is None else {ledger.post(post) for post in posts}
    return Findings(
        records=len(records),
        slots={standing: counts[standing] for standing in Standing if counts[standing]},
        flaws=tuple(one for one in found if isinstance(one, Flaw)),
        posts=_strangers(told, known),
        accounts=_strangers(_speakers(ledger), accounts),
    )


def _whole(written: Iterable[Written], name: str) -> tuple[bytes, ...]:
    whole = tuple(line for line in written if not line.torn)
    for line in whole:
        understood(line.text, name, line.number)
    return tuple(line.text for line in whole)


def _read(line: Written) -> Record | Flaw:
    if line.torn:
        hint = "The next run sets it aside. What it was about is in doubt, or was not begun."
        return Flaw(line.number, "this line was torn by a crash", hint)
    try:
        return understood(line.text, "", line.number)
    except LedgerError as error:
        message = error.message.partition(": ")[2]
        return Flaw(line.number, message.rstrip("."), error.hint)


def _speakers(ledger: Ledger) -> Iterator[str]:
    yield from ledger.lines
    yield from (slot.account for slot in ledger.entries)


def _strangers(names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names).difference(known)))
