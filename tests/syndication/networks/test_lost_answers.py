"""What a run makes of a lost answer: where posts are listed it looks, Telegram needs a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.syndication.networks import test_gotosocial, test_misskey
from tests.syndication.town import START, Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks import gotosocial, misskey, telegram, x
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


def on_misskey(wire):
    options = misskey.Options(SERVER, Secret(test_misskey.TOKEN))
    return misskey.Misskey(options, wire.connection(SERVER))


def on_gotosocial(wire):
    options = gotosocial.Options(SERVER, Secret(test_gotosocial.TOKEN))
    return gotosocial.GoToSocial(options, wire.connection(SERVER))


def publishes(request):
    places = ("/tweets", "/sendMessage", "/notes/create", "/statuses")
    return request.method == "POST" and request.path.endswith(places)


@pytest.fixture
def run(tmp_path):
    """Return how one post is announced along a wire; the ledger remembers, and hours pass."""
    journal, clock = FileJournal(tmp_path / "ledger.jsonl"), Clock()
    journal.append(Line("firma", None, START - timedelta(days=9)))

    def announce(network, server, fault=None):
        clock.now += timedelta(hours=1)
        server.now = clock.now
        account = Account("firma", network(Wire(server, publishes, fault)))
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


def test_a_lost_message_on_telegram_is_never_sent_twice(run):
    server = TelegramServer("a-token")
    run(on_telegram, server, Fault.READ_TIMEOUT)
    (outcome,) = run(on_telegram, server)
    assert str(outcome.outcome) == "in-doubt"
    assert "litfass settle hello firma" in outcome.hint
    assert len(server.messages) == 1


LISTED = [
    (on_misskey, test_misskey.MisskeyServer, lambda server: server.notes),
    (on_gotosocial, test_gotosocial.there, lambda server: server.statuses),
]


@pytest.mark.parametrize(("network", "there", "posts"), LISTED, ids=["misskey", "gotosocial"])
@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.DISCONNECTED, Fault.CONNECT_REFUSED])
def test_what_has_no_key_is_there_once_whatever_became_of_the_answer(
    run, network, there, posts, fault
):
    server = there()
    run(network, server, fault)
    assert results(run(network, server)) == ["announced"]
    assert results(run(network, server)) == ["unchanged"]
    assert len(posts(server)) == 1


@pytest.mark.parametrize(("network", "there", "posts"), LISTED, ids=["misskey", "gotosocial"])
def test_what_has_no_key_and_never_arrived_is_sent_again(run, network, there, posts):
    server = there()
    run(network, server, Fault.RESET)
    posts(server).clear()
    assert results(run(network, server)) == ["announced"]
    assert len(posts(server)) == 1
