"""No secret shows on Meta's networks, whatever goes wrong at whichever step."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syndication.test_secrets import SECRETS, SERVER, anywhere, errors_of, logged, mishaps
from tests.syndication.town import START, Clock, post

from litfass_syndication.account import Account
from litfass_syndication.adoption import adopt_from_network
from litfass_syndication.announcement import Image
from litfass_syndication.announcer import syndicate
from litfass_syndication.desk import withdraw
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks import facebook, instagram, threads
from litfass_syndication.testing import Wire
from litfass_syndication.testing.containers import INSTAGRAM, THREADS, ContainerServer
from litfass_syndication.testing.facebook import PAGE, FacebookServer

PICTURE = Image(Path("a.jpg"), "Ein Bild", "image/jpeg", 9, 9, "d", "https://blog.example/a.jpg")
PLACES = st.sampled_from([
    ("POST", "feed"), ("GET", "published_posts"), ("GET", "104_900"), ("DELETE", "104_900"),
    ("POST", "104_900"), ("GET", "/104?"), ("GET", "/me?"), ("GET", "debug_token"),
    ("POST", "/media"), ("POST", "media_publish"), ("GET", "/media?"), ("GET", "/c1?"),
    ("POST", "/threads"), ("POST", "threads_publish"), ("GET", "/threads?"), ("GET", "/p2?"),
    ("DELETE", "/p2"), ("POST", ""), ("GET", ""),
])  # fmt: skip


def on_facebook(secret, wire):
    options = facebook.Options(PAGE, Secret(secret), Secret(f"{secret}!"), server=SERVER)
    http = wire.connection(SERVER, options.token, options.app_secret)
    return facebook.Facebook(options, http)


def on_instagram(secret, wire):
    options = instagram.Options(Secret(secret), server=SERVER)
    return instagram.Instagram(options, wire.connection(SERVER, options.token))


def on_threads(secret, wire):
    options = threads.Options(Secret(secret), picture="photo", server=SERVER)
    return threads.Threads(options, wire.connection(SERVER, options.token))


NETWORKS = {
    "facebook": (on_facebook, lambda secret: FacebookServer(secret, f"{secret}!")),
    "instagram": (on_instagram, lambda secret: ContainerServer(INSTAGRAM, secret)),
    "instagram, refusing": (
        on_instagram,
        lambda secret: ContainerServer(INSTAGRAM, secret, state="ERROR", words=f"Bad {secret}"),
    ),
    "threads": (on_threads, lambda secret: ContainerServer(THREADS, secret)),
}


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=60)
@given(st.data(), SECRETS, PLACES)
def test_no_secret_shows_anywhere(name, data, secret, place):
    make, server = NETWORKS[name]
    method, path = place
    fault = data.draw(mishaps(secret))
    strikes = lambda request: request.method == method and path in request.url  # noqa: E731
    with tempfile.TemporaryDirectory() as folder, logged() as log:
        ledger = Path(folder) / "ledger.jsonl"
        journal, clock = FileJournal(ledger), Clock()
        journal.append(Line("firma", None, START))
        network = make(secret, Wire(anywhere(server(secret)), strikes, fault))
        account = Account("firma", network)
        said = [repr(network._options), repr(account)]
        for title in ("About hello", "Corrected"):
            there = [post(title=title, image=PICTURE)]
            outcomes = syndicate(there, [account], journal, clock=clock)
            said += [repr(outcomes), json.dumps([one.reason + one.hint for one in outcomes])]
        said += errors_of(
            network,
            lambda _: adopt_from_network(journal, account, there, clock),
            lambda _: withdraw(journal, account, "hello", clock),
            lambda each: each.whoami(),
        )
        written = ledger.read_text("utf-8")
    for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}:
        assert form not in written
        assert form not in log.getvalue()
        assert not any(form in text for text in said)
