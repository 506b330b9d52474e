"""Whatever a year brings: posts, accounts, crashes, lost answers, lost and merged ledgers, clocks.

A person writes, renames, takes back and settles truthfully; the world does the rest. After every
step nobody has heard anything twice, and nothing is missing without a word. The test's log tells
how many steps there were (`--log-cli-level=INFO`).
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.syndication.town import COUNTING, DAY, Clock, PowerCutError, Town, post

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Dedupe
from litfass_syndication.desk import adopt, settle, statuses, withdraw
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unreachable
from litfass_syndication.ledger import Slot, Standing, claimable, entry_in, fold
from litfass_syndication.outcome import Result

_log = logging.getLogger(__name__)

ONE = st.sampled_from([0, 0, 0, 1, 2, 3])  # mostly the newest, with which most goes on
MISHAPS = st.sampled_from(
    [
        None,
        ("before", Unreachable("no line")), ("before", Rejected("too rude")),
        ("before", OutcomeUnknown("lost")), ("after", OutcomeUnknown("lost")),
        ("after", OutcomeUnknown("lost")), ("after", OutcomeUnknown("lost")),
        ("before", ZeroDivisionError()), ("after", ZeroDivisionError()),
        ("before", PowerCutError()), ("after", PowerCutError()),
        ("journal", 0), ("journal", 1), ("journal", 2), ("journal", 3), ("journal", 4),
    ]
)  # fmt: skip
STEPS = Counter()


class Wall(Town):
    """A town that counts all that was ever put up, for each account and post."""

    def __init__(self, identities, **terms):
        super().__init__(**terms)
        self.identities = identities
        self.ever = Counter()

    def publish(self, message, key):
        before = len(self.columns)
        try:
            return super().publish(message, key)
        finally:
            if len(self.columns) > before:
                self.ever[self.identities[message.post]] += 1

    def find(self, message, key, since):
        if self.capabilities.dedupe is Dedupe.IDENTIFIER and key in self.keys:
            return replace(super().find(message, key, since), receipt=self._receipt(self.keys[key]))
        standing = self.columns
        self.columns = [one or message_of_nobody(message) for one in standing]
        try:
            return super().find(message, key, since)
        finally:
            self.columns = standing


def message_of_nobody(message):
    return replace(message, url="")


class Paper:
    """A ledger in memory, whose machine dies at the write number `dies`: before it, or after."""

    def __init__(self, records=()):
        self.records = list(records)
        self.dies = None
        self.after = False

    def read(self):
        return tuple(self.records)

    def append(self, *records):
        if records:
            self._die_before()
            self.records += records
            self._die_after()

    def claim(self, claim):
        free = claimable(entry_in(self.read(), claim.slot))
        if free:
            self.append(claim)
        return free

    def turn(self, account):
        del account
        return nullcontext()

    def _die_before(self):
        if self.dies is not None and self.dies <= 0 and not self.after:
            raise PowerCutError

    def _die_after(self):
        if self.dies is not None:
            self.dies -= 1
            if self.after and self.dies < 0:
                raise PowerCutError


@dataclass
class Live:
    """An account in the settings, and where it speaks."""

    account: Account
    town: Wall


class Year(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.paper = Paper()
        self.other = None  # the ledger of another branch, and the accounts that speak there
        self.numbers = count(1)
        self.identities = {}
        self.posts = {}
        self.gone = {}
        self.looks = {}
        self.accounts = {}
        self.former = {}
        self.waived = set()
        self.named = set()

    # What a person does to posts

    @rule(age=st.integers(-3, 5))
    def write(self, age):
        number = next(self.numbers)
        name = f"p{number}"
        self.identities[name] = number
        published = self.clock.now - age * DAY
        self.posts[number] = post(name, published=published, tags=("old",))

    def _chosen(self, one):
        return sorted(self.posts)[-1 - one % len(self.posts)]

    def _change(self, number, **changes):
        """Change a post, unless nobody could then tell that it is the one that was seen last."""
        after = replace(self.posts[number], **changes)
        if self._is_known(number, after):
            self.identities[after.post] = number
            self.posts[number] = after

    @precondition(lambda self: self.posts)
    @rule(one=ONE, what=st.sampled_from(["url", "url", "title", "published", "tags", "summary"]))
    def correct(self, one, what):
        number, fresh = self._chosen(one), next(self.numbers)
        changes = {
            "title": f"Title {fresh}",
            "url": f"https://blog.example/{fresh}/",
            "published": self.posts[number].published + (fresh % 5 - 2) * DAY / 2,
            "tags": (f"t{fresh}",),
            "summary": f"Summary {fresh}",
        }
        self._change(number, **{what: changes[what]})

    @precondition(lambda self: self.posts)
    @rule(one=ONE, what=st.sampled_from(["file", "file and slug", "file, slug and title"]))
    def move(self, one, what):
        """Give a post another id, in a way that it is still to be known by how it last looked."""
        number, fresh = self._chosen(one), next(self.numbers)
        before = self.posts[number]
        changes = {"post": f"p{fresh}"}
        if what != "file":
            changes |= {"url": f"https://blog.example/{fresh}/"}
        if what == "file, slug and title":
            changes |= {"title": f"Title {fresh}", "aliases": (*before.aliases, before.url)}
        self._change(number, **changes)

    def _is_known(self, number, after):
        seen = self.looks.get(number)
        return seen is None or (
            seen.post == after.post
            or seen.url in (after.url, *after.aliases)
            or (seen.published, seen.title) == (after.published, after.title)
        )

    @precondition(lambda self: self.posts)
    @rule(one=ONE)
    def delete(self, one):
        number = self._chosen(one)
        self.gone[number] = self.posts.pop(number)

    @precondition(lambda self: self.gone)
    @rule(one=ONE)
    def bring_back(self, one):
        number = sorted(self.gone)[one % len(self.gone)]
        self.posts[number] = self.gone.pop(number)

    # What a person does to accounts

    @precondition(lambda self: len(self.accounts) < 3)
    @rule(
        dedupe=st.sampled_from(COUNTING),
        backlog=st.booleans(),
        tells_all=st.booleans(),
        able=st.booleans(),
    )
    def connect(self, dedupe, backlog, tells_all, able):
        town = Wall(self.identities, dedupe=dedupe, edit=able, withdraw=able)
        town.listing_complete = tells_all
        name = f"a{next(self.numbers)}"
        self.accounts[name] = Live(Account(name, town, backlog=backlog), town)

    @precondition(lambda self: self.accounts)
    @rule(one=ONE)
    def disconnect(self, one):
        live = self._account(one)
        self.former[live.account.name] = self.accounts.pop(live.account.name)

    @precondition(lambda self: self.former and len(self.accounts) < 3)
    @rule(one=ONE, renamed=st.booleans())
    def reconnect(self, one, renamed):
        """Bring an account back; under another name it is one that the ledger does not know."""
        name = sorted(self.former)[one % len(self.former)]
        live = self.former.pop(name)
        if renamed:
            town = Wall(self.identities, dedupe=live.town.capabilities.dedupe)
            name = f"a{next(self.numbers)}"
            live = Live(Account(name, town), town)
        self.accounts[name] = live

    @precondition(lambda self: self.accounts)
    @rule(one=ONE)
    def draw_the_line(self, one):
        live = self._account(one)
        account = live.account
        if account.name in self._ledger().lines or self._speaks_elsewhere(account.name):
            return
        if any(live.town.ever[number] for number in self._unseen()):
            return  # a lost ledger and a wrong clock, or a post out of sight: nobody could know
        before = len(self.paper.records)
        adopt(self.paper, account, self._said(), None, self.clock)
        self.waived |= {
            (self.identities[record.slot.post], account.name)
            for record in self.paper.records[before:]
            if hasattr(record, "slot")
        }
        self._looked()

    def _unseen(self):
        """Return the posts that a line drawn now would not take for old."""
        future = (n for n, each in self.posts.items() if each.published > self.clock.now)
        return {*future, *self.gone}

    def _account(self, one):
        return self.accounts[sorted(self.accounts)[one % len(self.accounts)]]

    # What the world does

    @rule(hours=st.sampled_from([-30, -2, 0.001, 0.2, 2, 30, 300]))
    def time_passes(self, hours):
        self.clock.now += timedelta(hours=hours)

    @rule()
    def lose_the_ledger(self):
        """What announces its backlog cannot tell a lost ledger from none; so that is turned off.

        What was waived is forgotten with it: the next line decides anew, and the clock may have
        been set back meanwhile.
        """
        if self.other is None:
            self.paper.records.clear()
            self.waived.clear()
            self.looks.clear()
            for live in (*self.accounts.values(), *self.former.values()):
                live.account = replace(live.account, backlog=False)

    @precondition(lambda self: self.other is None and len(self.accounts) > 1)
    @rule(one=ONE)
    def branch(self, one):
        """From now on one account speaks on another branch, with a copy of the ledger."""
        self.other = Paper(self.paper.records), self._account(one).account.name

    @precondition(lambda self: self.other is not None)
    @rule(random=st.randoms(use_true_random=False))
    def merge(self, random):
        theirs, _ = self.other
        merged = list(dict.fromkeys((*theirs.records, *self.paper.records)))
        random.shuffle(merged)
        self.paper.records[:] = merged
        self.other = None

    # What the program does

    @rule(one=ONE, mishap=MISHAPS, most=st.sampled_from([None, 1, 2]), late=st.booleans())
    def run(self, one, mishap, most, late):
        self._arm(one, mishap, late=late)
        with suppress(PowerCutError):
            self._run(most)
        self._disarm()

    @precondition(lambda self: self.accounts)
    @rule(one=ONE, arrived=st.booleans())
    def an_answer_is_lost(self, one, arrived):
        """Write a post, and hear nothing of its announcement."""
        self.write(0)
        self._arm(one, ("after" if arrived else "before", OutcomeUnknown("lost")), late=False)
        self._run(None)
        self._disarm()

    @precondition(lambda self: self.posts)
    @rule(one=ONE)
    def announce_by_name(self, one):
        """Ask for a post, waived or not; nobody would who sees it there."""
        number = self._chosen(one)
        if not any(live.town.ever[number] for live in self.accounts.values()):
            self.named |= {(number, name) for name in self.accounts}
            self._run(None, only_posts=[self.posts[number].post])

    @precondition(lambda self: self.posts and self.accounts)
    @rule(one=ONE)
    def take_back(self, one):
        live, number = self._account(one), self._chosen(one)
        slot = Slot(self.posts[number].post, live.account.name)
        entry = self._ledger().entry(slot)
        able = live.town.capabilities.withdraw and entry.receipt and entry.receipt.identifier
        if (
            entry.standing is Standing.ANNOUNCED
            and able
            and not self._speaks_elsewhere(slot.account)
        ):
            withdraw(self.paper, live.account, slot.post, self.clock)

    @rule()
    def all_is_well_for_a_while(self):
        """Nothing goes wrong, a person settles what is in doubt, and then nothing is missing."""
        self.clock.now += timedelta(minutes=10)
        for one in self._run(None):
            if one.outcome is Result.IN_DOUBT:
                self._settle(one)
        self._run(None)
        self._nothing_is_missing()

    def _settle(self, outcome):
        town = self.accounts[outcome.account].town
        number = self.identities[outcome.post]
        there = [
            place
            for place, message in enumerate(town.columns, 1)
            if message and self.identities[message.post] == number
        ]
        url = f"https://town.example/{there[0]}" if there else None
        settle(self.paper, Slot(outcome.post, outcome.account), url, self.clock)

    def _run(self, most, **terms):
        """Run on this branch, and on the other one as well if there is one."""
        outcomes = self._run_on(self.paper, self._here(), most, **terms)
        if self.other and self.other[1] in self.accounts:
            paper, name = self.other
            self._run_on(paper, [self.accounts[name].account], most, **terms)
        return outcomes

    def _run_on(self, paper, accounts, most, **terms):
        said = self._said()
        outcomes = syndicate(
            said, accounts, paper, clock=self.clock, max_age_days=None, max_per_run=most, **terms
        )
        self._looked()
        if not terms:
            self._nothing_is_passed_over(outcomes, paper, accounts)
        return outcomes

    def _said(self):
        return [self.posts[number] for number in sorted(self.posts)]

    def _here(self):
        return [
            live.account
            for name, live in sorted(self.accounts.items())
            if not self._speaks_elsewhere(name)
        ]

    def _speaks_elsewhere(self, name):
        return self.other is not None and self.other[1] == name

    def _ledger(self):
        return fold(self.paper.read())

    def _looked(self):
        self.looks |= self.posts

    def _arm(self, one, mishap, *, late):
        if mishap and mishap[0] == "journal":
            self.paper.dies, self.paper.after = mishap[1], late
        elif mishap and self.accounts:
            getattr(self._account(one).town, mishap[0]).append(mishap[1])

    def _disarm(self):
        self.paper.dies = None
        for live in self.accounts.values():
            live.town.before.clear()
            live.town.after.clear()

    # What must be true

    def _nothing_is_passed_over(self, outcomes, paper, accounts):
        """Whatever is not there, or in doubt, has an outcome that says so."""
        told = {(self.identities[one.post], one.account): one.outcome for one in outcomes}
        names = {account.name for account in accounts}
        for slot, entry in fold(paper.read()).entries.items():
            if slot.account in names and entry.standing is Standing.IN_DOUBT:
                assert told[self.identities[slot.post], slot.account] is Result.IN_DOUBT
        for number, announcement in self.posts.items():
            for account in accounts:
                if announcement.published <= self.clock.now:
                    assert (number, account.name) in told

    def _nothing_is_missing(self):
        ledger = self._ledger()
        for account in self._here():
            line = ledger.lines.get(account.name)
            for number, announcement in self.posts.items():
                entry = ledger.entry(Slot(announcement.post, account.name))
                due = (
                    line is not None
                    and announcement.published <= self.clock.now
                    and not line.leaves_out(announcement.published)
                    and entry.standing not in {Standing.WAIVED, Standing.REFUSED}
                )
                if due:
                    assert self.accounts[account.name].town.ever[number] == 1, announcement

    @invariant()
    def nobody_has_heard_anything_twice(self):
        STEPS["steps"] += 1
        for live in (*self.accounts.values(), *self.former.values()):
            assert max(live.town.ever.values(), default=0) <= 1

    @invariant()
    def what_was_waived_stays_so(self):
        for number, name in self.waived - self.named:
            live = self.accounts.get(name) or self.former.get(name)
            assert live is None or self._was_there_before(live, number)

    def _was_there_before(self, live, number):
        """Announced before a ledger was lost, and waived afterwards: that is no announcement."""
        if not live.town.ever[number]:
            return True
        ledger = self._ledger()
        slots = [slot for slot in ledger.entries if slot.account == live.account.name]
        return all(
            ledger.entries[slot].standing is not Standing.ANNOUNCED
            for slot in slots
            if self.identities[slot.post] == number
        )

    @invariant()
    def the_status_can_always_be_told(self):
        accounts = [live.account for live in self.accounts.values()]
        statuses(self.paper, self._said(), accounts, clock=self.clock, max_age_days=None)

    def teardown(self):
        STEPS["years"] += 1
        _log.info("%d steps in %d years", STEPS["steps"], STEPS["years"])


Year.TestCase.settings = settings(
    max_examples=700,
    stateful_step_count=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestYear = Year.TestCase


def test_enough_was_lived_through():
    """After the years above; alone, there is nothing to count."""
    if not STEPS["years"]:
        pytest.skip("counts the steps of the test above")
    assert STEPS["steps"] >= 10_000
