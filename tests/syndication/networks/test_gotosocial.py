"""GoToSocial, against a counterpart that keeps no keys."""

from __future__ import annotations

import pytest

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.measure import fits
from litfass_syndication.network import Secret
from litfass_syndication.networks.gotosocial import GoToSocial, Options
from litfass_syndication.networks.mastodon import Mastodon
from litfass_syndication.networks.mastodon import Options as MastodonOptions
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    picture,
    plain_message,
)
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "NGM4YT-7f3a9c/Qx+y=="
SERVER = "https://gotosocial.example"
INSTANCE = {
    "version": "0.19.1+git-abc",
    "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
    "configuration": {
        "statuses": {
            "max_characters": 5000,
            "max_media_attachments": 6,
            "characters_reserved_per_url": 25,
        },
        "media_attachments": {"image_size_limit": 41_943_040, "description_limit": 5000},
    },
}


def there(**changes):
    given = {"instance": INSTANCE, "keeps_keys": False, **changes}
    return MastodonServer(TOKEN, SERVER, **given)


def publishes(request):
    return request.method == "POST" and request.path == "/api/v1/statuses"


def gotosocial(server, fault=None, **options):
    connection = Wire(server, publishes, fault).connection(SERVER, Secret(TOKEN))
    return GoToSocial(Options(SERVER, Secret(TOKEN), **options), connection)


class TestGoToSocial(NetworkContract):
    network = GoToSocial
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return there()

    def publishes(self, request):
        return publishes(request)


def test_a_text_stays_plain_and_no_key_is_sent():
    """An account may be set to Markdown; a key would be a promise that nobody keeps."""
    server = there(keeps_keys=True)
    gotosocial(server, visibility="mutuals_only").publish(plain_message(), KEY)
    sent = server.statuses["100"]["sent"]
    assert (sent["content_type"], sent["visibility"]) == ("text/plain", "mutuals_only")
    assert not server.keys


def test_a_lost_status_is_looked_for_and_not_repeated():
    server = there()
    with pytest.raises(OutcomeUnknown):
        gotosocial(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
    found = gotosocial(server).find(plain_message(), KEY, NOW)
    assert found.receipt.identifier == "100"
    assert len(server.statuses) == 1


@pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "م", "👨‍👩‍👧‍👦"])
def test_the_border_is_counted_in_code_points_links_and_warning_too(unit):
    able = gotosocial(there(), content_warning="Holz").limits()
    assert able.limits == (TextLimit(4996, Measure.CODE_POINTS),)
    address = "https://blog.example/" + "x" * 29
    link = Span(address, SpanKind.LINK, address)
    room = 4996 - 50 - 6 - len(unit)
    for more, right in ((-1, True), (0, True), (1, False)):
        spans = (Span(unit + "x" * (room + more)), link)
        assert fits(spans, able, content_warning="Späne!") is right


def test_the_server_tells_its_own():
    able = gotosocial(there()).limits()
    assert (able.dedupe, able.key_seconds, able.url_length) == (Dedupe.LOOKUP, None, None)
    assert (able.images.max_bytes, able.images.max_alt) == (41_943_040, 5000)


def test_a_text_that_is_too_long_is_refused_with_400():
    reply = Reply.of({"error": "Bad Request: status too long"}, 400)
    with pytest.raises(Rejected, match="status too long"):
        gotosocial(there(), reply).publish(plain_message(), KEY)


def test_a_picture_that_needs_more_words_does_not_stop_the_post(tmp_path):
    """A server may ask for a description of a certain length."""
    server = there(media_reply=Reply.of({"error": "description too short"}, 400))
    receipt = gotosocial(server).publish(plain_message(image=picture(tmp_path)), KEY)
    assert "description too short" in receipt.notes[0]
    assert len(server.statuses) == 1


def test_a_token_without_its_scope_is_told():
    reply = Reply.of({"error": "token has insufficient scope permission"}, 403)
    with pytest.raises(Unauthorised, match="insufficient scope"):
        gotosocial(there(), reply).publish(plain_message(), KEY)


class TestMistakenSettings:
    """A server that is another software is not spoken to, and the right name is said."""

    def test_mastodon_is_not_gotosocial(self):
        server = MastodonServer(TOKEN, SERVER)
        for ask in (
            lambda account: account.limits(),
            lambda account: account.whoami(),
            lambda account: account.publish(plain_message(), KEY),
        ):
            with pytest.raises(AccountError, match="runs Mastodon, not GoToSocial") as caught:
                ask(gotosocial(server))
            assert 'network = "mastodon"' in caught.value.hint
        assert not server.statuses

    @pytest.mark.parametrize(
        ("version", "software", "name"),
        [
            ("0.19.1+git-abc", "GoToSocial", "gotosocial"),
            ("2.7.2 (compatible; Akkoma 3.10.4)", "Pleroma or Akkoma", "pleroma"),
            ("3.5.3 (compatible; Pixelfed 0.12.1)", "Pixelfed", "pixelfed"),
        ],
    )
    def test_nor_are_its_kin_mastodon(self, version, software, name, tmp_path):
        server = there(instance={"version": version})
        http = Wire(server).connection(SERVER, Secret(TOKEN))
        account = Mastodon(MastodonOptions(SERVER, Secret(TOKEN)), http)
        with pytest.raises(AccountError, match=f"runs {software}, not Mastodon") as caught:
            account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert f'network = "{name}"' in caught.value.hint
        assert not server.statuses

    def test_a_server_that_does_not_say_is_believed(self):
        assert gotosocial(there(instance={"version": "1.0"})).whoami().handle
