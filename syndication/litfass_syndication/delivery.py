"""One account's part of a run: limits → compose → is the page live? → claim → publish → record.

Whatever happens between a claim and its record leaves the claim without an end: in doubt. Only
what surely came to nothing releases it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from litfass_syndication import by_hand, doubts
from litfass_syndication.announcement import Announcement, Message, Receipt
from litfass_syndication.capabilities import Dedupe
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    AccountError,
    LedgerError,
    RateLimited,
    Rejected,
    SyndicationError,
    Unauthorised,
    Unfinished,
    Unreachable,
)
from litfass_syndication.ledger import Entry, Event, Ledger, Standing, Step
from litfass_syndication.network import Found
from litfass_syndication.outcome import UNABLE, Draft, Errand, Outcome, Result
from litfass_syndication.plan import Delivery
from litfass_syndication.upkeep import Upkeep, as_far

_NOTHING_SENT = (Unreachable, RateLimited, Unauthorised, AccountError)
_DOUBTS_IN_A_ROW = 2


class Speaker(Upkeep):
    """Speaks for one account, in the order of the posts' dates.

    An account whose server does not answer, that has to wait, or whose credentials are refused is
    left alone for the rest of the run; so is one that leaves two doubts in a row.
    """

    def deliver(self, delivery: Delivery, ledger: Ledger) -> Outcome:
        """Do what the slot needs, and say what became of it, whatever the network does."""
        entry = ledger.entry(delivery.slot)
        draft = Draft(delivery)
        if delivery.held:
            return draft.held_back(delivery.held, url=entry.url)
        if entry.standing is Standing.WITHDRAWN:
            return draft.became(Result.UNCHANGED, "It was withdrawn.", url=entry.url)
        try:
            if delivery.announcement is None:
                return self._orphan(draft, entry)
            errand = self._composed(delivery, delivery.announcement, ledger)
        except SyndicationError as error:
            return draft.became(UNABLE[entry.standing], error.message, error.hint, url=entry.url)
        try:
            return self._act(errand)
        except SyndicationError as error:
            return errand.became(UNABLE[entry.standing], error.message, error.hint)

    def _orphan(self, draft: Draft, entry: Entry) -> Outcome:
        """Tell of a slot whose post is gone: nothing is deleted unless somebody says so."""
        slot = draft.delivery.slot
        if self._network.capabilities.quiet:
            return self._farewell(draft, entry)
        if entry.standing is Standing.ANNOUNCED:
            hint = doubts.withdrawing(slot)
            return draft.became(Result.UNCHANGED, doubts.GONE, hint, url=entry.url)
        reason = f"{doubts.LOST} The post is no longer to be announced here."
        return draft.became(Result.IN_DOUBT, reason, doubts.settling(slot))

    def _composed(self, delivery: Delivery, announcement: Announcement, ledger: Ledger) -> Errand:
        capabilities, entry = self._limits(), ledger.entry(delivery.slot)
        message = compose(announcement, self._account, capabilities)
        pages = {one.page for one in ledger.seen.get(entry.slot.post, ())}
        former = tuple(sorted({*pages, *announcement.aliases} - {announcement.url}))
        return Errand(Draft(delivery, message, capabilities), announcement, message, entry, former)

    def _act(self, errand: Errand) -> Outcome:
        if self._limits().by_hand and errand.entry.standing is not Standing.IN_DOUBT:
            return by_hand.awaited(errand, self._account)
        match errand.entry.standing:
            case Standing.ANNOUNCED:
                return self._compare(errand)
            case Standing.IN_DOUBT:
                return self._resume(errand)
            case _:
                return self._announce(errand)

    def _announce(self, errand: Errand) -> Outcome:
        digest = errand.message.digest
        if digest in errand.entry.refused:
            hint = "It is sent again when its text, its address or its image changes."
            return errand.became(Result.REFUSED, errand.entry.reason, hint)
        if self._terms.dry_run:
            return errand.became(Result.WOULD_ANNOUNCE)
        self._go_on()
        if reason := self._terms.live(errand.announcement):
            return errand.became(Result.DUE, reason)
        if self._terms.stopped():
            return errand.became(Result.DUE, doubts.STOPPED)
        now = self._terms.clock()
        slot = errand.draft.delivery.slot
        claim = Event(slot, self._terms.keys(now), Step.CLAIMED, now, digest)
        if not self._terms.journal.claim(claim):
            return errand.became(Result.DUE, "Another run took it at this very moment.")
        return self._publish(errand, claim)

    def _publish(self, errand: Errand, claim: Event) -> Outcome:
        try:
            receipt = self._network.publish(errand.message, claim.attempt)
        except _NOTHING_SENT as error:
            self._stop(error)
            return self._ended(errand, claim, Step.RELEASED, error)
        except Rejected as error:
            return self._ended(errand, claim, Step.REFUSED, error)
        except Exception as error:  # noqa: BLE001 - it may have happened, whatever it was
            return self._lost(errand, claim, error)
        return self._published(errand, claim, receipt)

    def _ended(self, errand: Errand, claim: Event, step: Step, error: SyndicationError) -> Outcome:
        """Write down an attempt that surely came to nothing."""
        result = Result.REFUSED if step is Step.REFUSED else Result.DUE
        try:
            self._record(claim, step, reason=error.message)
        except LedgerError as unwritten:
            hint = doubts.settling(errand.draft.delivery.slot)
            return errand.became(Result.IN_DOUBT, f"{error.message} {unwritten.message}", hint)
        return errand.became(result, error.message, error.hint)

    def _published(
        self, errand: Errand, claim: Event, receipt: Receipt, reason: str = ""
    ) -> Outcome:
        self._doubts = 0
        try:
            done, remark = as_far(claim, receipt), self._remark(receipt)
            self._record(done, Step.PUBLISHED, receipt, remark)
        except LedgerError as error:
            hint = doubts.settling(errand.draft.delivery.slot, receipt.url)
            reason = f"It is announced, but not written down: {error.message}"
            return errand.became(Result.IN_DOUBT, reason, hint, url=receipt.url)
        said = " ".join(filter(None, (reason, *receipt.notes)))
        result = Result.DUE if receipt.unfinished else Result.ANNOUNCED
        return errand.became(result, said, url=receipt.url)

    def _lost(self, errand: Errand, claim: Event, error: Exception) -> Outcome:
        """Leave a doubt, unless saying it again changes nothing: then it is simply due."""
        if self._limits().dedupe is not Dedupe.REPEAT:
            return self._in_doubt(errand, error)
        self._stop(error)
        ours = doubts.shown(error, self._account.name)
        return self._ended(errand, claim, Step.RELEASED, ours)

    def _in_doubt(self, errand: Errand, error: Exception) -> Outcome:
        self._doubts += 1
        ours = doubts.shown(error, self._account.name)
        if isinstance(error, Unfinished):
            self._stop(error)
            return errand.became(Result.DUE, ours.message, ours.hint)
        if self._doubts >= _DOUBTS_IN_A_ROW or isinstance(error, _NOTHING_SENT):
            self._stop(error)
        return self._undecided(errand, ours.message, ours.hint)

    def _undecided(self, errand: Errand, reason: str, hint: str = "") -> Outcome:
        again = "" if self._limits().dedupe is Dedupe.NONE else doubts.AGAIN
        hints = (hint, again, doubts.settling(errand.draft.delivery.slot))
        return errand.became(Result.IN_DOUBT, reason, " ".join(filter(None, hints)))

    def _resume(self, errand: Errand) -> Outcome:
        """Bring every claim without an end to one; when nothing came of them, begin anew."""
        if self._terms.dry_run and self._limits().dedupe is Dedupe.REPEAT:
            return errand.became(Result.WOULD_ANNOUNCE, doubts.LOST)
        if self._terms.dry_run:
            return self._undecided(errand, doubts.LOST)
        self._go_on()
        for claim in errand.entry.doubts:
            outcome = self._resolved(errand, claim)
            if outcome:
                return outcome
        return self._announce(errand)

    def _resolved(self, errand: Errand, claim: Event) -> Outcome | None:
        """Return what became of an old claim, or None when nothing did and it is released."""
        harmless = self._limits().dedupe is Dedupe.REPEAT
        safe = self._repeatable(claim, errand.message) and len(errand.entry.doubts) == 1
        repeatable = harmless or safe
        try:
            if repeatable:
                receipt = self._network.resume(errand.message, claim.attempt)
                return self._published(errand, claim, receipt, doubts.LOST)
            found = self._found(errand, claim)
        except Exception as error:  # noqa: BLE001 - whatever it was, we know no more than before
            return self._lost(errand, claim, error)
        if found.receipt:
            return self._published(errand, claim, found.receipt, doubts.LOST)
        if found.complete and self._age(claim) >= self._terms.patience:
            self._record(claim, Step.RELEASED, reason="It was looked for and is not there.")
            return None
        why = doubts.TOO_SOON if found.complete else doubts.NOT_TOLD
        return self._undecided(errand, f"{doubts.LOST} {why}")

    def _found(self, errand: Errand, claim: Event) -> Found:
        """Look for what was claimed, by each address that its post has had."""
        complete = True
        for url in (errand.message.url, *errand.former):
            message = replace(errand.message, url=url)
            found = self._network.find(message, claim.attempt, claim.at)
            if found.receipt:
                return found
            complete = complete and found.complete
        return Found(None, complete)

    def _repeatable(self, claim: Event, message: Message) -> bool:
        """Tell whether sending the message with the claim's key again is safe.

        A key must be young: half of its time is left for clocks that differ and uploads that last.
        But not too young: Mastodon knows a key only once its post is made, so while the first
        request may still be at work there, a second one would make another.
        """
        capabilities = self._limits()
        if capabilities.dedupe is Dedupe.CONTENT:
            return claim.digest == message.digest
        if capabilities.dedupe is Dedupe.KEY and capabilities.key_seconds is not None:
            oldest = timedelta(seconds=capabilities.key_seconds / 2)
            return self._terms.patience <= self._age(claim) <= oldest
        return capabilities.dedupe in {Dedupe.KEY, Dedupe.IDENTIFIER}

    def _age(self, claim: Event) -> timedelta:
        return self._terms.clock() - claim.at
