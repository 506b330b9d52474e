"""What was announced where: records, and what they add up to. Pure.

    records → fold → Ledger: an entry per slot, a line per account, the names of each post

Folding is independent of the order and the repetition of records, so that the ledgers of two
branches merge to the truth. `docs/decisions/0003-ledger-steps.md` has the reasons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from litfass_syndication.announcement import Receipt
from litfass_syndication.calm import undisturbed


@dataclass(frozen=True, slots=True)
class Slot:
    """One post on one account: may be announced once, ever."""

    post: str
    account: str


UNFINISHED = "unfinished"
"""Stands for the digest of what was announced only in part; no message has it."""

GONE = "gone"
"""Stands for the digest of a post whose end was told; no message has it."""


class Step(IntEnum):
    """How far an attempt came; the highest step of an attempt wins."""

    CLAIMED = 1  # about to send; without a further step, in doubt
    RELEASED = 2  # nothing happened, for certain: the slot may be claimed again, by a new attempt
    REFUSED = 3  # the network will not have this very message
    WAIVED = 4  # not to be announced: older than the account's line
    PUBLISHED = 5
    EDITED = 6  # brought up to date; with a reason: it was not, and why
    WITHDRAWN = 7


@dataclass(frozen=True, slots=True)
class Event:
    """A step of an attempt. `attempt` is its key, `digest` that of the message."""

    slot: Slot
    attempt: str
    step: Step
    at: datetime
    digest: str = ""
    identifier: str = ""
    url: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The line drawn for an account: what was published before `since` stays unannounced.

    `since` is None for a line at the beginning: everything is due. What lay between the two when
    the line was drawn, at `at`, is exempt from growing too old.
    """

    account: str
    since: datetime | None
    at: datetime

    def leaves_out(self, published: datetime) -> bool:
        """Tell whether a post is behind the line; one that is drawn "now" takes that moment in."""
        if self.since is None:
            return False
        return published < self.since or published == self.since == self.at


@dataclass(frozen=True, slots=True)
class Renamed:
    """Two ids are one post, for ever; `post` is the newer one."""

    post: str
    former: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """How a post looked: its address, its date and title. By these a new id is recognised."""

    post: str
    page: str
    likeness: str
    at: datetime


Record = Event | Line | Renamed | Seen


class Standing(StrEnum):
    """Where a slot stands. The ledger itself calls due what is WAITING for a person to post it."""

    DUE = "due"
    WAITING = "waiting"
    REFUSED = "refused"
    WAIVED = "waived"
    IN_DOUBT = "in-doubt"
    WITHDRAWN = "withdrawn"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of a slot.

    `last` is the event that decides, None for a slot never touched. `doubts` are the claims
    without an end, `refused` the digests of all messages that were refused.
    """

    slot: Slot
    standing: Standing = Standing.DUE
    last: Event | None = None
    receipt: Receipt | None = None
    doubts: tuple[Event, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """The address of the announcement, as far as it is known."""
        return self.receipt.url if self.receipt else ""

    @property
    def reason(self) -> str:
        """Why it stands there, as far as it was written down."""
        return self.last.reason if self.last else ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that the records add up to; `names` leads each id of a renamed post to the latest."""

    entries: Mapping[Slot, Entry] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, frozenset[Seen]] = field(default_factory=dict)

    def post(self, name: str) -> str:
        """Return the id under which a post's slots are kept."""
        return self.names.get(name, name)

    def entry(self, slot: Slot) -> Entry:
        """Return a slot's entry; a slot never touched is due."""
        kept = Slot(self.post(slot.post), slot.account)
        return self.entries.get(kept) or Entry(kept)


def fold(records: Iterable[Record]) -> Ledger:
    """Add up the records, in whatever order and however often they come."""
    records = tuple(records)
    with undisturbed():
        names = _names(record for record in records if isinstance(record, Renamed))
        return Ledger(
            entries=_entries((record for record in records if isinstance(record, Event)), names),
            lines=_lines(record for record in records if isinstance(record, Line)),
            names=names,
            seen=_sightings((record for record in records if isinstance(record, Seen)), names),
        )


def entry_in(records: Iterable[Record], slot: Slot) -> Entry:
    """Return one slot's entry, without adding up the others."""
    records = tuple(records)
    names = _names(record for record in records if isinstance(record, Renamed))
    post = names.get(slot.post, slot.post)
    ours = (
        record
        for record in records
        if isinstance(record, Event)
        and record.slot.account == slot.account
        and names.get(record.slot.post, record.slot.post) == post
    )
    kept = Slot(post, slot.account)
    return _entries(ours, names).get(kept) or Entry(kept)


def claimable(entry: Entry) -> bool:
    """Tell whether a new attempt may begin: nothing was announced, and nothing is in doubt."""
    return entry.standing in {Standing.DUE, Standing.REFUSED, Standing.WAIVED}


def _names(renames: Iterable[Renamed]) -> dict[str, str]:
    """Lead every id of a post to its present one: that of the latest renaming."""
    groups: dict[str, frozenset[str]] = {}
    present: dict[str, str] = {}
    for rename in sorted(renames, key=lambda rename: (rename.at, rename.post, rename.former)):
        pair = (rename.post, rename.former)
        group = frozenset(pair).union(*(groups.get(name, ()) for name in pair))
        groups |= dict.fromkeys(group, group)
        present |= dict.fromkeys(group, rename.post)
    return present


def _lines(lines: Iterable[Line]) -> dict[str, Line]:
    """Keep the line drawn last; of two at once, the one that announces less."""
    ordered = sorted(
        lines, key=lambda line: (line.at, line.since is not None, line.since or line.at)
    )
    return {line.account: line for line in ordered}


def _sightings(sightings: Iterable[Seen], names: Mapping[str, str]) -> dict[str, frozenset[Seen]]:
    seen: dict[str, set[Seen]] = defaultdict(set)
    for sighting in sightings:
        seen[names.get(sighting.post, sighting.post)].add(sighting)
    return {post: frozenset(found) for post, found in seen.items()}


def _entries(events: Iterable[Event], names: Mapping[str, str]) -> dict[Slot, Entry]:
    slots: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        post, account = event.slot.post, event.slot.account
        slots[names.get(post, post), account].append(event)
    entries = (_entry(Slot(*place), found) for place, found in slots.items())
    return {entry.slot: entry for entry in entries}


_RANKS = {
    # What is announced stays announced, whatever else was tried; only then does a doubt count.
    Step.PUBLISHED: (5, Standing.ANNOUNCED),
    Step.EDITED: (5, Standing.ANNOUNCED),
    Step.WITHDRAWN: (4, Standing.WITHDRAWN),
    Step.CLAIMED: (3, Standing.IN_DOUBT),
    Step.WAIVED: (2, Standing.WAIVED),
    Step.REFUSED: (1, Standing.REFUSED),
    Step.RELEASED: (0, Standing.DUE),
}


def _entry(slot: Slot, events: list[Event]) -> Entry:
    ends = _ends(events)
    last = max(ends, key=_weight) if len(ends) > 1 else ends[0]
    open_ends = [end for end in ends if end.step <= Step.REFUSED]
    return Entry(
        slot=slot,
        standing=_RANKS[last.step][1],
        last=last,
        receipt=_receipt(last, events) if last.step >= Step.PUBLISHED else None,
        doubts=tuple(sorted((end for end in open_ends if end.step is Step.CLAIMED), key=_weight)),
        refused=frozenset([end.digest for end in open_ends if end.step is Step.REFUSED]),
    )


def _ends(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the last step of each attempt."""
    ends: dict[str, Event] = {}
    for event in events:
        known = ends.setdefault(event.attempt, event)
        later = event.step - known.step  # which mostly decides
        if later > 0 or (later == 0 and known is not event and _order(event) > _order(known)):
            ends[event.attempt] = event
    return tuple(ends.values())


def _order(event: Event) -> tuple[int, datetime, str, str, str, str, str]:
    """Order an attempt's steps totally, so that the last one is the same wherever it is found.

    Even the post counts: one that was renamed has its steps under several names.
    """
    return (
        event.step, event.at, event.digest, event.identifier, event.url, event.reason,
        event.slot.post,
    )  # fmt: skip


def _weight(end: Event) -> tuple[int, datetime, str]:
    """Order the ends of a slot's attempts: which of them decides."""
    return (_RANKS[end.step][0], end.at, end.attempt)


def _receipt(last: Event, events: Iterable[Event]) -> Receipt:
    """Return what the network said last of an attempt; an edit may say nothing new."""
    if last.identifier and last.url:
        return Receipt(last.identifier, last.url)
    ours = (event for event in events if event.attempt == last.attempt)
    said = sorted((event for event in ours if event.step >= Step.PUBLISHED), key=_order)
    return Receipt(
        next((event.identifier for event in reversed(said) if event.identifier), ""),
        next((event.url for event in reversed(said) if event.url), ""),
    )
