"""What a run makes of a lost answer: where nothing can be looked through, a person has to look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.syndication.networks import test_gotosocial, test_misskey
from tests.syndication.networks.test_lemmy import LemmyServer
from tests.syndication.networks.test_reddit import RedditServer
from tests.syndication.networks.test_tumblr import TumblrServer
from tests.syndication.town import START, Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks import (
    gotosocial,
    lemmy,
    linkedin,
    misskey,
    reddit,
    telegram,
    tumblr,
    x,
)
from litfass_syndication.testing import Fault, Wire
from litfass_syndication.testing.linkedin import LinkedInServer
from litfass_syndication.testing.telegram import TelegramServer
from litfass_syndication.testing.x import XServer, whose

SERVER = "https://network.example"
PAGE = "urn:li:organization:77"
SECRETS = ("an-app-key", "an-app-secret", "a-token", "a-token-secret")


def on_x(wire):
    options = x.Options(*map(Secret, SECRETS), SERVER)
    return x.X(options, wire.connection(SERVER))


def on_telegram(wire):
    options = telegram.Options("@werkstatt", Secret("a-token"), server=SERVER)
    return telegram.Telegram(options, wire.connection(SERVER))


def on_lemmy(wire):
    options = lemmy.Options(SERVER, "holz@lemmy.example", "werkstatt", Secret("a-password"))
    return lemmy.Lemmy(options, wire.connection(SERVER))


def on_reddit(wire):
    secrets = map(Secret, ("an-app-secret", "a-token"))
    options = reddit.Options("werkstatt", "firma", "app1", *secrets, server=SERVER, sign_in=SERVER)
    return reddit.Reddit(options, wire.connection(SERVER))


def on_tumblr(wire):
    options = tumblr.Options("werkstatt", *map(Secret, SECRETS), SERVER)
    return tumblr.Tumblr(options, wire.connection(SERVER))


def on_linkedin(wire, organisation=""):
    options = linkedin.Options(Secret("a-token"), organisation, server=SERVER)
    return linkedin.LinkedIn(options, wire.connection(SERVER))


def on_a_page(wire):
    return on_linkedin(wire, "77")


def on_misskey(wire):
    options = misskey.Options(SERVER, Secret(test_misskey.TOKEN))
    return misskey.Misskey(options, wire.connection(SERVER))


def on_gotosocial(wire):
    options = gotosocial.Options(SERVER, Secret(test_gotosocial.TOKEN))
    return gotosocial.GoToSocial(options, wire.connection(SERVER))


PUBLIC = (
    "/tweets",
    "/sendMessage",
    "/api/v3/post",
    "/api/submit",
    "/werkstatt/posts",
    "/rest/posts",
    "/notes/create",
    "/statuses",
)


def publishes(request):
    return request.method == "POST" and request.path.endswith(PUBLIC)


def reddit_unguarded():
    server = RedditServer(("an-app-secret", "a-token"))
    server.guards = False
    return server


# Where the account's own posts can be listed.
LISTED = {
    "x": (on_x, lambda: XServer(whose(*SECRETS))),
    "lemmy": (on_lemmy, lambda: LemmyServer("a-password")),
    "reddit": (on_reddit, reddit_unguarded),
    "tumblr": (on_tumblr, lambda: TumblrServer(SECRETS)),
    "misskey": (on_misskey, test_misskey.MisskeyServer),
    "gotosocial": (on_gotosocial, test_gotosocial.there),
    "a page on linkedin": (on_a_page, lambda: LinkedInServer("a-token", PAGE)),
}


def shown(server):
    """Return what the account's readers see there."""
    for name in ("posts", "notes", "statuses"):
        if hasattr(server, name):
            return getattr(server, name)
    raise AssertionError(server)


def forget(server):
    """Let the server never have got a post."""
    shown(server).clear()
    getattr(server, "remembered", {}).clear()  # LinkedIn refuses what it has had lately


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


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.DISCONNECTED, Fault.CONNECT_REFUSED])
def test_a_post_is_there_once_whatever_became_of_the_answer(run, fault, name):
    network, make = LISTED[name]
    server = make()
    run(network, server, fault)
    assert results(run(network, server)) == ["announced"]
    assert results(run(network, server)) == ["unchanged"]
    assert len(shown(server)) == 1


@pytest.mark.parametrize("name", LISTED)
def test_a_post_that_never_arrived_is_sent_again(run, name):
    """The line broke before it was read: the listing proves that it is not there."""
    network, make = LISTED[name]
    server = make()
    run(network, server, Fault.RESET)
    forget(server)
    assert results(run(network, server)) == ["announced"]
    assert len(shown(server)) == 1


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


def test_a_members_lost_post_on_linkedin_is_never_sent_twice(run):
    server = LinkedInServer("a-token")
    run(on_linkedin, server, Fault.READ_TIMEOUT)
    (outcome,) = run(on_linkedin, server)
    assert str(outcome.outcome) == "in-doubt"
    assert "litfass settle hello firma" in outcome.hint
    assert len(shown(server)) == 1
