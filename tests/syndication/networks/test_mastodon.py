"""Mastodon and its kin, against a counterpart that is as strict as their description."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from litfass_syndication.announcement import Receipt, Span
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.mastodon import Mastodon, Options
from litfass_syndication.testing import (
    KEY,
    Description,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    listening,
    picture,
    plain_message,
)
from litfass_syndication.testing.mastodon import INSTANCE, MastodonServer

TOKEN = "tok-7f3a9c/Qx+y=="
SERVER = "https://mastodon.example"
SPEC = Description(
    json.loads((Path(__file__).parent / "specs" / "mastodon.json").read_text("utf-8"))
)


def strict(**changes):
    """Return a counterpart that takes nothing but what Mastodon's description has."""
    return MastodonServer(TOKEN, SERVER, check=SPEC.check, **changes)


def kin(**changes):
    """Return a server that knows more, or less, than the description."""
    return MastodonServer(TOKEN, SERVER, **changes)


def publishes(request):
    return request.method == "POST" and request.path == "/api/v1/statuses"


def mastodon(server, fault=None, strikes=publishes, sleep=lambda _: None, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(TOKEN), sleep=sleep)
    return Mastodon(Options(SERVER, Secret(TOKEN), **options), connection)


class TestMastodon(NetworkContract):
    network = Mastodon
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return strict()

    def publishes(self, request):
        return publishes(request)


class TestPublishing:
    def test_a_status_is_what_the_account_is_set_to(self):
        server = strict()
        account = mastodon(server, visibility="unlisted", content_warning="Holz", language="en")
        account.publish(plain_message(language=""), KEY)
        assert server.statuses["100"]["sent"] == {
            "status": plain_message().text,
            "visibility": "unlisted",
            "spoiler_text": "Holz",
            "sensitive": True,
            "language": "en",
        }

    def test_the_post_knows_better_than_the_account(self):
        server = strict()
        account = mastodon(server, content_warning="Holz", language="en")
        account.publish(plain_message(language="de-AT", content_warning="Späne"), KEY)
        sent = server.statuses["100"]["sent"]
        assert (sent["language"], sent["spoiler_text"]) == ("de", "Späne")

    def test_a_resumed_attempt_finds_the_first_status(self):
        server = strict()
        lost = mastodon(server, fault=Fault.READ_TIMEOUT)
        with pytest.raises(OutcomeUnknown):
            lost.publish(plain_message(), KEY)
        receipt = mastodon(server).publish(plain_message(), KEY)
        assert receipt == Receipt("100", f"{SERVER}/@firma/100")
        assert len(server.statuses) == 1

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = strict()
        with listening(server) as address:
            account = Mastodon(Options(address, Secret(TOKEN)), Connection(address, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt == Receipt("100", f"{SERVER}/@firma/100")
        assert server.alts == {"m0": "Eine Hobelbank"}

    def test_a_server_that_nobody_knows_gets_plain_text_and_no_key(self):
        """Its accounts may be set to Markdown; Mastodon's description has no such field."""
        server = kin(instance={"version": "4.0.0 (compatible; Mitra 2.18.0)"})
        assert mastodon(server).limits().dedupe is Dedupe.LOOKUP
        mastodon(server).publish(plain_message(), KEY)
        assert server.statuses["100"]["sent"]["content_type"] == "text/plain"
        assert not server.keys

    def test_an_address_that_is_none_is_no_receipt(self):
        script = Reply.of({"id": "1", "url": "javascript:alert(1)"})
        account = mastodon(strict(), fault=script)
        with pytest.raises(OutcomeUnknown, match="web address"):
            account.publish(plain_message(), KEY)

    def test_a_bad_token_is_known_in_html_as_well(self):
        page = Reply(400, b"<h1>Bad Request</h1>", {"content-type": "text/html"})
        account = mastodon(strict(), fault=page)
        with pytest.raises(Unauthorised, match="firma"):
            account.publish(plain_message(), KEY)

    def test_a_400_in_json_refuses_the_message(self):
        """GoToSocial says "too long" so."""
        reply = Reply.of({"error": "status too long"}, 400)
        account = mastodon(strict(), fault=reply)
        with pytest.raises(Rejected, match="status too long"):
            account.publish(plain_message(), KEY)


class TestPictures:
    def test_a_slow_picture_is_waited_for(self, tmp_path):
        server, sleeps = strict(polls=3), []
        receipt = mastodon(server, sleep=sleeps.append).publish(
            plain_message(image=picture(tmp_path)), KEY
        )
        assert not receipt.notes
        assert server.statuses["100"]["media_attachments"] == [{"id": "m0"}]
        assert server.alts == {"m0": "Eine Hobelbank"}
        assert len(sleeps) == 3

    @pytest.mark.parametrize(
        ("server", "why"),
        [
            (strict(polls=-1), "Error processing thumbnail"),
            (strict(polls=999), "in time"),
            (strict(media_reply=Reply.of({"error": "File type not supported"}, 422)), "File type"),
            (strict(media_reply=Reply(500)), "500"),
            (strict(media_reply=Reply(200, b"<html>")), "id"),
        ],
        ids=["failed", "never", "refused", "500", "html"],
    )
    def test_a_picture_that_fails_does_not_stop_the_post(self, server, why, tmp_path):
        receipt = mastodon(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert server.statuses["100"]["media_attachments"] == []
        assert why in receipt.notes[0]

    def test_a_picture_that_is_gone_does_not_stop_the_post(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        receipt = mastodon(strict()).publish(plain_message(image=image), KEY)
        assert "bank.png" in receipt.notes[0]

    def test_an_old_server_takes_pictures_at_the_old_address(self, tmp_path):
        server = kin(only_v1=True)
        receipt = mastodon(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert not receipt.notes
        assert server.media == {"m0": 0}

    def test_a_token_that_may_not_upload_is_told(self, tmp_path):
        server = strict(media_reply=Reply.of({"error": "outside the authorized scopes"}, 403))
        with pytest.raises(Unauthorised, match="scopes"):
            mastodon(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert not server.statuses


class TestEditing:
    def test_text_and_alt_change_and_the_picture_stays(self, tmp_path):
        server = strict()
        account = mastodon(server)
        image = picture(tmp_path)
        receipt = account.publish(plain_message(image=image), KEY)
        corrected = plain_message(
            spans=(Span("Berichtigt"),), image=replace(image, alt="Eine alte Hobelbank")
        )
        assert account.edit(receipt, corrected) == receipt
        assert server.statuses["100"]["sent"]["status"] == "Berichtigt"
        assert server.statuses["100"]["media_attachments"] == [{"id": "m0"}]
        assert server.alts == {"m0": "Eine alte Hobelbank"}

    def test_a_picture_that_is_missing_is_added(self, tmp_path):
        server = strict()
        account = mastodon(server)
        receipt = account.publish(plain_message(), KEY)
        account.edit(receipt, plain_message(image=picture(tmp_path)))
        assert server.statuses["100"]["media_attachments"] == [{"id": "m0"}]

    def test_a_picture_that_is_unwanted_goes(self, tmp_path):
        server = strict()
        account = mastodon(server)
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        account.edit(receipt, plain_message())
        assert server.statuses["100"]["media_attachments"] == []

    def test_a_status_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="Record not found"):
            mastodon(strict()).edit(Receipt("7", SERVER), plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = strict()
        account = mastodon(server)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not server.statuses


class TestLimits:
    def limits(self, instance, **options):
        return mastodon(kin(instance=instance), **options).limits()

    def test_the_server_tells_its_own(self):
        instance = {"version": "4.5.1", "configuration": {"statuses": {"max_characters": 3000}}}
        assert self.limits(instance).limits == (TextLimit(3000, Measure.GRAPHEMES),)

    @pytest.mark.parametrize("strange", [Reply(200, b"<html>"), Reply(200), Reply.of([])])
    def test_a_server_that_makes_no_sense_is_treated_with_caution(self, strange):
        able = self.limits(strange)
        assert able.limits == (TextLimit(500, Measure.CODE_POINTS),)
        assert (able.dedupe, able.key_seconds, able.url_length) == (Dedupe.LOOKUP, None, None)

    def test_it_is_asked_once_and_in_the_older_form_too(self):
        wire = Wire(strict(only_v1=True))
        account = Mastodon(Options(SERVER, Secret(TOKEN)), wire.connection(SERVER))
        assert account.limits() == account.limits()
        assert [each.path for each in wire.requests] == ["/api/v2/instance", "/api/v1/instance"]

    def test_the_accounts_own_warning_is_counted(self):
        assert self.limits(INSTANCE, content_warning="Späne 👩‍🔧").limits[0].maximum == 500 - 7

    def test_a_server_that_is_away_is_unreachable(self):
        account = mastodon(strict(), Fault.CONNECT_REFUSED, strikes=lambda _: True)
        with pytest.raises(Unreachable, match=r"firma: mastodon\.example"):
            account.limits()

    def test_whose_account_it_is(self):
        identity = mastodon(strict()).whoami()
        assert (identity.handle, identity.url) == ("@firma@mastodon.example", f"{SERVER}/@firma")
