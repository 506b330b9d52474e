"""After a lost answer: its link tells whether the status is there, and the listing how surely."""

from __future__ import annotations

from datetime import timedelta

from litfass_syndication.announcement import Span
from litfass_syndication.network import Secret
from litfass_syndication.networks.mastodon import Mastodon, Options
from litfass_syndication.testing import KEY, NOW, Wire, plain_message
from litfass_syndication.testing.mastodon import MastodonServer

SERVER = "https://mastodon.example"
TOKEN = "tok-7f3a9c"


def mastodon(wire, **options):
    return Mastodon(Options(SERVER, Secret(TOKEN), **options), wire.connection(SERVER))


def test_a_lost_status_is_found_by_its_link():
    server = MastodonServer(TOKEN, SERVER)
    account = mastodon(Wire(server))
    receipt = account.publish(plain_message(), KEY)
    found = account.find(plain_message(), KEY, NOW)
    assert found.receipt == receipt


def test_a_card_tells_as_well():
    server = MastodonServer(TOKEN, SERVER)
    server.show("100", "Kurz")["card"] = {"url": plain_message().url}
    assert mastodon(Wire(server)).find(plain_message(), KEY, NOW).receipt


def test_another_page_is_not_taken_for_it():
    server = MastodonServer(TOKEN, SERVER)
    server.show("100", plain_message().url + "?b=2")
    found = mastodon(Wire(server)).find(plain_message(), KEY, NOW)
    assert found.receipt is None
    assert found.complete


def test_older_posts_prove_that_it_is_not_there():
    server = MastodonServer(TOKEN, SERVER)
    for number in range(100, 200):
        at = NOW - timedelta(days=2) if number < 150 else NOW
        server.show(str(number), "Anderes")["created_at"] = at.isoformat()
    wire = Wire(server)
    assert mastodon(wire).find(plain_message(), KEY, NOW).complete
    assert len(wire.requests) == 3, "the credentials, and two pages"


def test_too_many_posts_prove_nothing():
    server = MastodonServer(TOKEN, SERVER)
    for number in range(100, 600):
        server.show(str(number), "Anderes")
    found = mastodon(Wire(server)).find(plain_message(), KEY, NOW)
    assert found.receipt is None
    assert not found.complete


def test_what_is_not_listed_or_has_no_link_proves_nothing():
    direct = mastodon(Wire(MastodonServer(TOKEN, SERVER)), visibility="direct")
    assert not direct.find(plain_message(), KEY, NOW).complete
    wordless = plain_message(spans=(Span("Ohne Adresse"),))
    assert not mastodon(Wire(MastodonServer(TOKEN, SERVER))).find(wordless, KEY, NOW).complete


def test_a_clock_of_ours_that_is_wrong_by_hours_hides_nothing():
    """The server dates a status 11 hours before our claim, with others in between."""
    server = MastodonServer(TOKEN, SERVER)
    lost = server.show("100", plain_message().url)
    lost["created_at"] = (NOW - timedelta(hours=11)).isoformat()
    for number in range(101, 120):
        at = NOW - timedelta(hours=10)
        server.show(str(number), "Anderes")["created_at"] = at.isoformat()
    assert mastodon(Wire(server)).find(plain_message(), KEY, NOW).receipt.identifier == "100"


def test_a_listing_without_times_proves_nothing():
    server = MastodonServer(TOKEN, SERVER)
    server.show("100", "Anderes")["created_at"] = "gestern"
    assert not mastodon(Wire(server)).find(plain_message(), KEY, NOW).complete
