"""What became of a post on an account in one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from litfass_syndication.announcement import Announcement, Message
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.ledger import Entry, Standing
from litfass_syndication.measure import length
from litfass_syndication.plan import Delivery, Held


class Result(StrEnum):
    """What a run did with a slot, or found."""

    WOULD_ANNOUNCE = "would-announce"
    ANNOUNCED = "announced"
    EDITED = "edited"
    DUE = "due"
    IN_DOUBT = "in-doubt"
    REFUSED = "refused"
    WAITING = "waiting"  # for a person to post it
    OUTDATED = "outdated"  # a person has posted it, and it has changed since
    WAIVED = "waived"
    UNSUITED = "unsuited"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a post on an account.

    `length` and `limit` are in the unit `measure`; `limit` is None where the network sets none.
    `text` is empty where no message was composed. `reason` says why, `hint` what to do about it.
    `whole`: it is the whole article that goes, rather than the text; never where machines are told.
    """

    post: str
    account: str
    network: str
    outcome: Result
    text: str = ""
    length: int = 0
    limit: int | None = None
    measure: str = ""
    url: str = ""
    reason: str = ""
    hint: str = ""
    whole: bool = False


UNABLE: Mapping[Standing, Result] = {
    Standing.ANNOUNCED: Result.UNCHANGED,
    Standing.WITHDRAWN: Result.UNCHANGED,
    Standing.IN_DOUBT: Result.IN_DOUBT,
    Standing.DUE: Result.DUE,
    Standing.REFUSED: Result.DUE,
    Standing.WAIVED: Result.DUE,
    Standing.WAITING: Result.WAITING,
}
"""What becomes of a slot for which nothing could be done, by where it stands."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery's message, and what its account allows; neither where it was not composed."""

    delivery: Delivery
    message: Message | None = None
    capabilities: Capabilities | None = None

    def held_back(self, held: Held, *, url: str) -> Outcome:
        """Return the outcome of a delivery that is held back."""
        waived = Result.UNSUITED if held.unsuited else Result.WAIVED
        by_hand = self.delivery.account.network.capabilities.by_hand
        open_yet = Result.WAITING if by_hand else Result.DUE
        return self.became(waived if held.waived else open_yet, held.reason, held.hint, url=url)

    def became(self, result: Result, reason: str = "", hint: str = "", *, url: str = "") -> Outcome:
        """Return the outcome of the delivery."""
        account = self.delivery.account
        article = self.message.article if self.message else None
        limit = (self.capabilities or account.network.capabilities).limits[0]
        spans = self.message.spans if self.message else ()
        return Outcome(
            post=self.delivery.slot.post,
            account=account.name,
            network=account.network.name,
            outcome=result,
            text=self.message.text if self.message else "",
            length=length(spans, limit, self.capabilities or account.network.capabilities),
            limit=limit.maximum,
            measure=limit.measure,
            url=url,
            reason=reason,
            hint=hint,
            whole=article is not None and not account.network.capabilities.quiet,
        )


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery whose message is composed, and where its slot stands.

    `former` are the addresses that its post had before.
    """

    draft: Draft
    announcement: Announcement
    message: Message
    entry: Entry
    former: tuple[str, ...] = ()

    def became(self, result: Result, reason: str = "", hint: str = "", *, url: str = "") -> Outcome:
        """Return the outcome, with the address that is known of it."""
        return self.draft.became(result, reason, hint, url=url or self.entry.url)
