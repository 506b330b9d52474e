"""What was announced and the ledger does not know: by hand, by another program, before it was lost.

It is recognised on the network itself, by its links to the blog's pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.attempt import BY_HAND
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.compose import compose
from litfass_syndication.errors import SyndicationError
from litfass_syndication.identity import recognised, sightings
from litfass_syndication.journal import Journal
from litfass_syndication.ledger import Entry, Event, Slot, Standing, Step
from litfass_syndication.links import comparable
from litfass_syndication.network import Posted


@dataclass(frozen=True, slots=True)
class Adopted:
    """A post that was found announced, and where; `news`: the ledger did not know it so."""

    post: str
    url: str
    news: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What looking through an account's posts brought.

    `several` are those that lead to more than one of the blog's posts: a look back on a year is
    no announcement of each.
    """

    looked_through: int
    adopted: tuple[Adopted, ...]
    several: int


def adopt_from_network(
    journal: Journal,
    account: Account,
    announcements: Iterable[Announcement],
    clock: Callable[[], datetime],
    *,
    dry_run: bool = False,
) -> Findings:
    """Find what the account has announced already, and write it down with its address.

    What is withdrawn or announced stays so; a doubt is ended by what is found. Raises
    SyndicationError where the network cannot be looked through, NetworkError when it was not.
    """
    if not account.network.limits().listing:
        raise SyndicationError(
            f"{account.name}: {account.title} does not list what was posted there.",
            f"Tell it post by post: `litfass settle POST {account.name} --published URL`",
        )
    announcements = tuple(announcements)
    posted = tuple(account.network.listing())
    found, several = matched(posted, announcements)
    digests = _digests(account, (one for one in announcements if one.post in found))
    with journal.turn(account.name):
        now = clock()
        ledger, renamed = recognised(announcements, journal.read(), now)
        entries = {post: ledger.entry(Slot(post, account.name)) for post in found}
        events = {
            post: _event(entries[post], one, digests[post], now)
            for post, one in found.items()
            if _is_news(entries[post])
        }
        looks = sightings(announcements, ledger, {ledger.post(post) for post in events}, now)
        if not dry_run:
            journal.append(*renamed, *looks, *events.values())
    adopted = (Adopted(post, one.receipt.url, post in events) for post, one in found.items())
    return Findings(len(posted), tuple(adopted), several)


def matched(
    posted: Iterable[Posted], announcements: Iterable[Announcement]
) -> tuple[dict[str, Posted], int]:
    """Return the oldest of the network's posts that leads to each post, and to no other.

    And how many lead to several. `posted` come newest first.
    """
    pages = {
        comparable(address): announcement.post
        for announcement in announcements
        for address in (*announcement.aliases, announcement.url)
    }
    found: dict[str, Posted] = {}
    several = 0
    for one in posted:
        posts = {pages[page] for page in map(comparable, one.links) if page in pages}
        several += len(posts) > 1
        if len(posts) == 1:
            found[posts.pop()] = one
    return found, several


def _is_news(entry: Entry) -> bool:
    """Tell whether the ledger does not know the announcement, or not by its identifier."""
    known = entry.receipt.identifier if entry.receipt else ""
    return entry.standing is not Standing.WITHDRAWN and not known


def _event(entry: Entry, found: Posted, digest: str, now: datetime) -> Event:
    """Return what is to be written down of a slot: an end of what it has, or an attempt anew."""
    fresh = Event(entry.slot, BY_HAND, Step.CLAIMED, now, digest)
    claims = (entry.last,) if entry.standing is Standing.ANNOUNCED else entry.doubts
    claim = next(iter(claims), None) or fresh
    return replace(
        claim,
        step=Step.PUBLISHED,
        at=max(now, claim.at),
        digest=claim.digest or digest,
        identifier=found.receipt.identifier,
        url=found.receipt.url,
        reason="",
    )


def _digests(account: Account, announcements: Iterable[Announcement]) -> Mapping[str, str]:
    """Tell what each message looks like today, so that a later change is noticed."""
    limits = account.network.limits()
    return {one.post: _digest(one, account, limits) for one in announcements}


def _digest(announcement: Announcement, account: Account, limits: Capabilities) -> str:
    try:
        return compose(announcement, account, limits).digest
    except SyndicationError:  # it does not fit today; then there is nothing to correct
        return ""
