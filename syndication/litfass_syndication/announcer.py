"""Announce what is due, on every account, and write down what became of it.

    announcements + records → plan → deliveries → outcomes

Accounts speak side by side, each in the order of its posts' dates: one that is slow or dead holds
up no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from threading import Event as Flag
from threading import Lock

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.attempt import new_key
from litfass_syndication.delivery import Speaker
from litfass_syndication.errors import LedgerError, SyndicationError
from litfass_syndication.identity import recognised, sightings
from litfass_syndication.journal import Journal
from litfass_syndication.ledger import Ledger, Record, fold
from litfass_syndication.outcome import UNABLE, Draft, Outcome
from litfass_syndication.plan import Delivery, Rules, lines_at_the_beginning, plan
from litfass_syndication.terms import Terms

PATIENCE = timedelta(minutes=1)


def fresh_key(now: datetime) -> str:
    """Return the key of an attempt claimed at `now`."""
    return new_key(now, os.urandom(8))


def _live(announcement: Announcement) -> None:
    """Take a page to be live without looking."""


def _unheard(outcome: Outcome) -> None:
    """Tell nobody before the end."""


def syndicate(  # noqa: PLR0913 - the terms of a run, each with an ordinary default
    announcements: Iterable[Announcement],
    accounts: Iterable[Account],
    journal: Journal,
    *,
    clock: Callable[[], datetime],
    live: Callable[[Announcement], str | None] = _live,
    keys: Callable[[datetime], str] = fresh_key,
    report: Callable[[Outcome], None] = _unheard,
    dry_run: bool = False,
    only_posts: Collection[str] | None = None,
    only_accounts: Collection[str] | None = None,
    max_age_days: float | None = 7,
    max_per_run: int | None = 20,
    patience: timedelta = PATIENCE,
    stop: Flag | None = None,
) -> tuple[Outcome, ...]:
    """Announce what is due and correct what has changed; return what became of every slot.

    `announcements` are those of all posts, so that renamed ones are recognised. `live` is asked
    before a claim, once for each post, and returns why its page is not live yet, or None. `report`
    hears each outcome when it is known, from any thread, one at a time. A dry run takes the same
    way and stops before the claim: it asks networks for nothing but their limits, and writes
    nothing. Once `stop` is set, each account finishes the step it is in and begins no other; slots
    that nobody came to have no outcome.

    Raises LedgerError when the ledger cannot be read or written at the start, and SyndicationError
    for a post or account that does not exist.
    """
    announcements = tuple(announcements)
    accounts = _chosen(tuple(accounts), only_accounts)
    _check_names(only_posts, (announcement.post for announcement in announcements), "post")
    rules = Rules(
        clock(), max_age_days, max_per_run, None if only_posts is None else frozenset(only_posts)
    )
    stop = stop or Flag()
    terms = Terms(
        journal, clock, _once(live), keys, patience, stop.is_set, dry_run, max_edits=max_per_run
    )
    ledger, news = _prepared(announcements, accounts, journal.read(), rules)
    if not dry_run:
        journal.append(*news)
    deliveries = plan(announcements, accounts, ledger, rules)
    return _Run(deliveries, ledger, terms, news, _one_at_a_time(report), stop).speak(accounts)


def _chosen(accounts: tuple[Account, ...], names: Collection[str] | None) -> tuple[Account, ...]:
    _check_names(names, (account.name for account in accounts), "account")
    return tuple(account for account in accounts if names is None or account.name in names)


def _check_names(wanted: Collection[str] | None, known: Iterable[str], kind: str) -> None:
    known = tuple(known)
    for name in wanted or ():
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f'Did you mean "{close[0]}"?' if close else ""
            raise SyndicationError(f'There is no {kind} "{name}".', hint)


def _prepared(
    announcements: tuple[Announcement, ...],
    accounts: tuple[Account, ...],
    records: tuple[Record, ...],
    rules: Rules,
) -> tuple[Ledger, tuple[Record, ...]]:
    """Return the ledger, and what is to be written before a claim: names, lines and looks."""
    known, renamed = recognised(announcements, records, rules.now)
    news: tuple[Record, ...] = (*renamed, *lines_at_the_beginning(accounts, known, rules.now))
    ledger = fold((*records, *news))
    due = plan(announcements, accounts, ledger, rules)
    concerned = {ledger.post(delivery.slot.post) for delivery in due if not delivery.held}
    concerned |= {slot.post for slot in ledger.entries}
    looks = sightings(announcements, ledger, concerned, rules.now)
    return ledger, (*news, *looks)


@dataclass(frozen=True, slots=True)
class _Run:
    """A planned run. `news` are the records that a dry run does not write but reckons with."""

    deliveries: tuple[Delivery, ...]
    ledger: Ledger
    terms: Terms
    news: tuple[Record, ...]
    report: Callable[[Outcome], None]
    stop: Flag

    def speak(self, accounts: tuple[Account, ...]) -> tuple[Outcome, ...]:
        """Let the accounts speak side by side; interrupted, each finishes the step it is in."""
        with ThreadPoolExecutor(max_workers=max(1, len(accounts))) as pool:
            try:
                said = tuple(pool.map(self._said_by, accounts))
            except BaseException:
                self.stop.set()
                raise
        return tuple(outcome for outcomes in said for outcome in outcomes)

    def _said_by(self, account: Account) -> tuple[Outcome, ...]:
        if self.terms.dry_run:
            return self._said(account, (*self.terms.journal.read(), *self.news))
        with ExitStack() as turn:
            try:
                turn.enter_context(self.terms.journal.turn(account.name))
                records = self.terms.journal.read()
            except LedgerError as error:
                return self._silent(account, error)
            return self._said(account, records)

    def _silent(self, account: Account, error: LedgerError) -> tuple[Outcome, ...]:
        """Say of each slot of an account that the ledger did not let it speak."""
        outcomes = tuple(
            self._unable(delivery, error)
            for delivery in self.deliveries
            if delivery.account is account
        )
        for outcome in outcomes:
            self.report(outcome)
        return outcomes

    def _unable(self, delivery: Delivery, error: LedgerError) -> Outcome:
        draft, entry = Draft(delivery), self.ledger.entry(delivery.slot)
        if delivery.held:
            return draft.held_back(delivery.held, url=entry.url)
        return draft.became(UNABLE[entry.standing], error.message, error.hint, url=entry.url)

    def _said(self, account: Account, records: tuple[Record, ...]) -> tuple[Outcome, ...]:
        ledger = fold(records)
        speaker = Speaker(account, self.terms)
        outcomes = []
        for delivery in self.deliveries:
            if delivery.account is account and not self.stop.is_set():
                outcomes.append(speaker.deliver(delivery, ledger))
                self.report(outcomes[-1])
        return tuple(outcomes)


def _once(live: Callable[[Announcement], str | None]) -> Callable[[Announcement], str | None]:
    """Ask about each page once, however many accounts want to know."""
    lock = Lock()
    answers: dict[str, str | None] = {}

    def asked(announcement: Announcement) -> str | None:
        with lock:
            if announcement.post not in answers:
                answers[announcement.post] = live(announcement)
            return answers[announcement.post]

    return asked


def _one_at_a_time(report: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
    lock = Lock()

    def told(outcome: Outcome) -> None:
        with lock:
            report(outcome)

    return told
