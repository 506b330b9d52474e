"""Discord's webhooks, against a counterpart that is as strict as their description."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.measure import fits, length
from litfass_syndication.network import Secret
from litfass_syndication.networks.discord import Discord, Options, escaped
from litfass_syndication.testing import (
    KEY,
    NOW,
    Description,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    fields,
    listening,
    picture,
    plain_message,
)

SERVER = "https://discord.example"
TOKEN = "Wq7-3f_9cZxTokenThatNobodyMaySee"
WEBHOOK = f"{SERVER}/api/webhooks/1234567890/{TOKEN}"
HOOK = f"/api/v10/webhooks/1234567890/{TOKEN}"
CHANNEL = "https://discord.com/channels/77/55"
SPEC = Description(
    json.loads((Path(__file__).parent / "specs" / "discord.json").read_text("utf-8"))
)


def refusal(status, code, message):
    return Reply.of({"message": message, "code": code}, status)


UNKNOWN_WEBHOOK = refusal(404, 10015, "Unknown Webhook")
UNKNOWN_MESSAGE = refusal(404, 10008, "Unknown Message")


class DiscordServer:
    """One webhook and the messages of it; a picture that has too many bytes is refused."""

    def __init__(self, most_bytes=10 * 2**20):
        self.messages = {}
        self.files = {}
        self.queries = []
        self._most_bytes = most_bytes

    def __call__(self, request):
        SPEC.check(request)
        self.queries.append(request.query)
        if not request.path.startswith(HOOK):
            return refusal(401, 50027, "Invalid Webhook Token")
        if request.method == "GET":
            return Reply.of({
                "id": "1234567890", "name": "Werkstatt", "type": 1, "channel_id": "55",
                "guild_id": "77", "token": TOKEN, "avatar": None, "application_id": None,
            })  # fmt: skip
        number = request.path.removeprefix(HOOK).removeprefix("/messages/")
        if number and number not in self.messages:
            return UNKNOWN_MESSAGE
        if request.method == "DELETE":
            del self.messages[number]
            return Reply(204)
        return self._kept(request, number or str(900 + len(self.messages)))

    def _kept(self, request, number):
        if number not in self.messages:
            assert request.query["wait"] == "true"
        body, file = request, b""
        if "multipart" in request.headers["content-type"]:
            parts = fields(request)
            file = parts["files[0]"]
            body = replace(
                request,
                content=parts["payload_json"],
                headers={**request.headers, "content-type": "application/json"},
            )
            SPEC.check(body)
        if len(file) > self._most_bytes:
            return refusal(413, 40005, "Request entity too large")
        self.messages[number] = body.json()
        self.files[number] = file
        channel = request.query.get("thread_id", "55")
        return Reply.of({"id": number, "channel_id": channel})


def publishes(request):
    return request.method == "POST"


def discord(server, fault=None, strikes=publishes, webhook=WEBHOOK, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(webhook))
    return Discord(Options(Secret(webhook), **options), connection)


class TestDiscord(NetworkContract):
    network = Discord
    options = Options(Secret(WEBHOOK))
    server = SERVER

    def counterpart(self):
        return DiscordServer()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, 0, "The counterpart will not have it.")


class TestPublishing:
    def test_a_message_has_text_and_a_card_and_pings_nobody(self):
        server = DiscordServer()
        receipt = discord(server).publish(plain_message(), KEY)
        assert receipt == Receipt("900", f"{CHANNEL}/900")
        url = plain_message().url
        assert server.messages["900"] == {
            "content": f"Grüße aus der Werkstatt\n\n<{url}>\n\n\\#Werkstatt",
            "embeds": [
                {
                    "url": url,
                    "title": "Grüße aus der Werkstatt",
                    "timestamp": "2026-05-04T12:00:00+00:00",
                    "description": "Was wir im Mai gebaut haben.",
                }
            ],
            "attachments": [],
            "allowed_mentions": {"parse": []},
        }

    def test_the_card_does_not_repeat_what_the_text_says(self):
        server, message = DiscordServer(), plain_message()
        spans = (*message.spans, Span(f"\n{message.summary}"))
        discord(server).publish(plain_message(spans=spans), KEY)
        assert "description" not in server.messages["900"]["embeds"][0]

    def test_a_long_title_and_summary_are_cut_to_what_a_card_takes(self):
        server = DiscordServer()
        discord(server).publish(plain_message(title="👩‍🔧" * 99, summary="* " * 4000), KEY)
        card = server.messages["900"]["embeds"][0]
        assert card["title"] == "👩‍🔧" * 51 + "…"  # of five UTF-16 units each
        assert len(card["description"]) <= 4096
        assert card["description"].endswith("\\*…")

    def test_a_thread_a_name_and_a_face_are_used(self):
        server = DiscordServer()
        options = {"thread": "4711", "username": "Verein", "avatar": "https://blog.example/a.png"}
        receipt = discord(server, **options).publish(plain_message(), KEY)
        assert server.queries[-1] == {"wait": "true", "thread_id": "4711"}
        sent = server.messages["900"]
        assert (sent["username"], sent["avatar_url"]) == ("Verein", "https://blog.example/a.png")
        assert receipt.url == "https://discord.com/channels/77/4711/900"

    def test_a_content_warning_is_missed(self):
        receipt = discord(DiscordServer()).publish(plain_message(content_warning="Späne"), KEY)
        assert "content warnings" in receipt.notes[0]

    @pytest.mark.parametrize("version", ["", "/v10", "/v9"])
    @pytest.mark.parametrize("end", ["", "/", "?wait=true"])
    def test_the_address_is_taken_as_it_was_copied(self, version, end):
        webhook = f" {SERVER}/api{version}/webhooks/1234567890/{TOKEN}{end}\n"
        assert Options(Secret(webhook)).server == SERVER
        server = DiscordServer()
        discord(server, webhook=webhook).publish(plain_message(), KEY)
        assert len(server.messages) == 1

    @pytest.mark.parametrize(
        "webhook", ["", "1234567890", f"{SERVER}/channels/1/2", f"{WEBHOOK}/slack", "https://["]
    )
    def test_an_address_that_is_none_is_told_and_not_shown(self, webhook):
        server = DiscordServer()
        with pytest.raises(AccountError, match="webhook") as caught:
            discord(server, webhook=webhook).publish(plain_message(), KEY)
        assert not webhook or webhook not in caught.value.message + caught.value.hint
        assert not server.messages

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = DiscordServer()
        with listening(server) as address:
            options = Options(Secret(WEBHOOK.replace(SERVER, address)))
            account = Discord(options, Connection(options.server, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt == Receipt("900", f"{CHANNEL}/900")
        assert server.files["900"].startswith(b"\x89PNG")


class TestErrors:
    @pytest.mark.parametrize(
        ("reply", "hint"),
        [
            (UNKNOWN_WEBHOOK, "deleted"),
            (refusal(401, 50027, "Invalid Webhook Token"), "no longer valid"),
            (refusal(400, 220001, "Webhooks posted to forum channels must have one"), '"thread"'),
            (refusal(400, 220003, "Webhooks can only create threads in forums"), '"thread"'),
            (refusal(403, 50013, "Missing Permissions"), "new webhook"),
        ],
    )
    def test_what_is_wrong_with_the_webhook_stops_the_account(self, reply, hint):
        with pytest.raises(Unauthorised, match="firma") as caught:
            discord(DiscordServer(), fault=reply).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    @pytest.mark.parametrize("reply", [UNKNOWN_WEBHOOK, Reply(404, b"<h1>Not Found</h1>")])
    def test_a_webhook_that_is_none_is_known_before_anything_is_sent(self, reply):
        wire = Wire(lambda _: reply)
        network = Discord(Options(Secret(WEBHOOK)), wire.connection(SERVER))
        with pytest.raises(Unauthorised):
            network.publish(plain_message(), KEY)
        assert [request.method for request in wire.requests] == ["GET"]

    def test_a_message_that_is_refused_is_rejected(self):
        reply = refusal(400, 50035, "Invalid Form Body")
        with pytest.raises(Rejected, match="Invalid Form Body"):
            discord(DiscordServer(), fault=reply).publish(plain_message(), KEY)

    def test_the_token_alone_is_redacted_too(self):
        reply = refusal(400, 50035, f"Value {TOKEN} is not snowflake")
        with pytest.raises(Rejected) as caught:
            discord(DiscordServer(), fault=reply).publish(plain_message(), KEY)
        assert "Value … is" in caught.value.message

    def test_a_doubt_stays_one_for_a_webhook_lists_nothing(self):
        network = discord(DiscordServer(), fault=Fault.READ_TIMEOUT)
        with pytest.raises(OutcomeUnknown):
            network.publish(plain_message(), KEY)
        found = network.find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)


class TestPictures:
    def test_it_is_in_the_card_and_described(self, tmp_path):
        server = DiscordServer()
        discord(server).publish(plain_message(image=picture(tmp_path)), KEY)
        sent = server.messages["900"]
        assert sent["embeds"][0]["image"] == {"url": "attachment://image.png"}
        assert sent["attachments"] == [
            {"id": "0", "filename": "image.png", "description": "Eine Hobelbank"}
        ]

    def test_one_that_is_too_large_for_the_channel_is_left_out(self, tmp_path):
        server = DiscordServer(most_bytes=10)
        receipt = discord(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert "too large" in receipt.notes[0]
        assert server.messages["900"]["attachments"] == []
        assert len(server.messages) == 1

    def test_one_that_is_gone_is_left_out(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        receipt = discord(DiscordServer()).publish(plain_message(image=image), KEY)
        assert "bank.png" in receipt.notes[0]


class TestEditing:
    def test_everything_is_replaced(self, tmp_path):
        server = DiscordServer()
        network = discord(server, thread="4711", username="Verein")
        receipt = network.publish(plain_message(image=picture(tmp_path)), KEY)
        corrected = plain_message(spans=(Span("Berichtigt"),), title="Berichtigt")
        assert network.edit(receipt, corrected) == receipt
        sent = server.messages["900"]
        assert (sent["content"], sent["attachments"]) == ("Berichtigt", [])
        assert sent["embeds"][0]["title"] == "Berichtigt"
        assert server.queries[-1] == {"thread_id": "4711"}

    def test_what_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="Unknown Message"):
            discord(DiscordServer()).edit(Receipt("7", CHANNEL), plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = DiscordServer()
        network = discord(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        network.withdraw(receipt)
        assert not server.messages

    @pytest.mark.parametrize("identifier", ["", "at://did:plc:a/b/c", "1/../.."])
    def test_a_receipt_of_another_network_is_refused(self, identifier):
        with pytest.raises(Rejected, match="not the number"):
            discord(DiscordServer()).withdraw(Receipt(identifier, CHANNEL))

    def test_a_webhook_that_is_gone_withdraws_nothing(self):
        network = discord(DiscordServer(), UNKNOWN_WEBHOOK, lambda _: True)
        with pytest.raises(Unauthorised):
            network.withdraw(Receipt("900", CHANNEL))


def test_whose_webhook_it_is():
    identity = discord(DiscordServer()).whoami()
    assert (identity.handle, identity.url) == ("Werkstatt", CHANNEL)


class TestText:
    @pytest.mark.parametrize(
        ("plain", "markdown"),
        [
            ("so_nicht und *laut*", "so\\_nicht und \\*laut\\*"),
            ("@everyone <@1> <#2> <t:0:R>", "\\@everyone \\<\\@1\\> \\<\\#2\\> \\<t\\:0:R\\>"),
            ("[a](b) ||c|| `d` ~~e~~", "\\[a\\](b) \\|\\|c\\|\\| \\`d\\` \\~\\~e\\~\\~"),
            ("- so\n3. Mai\n# nicht\n> doch", "\\- so\n3\\. Mai\n\\# nicht\n\\> doch"),
            ("Ein E-Bike: 3.5 kg \\o/", "Ein E-Bike: 3.5 kg \\\\o/"),
            (":smile: um 10:30", "\\:smile: um 10:30"),
        ],
    )
    def test_marks_are_shown_as_they_are(self, plain, markdown):
        assert escaped(plain) == markdown

    @given(st.text())
    def test_without_its_backslashes_a_text_is_what_it_was(self, text):
        assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(text)) == text

    @pytest.mark.parametrize(
        ("character", "counts"),
        [
            ("a", 1),
            ("ü", 1),
            ("u\u0308", 2),
            ("ب", 1),
            ("😀", 2),
            ("👨‍👩‍👧‍👦", 11),
            ("*", 2),
            ("@", 2),
        ],
    )
    def test_two_thousand_are_taken_and_not_one_more(self, character, counts):
        """Escapes count, and of emoji each UTF-16 unit."""
        able, whole = Discord.capabilities, 2000 // counts
        text = character * whole + "x" * (2000 - whole * counts)
        for left, right in ((0, True), (-1, True), (1, False)):
            spans = (Span(text + "x" if left > 0 else text[: len(text) + left]),)
            assert fits(spans, able) is right
        assert length((Span(text),), able.limits[0], able) == 2000

    def test_what_composing_makes_of_a_long_post_is_taken(self):
        post = Announcement(
            "p",
            "https://blog.example/p/",
            "Über *alles* 🗼",
            NOW,
            "r",
            summary="_Sehr_ lang. " * 300,
        )
        server = DiscordServer()
        network = discord(server)
        message = compose(post, Account("firma", network), network.limits())
        network.publish(message, KEY)
        content = server.messages["900"]["content"]
        assert 1900 < len(content) <= 2000
        assert "<https://blog.example/p/>" in content
        assert message.spans[-1].kind is SpanKind.LINK
