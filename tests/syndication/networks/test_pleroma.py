"""Pleroma and Akkoma, against a counterpart that has forgotten its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.errors import OutcomeUnknown
from litfass_syndication.measure import fits
from litfass_syndication.network import Secret
from litfass_syndication.networks.pleroma import Options, Pleroma
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Wire,
    picture,
    plain_message,
)
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "aAOb-7f3a9c_Qx-y"
SERVER = "https://pleroma.example"
PLEROMA = {
    "version": "2.7.2 (compatible; Pleroma 2.6.0)",
    "max_toot_chars": 6000,
    "upload_limit": 8_000_000,
    "description_limit": 4000,
}
AKKOMA = {
    **PLEROMA,
    "version": "2.7.2 (compatible; Akkoma 3.10.4)",
    "configuration": {"statuses": {"max_characters": 7000}},
}


def there(**changes):
    given = {"instance": AKKOMA, "keeps_keys": False, **changes}
    return MastodonServer(TOKEN, SERVER, **given)


def publishes(request):
    return request.method == "POST" and request.path == "/api/v1/statuses"


def pleroma(server, fault=None, **options):
    connection = Wire(server, publishes, fault).connection(SERVER, Secret(TOKEN))
    return Pleroma(Options(SERVER, Secret(TOKEN), **options), connection)


class TestAkkoma(NetworkContract):
    network = Pleroma
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return there()

    def publishes(self, request):
        return publishes(request)


class TestPleroma(TestAkkoma):
    """An older one, which says what it takes at the top, and at the older address alone."""

    def counterpart(self):
        return there(instance=PLEROMA, only_v1=True)


def test_a_text_stays_plain_and_no_key_is_sent():
    server = there(keeps_keys=True)
    pleroma(server, visibility="local").publish(plain_message(), KEY)
    sent = server.statuses["100"]["sent"]
    assert (sent["content_type"], sent["visibility"]) == ("text/plain", "local")
    assert not server.keys


def test_a_lost_status_is_looked_for_and_not_repeated():
    server = there()
    with pytest.raises(OutcomeUnknown):
        pleroma(server, Fault.DISCONNECTED).publish(plain_message(), KEY)
    found = pleroma(server).find(plain_message(), KEY, NOW)
    assert found.receipt.identifier == "100"
    assert len(server.statuses) == 1


def test_the_server_tells_its_own():
    old, new = pleroma(there(instance=PLEROMA)).limits(), pleroma(there()).limits()
    assert old.limits == (TextLimit(6000, Measure.GRAPHEMES),)
    assert (old.images.max_bytes, old.images.max_alt) == (8_000_000, 4000)
    assert new.limits == (TextLimit(7000, Measure.GRAPHEMES),)
    assert (new.dedupe, new.key_seconds, new.url_length) == (Dedupe.LOOKUP, None, None)


@pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "م", "👨‍👩‍👧‍👦"])
def test_the_border_is_counted_as_readers_do_links_and_warning_too(unit):
    able = pleroma(there()).limits()
    address = "https://blog.example/" + "x" * 29
    link = Span(address, SpanKind.LINK, address)
    for letters, right in ((6943, True), (6944, True), (6945, False)):
        assert fits((Span(unit * letters), link), able, content_warning="Späne!") is right


def test_text_and_warning_change_and_the_picture_stays(tmp_path):
    server = there()
    account, image = pleroma(server), picture(tmp_path)
    receipt = account.publish(plain_message(image=image), KEY)
    words = replace(plain_message(image=image), spans=(Span("Berichtigt"),), content_warning="Holz")
    assert account.edit(receipt, words) == receipt
    there_now = server.statuses["100"]
    assert (there_now["sent"]["status"], there_now["sent"]["spoiler_text"]) == (
        "Berichtigt",
        "Holz",
    )
    assert there_now["media_attachments"] == [{"id": "m0"}]
    account.withdraw(receipt)
    assert not server.statuses
