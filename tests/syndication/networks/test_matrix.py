"""Matrix, against a counterpart whose requests are held against the specification."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from litfass_syndication.announcement import Receipt, Span, SpanKind
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.measure import length
from litfass_syndication.network import Secret
from litfass_syndication.networks.matrix import Matrix, Options, written
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

SERVER = "https://matrix.example"
TOKEN = "syt_Z3Vlc3Q_nobody/may+see"
USER = "@werkstatt:town.example"
ROOM = "!abc:town.example"
SPEC = Description(json.loads((Path(__file__).parent / "specs" / "matrix.json").read_text("utf-8")))


def refusal(status, code, message):
    return Reply.of({"errcode": code, "error": message}, status)


class MatrixServer:
    """One room, its events and transactions. `refuse` answers by what a path has in it."""

    def __init__(self, *, page=2, **refuse):
        self.events = []
        self.transactions = {}
        self.uploads = []
        self.refuse = refuse
        self.now = NOW
        self._page = page

    def __call__(self, request):
        SPEC.check(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "M_UNKNOWN_TOKEN", "Unrecognised access token")
        self.request, self.words = request, unquote(request.path).split("/")
        for word, reply in self.refuse.items():
            if word in self.words:
                return reply
        answer = next(
            getattr(self, f"_{word}") for word in reversed(self.words) if word in _ANSWERS
        )
        return answer()

    def _whoami(self):
        return Reply.of({"user_id": USER, "device_id": "D"})

    def _directory(self):
        if self.words[-1] != "#news:town.example":
            return refusal(404, "M_NOT_FOUND", "Room alias not found")
        return Reply.of({"room_id": ROOM, "servers": ["town.example"]})

    def _state(self):
        return refusal(404, "M_NOT_FOUND", "Event not found.")

    def _config(self):
        return Reply.of({"m.upload.size": 50_000_000})

    def _media(self):
        self.uploads.append(self.request.headers["content-type"])
        return Reply.of({"content_uri": f"mxc://town.example/{len(self.uploads)}"})

    def _send(self):
        assert self.words[5] == ROOM
        if self.words[-1] not in self.transactions:
            self.transactions[self.words[-1]] = self.say(self.request.json())
        return Reply.of({"event_id": self.transactions[self.words[-1]]})

    def say(self, content, sender=USER):
        event = {
            "event_id": f"${len(self.events) + 1}",
            "sender": sender,
            "origin_server_ts": int(self.now.timestamp() * 1000),
            "content": content,
        }
        self.events.append(event)
        return event["event_id"]

    def _event(self):
        found = [event for event in self.events if event["event_id"] == self.words[-1]]
        return Reply.of(found[0]) if found else refusal(404, "M_NOT_FOUND", "Event not found.")

    def _relations(self):
        chunk = [
            event
            for event in self.events
            if event["content"].get("m.relates_to", {}).get("event_id") == self.words[-2]
        ]
        return Reply.of({"chunk": chunk})

    def _redact(self):
        for event in self.events:
            if event["event_id"] == self.words[-2]:
                event["content"] = {}
                return Reply.of({"event_id": "$redaction"})
        return refusal(404, "M_NOT_FOUND", "Could not find event")

    def _messages(self):
        chosen = json.loads(self.request.query["filter"])
        before = int(self.request.query.get("from", len(self.events)))
        page = self.events[max(0, before - self._page) : before][::-1]
        ours = [event for event in page if event["sender"] in chosen["senders"]]
        end = {"end": str(before - self._page)} if before > self._page else {}
        return Reply.of({"chunk": ours, **end})


_ANSWERS = {name[1:] for name in vars(MatrixServer) if name[0] == "_" != name[1]}


def publishes(request):
    return request.method == "PUT" and "/send/" in request.path


def matrix(server, fault=None, strikes=publishes, token=TOKEN, room=ROOM, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(token))
    return Matrix(Options(SERVER, Secret(token), room, **options), connection)


class TestMatrix(NetworkContract):
    network = Matrix
    options = Options(SERVER, Secret(TOKEN), ROOM)
    server = SERVER

    def counterpart(self):
        return MatrixServer()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, "M_UNKNOWN", "The counterpart will not have it.")


class TestPublishing:
    def test_a_message_has_both_forms_and_pings_nobody(self):
        server = MatrixServer()
        spans = (*plain_message().spans, Span("\n<b> & @room"))
        receipt = matrix(server).publish(plain_message(spans=spans), KEY)
        assert receipt == Receipt("$1", f"https://matrix.to/#/{ROOM}/$1?via=town.example")
        url = plain_message().url
        assert server.events[0]["content"] == {
            "msgtype": "m.text",
            "body": f"Grüße aus der Werkstatt\n\n{url}\n\n#Werkstatt\n<b> & @room",
            "format": "org.matrix.custom.html",
            "formatted_body": (
                f'Grüße aus der Werkstatt<br><br><a href="{url}">{url}</a>'
                "<br><br>#Werkstatt<br>&lt;b&gt; &amp; @room"
            ),
            "m.mentions": {},
            "litfass.attempt": KEY,
        }

    def test_a_notice_is_one(self):
        server = MatrixServer()
        matrix(server, notice=True).publish(plain_message(), KEY)
        assert server.events[0]["content"]["msgtype"] == "m.notice"

    def test_a_room_may_be_said_by_its_address(self):
        server = MatrixServer()
        receipt = matrix(server, room="#news:town.example").publish(plain_message(), KEY)
        assert ROOM in receipt.url

    @pytest.mark.parametrize(
        ("room", "words"), [("#old:town.example", "no room"), ("news", "is not a room")]
    )
    def test_a_room_that_is_none_is_told(self, room, words):
        server = MatrixServer()
        with pytest.raises(AccountError, match=words):
            matrix(server, room=room).publish(plain_message(), KEY)
        assert not server.events

    @pytest.mark.parametrize("room", [ROOM, "#news:town.example"])
    def test_a_server_that_is_none_does_not_refuse_the_message(self, room):
        """What is refused is not sent again until its text changes."""
        wire = Wire(lambda _: Reply(404, b"<h1>Not Found</h1>"))
        network = Matrix(Options(SERVER, Secret(TOKEN), room), wire.connection(SERVER))
        with pytest.raises(AccountError, match="firma") as caught:
            network.publish(plain_message(), KEY)
        assert "home server" in caught.value.hint
        assert not any(map(publishes, wire.requests))

    def test_an_encrypted_room_is_left_alone(self):
        server = MatrixServer(state=Reply.of({"algorithm": "m.megolm.v1.aes-sha2"}))
        with pytest.raises(AccountError, match="encrypted"):
            matrix(server).publish(plain_message(), KEY)
        assert not server.events

    @pytest.mark.parametrize("place", ["state", "send"])
    def test_a_stranger_in_the_room_is_told_to_be_let_in(self, place):
        server = MatrixServer(**{place: refusal(403, "M_FORBIDDEN", "User not in room")})
        with pytest.raises(Unauthorised, match="firma") as caught:
            matrix(server).publish(plain_message(), KEY)
        assert f"Is {USER} in the room" in caught.value.hint

    def test_a_resumed_attempt_finds_the_first_event(self):
        server = MatrixServer()
        with pytest.raises(OutcomeUnknown):
            matrix(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        assert matrix(server).publish(plain_message(title="Anders"), KEY).identifier == "$1"
        assert len(server.events) == 1

    def test_a_content_warning_is_missed(self):
        receipt = matrix(MatrixServer()).publish(plain_message(content_warning="Späne"), KEY)
        assert "content warnings" in receipt.notes[0]


class TestPictures:
    def test_the_text_is_the_caption_and_its_words_are_the_name_of_the_file(self, tmp_path):
        server = MatrixServer()
        image = replace(picture(tmp_path), alt='Eine "alte" Bank / Säge')
        matrix(server).publish(plain_message(image=image), KEY)
        content = server.events[0]["content"]
        assert content["msgtype"] == "m.image"
        assert content["body"] == plain_message().text
        assert content["filename"] == "Eine alte Bank Säge.png"
        assert content["url"] == "mxc://town.example/1"
        size = image.path.stat().st_size
        assert content["info"] == {"mimetype": "image/png", "w": 64, "h": 48, "size": size}

    @pytest.mark.parametrize(
        "server",
        [
            MatrixServer(upload=refusal(413, "M_TOO_LARGE", "Too large")),
            MatrixServer(upload=refusal(403, "M_FORBIDDEN", "Uploading is off")),
            MatrixServer(upload=Reply(500)),
            MatrixServer(config=Reply.of({"m.upload.size": 10})),
        ],
        ids=["413", "403", "500", "ten bytes"],
    )
    def test_one_that_fails_does_not_stop_the_message(self, server, tmp_path):
        receipt = matrix(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert "no picture" in receipt.notes[0]
        assert server.events[0]["content"]["msgtype"] == "m.text"

    @pytest.mark.parametrize("reply", [refusal(404, "M_UNRECOGNIZED", "?"), Reply(200, b"<p>")])
    def test_a_server_that_does_not_tell_its_limit_is_tried(self, reply, tmp_path):
        server = MatrixServer(config=reply)
        assert not matrix(server).publish(plain_message(image=picture(tmp_path)), KEY).notes


class TestFinding:
    def test_an_attempt_is_known_by_its_key_however_many_came_after(self):
        server = MatrixServer()
        receipt = matrix(server).publish(plain_message(), KEY)
        for number in range(9):
            server.say({"body": f"{number}"}, "@other:town.example")
        found = matrix(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (receipt, True)

    def test_where_the_room_begins_everything_was_seen(self):
        server = MatrixServer()
        matrix(server).publish(plain_message(), f"{KEY}00")
        found = matrix(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    @pytest.mark.parametrize(("days", "requests"), [(0.5, 10), (2, 1)])
    def test_one_looks_back_beyond_the_claim_by_a_day(self, days, requests):
        server = MatrixServer()
        server.now = NOW - timedelta(days=days)
        for number in range(20):
            server.say({"body": f"{number}"})
        wire = Wire(server)
        network = Matrix(Options(SERVER, Secret(TOKEN), ROOM), wire.connection(SERVER))
        assert network.find(plain_message(), KEY, NOW).complete
        assert sum("/messages" in each.path for each in wire.requests) == requests

    def test_a_room_that_does_not_end_proves_nothing(self):
        server = MatrixServer(page=1)
        for number in range(30):
            server.say({"body": f"{number}"})
        assert not matrix(server).find(plain_message(), KEY, NOW).complete

    def test_an_edit_is_not_listed_as_a_message(self):
        server = MatrixServer()
        network = matrix(server)
        receipt = network.publish(plain_message(), KEY)
        network.edit(receipt, plain_message())
        server.say({"body": "ohne Verweis"})
        assert [posted.receipt for posted in network.listing()] == [receipt]


class TestEditing:
    def test_an_edit_carries_the_whole_message_twice(self):
        server = MatrixServer()
        network = matrix(server)
        receipt = network.publish(plain_message(), KEY)
        assert network.edit(receipt, plain_message(spans=(Span("Berichtigt"),))) == receipt
        content = server.events[1]["content"]
        assert content["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$1"}
        assert content["body"] == "* Berichtigt"
        assert content["m.new_content"]["body"] == "Berichtigt"
        assert "litfass.attempt" not in content

    def test_an_edit_back_and_forth_is_three_edits(self):
        server = MatrixServer()
        network = matrix(server)
        receipt = network.publish(plain_message(), KEY)
        for text in ("B", "A", "B"):
            network.edit(receipt, plain_message(spans=(Span(text),)))
        edits = [event["content"]["m.new_content"]["body"] for event in server.events[1:]]
        assert edits == ["B", "A", "B"]

    def test_a_picture_that_is_there_stays_and_is_described_anew(self, tmp_path):
        server = MatrixServer()
        network, image = matrix(server), picture(tmp_path)
        receipt = network.publish(plain_message(image=image), KEY)
        network.edit(receipt, plain_message(image=replace(image, alt="Eine Säge")))
        content = server.events[1]["content"]["m.new_content"]
        assert len(server.uploads) == 1
        assert content["url"] == server.events[0]["content"]["url"]
        assert content["filename"] == "Eine Säge.png"

    def test_a_picture_comes_and_goes(self, tmp_path):
        server = MatrixServer()
        network, image = matrix(server), picture(tmp_path)
        receipt = network.publish(plain_message(), KEY)
        network.edit(receipt, plain_message(image=image))
        network.edit(receipt, plain_message())
        kinds = [event["content"]["m.new_content"]["msgtype"] for event in server.events[1:]]
        assert kinds == ["m.image", "m.text"]

    def test_what_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="not in the room"):
            matrix(MatrixServer()).edit(Receipt("$7", SERVER), plain_message())

    def test_withdrawing_takes_edits_back_too_and_finds_it_gone(self):
        server = MatrixServer()
        network = matrix(server)
        receipt = network.publish(plain_message(), KEY)
        network.edit(receipt, plain_message())
        network.withdraw(receipt)
        network.withdraw(receipt)
        assert [event["content"] for event in server.events] == [{}, {}]
        network.withdraw(Receipt("$7", SERVER))

    def test_a_receipt_of_another_network_is_refused(self):
        with pytest.raises(Rejected, match="identifier"):
            matrix(MatrixServer()).withdraw(Receipt("7", SERVER))


def test_whose_token_it_is():
    identity = matrix(MatrixServer()).whoami()
    assert (identity.handle, identity.url) == (USER, f"https://matrix.to/#/{USER}")


@pytest.mark.parametrize(
    ("span", "size"),
    [
        (Span("ab"), 4),
        (Span("ü"), 4),
        (Span("👨‍👩‍👧‍👦"), 50),
        (Span("&"), 6),
        (Span("\n"), 2 + 4),
        (Span("https://a.example", SpanKind.LINK, "https://a.example"), 17 * 3 + 15 + 2),
    ],
)
def test_a_text_is_counted_in_both_its_forms(span, size):
    able = Matrix.capabilities
    assert length((span,), able.limits[0], able) == size == len(written(span).encode())
