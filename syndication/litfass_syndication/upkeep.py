"""Announcements that stand are kept up to date: with their post, and when it is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from litfass_syndication import doubts
from litfass_syndication.account import Account
from litfass_syndication.announcement import Receipt
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.errors import Rejected, SyndicationError
from litfass_syndication.ledger import GONE, UNFINISHED, Entry, Event, Step
from litfass_syndication.outcome import Draft, Errand, Outcome, Result
from litfass_syndication.terms import Terms

_NOTHING = Receipt("", "")


class Upkeep:
    """One account in one run: what it may do, whether it has to stop, and what it has announced."""

    def __init__(self, account: Account, terms: Terms) -> None:
        self._account = account
        self._network = account.network
        self._terms = terms
        self._capabilities: Capabilities | None = None
        self._stopped: SyndicationError | None = None
        self._doubts = 0
        self._edits = 0

    def _limits(self) -> Capabilities:
        if self._capabilities is None:
            self._go_on()
            try:
                self._capabilities = self._network.limits()
            except Exception as error:
                self._stop(error)
                raise doubts.shown(error, self._account.name) from error
        return self._capabilities

    def _compare(self, errand: Errand) -> Outcome:
        """Bring an announcement up to date when its message has changed since."""
        last, receipt = errand.entry.last, errand.entry.receipt
        if not (last and receipt and last.digest) or last.digest == errand.message.digest:
            told = "" if self._network.capabilities.quiet else errand.entry.reason
            return errand.became(Result.UNCHANGED, told)
        begun = last.digest == UNFINISHED
        if obstacle := self._obstacle(receipt, begun=begun):
            return errand.became(Result.UNCHANGED, f"Its message has changed since. {obstacle}")
        if self._terms.dry_run:
            why = "only a part of it is done" if begun else "it has changed"
            return errand.became(Result.WOULD_ANNOUNCE, f"It would be edited: {why}.")
        self._go_on()
        if self._terms.max_edits is not None and self._edits >= self._terms.max_edits:
            full = f"One run corrects at most {self._terms.max_edits} announcements of an account."
            return errand.became(Result.DUE, full, "The next run goes on; see max_per_run.")
        if reason := self._terms.live(errand.announcement):
            return errand.became(Result.DUE, reason)
        self._edits += 1
        return self._edit(errand, last, receipt)

    def _obstacle(self, receipt: Receipt, *, begun: bool) -> str:
        if self._account.corrections == "leave" and not begun:
            return "The account leaves announcements as they are."
        if not self._limits().edit:
            return f"{self._network.title} cannot edit an announcement."
        return "" if receipt.identifier else "Its identifier there is not known."

    def _edit(self, errand: Errand, last: Event, receipt: Receipt) -> Outcome:
        """Edit, once for each change: repeating an edit whose answer was lost doubles nothing."""
        done = replace(last, digest=errand.message.digest, reason="")
        try:
            receipt = self._network.edit(receipt, errand.message)
            self._record(as_far(done, receipt), Step.EDITED, receipt, self._remark(receipt))
        except Rejected as error:
            self._record(done, Step.EDITED, reason=error.message)
            return errand.became(Result.UNCHANGED, error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - whatever it was, the edit is simply made again
            self._stop(error)
            ours = doubts.shown(error, self._account.name)
            return errand.became(Result.DUE, ours.message, ours.hint)
        result = Result.DUE if receipt.unfinished else Result.EDITED
        return errand.became(result, " ".join(receipt.notes), url=receipt.url)

    def _farewell(self, draft: Draft, entry: Entry) -> Outcome:
        """Tell machines that a post is gone. Nothing of it is deleted; it may come back."""
        last, receipt = entry.last, entry.receipt
        if not self._terms.dry_run:
            self._let_go(entry)
        if (
            not (last and receipt and receipt.identifier)
            or last.digest == GONE
            or self._account.corrections == "leave"
        ):
            return draft.became(Result.UNCHANGED, doubts.GONE, url=entry.url)
        if self._terms.dry_run:
            return draft.became(Result.WOULD_ANNOUNCE, f"{doubts.GONE} That would be told.")
        done = replace(last, digest=GONE, reason="")
        try:
            self._go_on()
            self._network.withdraw(receipt)
            self._record(done, Step.EDITED)
        except Rejected as error:
            self._record(done, Step.EDITED, reason=error.message)
            return draft.became(Result.UNCHANGED, error.message, error.hint)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is simply told again
            self._stop(error)
            ours = doubts.shown(error, self._account.name)
            return draft.became(Result.DUE, ours.message, ours.hint)
        return draft.became(Result.EDITED, f"{doubts.GONE} That was told.")

    def _let_go(self, entry: Entry) -> None:
        """End claims that nobody needs to look into: what they said is not so any more."""
        for claim in entry.doubts:
            self._record(claim, Step.RELEASED, reason=doubts.GONE)

    def _remark(self, receipt: Receipt) -> str:
        """Return what is kept of what machines said, for whoever asks for the status."""
        return " ".join(receipt.notes) if self._network.capabilities.quiet else ""

    def _record(
        self, before: Event, step: Step, receipt: Receipt = _NOTHING, reason: str = ""
    ) -> None:
        """Write down what came after an event: later than it, even if the clock was set back."""
        at = max(self._terms.clock(), before.at + timedelta(microseconds=1))
        self._terms.journal.append(
            replace(
                before,
                step=step,
                at=at,
                identifier=receipt.identifier,
                url=receipt.url,
                reason=reason,
            )
        )

    def _go_on(self) -> None:
        if self._stopped:
            raise self._stopped

    def _stop(self, error: Exception) -> None:
        self._stopped = doubts.shown(error, self._account.name)


def as_far(done: Event, receipt: Receipt) -> Event:
    """Return what is written down of a message as far as it was announced."""
    return replace(done, digest=UNFINISHED) if receipt.unfinished else done
