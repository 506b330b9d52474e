"""Mastodon and its kin, against a counterpart that is as strict as their description."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from litfass_syndication.announcement import Receipt, Span
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.instance import capabilities_of
from litfass_syndication.network import Secret
from litfass_syndication.networks.mastodon import Mastodon, Options
from litfass_syndication.testing import (
    KEY,
    NOW,
    Description,
    Fault,
    NetworkContract,
    Reply,
    Wire,
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


def mastodon(server, sleeps=None, fault=None, strikes=None, **options):
    wire = Wire(server, strikes or (lambda _: True), fault)
    connection = Connection(
        SERVER,
        "firma",
        secrets=(Secret(TOKEN),),
        transport=wire.transport(),
        clock=lambda: NOW,
        sleep=(sleeps if sleeps is not None else []).append,
        chance=lambda: 0.5,
    )
    return Mastodon(Options(SERVER, Secret(TOKEN), **options), connection), wire


class TestMastodon(NetworkContract):
    network = Mastodon
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return strict()

    def publishes(self, request):
        return request.method == "POST" and request.path == "/api/v1/statuses"


class TestGoToSocial(TestMastodon):
    """The contract holds as well where no key is kept."""

    def counterpart(self):
        return kin(instance={"version": "0.19.1+git-abc"}, keeps_keys=False)


class TestPublishing:
    def test_a_status_is_what_the_account_is_set_to(self):
        server = strict()
        account, _ = mastodon(server, visibility="unlisted", content_warning="Holz", language="en")
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
        account, _ = mastodon(server, content_warning="Holz", language="en")
        account.publish(plain_message(language="de-AT", content_warning="Späne"), KEY)
        sent = server.statuses["100"]["sent"]
        assert (sent["language"], sent["spoiler_text"]) == ("de", "Späne")

    def test_a_resumed_attempt_finds_the_first_status(self):
        server = strict()
        lost, _ = mastodon(server, fault=Fault.READ_TIMEOUT, strikes=TestMastodon().publishes)
        with pytest.raises(OutcomeUnknown):
            lost.publish(plain_message(), KEY)
        receipt = mastodon(server)[0].publish(plain_message(), KEY)
        assert receipt == Receipt("100", f"{SERVER}/@firma/100")
        assert len(server.statuses) == 1

    def test_a_misspelt_field_would_be_found(self):
        """The counterpart refuses what the description does not have."""
        message = plain_message()
        account, _ = mastodon(strict())
        account._wording = lambda message: {"status": message.text, "spoilertext": "Holz"}
        with pytest.raises(AssertionError, match="spoilertext"):
            account.publish(message, KEY)

    def test_a_value_that_is_not_described_would_be_found(self):
        account, _ = mastodon(strict(), visibility="friends")
        with pytest.raises(AssertionError, match="friends"):
            account.publish(plain_message(), KEY)

    def test_an_address_that_is_none_is_no_receipt(self):
        script = Reply.of({"id": "1", "url": "javascript:alert(1)"})
        account, _ = mastodon(strict(), fault=script, strikes=TestMastodon().publishes)
        with pytest.raises(OutcomeUnknown, match="web address"):
            account.publish(plain_message(), KEY)

    def test_a_bad_token_is_known_in_html_as_well(self):
        page = Reply(400, b"<h1>Bad Request</h1>", {"content-type": "text/html"})
        account, _ = mastodon(strict(), fault=page, strikes=TestMastodon().publishes)
        with pytest.raises(Unauthorised, match="firma"):
            account.publish(plain_message(), KEY)

    def test_a_400_in_json_refuses_the_message(self):
        """GoToSocial says "too long" so."""
        reply = Reply.of({"error": "status too long"}, 400)
        account, _ = mastodon(strict(), fault=reply, strikes=TestMastodon().publishes)
        with pytest.raises(Rejected, match="status too long"):
            account.publish(plain_message(), KEY)


class TestPictures:
    def test_a_slow_picture_is_waited_for(self, tmp_path):
        server, sleeps = strict(polls=3), []
        receipt = mastodon(server, sleeps)[0].publish(plain_message(image=picture(tmp_path)), KEY)
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
        receipt = mastodon(server)[0].publish(plain_message(image=picture(tmp_path)), KEY)
        assert server.statuses["100"]["media_attachments"] == []
        assert why in receipt.notes[0]

    def test_a_picture_that_is_gone_does_not_stop_the_post(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        receipt = mastodon(strict())[0].publish(plain_message(image=image), KEY)
        assert "bank.png" in receipt.notes[0]

    def test_an_old_server_takes_pictures_at_the_old_address(self, tmp_path):
        server = kin(only_v1=True)
        receipt = mastodon(server)[0].publish(plain_message(image=picture(tmp_path)), KEY)
        assert not receipt.notes
        assert server.media == {"m0": 0}

    def test_a_token_that_may_not_upload_is_told(self, tmp_path):
        server = strict(media_reply=Reply.of({"error": "outside the authorized scopes"}, 403))
        with pytest.raises(Unauthorised, match="scopes"):
            mastodon(server)[0].publish(plain_message(image=picture(tmp_path)), KEY)
        assert not server.statuses


class TestEditing:
    def test_text_and_alt_change_and_the_picture_stays(self, tmp_path):
        server = strict()
        account, _ = mastodon(server)
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
        account, _ = mastodon(server)
        receipt = account.publish(plain_message(), KEY)
        account.edit(receipt, plain_message(image=picture(tmp_path)))
        assert server.statuses["100"]["media_attachments"] == [{"id": "m0"}]

    def test_a_picture_that_is_unwanted_goes(self, tmp_path):
        server = strict()
        account, _ = mastodon(server)
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        account.edit(receipt, plain_message())
        assert server.statuses["100"]["media_attachments"] == []

    def test_a_status_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="Record not found"):
            mastodon(strict())[0].edit(Receipt("7", SERVER), plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = strict()
        account, _ = mastodon(server)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not server.statuses


class TestFinding:
    def test_a_lost_status_is_found_by_its_link(self):
        server = strict()
        account, _ = mastodon(server)
        receipt = account.publish(plain_message(), KEY)
        found = account.find(plain_message(), KEY, NOW)
        assert found.receipt == receipt

    def test_a_card_tells_as_well(self):
        server = strict()
        server.show("100", "Kurz")["card"] = {"url": plain_message().url}
        assert mastodon(server)[0].find(plain_message(), KEY, NOW).receipt

    def test_another_page_is_not_taken_for_it(self):
        server = strict()
        server.show("100", plain_message().url + "?b=2")
        found = mastodon(server)[0].find(plain_message(), KEY, NOW)
        assert found.receipt is None
        assert found.complete

    def test_older_posts_prove_that_it_is_not_there(self):
        server = strict()
        for number in range(100, 200):
            at = NOW - timedelta(days=2) if number < 150 else NOW
            server.show(str(number), "Anderes")["created_at"] = at.isoformat()
        account, wire = mastodon(server)
        assert account.find(plain_message(), KEY, NOW).complete
        assert len(wire.requests) == 3, "the credentials, and two pages"

    def test_too_many_posts_prove_nothing(self):
        server = strict()
        for number in range(100, 600):
            server.show(str(number), "Anderes")
        found = mastodon(server)[0].find(plain_message(), KEY, NOW)
        assert found.receipt is None
        assert not found.complete

    def test_what_is_not_listed_or_has_no_link_proves_nothing(self):
        direct, _ = mastodon(strict(), visibility="direct")
        assert not direct.find(plain_message(), KEY, NOW).complete
        wordless = plain_message(spans=(Span("Ohne Adresse"),))
        assert not mastodon(strict())[0].find(wordless, KEY, NOW).complete

    def test_whose_account_it_is(self):
        identity = mastodon(strict())[0].whoami()
        assert (identity.handle, identity.url) == ("@firma@mastodon.example", f"{SERVER}/@firma")


class TestLimits:
    def limits(self, instance, **options):
        return mastodon(kin(instance=instance), **options)[0].limits()

    def test_the_server_tells_its_own(self):
        instance = {"version": "4.5.1", "configuration": {"statuses": {"max_characters": 3000}}}
        assert self.limits(instance).limits == (TextLimit(3000, Measure.GRAPHEMES),)

    @pytest.mark.parametrize("strange", [Reply(200, b"<html>"), Reply(200), Reply.of([])])
    def test_a_server_that_makes_no_sense_is_treated_with_caution(self, strange):
        assert self.limits(strange) == capabilities_of(None)

    def test_it_is_asked_once_and_in_the_older_form_too(self):
        account, wire = mastodon(strict(only_v1=True))
        assert account.limits() == account.limits()
        assert [each.path for each in wire.requests] == ["/api/v2/instance", "/api/v1/instance"]

    def test_the_accounts_own_warning_is_counted(self):
        assert self.limits(INSTANCE, content_warning="Späne 👩‍🔧").limits[0].maximum == 500 - 7

    def test_a_server_that_is_away_is_unreachable(self):
        account, _ = mastodon(strict(), fault=Fault.CONNECT_REFUSED)
        with pytest.raises(Unreachable, match=r"firma: mastodon\.example"):
            account.limits()
