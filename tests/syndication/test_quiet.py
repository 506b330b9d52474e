"""Machines are told of a page, as often as it takes; to tell them again is harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.syndication.town import PowerCutError, Town, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Article
from litfass_syndication.capabilities import Content, Dedupe
from litfass_syndication.compose import compose
from litfass_syndication.desk import statuses
from litfass_syndication.errors import LedgerError, OutcomeUnknown, Rejected, Unreachable
from litfass_syndication.ledger import Slot, Standing, fold

SLOT = Slot("hello", "town")


class Crier(Town):
    """Tells machines; `unfinished` is how often only a part of it can be done."""

    def __init__(self):
        super().__init__(Dedupe.REPEAT, quiet=True, contents=(Content.ARTICLE,))
        self.unfinished = 0
        self.farewells = []

    def publish(self, message, key):
        return self._told(super().publish(message, key))

    def edit(self, receipt, message):
        return self._told(super().edit(receipt, message))

    def withdraw(self, receipt):
        if self.before and (error := self.before.pop(0)):
            raise error
        self.farewells.append(receipt.identifier)

    def _told(self, receipt):
        self.unfinished -= 1
        return replace(receipt, unfinished=self.unfinished >= 0, notes=("One is left.",))


def edition(text):
    return Article(text, lambda: f"<p>{text}</p>")


def test_a_message_is_the_address_and_nothing_else():
    town = Crier()
    said = post(title="Grüße", tags=("Werkstatt",), summary="Alles.", texts={"town": "Kommt!"})
    message = compose(said, Account("town", town), town.limits())
    assert message.text == said.url


def test_a_rehearsal_shows_the_address_for_the_article_stays_at_home(run):
    (outcome,) = run([post(article=edition("first"))], Crier(), dry_run=True)
    assert outcome.text == post().url
    assert not outcome.whole


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("failure", [OutcomeUnknown("lost"), ZeroDivisionError()])
def test_a_lost_answer_is_no_doubt(run, journal, arrived, failure):
    town = Crier()
    (town.after if arrived else town.before).append(failure)
    (outcome,) = run([post()], town)
    assert outcome.outcome == "due"
    assert outcome.reason
    assert fold(journal.read()).entry(SLOT).standing is Standing.DUE
    assert results(run([post()], town)) == ["announced"]
    assert results(run([post()], town)) == ["unchanged"]


def test_a_crash_is_no_doubt_either_nor_are_two(run, journal):
    town = Crier()
    for _ in range(2):
        town.before = [PowerCutError()]
        with pytest.raises(PowerCutError):
            run([post()], town)
    assert results(run([post()], town, dry_run=True)) == ["would-announce"]
    town.before = [OutcomeUnknown("lost")]
    assert results(run([post()], town)) == ["due"]
    assert results(run([post()], town)) == ["announced"]
    assert not fold(journal.read()).entry(SLOT).doubts


def test_a_changed_text_is_told_again(run):
    town = Crier()
    assert results(run([post(article=edition("one"))], town)) == ["announced"]
    assert results(run([post(article=edition("one"))], town)) == ["unchanged"]
    assert results(run([post(article=edition("two"))], town)) == ["edited"]


def test_what_is_done_in_part_is_due_until_it_is_done(run):
    town = Crier()
    town.unfinished = 2
    (outcome,) = run([post()], town)
    assert (outcome.outcome, outcome.reason) == ("due", "One is left.")
    assert results(run([post()], town, dry_run=True)) == ["would-announce"]
    leaves = Account("town", town, corrections="leave")
    assert results(run([post()], town, accounts=[leaves])) == ["due"]
    assert results(run([post()], town)) == ["edited"]
    assert results(run([post()], town)) == ["unchanged"]


def test_a_post_that_is_gone_is_told_once_and_may_come_back(run, journal, clock):
    town = Crier()
    run([post()], town)
    (rehearsed,) = run([], town, dry_run=True)
    assert (rehearsed.outcome, town.farewells) == ("would-announce", [])
    town.before = [Unreachable("It is still there.")]
    assert results(run([], town)) == ["due"]
    assert results(run([], town)) == ["edited"]
    assert results(run([], town)) == ["unchanged"]
    assert town.farewells == ["1"]
    (status,) = statuses(journal, [], [Account("town", town)], clock=clock)
    assert "no longer on the blog" in status.reason
    assert "withdraw" not in status.reason
    assert results(run([post()], town)) == ["edited"]
    assert results(run([post()], town)) == ["unchanged"]


def test_an_end_that_cannot_be_written_down_is_told_again(run, journal, monkeypatch):
    town = Crier()
    run([post()], town)
    write, full = type(journal).append, LedgerError("The disk is full.")

    def append(self, *records):
        if records:
            raise full
        return write(self, *records)

    monkeypatch.setattr(type(journal), "append", append)
    (outcome,) = run([], town)
    assert (outcome.outcome, outcome.reason) == ("due", "The disk is full.")
    monkeypatch.undo()
    assert results(run([], town)) == ["edited"]
    assert town.farewells == ["1", "1"]


def test_an_end_that_is_refused_is_not_told_again(run):
    town = Crier()
    run([post()], town)
    town.before = [Rejected("Never heard of it.")]
    (outcome,) = run([], town)
    assert (outcome.outcome, outcome.reason) == ("unchanged", "Never heard of it.")
    assert results(run([], town)) == ["unchanged"]
    assert not town.farewells


def test_who_leaves_announcements_as_they_are_leaves_those_of_posts_that_are_gone(run):
    town = Crier()
    run([post()], town)
    leaves = Account("town", town, corrections="leave")
    assert results(run([], town, accounts=[leaves])) == ["unchanged"]
    assert not town.farewells


def test_a_post_that_went_before_its_claim_had_an_end_needs_nobody(run, journal):
    town = Crier()
    town.after = [PowerCutError()]
    with pytest.raises(PowerCutError):
        run([post()], town)
    assert results(run([], town, dry_run=True)) == ["unchanged"]
    assert results(run([], town)) == ["unchanged"]
    assert fold(journal.read()).entry(SLOT).standing is Standing.DUE
    assert results(run([], town)) == []
