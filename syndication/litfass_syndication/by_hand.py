"""What waits for a person: texts that we composed, for places where only she can post. Pure.

Nothing is claimed for them and nothing is in doubt, for nothing was sent. What she has posted she
tells the ledger (`litfass settle`), and which text that was, so that a later one is known as newer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Message
from litfass_syndication.compose import compose
from litfass_syndication.ledger import Entry, Slot, Standing
from litfass_syndication.outcome import Errand, Outcome, Result


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text that waits for a person, with all that she needs to post it.

    `place` is what it is called, `address` where one posts there, empty if nobody said. `url` is
    where an older text stands, as far as it is known; `outdated` says that there is one. `length`
    and `limit` are in the unit `measure`. `done` and `never` are the commands that end the waiting.
    """

    post: str
    account: str
    place: str
    address: str
    title: str
    text: str
    language: str
    length: int
    limit: int | None
    measure: str
    outdated: bool
    url: str
    image: Path | None
    alt: str
    content_warning: str
    done: str
    never: str


def settled(slot: Slot) -> str:
    """Return the command that says that a person has posted it."""
    return f"litfass settle {slot.post} {slot.account}"


def digest(message: Message) -> str:
    """Tell two texts apart by what a person copies; what the page says of itself is not in it."""
    return replace(message, url="", title="", summary="", language="").digest


def awaited(errand: Errand, account: Account) -> Outcome:
    """Say whether the text of a slot waits for a person: it is not posted, or not as it is now."""
    entry, hint = errand.entry, "`litfass status` shows the text, ready to copy."
    if entry.standing is not Standing.ANNOUNCED:
        return errand.became(Result.WAITING, f"Post it at {account.title} yourself.", hint)
    if not _is_outdated(entry, errand.message):
        return errand.became(Result.UNCHANGED, entry.reason)
    if account.corrections == "leave":
        return errand.became(Result.UNCHANGED, f"At {account.title} an older text is left.")
    why = f"The text at {account.title} is now out of date."
    return errand.became(Result.OUTDATED, why, hint)


def _is_outdated(entry: Entry, message: Message) -> bool:
    """Tell whether the text that a person posted is another by now, as far as that is known."""
    return bool(entry.last and entry.last.digest and entry.last.digest != digest(message))


def manuscripts(
    outcomes: Iterable[Outcome],
    announcements: Iterable[Announcement],
    accounts: Iterable[Account],
) -> Iterator[Manuscript]:
    """Yield the texts of those outcomes that wait, with what is to be known beside them."""
    said = {announcement.post: announcement for announcement in announcements}
    named = {account.name: account for account in accounts}
    for outcome in outcomes:
        if outcome.outcome in {Result.WAITING, Result.OUTDATED} and outcome.text:
            yield _manuscript(outcome, said[outcome.post], named[outcome.account])


def _manuscript(outcome: Outcome, announcement: Announcement, account: Account) -> Manuscript:
    message = compose(announcement, account, account.network.capabilities)
    image = message.image
    done = settled(Slot(outcome.post, outcome.account))
    return Manuscript(
        post=outcome.post,
        account=outcome.account,
        place=account.title,
        address=account.network.place(message),
        title=message.title,
        text=outcome.text,
        language=message.language,
        length=outcome.length,
        limit=outcome.limit,
        measure=outcome.measure,
        outdated=outcome.outcome is Result.OUTDATED,
        url=outcome.url,
        image=image.path if image else None,
        alt=image.alt if image else "",
        content_warning=message.content_warning,
        done=done,
        never=f"{done} --never",
    )
