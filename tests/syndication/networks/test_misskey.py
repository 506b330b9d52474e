"""Misskey and Sharkey, against a counterpart that is as strict as their schemas."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from litfass_syndication.announcement import Receipt, Span, SpanKind
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.measure import fits
from litfass_syndication.network import Secret
from litfass_syndication.networks.mastodon import Mastodon
from litfass_syndication.networks.mastodon import Options as MastodonOptions
from litfass_syndication.networks.misskey import Misskey, Options
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    fields,
    listening,
    picture,
    plain_message,
)
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "XaQ7f3a9cqx8ZtokenXaQ7f3a9cqx8Zt"
SERVER = "https://misskey.example"
META = {"maxNoteTextLength": 3000, "version": "2025.4.0", "policies": {"maxFileSizeMb": 30}}
SHARKEY = {**META, "maxNoteTextLength": 8000, "maxCwLength": 500, "maxAltTextLength": 20_000}

_NOTE = {"text", "cw", "visibility", "fileIds"}
_TAKES = {
    "meta": {"detail"},
    "endpoints": set(),
    "i": set(),
    "users/notes": {"userId", "limit", "withRenotes", "sinceDate", "sinceId", "untilId"},
    "notes/create": _NOTE,
    "notes/edit": {*_NOTE, "editId"},
    "notes/show": {"noteId"},
    "notes/delete": {"noteId"},
    "drive/files/update": {"fileId", "comment"},
}
_PUBLIC = {"meta", "endpoints"}


def refused(code, status=400):
    return Reply.of({"error": {"message": f"It says {code}.", "code": code, "id": "x"}}, status)


def name(at, number):
    """Return a name that grows with time, as all of Misskey's do."""
    return f"{int(at.timestamp() * 1000):x}{number:04x}"


@dataclass
class MisskeyServer:
    """Keeps notes and files; takes no field that is not in its schema. `edits`: it is a Sharkey."""

    token: str = TOKEN
    meta: dict = field(default_factory=lambda: META)
    edits: bool = False
    ordered: bool = True
    files_reply: Reply | None = None
    now: datetime = NOW
    notes: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)

    def __call__(self, request):
        assert request.method == "POST"
        endpoint = request.path.removeprefix("/api/")
        if endpoint == "drive/files/create":
            return self._upload(fields(request))
        body = request.json()
        token = body.pop("i", "")
        if endpoint not in _PUBLIC and token != self.token:
            return refused("AUTHENTICATION_FAILED", 401)
        if not body.keys() <= _TAKES[endpoint]:
            return refused("INVALID_PARAM")
        return getattr(self, "_" + endpoint.replace("/", "_"))(body)

    def show(self, text, at=None, **rest):
        """Keep a note, as if the account had written it, and return it."""
        at = at or self.now
        note = {"id": name(at, len(self.notes)), "createdAt": at.isoformat(), "text": text}
        self.notes[note["id"]] = {"fileIds": [], **note, **rest}
        return self.notes[note["id"]]

    def _meta(self, body):
        assert body == {"detail": True}
        return Reply.of(self.meta)

    def _endpoints(self, body):
        assert not body
        return Reply.of(["notes/create", "notes/delete", *(["notes/edit"] if self.edits else [])])

    def _i(self, body):
        assert not body
        return Reply.of({"id": "9abc", "username": "firma"})

    def _notes_create(self, body):
        if len(body["text"]) > self.meta["maxNoteTextLength"]:
            return refused("INVALID_PARAM")
        if len(body["cw"] or "") > self.meta.get("maxCwLength", 100):
            return refused("INVALID_PARAM")
        return Reply.of({"createdNote": self.show(**body)})

    def _notes_edit(self, body):
        if not self.edits:
            return Reply(404)
        note = self.notes[body.pop("editId")]
        note.update({"fileIds": [], **body})
        return Reply.of({"createdNote": note})

    def _notes_show(self, body):
        if body["noteId"] not in self.notes:
            return refused("NO_SUCH_NOTE")
        return Reply.of(self.notes[body["noteId"]])

    def _notes_delete(self, body):
        if not self.notes.pop(body["noteId"], None):
            return refused("NO_SUCH_NOTE")
        return Reply(204)

    def _users_notes(self, body):
        assert (body["userId"], body["withRenotes"]) == ("9abc", False)
        since, until = body.get("sinceId", ""), body.get("untilId", "~")
        if "sinceDate" in body:
            since = f"{body['sinceDate']:x}"
        names = sorted(each for each in self.notes if since < each < until)
        forward = "sinceId" in body or "sinceDate" in body
        if not (forward and self.ordered):
            names.reverse()
        return Reply.of([self.notes[each] for each in names[: body["limit"]]])

    def _upload(self, parts):
        if parts["i"].decode() != self.token:
            return refused("CREDENTIAL_REQUIRED", 401)
        if self.files_reply:
            return self.files_reply
        assert parts["force"] == b"true"
        file = f"f{len(self.files)}"
        alt, hidden = parts.get("comment", b"").decode(), parts["isSensitive"].decode()
        self.files[file] = {"comment": alt, "isSensitive": hidden}
        return Reply.of({"id": file})

    def _drive_files_update(self, body):
        if self.files_reply:
            return self.files_reply
        self.files[body["fileId"]]["comment"] = body["comment"]
        return Reply.of({"id": body["fileId"]})


def publishes(request):
    return request.path == "/api/notes/create"


def misskey(server, fault=None, strikes=publishes, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(TOKEN))
    return Misskey(Options(SERVER, Secret(TOKEN), **options), connection)


class TestMisskey(NetworkContract):
    network = Misskey
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return MisskeyServer()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refused("SOME_CODE", status)


class TestSharkey(TestMisskey):
    """The contract holds as well where more can be said, and edited."""

    def counterpart(self):
        return MisskeyServer(meta=SHARKEY, edits=True)


class TestPublishing:
    def test_a_note_is_what_the_account_is_set_to(self):
        server = MisskeyServer()
        receipt = misskey(server, visibility="home", content_warning="Holz").publish(
            plain_message(), KEY
        )
        (note,) = server.notes.values()
        assert receipt == Receipt(note["id"], f"{SERVER}/notes/{note['id']}")
        assert (note["visibility"], note["cw"], note["fileIds"]) == ("home", "Holz", [])
        link = plain_message().spans[1].text
        assert note["text"] == plain_message().text.replace(link, f"<{link}>")

    def test_the_post_knows_better_and_its_warning_is_shortened(self):
        server = MisskeyServer()
        account = misskey(server, content_warning="Holz")
        account.publish(plain_message(content_warning="Späne " * 40), KEY)
        (note,) = server.notes.values()
        assert note["cw"].startswith("Späne")
        assert note["cw"].endswith("…")

    def test_a_picture_has_its_words_and_may_be_hidden(self, tmp_path):
        server = MisskeyServer()
        account = misskey(server, sensitive=True)
        account.publish(plain_message(image=picture(tmp_path)), KEY)
        (note,) = server.notes.values()
        assert note["fileIds"] == ["f0"]
        assert server.files == {"f0": {"comment": "Eine Hobelbank", "isSensitive": "true"}}

    @pytest.mark.parametrize(
        "reply",
        [refused("NO_FREE_SPACE"), Reply(500), Reply(413), Reply(200, b"<html>")],
        ids=["full", "500", "413", "html"],
    )
    def test_a_picture_that_fails_does_not_stop_the_note(self, reply, tmp_path):
        server = MisskeyServer(files_reply=reply)
        receipt = misskey(server).publish(plain_message(image=picture(tmp_path)), KEY)
        (note,) = server.notes.values()
        assert note["fileIds"] == []
        assert "It has no picture." in receipt.notes[0]

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = MisskeyServer()
        with listening(server) as address:
            account = Misskey(Options(address, Secret(TOKEN)), Connection(address, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.url == f"{address}/notes/{receipt.identifier}"
        assert server.files["f0"]["comment"] == "Eine Hobelbank"


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "status", "hint"),
        [
            ("PERMISSION_DENIED", 400, "write:notes"),
            ("PERMISSION_DENIED", 403, "write:notes"),
            ("AUTHENTICATION_FAILED", 403, "new token"),
            ("AUTHENTICATION_FAILED", 401, "new token"),
            ("YOUR_ACCOUNT_SUSPENDED", 403, "who run the server"),
        ],
    )
    def test_what_stops_the_account_is_known_by_its_code(self, code, status, hint):
        account = misskey(MisskeyServer(), refused(code, status))
        with pytest.raises(Unauthorised, match=f"firma: .*{code}") as caught:
            account.publish(plain_message(), KEY)
        assert hint in caught.value.hint

    def test_words_that_are_not_wanted_refuse_the_message(self):
        account = misskey(MisskeyServer(), refused("CONTAINS_PROHIBITED_WORDS"))
        with pytest.raises(Rejected, match="CONTAINS_PROHIBITED_WORDS"):
            account.publish(plain_message(), KEY)

    def test_a_rate_limit_is_one(self):
        account = misskey(MisskeyServer(), refused("RATE_LIMIT_EXCEEDED", 429))
        with pytest.raises(RateLimited):
            account.publish(plain_message(), KEY)

    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(500), Reply(200, b"[]")])
    def test_a_question_that_fails_leaves_no_doubt(self, fault):
        account = misskey(MisskeyServer(), fault, lambda request: request.path == "/api/meta")
        with pytest.raises(Unreachable):
            account.publish(plain_message(), KEY)


class TestFinding:
    def test_a_lost_note_is_found_by_its_link(self):
        server = MisskeyServer()
        with pytest.raises(OutcomeUnknown):
            misskey(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        found = misskey(server).find(plain_message(), KEY, NOW)
        assert found.receipt.identifier in server.notes
        assert len(server.notes) == 1

    def test_a_link_that_ends_like_a_sentence_is_found_as_well(self):
        server, page = MisskeyServer(), "https://blog.example/größe_(a)"
        link = Span(page, SpanKind.LINK, page)
        message = plain_message(url=page, spans=(Span("Hier: "), link, Span(".")))
        receipt = misskey(server).publish(message, KEY)
        assert misskey(server).find(message, KEY, NOW).receipt == receipt

    def test_all_notes_since_the_claim_prove_that_it_is_not_there(self):
        server = MisskeyServer()
        for number in range(150):
            server.show(f"Anderes {plain_message().url}?b={number}")
        server.show(plain_message().url, NOW - timedelta(days=3))
        found = misskey(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_a_clock_of_ours_that_is_wrong_by_hours_hides_nothing(self):
        server = MisskeyServer()
        lost = server.show(plain_message().url, NOW - timedelta(hours=11))
        assert misskey(server).find(plain_message(), KEY, NOW).receipt.identifier == lost["id"]

    def test_a_server_that_lists_in_another_order_proves_nothing(self):
        """It did not understand since when; what is older may be missing."""
        server = MisskeyServer(ordered=False)
        for _ in range(150):
            server.show("Anderes")
        found = misskey(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_too_many_notes_and_those_without_a_link_prove_nothing(self):
        server = MisskeyServer()
        wordless = plain_message(spans=(Span("Ohne Adresse"),))
        assert not misskey(server).find(wordless, KEY, NOW).complete
        for _ in range(1100):
            server.show("Anderes")
        assert not misskey(server).find(plain_message(), KEY, NOW).complete

    def test_the_listing_goes_back_page_by_page(self):
        server = MisskeyServer()
        for number in range(230):
            server.show(f"<https://blog.example/{number}/>")
        links = [posted.links for posted in misskey(server).listing()]
        assert links == [(f"https://blog.example/{number}/",) for number in reversed(range(230))]


class TestEditing:
    def sharkey(self, **changes):
        return MisskeyServer(meta=SHARKEY, edits=True, **changes)

    def test_misskey_cannot_and_sharkey_can(self):
        assert not misskey(MisskeyServer()).limits().edit
        assert misskey(self.sharkey()).limits().edit

    @pytest.mark.parametrize("status", [400, 403, 404])
    def test_a_server_that_does_not_say_what_it_can_cannot(self, status):
        asked = lambda request: request.path == "/api/endpoints"  # noqa: E731
        assert not misskey(self.sharkey(), Reply(status), asked).limits().edit

    def test_words_change_and_picture_and_visibility_stay(self, tmp_path):
        server, image = self.sharkey(), picture(tmp_path)
        receipt = misskey(server, visibility="home").publish(plain_message(image=image), KEY)
        words = plain_message(spans=(Span("Berichtigt"),), image=replace(image, alt="Eine alte"))
        assert misskey(server).edit(receipt, words) == receipt
        (note,) = server.notes.values()
        assert (note["text"], note["visibility"], note["fileIds"]) == ("Berichtigt", "home", ["f0"])
        assert server.files["f0"]["comment"] == "Eine alte"

    def test_a_picture_that_is_missing_is_added_and_an_unwanted_one_goes(self, tmp_path):
        server, image = self.sharkey(), picture(tmp_path)
        account = misskey(server)
        receipt = account.publish(plain_message(), KEY)
        account.edit(receipt, plain_message(image=image))
        assert server.notes[receipt.identifier]["fileIds"] == ["f0"]
        account.edit(receipt, plain_message())
        assert server.notes[receipt.identifier]["fileIds"] == []

    def test_words_of_a_picture_that_stay_are_told(self, tmp_path):
        server, image = self.sharkey(), picture(tmp_path)
        receipt = misskey(server).publish(plain_message(image=image), KEY)
        server.files_reply = refused("NO_SUCH_FILE")
        edited = misskey(server).edit(receipt, plain_message(image=image))
        assert "NO_SUCH_FILE" in edited.notes[0]
        assert server.notes[receipt.identifier]["fileIds"] == ["f0"]

    def test_a_note_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="NO_SUCH_NOTE"):
            misskey(self.sharkey()).edit(Receipt("7", SERVER), plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = MisskeyServer()
        account = misskey(server)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not server.notes


class TestLimits:
    def test_the_server_tells_its_own(self):
        able = misskey(MisskeyServer(meta={**SHARKEY, "maxNoteTextLength": 5000})).limits()
        assert able.limits == (TextLimit(5000, Measure.CODE_POINTS),)
        assert (able.images.max_bytes, able.images.max_alt) == (30 * 2**20, 20_000)
        assert able.dedupe is Dedupe.LOOKUP

    def test_what_it_does_not_tell_is_as_declared(self):
        able = misskey(MisskeyServer(meta={"maxNoteTextLength": None})).limits()
        assert able == replace(Misskey.capabilities, edit=False)

    def test_strangers_are_told_them_too(self):
        wire = Wire(MisskeyServer())
        Misskey(Options(SERVER, Secret("")), wire.connection(SERVER)).limits()
        assert not any(b'"i"' in request.content for request in wire.requests)

    @pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "م", "👨‍👩‍👧‍👦"])
    def test_the_border_is_counted_in_code_points_with_what_the_markup_adds(self, unit):
        able = misskey(MisskeyServer()).limits()
        address = "https://blog.example/" + "x" * 27
        link = Span(address, SpanKind.LINK, address)
        room = 2950 - len(unit) - len("<plain>**</plain>")
        for more, right in ((-1, True), (0, True), (1, False)):
            spans = (Span("**" + "x" * (room + more) + unit), link)
            assert fits(spans, able) is right

    @pytest.mark.parametrize("unit", ["a", "ä", "م", "👨‍👩‍👧‍👦"])
    def test_sharkey_which_cuts_without_a_word_is_counted_in_its_units(self, unit):
        able = misskey(MisskeyServer(meta=SHARKEY, edits=True)).limits()
        assert able.limits == (TextLimit(8000, Measure.UTF16),)
        room = 8000 - len(unit.encode("utf-16-le")) // 2
        for more, right in ((-1, True), (0, True), (1, False)):
            assert fits((Span("x" * (room + more) + unit),), able) is right

    def test_whose_account_it_is(self):
        identity = misskey(MisskeyServer()).whoami()
        assert (identity.handle, identity.url) == ("@firma@misskey.example", f"{SERVER}/@firma")

    def test_a_sharkey_is_no_mastodon(self):
        """It speaks Mastodon's API, too, but takes less by it."""
        sharkey = {"version": "3.0.0 (compatible; Sharkey 2025.2.2)"}
        self.refuse(MastodonServer(TOKEN, instance=sharkey))

    def test_nor_is_a_misskey(self):
        self.refuse(lambda _: refused("UNKNOWN_API_ENDPOINT", 404))

    def refuse(self, server):
        http = Wire(server).connection(SERVER, Secret(TOKEN))
        account = Mastodon(MastodonOptions(SERVER, Secret(TOKEN)), http)
        for ask in (account.limits, account.whoami):
            with pytest.raises(AccountError, match="runs Misskey or Sharkey") as caught:
                ask()
            assert 'network = "misskey"' in caught.value.hint
