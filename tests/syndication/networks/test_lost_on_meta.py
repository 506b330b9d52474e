"""What a run makes of lost answers on Facebook, Instagram and Threads: each post is there once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.syndication.town import START, Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Image
from litfass_syndication.announcer import syndicate
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks import facebook, instagram, threads
from litfass_syndication.testing import Fault, Reply, Wire
from litfass_syndication.testing.containers import INSTAGRAM, THREADS, ContainerServer
from litfass_syndication.testing.facebook import PAGE, FacebookServer

TOKEN = Secret("a-token-of-the-test")
PICTURE = Image(Path("a.jpg"), "Ein Bild", "image/jpeg", 9, 9, "d", "https://blog.example/a.jpg")
NETWORKS = {
    "facebook": (
        lambda http: facebook.Facebook(facebook.Options(PAGE, TOKEN), http),
        FacebookServer,
    ),
    "instagram": (
        lambda http: instagram.Instagram(instagram.Options(TOKEN), http),
        lambda token: ContainerServer(INSTAGRAM, token, forgetful=True),
    ),
    "threads": (
        lambda http: threads.Threads(threads.Options(TOKEN), http),
        lambda token: ContainerServer(THREADS, token, forgetful=True),
    ),
}
EVERY_NETWORK = pytest.mark.parametrize("name", NETWORKS)


def publishes(request):
    return request.method == "POST" and request.path.endswith(("/feed", "_publish"))


@pytest.fixture
def run(tmp_path):
    """Return how one post is announced along a wire; the ledger remembers, and hours pass."""
    journal, clock = FileJournal(tmp_path / "ledger.jsonl"), Clock()
    journal.append(Line("firma", None, START - timedelta(days=9)))

    def announce(make, server, fault=None, image=PICTURE):
        clock.now += timedelta(hours=1)
        server.now = clock.now
        http = Wire(server, publishes, fault).connection("https://network.example", TOKEN)
        return syndicate([post(image=image)], [Account("firma", make(http))], journal, clock=clock)

    return announce


@EVERY_NETWORK
@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.RESET, Reply(502), Reply(200)])
def test_a_post_whose_answer_was_lost_is_found(run, name, fault):
    make, served = NETWORKS[name]
    server = served(TOKEN.reveal())
    assert results(run(make, server, fault)) == ["in-doubt"]
    assert results(run(make, server)) == ["announced"]
    assert results(run(make, server)) == ["unchanged"]
    assert len(server.posts) == 1


@EVERY_NETWORK
def test_a_post_that_never_arrived_is_sent_again(run, name):
    make, served = NETWORKS[name]
    server = served(TOKEN.reveal())
    run(make, server, Fault.RESET)
    server.posts.clear()
    assert results(run(make, server)) == ["announced"]
    assert len(server.posts) == 1


@EVERY_NETWORK
def test_no_connection_is_tried_again(run, name):
    make, served = NETWORKS[name]
    server = served(TOKEN.reveal())
    assert results(run(make, server, Fault.CONNECT_REFUSED)) == ["due"]
    assert results(run(make, server)) == ["announced"]
    assert len(server.posts) == 1


def test_a_post_gets_the_picture_that_it_lacked_for_instagram(run):
    make, served = NETWORKS["instagram"]
    server = served(TOKEN.reveal())
    assert results(run(make, server, image=None)) == ["unsuited"]
    assert not server.posts
    assert results(run(make, server)) == ["announced"]
    assert results(run(make, server, image=None)) == ["unchanged"]
