"""Telegram, against a counterpart that is as strict as its description."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import PIL.Image
import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, RateLimited, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.measure import length
from litfass_syndication.network import Secret
from litfass_syndication.networks.telegram import Options, Telegram, entities
from litfass_syndication.testing import (
    KEY,
    NOW,
    Description,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    listening,
    picture,
    plain_message,
)
from litfass_syndication.testing.telegram import PRIVATE, TelegramServer, refusal

TOKEN = "123456:AbC_dEf-0123456789"
SERVER = "https://telegram.example"
SPEC = Description(
    json.loads((Path(__file__).parent / "specs" / "telegram.json").read_text("utf-8"))
)


def strict(**changes):
    """Return a counterpart that takes nothing but what Telegram's description has."""
    return TelegramServer(TOKEN, check=SPEC.check, **changes)


def publishes(request):
    return request.path.endswith(("/sendMessage", "/sendPhoto"))


def connected(server, fault=None, strikes=publishes, sleep=lambda _: None, **options):
    own = Options("@werkstatt", Secret(TOKEN), server=SERVER, **options)
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(TOKEN), sleep=sleep)
    return Telegram(own, connection)


class TestTelegram(NetworkContract):
    network = Telegram
    options = Options("@werkstatt", Secret(TOKEN), image="photo", server=SERVER)
    server = SERVER
    describes_pictures = False

    def counterpart(self):
        return strict()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, "The counterpart will not have it.")


class TestPublishing:
    def test_a_message_is_its_text_its_links_and_a_large_preview(self):
        server = strict()
        receipt = connected(server).publish(plain_message(), KEY)
        message = plain_message()
        assert receipt == Receipt("-1001234567/40", "https://t.me/werkstatt/40")
        assert server.messages[40] == {
            "chat_id": "@werkstatt",
            "text": message.text,
            "entities": [
                {"type": "text_link", "offset": 25, "length": 37, "url": message.url},
                {"type": "hashtag", "offset": 64, "length": 10},
            ],
            "link_preview_options": {"url": message.url, "prefer_large_media": True},
        }

    def test_a_message_is_what_the_account_is_set_to(self):
        server = strict()
        connected(server, preview="none", silent=True, topic=7).publish(plain_message(), KEY)
        sent = server.messages[40]
        assert sent["link_preview_options"] == {"is_disabled": True}
        assert (sent["disable_notification"], sent["message_thread_id"]) == (True, 7)

    def test_a_private_channel_has_an_address_for_its_members(self):
        receipt = connected(strict(chat=PRIVATE)).publish(plain_message(), KEY)
        assert receipt.url == "https://t.me/c/1234567/40"

    def test_a_small_group_has_no_addresses(self):
        receipt = connected(strict(chat={"id": -55, "type": "group"})).publish(plain_message(), KEY)
        assert receipt == Receipt("-55/40", "")

    def test_a_warning_that_is_not_shown_is_told(self):
        receipt = connected(strict()).publish(plain_message(content_warning="Späne"), KEY)
        assert "no content warnings" in receipt.notes[0]

    def test_nobody_can_tell_whether_a_lost_message_is_there(self):
        account = connected(strict(), Fault.READ_TIMEOUT)
        with pytest.raises(OutcomeUnknown):
            account.publish(plain_message(), KEY)
        found = account.find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = strict()
        with listening(server) as address:
            own = Options("@werkstatt", Secret(TOKEN), image="photo", server=address)
            account = Telegram(own, Connection(address, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
            account.edit(receipt, plain_message(spans=(Span("Berichtigt"),)))
        assert server.messages[40]["photo"].startswith(b"\x89PNG")
        assert server.messages[40]["caption"] == "Berichtigt"


class TestCounting:
    @pytest.mark.parametrize("letter", ["a", "ü", "ش", "👩‍👩‍👧‍👦", "e\u0323\u0302"])
    @pytest.mark.parametrize(("option", "most"), [("preview", 4096), ("photo", 1024)])
    def test_a_text_is_cut_to_what_telegram_takes_and_no_more(self, letter, option, most):
        account = connected(strict(), image=option)
        long = Announcement("p", "https://blog.example/a/", letter * 5000, NOW, "r")
        message = compose(long, Account("firma", account), account.limits())
        there = len(message.text.encode("utf-16-le")) // 2
        assert most - len(letter.encode("utf-16-le")) // 2 < there <= most
        assert length(message.spans, account.limits().limits[0], account.limits()) == there

    def test_entities_are_placed_in_utf16_units(self):
        spans = (
            Span("👩‍🔧 "),
            Span("https://a.example", SpanKind.LINK, "https://a.example"),
            Span(" 🎉 "),
            Span("#ü", SpanKind.HASHTAG, "ü"),
            Span(" @wer@wo.example"),
        )
        text = "".join(span.text for span in spans).encode("utf-16-le")
        found = [
            text[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le")
            for each in entities(spans)
        ]
        assert found == ["https://a.example", "#ü"]

    def test_what_the_account_has_room_for(self):
        assert connected(strict()).limits().limits == (TextLimit(4096, Measure.UTF16),)
        assert connected(strict()).limits().images is None
        assert connected(strict(), image="photo").limits().images


class TestPhotos:
    def test_a_photo_has_the_text_below(self, tmp_path):
        server = strict()
        message = plain_message(image=picture(tmp_path))
        receipt = connected(server, image="photo", silent=True).publish(message, KEY)
        sent = server.messages[40]
        assert receipt == Receipt("-1001234567/40#photo", "https://t.me/werkstatt/40")
        assert sent["photo"] == message.image.path.read_bytes()
        assert (sent["caption"], sent["disable_notification"]) == (message.text, "true")
        assert [each["type"] for each in sent["caption_entities"]] == ["text_link", "hashtag"]

    def test_a_photo_that_is_refused_does_not_stop_the_message(self, tmp_path):
        server = strict(refuse={"sendPhoto": refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")})
        message = plain_message(image=picture(tmp_path))
        receipt = connected(server, image="photo").publish(message, KEY)
        assert server.messages[40]["text"] == message.text
        assert "IMAGE_PROCESS_FAILED" in receipt.notes[0]

    def test_a_photo_whose_answer_is_lost_is_a_doubt(self, tmp_path):
        server = strict()
        account = connected(server, Fault.READ_TIMEOUT, image="photo")
        with pytest.raises(OutcomeUnknown):
            account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert len(server.messages) == 1

    def test_a_photo_is_brought_within_the_shape_that_telegram_takes(self, tmp_path):
        server, image = strict(), drawing(tmp_path, 9000, 1800)
        connected(server, image="photo").publish(plain_message(image=image), KEY)
        (tmp_path / "sent").write_bytes(server.messages[40]["photo"])
        with PIL.Image.open(tmp_path / "sent") as sent:
            assert sum(sent.size) <= 10_000
            assert sum(sent.size) > 9_900

    @pytest.mark.parametrize("size", [(2100, 100), (100, 2100)])
    def test_a_strip_is_no_photo(self, size, tmp_path):
        image = drawing(tmp_path, *size)
        receipt = connected(strict(), image="photo").publish(plain_message(image=image), KEY)
        assert "long and narrow" in receipt.notes[0]


def drawing(folder, width, height):
    image = replace(picture(folder), width=width, height=height)
    PIL.Image.new("L", (width, height), 200).save(image.path)
    return image


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "kind", "hint"),
        [
            (refusal(401, "Unauthorized"), Unauthorised, "@BotFather"),
            (refusal(404, "Not Found"), Unauthorised, "@BotFather"),
            (refusal(400, "Bad Request: chat not found"), Unauthorised, "name of the chat"),
            (refusal(403, "Forbidden: bot is not a member"), Unauthorised, "administrator"),
            (refusal(400, "Bad Request: not enough rights"), Unauthorised, "administrator"),
            (
                refusal(400, "Bad Request: upgraded to a supergroup", migrate_to_chat_id=-1009),
                Unauthorised,
                'chat = "-1009"',
            ),
            (refusal(400, "Bad Request: message is too long"), Rejected, "words"),
        ],
    )
    def test_each_means_what_its_words_say(self, reply, kind, hint):
        with pytest.raises(kind, match="firma") as caught:
            connected(strict(), reply).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    def test_a_short_wait_is_waited_for(self):
        sleeps = []
        server = strict(refuse={"sendMessage": refusal(429, "Too Many Requests", retry_after=7)})
        connected(server, sleep=sleeps.append).publish(plain_message(), KEY)
        assert (sleeps, len(server.messages)) == ([7], 1)

    def test_a_long_wait_is_told(self):
        reply = refusal(429, "Too Many Requests: retry after 900", retry_after=900)
        with pytest.raises(RateLimited) as caught:
            connected(strict(), reply).publish(plain_message(), KEY)
        assert caught.value.retry_after == 900

    def test_a_refusal_in_html_is_one_as_well(self):
        with pytest.raises(Rejected):
            connected(strict(), Reply(400, b"<h1>nginx</h1>")).publish(plain_message(), KEY)


class TestCorrecting:
    def test_text_and_preview_are_replaced(self):
        server = strict()
        account = connected(server)
        receipt = account.publish(plain_message(), KEY)
        assert account.edit(receipt, plain_message(spans=(Span("Berichtigt"),))) == receipt
        assert server.messages[40]["text"] == "Berichtigt"

    def test_a_photo_stays_and_its_text_is_replaced(self, tmp_path):
        server = strict()
        account = connected(server, image="photo")
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert account.edit(receipt, plain_message(spans=(Span("Berichtigt"),))) == receipt
        assert server.messages[40]["caption"] == "Berichtigt"

    def test_what_is_the_same_already_is_corrected(self):
        account = connected(strict())
        receipt = account.publish(plain_message(), KEY)
        assert account.edit(receipt, plain_message()) == receipt

    def test_a_message_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="not found"):
            connected(strict()).edit(Receipt("-1001234567/9", ""), plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self, tmp_path):
        server = strict()
        account = connected(server, image="photo")
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not server.messages

    def test_after_two_days_a_person_has_to_delete_it(self):
        old = refusal(400, "Bad Request: message can't be deleted")
        account = connected(strict(refuse={"deleteMessage": old}))
        with pytest.raises(Rejected, match="deleted") as caught:
            account.withdraw(Receipt("-1001234567/9", ""))
        assert "in the app" in caught.value.hint

    def test_an_identifier_of_another_make_is_not_sent(self):
        with pytest.raises(Rejected, match="not the number"):
            connected(strict()).withdraw(Receipt("elsewhere", ""))


class TestWhoseItIs:
    def test_the_channel_and_the_bot(self):
        identity = connected(strict()).whoami()
        assert identity.handle == "Werkstatt, by @litfass_bot"
        assert identity.url == "https://t.me/werkstatt"

    def test_a_private_channel_is_told_by_its_bot(self):
        assert connected(strict(chat=PRIVATE)).whoami().url == "https://t.me/litfass_bot"

    def test_a_bot_that_may_not_post_is_told(self):
        with pytest.raises(Unauthorised, match="may not post in Werkstatt") as caught:
            connected(strict(may_post=False)).whoami()
        assert "administrator" in caught.value.hint
