"""Pinterest, against a counterpart that is as strict as Pinterest's own description."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.announcer import syndicate
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    AccountError,
    NetworkError,
    OutcomeUnknown,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Found, Secret
from litfass_syndication.networks.pinterest import Options, Pinterest
from litfass_syndication.redaction import secrets_in
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
from litfass_syndication.testing.pinterest import PinterestServer, refusal

SERVER = "https://api.pinterest.com"
APP_SECRET = "9a8b7c-secret/of+the+app=="
TOKEN = "pina_token/with+signs=="
OPTIONS = Options("Werkstatt", "1500", Secret(APP_SECRET))
OWN = replace(OPTIONS, app="", app_secret=Secret(""), token=Secret(TOKEN))
URL = "https://blog.example/2026/05/gruesse/"
PIN = ("POST", "/v5/pins")
SIGN_IN = ("POST", "/v5/oauth/token")
SPEC = Description(
    json.loads((Path(__file__).parent / "specs" / "pinterest.json").read_text("utf-8"))
)


class StrictServer(PinterestServer):
    """Checks each request against Pinterest's own description."""

    def __call__(self, request):
        SPEC.check(request)
        return super().__call__(request)


def server(**changes):
    return StrictServer("1500", APP_SECRET, TOKEN, **changes)


def publishes(request):
    return (request.method, request.path) == PIN


def pinterest(counterpart, fault=None, **options):
    own = replace(OPTIONS, **options)
    wire = counterpart if isinstance(counterpart, Wire) else Wire(counterpart, publishes, fault)
    return Pinterest(own, wire.connection(SERVER, *secrets_in(own)))


def pinned(name="900", *notes):
    return Receipt(name, f"https://www.pinterest.com/pin/{name}/", notes)


@pytest.fixture
def bench(tmp_path):
    """Give a message with a picture."""
    return plain_message(image=picture(tmp_path))


class TestPinterest(NetworkContract):
    network = Pinterest
    options = replace(OPTIONS, board="12")
    server = SERVER

    @pytest.fixture(autouse=True)
    def _with_a_picture(self, tmp_path):
        self.image = picture(tmp_path)

    def counterpart(self):
        return server()

    def publishes(self, request):
        return publishes(request)

    def message(self, **changes):
        return plain_message(**{"image": self.image, **changes})

    def error(self, status):
        return refusal(status, 0)


class TestPublishing:
    def test_a_pin_is_a_picture_that_leads_to_the_page(self, bench):
        there = server()
        message = replace(bench, spans=(Span("Grüße aus der Werkstatt\n\n#Holz"),))
        assert pinterest(there).publish(message, KEY) == pinned()
        pin = there.pins["900"]
        del pin["media_source"]
        assert pin.pop("picture") == bench.image.path.read_bytes()
        assert pin == {
            "id": "900",
            "board_id": "12",
            "title": "Grüße aus der Werkstatt",
            "description": "Was wir im Mai gebaut haben.\n\n#Holz",
            "link": URL,
            "alt_text": "Eine Hobelbank",
        }

    @pytest.mark.parametrize(
        ("text", "summary", "description"),
        [
            ("Titel", "", None),
            ("Titel", "Worum es geht.", "Worum es geht."),
            ("Titel\n\n#Holz", "", "#Holz"),
            ("Titel\n\nWorum es geht. #Holz", "Worum es geht.", "Worum es geht. #Holz"),
            ("Titel, neu\n\n#Holz", "Worum es geht.", "Titel, neu\n\n#Holz"),
            ("Eigene Worte", "Worum es geht.", "Eigene Worte"),
            ("Titel\n\n#Holz", "s" * 900, "s" * 792 + "…\n\n#Holz"),
            ("Titel\n\n" + "r" * 784, "Worum es geht.", "Worum es geht.\n\n" + "r" * 784),
            ("Titel\n\n" + "r" * 785, "Worum es geht.", "r" * 785),
        ],
    )
    def test_nothing_is_said_twice(self, text, summary, description, bench):
        there = server()
        message = replace(bench, title="Titel", spans=(Span(text),), summary=summary)
        pinterest(there).publish(message, KEY)
        assert there.pins["900"].get("description") == description

    def test_a_title_that_is_cut_is_said_whole_below(self, bench):
        there, title = server(), "ü" * 101
        message = replace(bench, title=title, spans=(Span(f"{title}\n\n#Holz"),))
        pinterest(there).publish(message, KEY)
        assert there.pins["900"]["title"] == "ü" * 99 + "…"
        assert there.pins["900"]["description"] == f"{title}\n\n#Holz"

    @pytest.mark.parametrize("letter", ["e", "ü", "م", "🎉", "👩‍👩‍👧‍👦", "e\u0301"])
    @pytest.mark.parametrize("over", [-1, 0, 1])
    def test_a_text_is_cut_only_where_it_is_too_long(self, letter, over, bench):
        there = server()
        text = letter * ((800 + over) // len(letter))
        text += "." * (800 + over - len(text))
        announcement = Announcement("a", URL, "Bank", NOW, "r", texts={"firma": text})
        account = Account("firma", pinterest(there))
        told = compose(replace(announcement, image=bench.image), account, account.network.limits())
        account.network.publish(told, KEY)
        assert (there.pins["900"]["description"] == text) == (over <= 0)

    def test_the_address_is_not_in_the_text(self):
        announcement = Announcement("a", URL, "Bank", NOW, "r", tags=("Holz",))
        told = compose(announcement, Account("firma", pinterest(server())), Pinterest.capabilities)
        assert told.text == "Bank\n\n#Holz"
        assert told.url == URL

    def test_a_warning_that_is_not_shown_is_told(self, bench):
        receipt = pinterest(server()).publish(replace(bench, content_warning="Späne"), KEY)
        assert "no content warnings" in receipt.notes[0]

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, bench):
        there = server()
        with listening(there) as address:
            account = Pinterest(replace(OPTIONS, server=address), Connection(address, "firma"))
            assert account.publish(bench, KEY) == pinned()
            assert account.find(bench, KEY, NOW).receipt == pinned()


class TestPictures:
    def test_a_post_without_one_is_left_out_and_why_is_told(self, tmp_path):
        there, journal = server(), FileJournal(tmp_path / "ledger.jsonl")
        journal.append(Line("firma", None, NOW - timedelta(days=9)))
        post = Announcement("a", URL, "Bank", NOW, "r")
        account = Account("firma", pinterest(there))
        (outcome,) = syndicate([post], [account], journal, clock=lambda: NOW)
        assert outcome.reason == "Not for Pinterest: the post has no picture."
        assert not there.pins

    def test_one_that_is_gone_is_refused_and_nothing_is_sent(self, bench):
        wire = Wire(server())
        bench.image.path.unlink()
        with pytest.raises(Rejected, match=r"firma: not for Pinterest\. .*bank\.png"):
            pinterest(wire).publish(bench, KEY)
        assert not wire.requests

    def test_what_is_neither_jpeg_nor_png_is_made_one(self, bench):
        from PIL import Image  # noqa: PLC0415

        there, path = server(), bench.image.path.with_suffix(".webp")
        Image.open(bench.image.path).save(path)
        pinterest(there).publish(replace(bench, image=replace(bench.image, path=path)), KEY)
        assert there.pins["900"]["media_source"]["content_type"] in {"image/jpeg", "image/png"}


class TestBoards:
    @pytest.mark.parametrize("board", ["Werkstatt", " werkstatt ", "12"])
    def test_a_board_goes_by_its_name_or_its_number(self, board, bench):
        there = server()
        pinterest(there, board=board).publish(bench, KEY)
        assert there.pins["900"]["board_id"] == "12"

    def test_a_board_is_found_on_a_later_page_and_asked_for_once(self, bench):
        boards = {str(number): f"Tafel {number}" for number in range(20, 27)}
        wire = Wire(server(boards=boards))
        account = pinterest(wire, board="Tafel 26")
        account.publish(bench, KEY)
        account.publish(bench, KEY)
        assert sum(request.path == "/v5/boards" for request in wire.requests) == 4

    @pytest.mark.parametrize(("boards", "there"), [({"1": "Garten"}, "Garten"), ({}, "none")])
    def test_a_board_that_is_not_there_is_told_with_those_that_are(self, boards, there, bench):
        with pytest.raises(AccountError, match="Werkstatt") as caught:
            pinterest(server(boards=boards)).publish(bench, KEY)
        assert there in caught.value.hint

    def test_a_number_that_is_no_board_stops_the_account(self, bench):
        with pytest.raises(Unauthorised) as caught:
            pinterest(server(), board="999").publish(bench, KEY)
        assert "board" in caught.value.hint


class TestSigningIn:
    def test_the_app_signs_in_once_for_its_own_account(self, bench):
        wire = Wire(server())
        account = pinterest(wire)
        account.publish(bench, KEY)
        account.whoami()
        assert sum(request.path == SIGN_IN[1] for request in wire.requests) == 1

    def test_a_token_takes_the_place_of_signing_in(self, bench):
        wire = Wire(server())
        own = Pinterest(OWN, wire.connection(SERVER, *secrets_in(OWN)))
        assert own.publish(bench, KEY) == pinned()
        assert all(request.path != SIGN_IN[1] for request in wire.requests)

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_an_app_that_is_not_let_in_is_told(self, status, bench):
        there = server(refuse={SIGN_IN: refusal(status, 2, "Authentication failed.")})
        with pytest.raises(Unauthorised, match="firma") as caught:
            pinterest(there).publish(bench, KEY)
        assert "app_secret" in caught.value.hint

    @pytest.mark.parametrize("reply", [Reply(500), Reply(200, b"<html>"), Reply(200, b"{}")])
    def test_signing_in_leaves_no_doubt(self, reply, bench):
        with pytest.raises(Unreachable):
            pinterest(server(refuse={SIGN_IN: reply})).publish(bench, KEY)

    def test_what_it_signs_in_with_shows_nowhere(self, bench):
        def echo(request):
            if publishes(request):
                return refusal(403, 7, f"You sent {request.headers['authorization']}")
            return server()(request)

        with pytest.raises(Unauthorised) as caught:
            pinterest(echo).publish(bench, KEY)
        assert TOKEN not in caught.value.message

    def test_whose_account_it_is(self):
        identity = pinterest(server()).whoami()
        assert (identity.handle, identity.url) == (
            "werkstatt",
            "https://www.pinterest.com/werkstatt/",
        )

    def test_a_wrong_board_is_told_with_whose_account_it_is(self):
        with pytest.raises(AccountError, match="Hof"):
            pinterest(server(), board="Hof").whoami()


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "hint"),
        [
            (refusal(403, 29, "Apps with Trial access may not create Pins"), "standard access"),
            (refusal(403, 7, "Not permitted"), "may not write"),
            (refusal(401, 3, "Your token does not have sufficient permissions"), "30 days"),
            (refusal(404, 40, "Board not found."), "board"),
        ],
        ids=["trial", "forbidden", "token", "board"],
    )
    def test_what_is_wrong_with_an_account_stops_it_and_says_what_helps(self, reply, hint, bench):
        with pytest.raises(Unauthorised, match="firma") as caught:
            pinterest(server(), reply).publish(bench, KEY)
        assert hint in caught.value.hint


class TestFinding:
    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(503)])
    def test_what_was_pinned_is_found_after_a_lost_answer(self, fault, bench):
        there = server()
        with pytest.raises(OutcomeUnknown):
            pinterest(there, fault).publish(bench, KEY)
        for number in range(3):
            there.show(f"https://blog.example/{number}/")
        there.show(None)
        assert pinterest(there).find(bench, KEY, NOW) == Found(pinned(), complete=True)

    def test_only_the_end_of_all_pins_proves_that_it_is_not_there(self, bench):
        there = server()
        for number in range(3):
            there.show(f"https://blog.example/{number}/")
        there.show(URL, board="11")
        assert pinterest(there).find(bench, KEY, NOW) == Found(None, complete=True)

    def test_a_board_without_an_end_proves_nothing(self, bench):
        there = server()
        for number in range(50):
            there.show(f"https://blog.example/{number}/")
        assert pinterest(there).find(bench, KEY, NOW) == Found(None, complete=False)


class TestRuns:
    @pytest.fixture
    def run(self, tmp_path):
        """Give a function that announces one post, each time an hour later."""
        journal, hours = FileJournal(tmp_path / "ledger.jsonl"), count(1)
        journal.append(Line("firma", None, NOW - timedelta(days=9)))
        post = Announcement("hello", URL, "Hallo", NOW, "r", image=picture(tmp_path))

        def announce(there, fault=None):
            now = NOW + timedelta(hours=next(hours))
            account = Account("firma", pinterest(there, fault))
            (outcome,) = syndicate([post], [account], journal, clock=lambda: now)
            return str(outcome.outcome)

        return announce

    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.DISCONNECTED, Reply(502)])
    def test_a_pin_is_there_once_whatever_became_of_the_answer(self, run, fault):
        there = server()
        assert run(there, fault) == "in-doubt"
        assert run(there) == "announced"
        assert run(there) == "unchanged"
        assert len(there.pins) == 1

    def test_a_pin_that_never_came_is_sent_again(self, run):
        there = server()
        run(there, Fault.RESET)
        there.pins.clear()
        assert run(there) == "announced"
        assert len(there.pins) == 1


class TestAfterwards:
    def test_an_edit_replaces_the_words_and_leaves_the_picture(self, bench):
        there = server()
        account = pinterest(there)
        receipt = account.publish(bench, KEY)
        link = Span(URL, SpanKind.LINK, URL)
        assert account.edit(receipt, replace(bench, title="Neu", spans=(link,))) == receipt
        pin = there.pins["900"]
        assert (pin["title"], pin["description"]) == ("Neu", URL)
        assert pin["picture"] == bench.image.path.read_bytes()

    def test_withdrawing_deletes_and_finds_it_gone(self, bench):
        there = server()
        account = pinterest(there)
        receipt = account.publish(bench, KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not there.pins

    def test_what_may_not_be_deleted_is_not_taken_for_gone(self, bench):
        there = server(refuse={("DELETE", "/v5/pins/900"): refusal(403, 7)})
        account = pinterest(there)
        receipt = account.publish(bench, KEY)
        with pytest.raises(NetworkError, match="firma"):
            account.withdraw(receipt)

    def test_a_number_that_is_none_of_pinterests_is_not_asked_for(self):
        with pytest.raises(Rejected, match="not the number"):
            pinterest(server()).withdraw(Receipt("../user_account", ""))
