"""What a person tells the ledger, and asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.attempt import BY_HAND
from litfass_syndication.by_hand import settled
from litfass_syndication.doubts import GONE, settling, withdrawing
from litfass_syndication.errors import SyndicationError
from litfass_syndication.identity import recognised, sightings
from litfass_syndication.journal import Journal
from litfass_syndication.ledger import (
    Entry,
    Event,
    Ledger,
    Line,
    Slot,
    Standing,
    Step,
    claimable,
    fold,
)
from litfass_syndication.plan import Delivery, Rules, lines_at_the_beginning, plan

_KNOWN = "There is nothing to settle."


@dataclass(frozen=True, slots=True)
class Status:
    """Where a slot stands, since when (None: it was never touched), and the address there."""

    post: str
    account: str
    standing: Standing
    url: str = ""
    at: datetime | None = None
    reason: str = ""


def settle(journal: Journal, slot: Slot, url: str | None, clock: Callable[[], datetime]) -> None:
    """End a slot's doubts: it was announced at `url`, or, for None, it is not there.

    An empty `url` is for what has no address. If it was announced, also a slot that was never in
    doubt is settled: what was announced by hand or by another program. Raises SyndicationError when
    there is nothing to settle.
    """
    entry = fold(journal.read()).entry(slot)
    where = f"{slot.post} on {slot.account}"
    if entry.standing in {Standing.ANNOUNCED, Standing.WITHDRAWN}:
        raise SyndicationError(
            f"{where} is not in doubt: it is {entry.standing}. {entry.url}".strip()
        )
    if url is None and not entry.doubts:
        raise SyndicationError(
            f"{where} is not in doubt: it is {entry.standing}.", "Nothing to do."
        )
    now = clock()
    claims = entry.doubts or (Event(slot, BY_HAND, Step.CLAIMED, now),)
    step, reason = (
        (Step.RELEASED, "A person looked: it is not there.")
        if url is None
        else (Step.PUBLISHED, "")
    )
    journal.append(
        *(
            replace(claim, step=step, at=max(now, claim.at), url=url or "", reason=reason)
            for claim in claims
        )
    )


def posted(
    journal: Journal, slot: Slot, digest: str, url: str, clock: Callable[[], datetime]
) -> None:
    """Write down that a person has posted a text: the first one, or one in place of an older.

    `url` is where, as far as she says so. Raises SyndicationError when that is known already.
    """
    entry = fold(journal.read()).entry(slot)
    if entry.standing in {Standing.ANNOUNCED, Standing.WITHDRAWN} and entry.last:
        news = digest not in {"", entry.last.digest} or url not in {"", entry.url}
        if entry.standing is Standing.WITHDRAWN or not news:
            where = f"{slot.post} on {slot.account}"
            raise SyndicationError(f"{where} is {entry.standing}. {entry.url}".strip(), _KNOWN)
        text = digest or entry.last.digest
        _edited(journal, entry.last, text, clock, url=url or entry.url)
        return
    now = clock()
    claims = entry.doubts or (Event(slot, BY_HAND, Step.CLAIMED, now),)
    journal.append(
        *(
            replace(claim, step=Step.PUBLISHED, at=max(now, claim.at), digest=digest, url=url)
            for claim in claims
        )
    )


def never(journal: Journal, slot: Slot, digest: str, clock: Callable[[], datetime]) -> Standing:
    """Write down that a post is not to be announced, or that an older text may stay.

    Returns where it stands now. `digest` is that of the text that a person would post; empty where
    she posts none. Raises SyndicationError for what is in doubt, or announced as it is.
    """
    entry = fold(journal.read()).entry(slot)
    if claimable(entry):
        reason = "Somebody decided against it."
        journal.append(Event(slot, BY_HAND, Step.WAIVED, clock(), reason=reason))
        return Standing.WAIVED
    last = entry.last
    if entry.standing is Standing.ANNOUNCED and last and digest not in {"", last.digest}:
        _edited(journal, last, digest, clock, url=entry.url, reason="An older text is left.")
        return Standing.ANNOUNCED
    hint = settling(entry.slot) if entry.doubts else _KNOWN
    raise SyndicationError(f"{slot.post} on {slot.account} is {entry.standing}.", hint)


def taken_down(journal: Journal, slot: Slot, clock: Callable[[], datetime]) -> None:
    """Write down that what a person had posted is there no longer, and stays away."""
    entry = fold(journal.read()).entry(slot)
    _check_announced(entry, slot.post)
    if entry.last:
        journal.append(replace(entry.last, step=Step.WITHDRAWN, at=max(clock(), entry.last.at)))


def adopt(
    journal: Journal,
    account: Account,
    announcements: Iterable[Announcement],
    since: datetime | None,
    clock: Callable[[], datetime],
    *,
    dry_run: bool = False,
) -> int:
    """Draw an account's line at `since`, or now; return how many posts stay unannounced for it.

    What was published before is waived for good, even if its date changes later; what was
    published after, and is not announced yet, is due.
    """
    now = clock()
    line = Line(account.name, since or now, now)
    announcements = tuple(announcements)
    ledger, renamed = recognised(announcements, journal.read(), now)
    waived = tuple(
        Event(slot, BY_HAND, Step.WAIVED, now, reason="It is older than the account.")
        for announcement in announcements
        if line.leaves_out(announcement.published)
        if claimable(ledger.entry(slot := Slot(announcement.post, account.name)))
    )
    posts = {ledger.post(event.slot.post) for event in waived}
    if not dry_run:
        looks = sightings(announcements, ledger, posts, now)
        journal.append(*renamed, line, *looks, *waived)
    return len(waived)


def withdraw(journal: Journal, account: Account, post: str, clock: Callable[[], datetime]) -> str:
    """Delete what an account announced of a post, and write it down; it is never announced again.

    Returns the address at which it was. Raises SyndicationError where there is nothing to delete
    or the network cannot, NetworkError when it did not; then it may be tried again.
    """
    slot = Slot(post, account.name)
    with journal.turn(account.name):
        entry = fold(journal.read()).entry(slot)
        _check_announced(entry, post)
        url = entry.url
        while entry.standing is Standing.ANNOUNCED and entry.receipt and entry.last:
            if not (account.network.capabilities.withdraw and entry.receipt.identifier):
                raise SyndicationError(
                    f"{account.name}: {account.title} cannot withdraw an announcement for us.",
                    " ".join(_by_hand(account, entry)),
                )
            account.network.withdraw(entry.receipt)
            at = max(clock(), entry.last.at)
            journal.append(replace(entry.last, step=Step.WITHDRAWN, at=at, reason=""))
            entry = fold(journal.read()).entry(slot)
    return url


def _edited(
    journal: Journal,
    last: Event,
    digest: str,
    clock: Callable[[], datetime],
    *,
    url: str,
    reason: str = "",
) -> None:
    """Write down that another text stands there, or, with a reason, why it does not."""
    at = max(clock(), last.at + timedelta(microseconds=1))
    journal.append(replace(last, step=Step.EDITED, at=at, digest=digest, url=url, reason=reason))


def _by_hand(account: Account, entry: Entry) -> Iterator[str]:
    yield f"Delete it there: {entry.url}" if entry.url else "Delete it there by hand."
    if account.network.capabilities.by_hand:
        yield f"Then tell: `{settled(entry.slot)} --missing`."


def _check_announced(entry: Entry, post: str) -> None:
    if entry.standing is not Standing.ANNOUNCED:
        where = f"{post} on {entry.slot.account}"
        doubt = entry.standing is Standing.IN_DOUBT
        hint = settling(entry.slot) if doubt else "There is nothing to withdraw."
        raise SyndicationError(f"{where} is not announced: it is {entry.standing}.", hint)


def statuses(
    journal: Journal,
    announcements: Iterable[Announcement],
    accounts: Iterable[Account],
    *,
    clock: Callable[[], datetime],
    max_age_days: float | None = 7,
) -> tuple[Status, ...]:
    """Return where every slot stands: of posts to be announced, and of all the ledger knows."""
    announcements, accounts = tuple(announcements), tuple(accounts)
    records = journal.read()
    rules = Rules(clock(), max_age_days, max_per_run=None)
    known, renamed = recognised(announcements, records, rules.now)
    lines = lines_at_the_beginning(accounts, known, rules.now)
    ledger = fold((*records, *renamed, *lines))
    planned = plan(announcements, accounts, ledger, rules)
    rows = {
        ledger.entry(delivery.slot).slot: _status(ledger.entry(delivery.slot), delivery.slot.post)
        for delivery in planned
    }
    for delivery in planned:
        entry = ledger.entry(delivery.slot)
        rows[entry.slot] = _planned(rows[entry.slot], delivery, entry)
    return (*rows.values(), *_others(ledger, rows))


def _planned(row: Status, delivery: Delivery, entry: Entry) -> Status:
    """Return a slot's status with what a run would make of it."""
    if delivery.held:
        standing = Standing.WAIVED if delivery.held.waived else row.standing
        return replace(row, standing=standing, reason=delivery.held.reason)
    if delivery.announcement is None and row.standing is Standing.ANNOUNCED:
        quiet = delivery.account.network.capabilities.quiet
        return replace(row, reason=GONE if quiet else f"{GONE} {withdrawing(entry.slot)}")
    if delivery.account.network.capabilities.by_hand and claimable(entry):
        return replace(row, standing=Standing.WAITING, reason="")
    return row


def _others(ledger: Ledger, rows: Iterable[Slot]) -> Iterator[Status]:
    known = set(rows)
    for slot, entry in ledger.entries.items():
        if slot not in known:
            yield _status(entry, slot.post)


def _status(entry: Entry, post: str) -> Status:
    at = entry.last.at if entry.last else None
    return Status(post, entry.slot.account, entry.standing, entry.url, at, entry.reason)
