"""What a run makes of a lost answer of relays: the same note again, or the earlier one found."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from tests.syndication.town import START, Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.http import Connection, Policy
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks.nostr import Nostr, Options
from litfass_syndication.testing import Fault, Reply
from litfass_syndication.testing.relay import Relay

QUICK = Policy(connect=0.4, read=0.3, whole=0.8)


@pytest.fixture
def relays():
    with ExitStack() as opened:
        both = Relay(Fault.READ_TIMEOUT), Relay(Fault.CONNECT_REFUSED)
        for one in both:
            opened.callback(one.close)
        yield both


@pytest.fixture
def run(tmp_path, relays):
    """Return how one post is announced on two relays, of which one is never there."""
    journal, clock = FileJournal(tmp_path / "ledger.jsonl"), Clock()
    journal.append(Line("firma", None, START - timedelta(days=9)))
    options = Options(Secret("1" * 64), tuple(one.address for one in relays))

    def announce(**changes):
        clock.now += timedelta(hours=1)
        network = Nostr(options, Connection("https://nowhere.invalid", "firma", policy=QUICK))
        return syndicate([post(**changes)], [Account("firma", network)], journal, clock=clock)

    return announce


def test_a_lost_answer_is_a_doubt_and_the_same_note_again_ends_it(run, relays):
    there, _ = relays
    assert results(run()) == ["in-doubt"]
    there.fault = None
    assert results(run()) == ["announced"]
    assert results(run()) == ["unchanged"]
    assert len(there.events) == 1


def test_a_note_that_never_arrived_is_sent_in_the_same_words(run, relays):
    there, _ = relays
    run()
    there.events.clear()
    there.fault = None
    assert results(run()) == ["announced"]
    assert len(there.events) == 1


def test_a_post_that_changed_meanwhile_is_found_and_not_announced_again(run, relays):
    there, _ = relays
    run()
    there.fault = None
    assert results(run(title="Other words")) == ["announced"]
    assert len(there.events) == 1


def test_a_post_that_changed_stays_in_doubt_while_a_relay_cannot_be_asked(run, relays):
    there, _ = relays
    run()
    there.events.clear()
    there.fault = None
    assert results(run(title="Other words")) == ["in-doubt"]
    assert not there.events


def test_a_relay_that_refuses_leaves_the_other_to_be_tried_again(run, relays):
    there, _ = relays
    there.fault = Reply(422)
    assert results(run()) == ["due"]
    there.fault = None
    assert results(run()) == ["announced"]
