"""What is to be announced where, and what is held back and why. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.ledger import Entry, Ledger, Line, Slot, Standing, claimable


@dataclass(frozen=True, slots=True)
class Rules:
    """What one run may announce, at `now`.

    `named` are the posts a person asked for, by any of their ids: only these are considered, and
    neither their age nor the account's line holds them back. None considers all.
    """

    now: datetime
    max_age_days: float | None = 7
    max_per_run: int | None = 20
    named: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Why a post is not announced: for good (`waived`), or only not now.

    It may be waived because it is `unsuited`: not what the network takes, as it is.
    """

    reason: str
    hint: str = ""
    waived: bool = False
    unsuited: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One slot to deal with, as its entry demands; `announcement` is None when its post is gone."""

    account: Account
    slot: Slot
    announcement: Announcement | None
    held: Held | None = None


def lines_at_the_beginning(
    accounts: Iterable[Account], ledger: Ledger, now: datetime
) -> tuple[Line, ...]:
    """Draw the lines of accounts that announce their backlog and are new to the ledger."""
    return tuple(
        Line(account.name, None, now)
        for account in accounts
        if account.backlog and account.name not in ledger.lines
    )


def plan(
    announcements: Iterable[Announcement], accounts: Iterable[Account], ledger: Ledger, rules: Rules
) -> tuple[Delivery, ...]:
    """Return all slots to deal with, those of one account together and by date.

    A slot that nobody asked for, or whose post is not published yet, is not among them; one whose
    post is gone from the blog is, as long as something was announced.
    """
    announcements = tuple(announcements)
    ordered = sorted(
        (a for a in announcements if a.published <= rules.now or rules.named is not None),
        key=lambda announcement: (announcement.published, announcement.post),
    )
    rightful = _rightful(ordered, ledger)
    present = {ledger.post(announcement.post) for announcement in announcements}
    deliveries = (
        delivery
        for account in accounts
        for delivery in (
            *_of_account(account, ordered, rightful, ledger, rules),
            *_gone(account, present, ledger),
        )
        if rules.named is None or _is_named(delivery, rules.named, ledger)
    )
    return _at_most(rules.max_per_run, tuple(deliveries), ledger)


def _is_named(delivery: Delivery, named: frozenset[str], ledger: Ledger) -> bool:
    return ledger.post(delivery.slot.post) in {ledger.post(name) for name in named}


def _of_account(
    account: Account,
    announcements: Sequence[Announcement],
    rightful: Mapping[str, Announcement],
    ledger: Ledger,
    rules: Rules,
) -> Iterator[Delivery]:
    asked = {
        Slot(announcement.post, account.name): announcement
        for announcement in announcements
        if announcement.accounts is None or account.name in announcement.accounts
    }
    if account.network.capabilities.by_hand:  # it waits for a person, however long she takes
        rules = replace(rules, max_age_days=None)
    line = ledger.lines.get(account.name)
    unknown = _unknown(account, sum(claimable(ledger.entry(slot)) for slot in asked))
    for slot, announcement in asked.items():
        held = (
            _held(announcement, ledger.entry(slot), line, rules)
            or _unsuited(announcement, ledger.entry(slot), account)
            if rightful[ledger.post(slot.post)] is announcement
            else _namesake(rightful[ledger.post(slot.post)])
        )
        yield Delivery(account, slot, announcement, unknown if held is _NO_LINE else held)
    yield from _orphans(account, {ledger.post(slot.post) for slot in asked}, ledger)


def _orphans(account: Account, asked: Container[str], ledger: Ledger) -> Iterator[Delivery]:
    """Return doubts about posts that are gone, or are no longer to be announced here."""
    for slot, entry in ledger.entries.items():
        ours = slot.account == account.name and slot.post not in asked
        if ours and entry.standing is Standing.IN_DOUBT:
            yield Delivery(account, slot, None)


def _gone(account: Account, present: Container[str], ledger: Ledger) -> Iterator[Delivery]:
    """Return what was announced of posts that are no longer on the blog."""
    for slot, entry in ledger.entries.items():
        ours = slot.account == account.name and slot.post not in present
        if ours and entry.standing is Standing.ANNOUNCED:
            yield Delivery(account, slot, None)


def _rightful(announcements: Iterable[Announcement], ledger: Ledger) -> dict[str, Announcement]:
    """Return whose each post's slots are, for when a renamed post's former id is in use again."""
    rightful: dict[str, Announcement] = {}
    for announcement in announcements:
        post = ledger.post(announcement.post)
        if announcement.post == post or post not in rightful:
            rightful[post] = announcement
    return rightful


def _namesake(other: Announcement) -> Held:
    return Held(
        f"Its id was once that of {other.post}, so that it counts as announced.",
        "If it is another post, give it an `id` of its own in its front matter.",
    )


def _held(announcement: Announcement, entry: Entry, line: Line | None, rules: Rules) -> Held | None:
    if not claimable(entry):
        return None
    if announcement.published > rules.now:
        return Held(f"It is to be published at {announcement.published:%Y-%m-%d %H:%M}.")
    if rules.named is None and entry.standing is Standing.WAIVED:
        return Held(entry.reason or "It is not to be announced.", _NAME_IT, waived=True)
    if line is None:
        return _NO_LINE
    if rules.named is not None:
        return None
    return _behind(announcement, line) or _too_old(announcement, entry, line, rules)


def _unsuited(announcement: Announcement, entry: Entry, account: Account) -> Held | None:
    """Hold a post without the picture that the network needs, as long as it has none."""
    images = account.network.capabilities.images
    if images is None or not images.needed or not claimable(entry):
        return None
    why = images.objection(announcement.image)
    if not why:
        return None
    shape = ", between {:.2f} and {:.2f} times as wide as high".format(*images.ratios or (0, 0))
    hint = f"Give the post an `image`: {images.kinds}{shape if images.ratios else ''}."
    reason = f"Not for {account.network.title}: {why}."
    return Held(reason, hint, waived=True, unsuited=True)


_NO_LINE = Held("No line is drawn.")
_NAME_IT = "Name it with --post to announce it all the same."


def _unknown(account: Account, waiting: int) -> Held:
    posts = "1 post" if waiting == 1 else f"{waiting} posts"
    return Held(
        f"The ledger does not know the account {account.name}: {posts} would go out.",
        f"`litfass adopt {account.name}` leaves them as they are and announces only what is new; "
        "with --since DATE, also what is newer. If there was a ledger, bring it back first, or let "
        "--from-network look for what was announced already.",
    )


def _behind(announcement: Announcement, line: Line) -> Held | None:
    if line.since is None or not line.leaves_out(announcement.published):
        return None
    drawn = f"{line.since:%Y-%m-%d}"
    return Held(f"It is older than the account's line, drawn at {drawn}.", _NAME_IT, waived=True)


def _too_old(announcement: Announcement, entry: Entry, line: Line, rules: Rules) -> Held | None:
    """Hold a post that is too old, unless the line left it due, or it was tried before."""
    exempt = announcement.published <= line.at or entry.last is not None
    if rules.max_age_days is None or exempt:
        return None
    if rules.now - announcement.published <= timedelta(days=rules.max_age_days):
        return None
    return Held(f"It is older than {rules.max_age_days:g} days.", _NAME_IT, waived=True)


def _at_most(
    most: int | None, deliveries: Sequence[Delivery], ledger: Ledger
) -> tuple[Delivery, ...]:
    """Hold back all but the oldest posts that are due.

    One that was refused is no flood, nor is one that waits for a person.
    """
    due = {
        delivery.slot.post: delivery.announcement.published
        for delivery in deliveries
        if delivery.announcement and _goes_out(delivery)
        if ledger.entry(delivery.slot).standing in {Standing.DUE, Standing.WAIVED}
    }
    late = (
        set(sorted(due, key=lambda post: (due[post], post))[most:]) if most is not None else set()
    )
    held = Held(
        f"One run announces at most {most} posts.", "The next run goes on; see max_per_run."
    )
    return tuple(
        replace(delivery, held=held)
        if delivery.slot.post in late
        and claimable(ledger.entry(delivery.slot))
        and _goes_out(delivery)
        else delivery
        for delivery in deliveries
    )


def _goes_out(delivery: Delivery) -> bool:
    return not (delivery.held or delivery.account.network.capabilities.by_hand)
