"""What a run makes of a lost answer: X is looked through, Telegram needs a person who looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.syndication.town import START, Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks import telegram, x
from litfass_syndication.testing import Fault, Wire
from litfass_syndication.testing.telegram import TelegramServer
from litfass_syndication.testing.x import XServer, whose

SERVER = "https://network.example"
SECRETS = ("an-app-key", "an-app-secret", "a-token", "a-token-secret")


def on_x(wire):
    options = x.Options(*map(Secret, SECRETS), SERVER)
    return x.X(options, wire.connection(SERVER))


def on_telegram(wire):
    options = telegram.Options("@werkstatt", Secret("a-token"), server=SERVER)
    return telegram.Telegram(options, wire.connection(SERVER))


def publishes(request):
    return request.method == "POST" and request.path.endswith(("/tweets", "/sendMessage"))


@pytest.fixture
def run(tmp_path):
    """Return how one post is announced along a wire; the ledger remembers, and hours pass."""
    journal, clock = FileJournal(tmp_path / "ledger.jsonl"), Clock()
    journal.append(Line("firma", None, START - timedelta(days=9)))

    def announce(network, server, fault=None, **settings):
        clock.now += timedelta(hours=1)
        server.now = clock.now
        account = Account("firma", network(Wire(server, publishes, fault)), **settings)
        return syndicate([post()], [account], journal, clock=clock)

    return announce


@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.DISCONNECTED, Fault.CONNECT_REFUSED])
def test_a_post_on_x_is_there_once_whatever_became_of_the_answer(run, fault):
    server = XServer(whose(*SECRETS))
    run(on_x, server, fault)
    assert results(run(on_x, server)) == ["announced"]
    assert results(run(on_x, server)) == ["unchanged"]
    assert len(server.posts) == 1


def test_a_post_that_x_never_got_is_sent_again(run):
    """The line broke before X had read it: the listing proves that it is not there."""
    server = XServer(whose(*SECRETS))
    run(on_x, server, Fault.RESET)
    server.posts.clear()
    assert results(run(on_x, server)) == ["announced"]
    assert len(server.posts) == 1


@pytest.mark.parametrize("now", [{}, {"utm_source": "x"}, {"utm_source": "other"}])
def test_a_lost_post_is_found_by_its_link_whatever_utm_parameters_are_set_by_now(run, now):
    server = XServer(whose(*SECRETS))
    run(on_x, server, Fault.READ_TIMEOUT, utm={"utm_source": "x"})
    assert results(run(on_x, server, utm=now)) == ["announced"]
    assert len(server.posts) == 1


def test_a_lost_message_on_telegram_is_never_sent_twice(run):
    server = TelegramServer("a-token")
    run(on_telegram, server, Fault.READ_TIMEOUT)
    (outcome,) = run(on_telegram, server)
    assert str(outcome.outcome) == "in-doubt"
    assert "litfass settle hello firma" in outcome.hint
    assert len(server.messages) == 1
