"""Which post is which: a post that was moved, retitled or re-dated is still the same. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from litfass_syndication.announcement import Announcement
from litfass_syndication.ledger import Ledger, Record, Renamed, Seen, fold


def likeness(announcement: Announcement) -> str:
    """Return a fingerprint of a post's date and title: 16 hexadecimal digits."""
    moment = announcement.published.astimezone(UTC).isoformat()
    return hashlib.blake2b(f"{moment}\n{announcement.title}".encode(), digest_size=8).hexdigest()


def renamings(
    announcements: Iterable[Announcement], ledger: Ledger, now: datetime
) -> tuple[Renamed, ...]:
    """Recognise posts whose id is new as posts whose id is gone.

    They are the same when the address is the same, or a former one leads to it, or the date and
    title are. `announcements` must be all there are, or what is merely left out looks gone.
    """
    announcements = tuple(announcements)
    present = {ledger.post(announcement.post) for announcement in announcements}
    gone = {post: sightings for post, sightings in ledger.seen.items() if post not in present}
    known = {mark: post for post, sightings in gone.items() for mark in _marks(sightings)}
    return tuple(
        Renamed(announcement.post, post, now)
        for announcement in announcements
        if ledger.post(announcement.post) not in ledger.seen
        for post in _candidates(announcement, known)
    )


def recognised(
    announcements: Iterable[Announcement], records: Iterable[Record], now: datetime
) -> tuple[Ledger, tuple[Renamed, ...]]:
    """Return the ledger as it is once renamed posts are recognised, and what is to be written so.

    Whoever writes anything of a post first has to know which one it is: once a new id is in the
    ledger, it is taken for a post of its own.
    """
    records = tuple(records)
    ledger = fold(records)
    news = renamings(announcements, ledger, now)
    return (fold((*records, *news)) if news else ledger), news


def _marks(sightings: Iterable[Seen]) -> Iterator[str]:
    for sighting in sorted(sightings, key=lambda sighting: sighting.at):
        yield from (sighting.page, sighting.likeness)


def _candidates(announcement: Announcement, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the gone posts that this one is: more than one where two became one."""
    marks = (announcement.url, *announcement.aliases, likeness(announcement))
    return tuple(dict.fromkeys(known[mark] for mark in marks if mark in known))


def sightings(
    announcements: Iterable[Announcement], ledger: Ledger, posts: Collection[str], now: datetime
) -> tuple[Seen, ...]:
    """Return how the posts look now, as far as the ledger has not seen them so."""
    return tuple(
        Seen(announcement.post, announcement.url, likeness(announcement), now)
        for announcement in announcements
        if ledger.post(announcement.post) in posts and not _seen(announcement, ledger)
    )


def _seen(announcement: Announcement, ledger: Ledger) -> bool:
    look = (announcement.url, likeness(announcement))
    seen = ledger.seen.get(ledger.post(announcement.post), frozenset())
    return look in {(sighting.page, sighting.likeness) for sighting in seen}
