"""Nostr, against relays on this machine that check every identifier and signature themselves."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from litfass_syndication.announcement import Receipt, Span
from litfass_syndication.attempt import new_key
from litfass_syndication.bech32 import decode
from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection, Policy
from litfass_syndication.network import Secret
from litfass_syndication.networks.nostr import Nostr, Options
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    picture,
    plain_message,
)
from litfass_syndication.testing.relay import Relay, objection, say

# The example of NIP-19.
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
HEX = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
PUBLIC = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
OTHER = "1" * 64
URL = plain_message().url
QUICK = Policy(connect=0.4, read=0.4, whole=1.2)
SHOWN = "https://blog.example/bank.png"


def connected(*relays, key=NSEC, **options):
    own = Options(Secret(key), tuple(relay.address for relay in relays), **options)
    http = Connection("https://nowhere.invalid", "firma", secrets=secrets_in(own), policy=QUICK)
    return Nostr(own, http, clock=lambda: NOW + timedelta(days=1))


@pytest.fixture
def relay():
    """Return a maker of relays; all are closed in the end."""
    with ExitStack() as opened:

        def make(fault=None, **more):
            made = Relay(fault, **more)
            opened.callback(made.close)
            return made

        yield make


def events(relay):
    return [json.loads(one.content)[1] for one in relay.requests if one.method == "EVENT"]


class TestNostr(NetworkContract):
    network = Nostr
    options = Options(Secret(NSEC), ("wss://relay.example",))

    @pytest.fixture(autouse=True)
    def _relays(self, relay):
        self.relay = relay

    def wire(self, fault=None):
        return self.relay(fault)

    def connected(self, wire):
        return connected(wire)

    def publishes(self, request):
        return request.method == "EVENT"

    def picture(self, folder):
        return replace(picture(folder), url=SHOWN)

    def test_a_long_rate_limit_is_told(self):
        """Relays do not say how long they want to be left alone."""
        error, _ = self.failing(self.error(429))
        assert isinstance(error, RateLimited)
        assert error.retry_after is None


class TestNotes:
    def test_a_note_is_what_the_message_says_signed_by_the_key(self, relay):
        there = relay()
        receipt = connected(there).publish(plain_message(), KEY)
        (event,) = there.events.values()
        assert objection(event) == ""
        assert event["pubkey"] == PUBLIC
        assert event["kind"] == 1
        assert event["content"] == plain_message().text
        assert event["created_at"] == int(NOW.timestamp())
        assert event["tags"] == [
            ["r", URL],
            ["t", "werkstatt"],
            ["L", "ISO-639-1"],
            ["l", "de", "ISO-639-1"],
        ]
        assert receipt.identifier == event["id"]

    def test_its_address_says_where_it_is_and_whose(self, relay):
        there = relay()
        receipt = connected(there).publish(plain_message(), KEY)
        host, _, name = receipt.url.rpartition("/")
        kind, content = decode(name)
        assert (host, kind) == ("https://njump.me", "nevent")
        place = there.address.encode()
        assert content == (
            b"\0\x20" + bytes.fromhex(receipt.identifier)
            + bytes((1, len(place))) + place
            + b"\2\x20" + bytes.fromhex(PUBLIC)
        )  # fmt: skip

    @pytest.mark.parametrize("text", ['a\nb"c\\d 😀 /', "مرحبا 👩‍👩‍👧‍👦 e\u0301\u2028ß\x7f"])
    def test_a_relay_reads_any_text_as_it_was_signed(self, relay, text):
        there = relay()
        connected(there).publish(plain_message(spans=(Span(text),)), KEY)
        (event,) = there.events.values()
        assert event["content"] == text

    def test_the_page_is_named_by_its_own_address(self, relay):
        there = relay()
        connected(there).publish(plain_message(url=f"{URL}?utm_source=nostr"), KEY)
        assert ["r", URL] in events(there)[0]["tags"]

    def test_a_content_warning_is_told(self, relay):
        there = relay()
        connected(there).publish(plain_message(content_warning="Späne"), KEY)
        assert ["content-warning", "Späne"] in events(there)[0]["tags"]

    def test_a_picture_is_shown_below_the_text_and_described(self, relay, tmp_path):
        there, image = relay(), replace(picture(tmp_path), url=SHOWN)
        receipt = connected(there).publish(plain_message(image=image), KEY)
        (event,) = events(there)
        assert event["content"] == f"{plain_message().text}\n\n{SHOWN}"
        described = ["imeta", f"url {SHOWN}", "m image/png", "dim 64x48", "alt Eine Hobelbank"]
        assert described in event["tags"]
        assert receipt.notes == ()

    def test_a_picture_that_nobody_can_fetch_does_not_stop_the_note(self, relay, tmp_path):
        there = relay()
        receipt = connected(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes == ("It has no picture: its picture has no public address.",)
        assert events(there)[0]["content"] == plain_message().text

    def test_the_settings_may_leave_the_picture_to_the_card(self, relay):
        assert connected(relay(), image="card").limits().images is None
        assert connected(relay()).limits().images is not None


class TestRepeating:
    def test_the_same_message_sent_again_is_the_same_note(self, relay):
        there = relay()
        network = connected(there)
        first, again = (network.publish(plain_message(), KEY) for _ in range(2))
        assert first == again
        assert len(there.events) == 1
        assert len({json.dumps(event) for event in events(there)}) == 1

    def test_another_attempt_is_another_note(self, relay):
        there = relay()
        later = new_key(NOW + timedelta(seconds=1), b"litfass!")
        for key in (KEY, later):
            connected(there).publish(plain_message(), key)
        assert len(there.events) == 2

    def test_a_key_of_another_make_has_the_time_of_the_post(self, relay):
        there = relay()
        connected(there).publish(plain_message(), "by-hand")
        assert events(there)[0]["created_at"] == int(NOW.timestamp())


class TestSeveralRelays:
    def test_each_gets_the_note(self, relay):
        one, other = relay(), relay()
        receipt = connected(one, other).publish(plain_message(), KEY)
        assert one.events == other.events
        assert len(one.events) == 1
        assert receipt.notes == ()

    @pytest.mark.parametrize(
        ("fault", "why"),
        [
            (Reply(403, b'{"error": "members only"}'), "restricted: members only"),
            (Fault.CONNECT_REFUSED, "cannot be reached"),
            (Fault.READ_TIMEOUT, "leaves us in doubt"),
        ],
    )
    def test_one_that_takes_it_is_enough_and_the_other_is_named(self, relay, fault, why):
        bad, good = relay(fault), relay()
        receipt = connected(bad, good).publish(plain_message(), KEY)
        (note,) = receipt.notes
        assert note.startswith("Not everywhere: firma: 127.0.0.1:")
        assert why in note
        assert bad.address.encode() not in decode(receipt.url.rpartition("/")[2])[1]

    @pytest.mark.parametrize(
        ("faults", "kind"),
        [
            ((Reply(422), Reply(403)), Unauthorised),
            ((Reply(422), Fault.CONNECT_REFUSED), Unreachable),
            ((Reply(429), Fault.CONNECT_REFUSED), RateLimited),
            ((Reply(422), Fault.READ_TIMEOUT), OutcomeUnknown),
            ((Reply(422), Reply(422)), Rejected),
        ],
    )
    def test_where_none_takes_it_what_may_still_come_of_it_decides(self, relay, faults, kind):
        relays = [relay(fault) for fault in faults]
        with pytest.raises(kind) as caught:
            connected(*relays).publish(plain_message(), KEY)
        assert type(caught.value) is kind
        assert all(there.address.removeprefix("ws://") in caught.value.message for there in relays)


class TestFinding:
    def test_a_note_is_known_by_its_moment_and_its_page(self, relay):
        there = relay(Fault.READ_TIMEOUT)
        with pytest.raises(OutcomeUnknown):
            connected(there).publish(plain_message(), KEY)
        changed = plain_message(spans=(Span("In other words"),), url=f"{URL}?utm_source=nostr")
        found = connected(there).find(changed, KEY, NOW)
        assert found.receipt.identifier in there.events
        assert found.complete

    def test_the_announcement_of_another_page_at_the_same_moment_is_not_it(self, relay):
        there = relay()
        connected(there).publish(plain_message(url="https://blog.example/other/"), KEY)
        found = connected(there).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_it_is_surely_not_there_only_when_every_relay_has_said_so(self, relay):
        found = connected(relay(), relay(Fault.CONNECT_REFUSED)).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    @pytest.mark.parametrize("forged", [{"sig": "0" * 128}, {"id": "0" * 64}, {"content": "x"}])
    def test_a_relay_that_makes_a_note_up_is_not_believed(self, relay, forged):
        there = relay()
        connected(there).publish(plain_message(), KEY)
        there.events = {name: {**event, **forged} for name, event in there.events.items()}
        assert connected(there).find(plain_message(), KEY, NOW).receipt is None

    def test_a_note_of_another_key_is_not_ours(self, relay):
        there = relay()
        connected(there, key=OTHER).publish(plain_message(), KEY)
        there._show = lambda talk, name, _: [
            *(say(talk, "EVENT", name, event) for event in there.events.values()),
            say(talk, "EOSE", name),
        ]
        assert connected(there).find(plain_message(), KEY, NOW).receipt is None


class TestListing:
    def test_notes_of_all_relays_come_once_and_newest_first_page_by_page(self, relay):
        one, other = relay(most_shown=2), relay(most_shown=2)
        for hour in range(5):
            key = new_key(NOW + timedelta(hours=hour), b"litfass!")
            connected(one, *([other] if hour % 2 else [])).publish(plain_message(), key)
        posted = list(connected(one, other).listing())
        moments = [one.events[post.receipt.identifier]["created_at"] for post in posted]
        assert len(moments) == 5
        assert moments == sorted(moments, reverse=True)
        assert all(URL in post.links for post in posted)

    def test_an_answer_to_somebody_is_no_post(self, relay):
        there = relay()
        network = connected(there)
        answer = network._key.signed(1, 1, (("e", "0" * 64),), f"Siehe {URL}")
        there.events[answer.identifier] = json.loads(json.dumps(answer.record()))
        assert list(network.listing()) == []

    def test_a_relay_that_is_away_is_told_rather_than_left_out(self, relay):
        with pytest.raises(Unreachable):
            list(connected(relay(), relay(Fault.CONNECT_REFUSED)).listing())


class TestWithdrawing:
    def test_every_relay_is_asked_to_delete_the_note(self, relay):
        one, other = relay(), relay()
        network = connected(one, other)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        for there in (one, other):
            assert receipt.identifier not in there.events
            asked = events(there)[-1]
            assert (asked["kind"], asked["content"]) == (5, "")
            assert asked["tags"] == [["e", receipt.identifier], ["k", "1"]]
            assert asked["created_at"] == int((NOW + timedelta(days=1)).timestamp())

    def test_a_note_that_is_gone_already_is_withdrawn(self, relay):
        connected(relay()).withdraw(Receipt("0" * 64, ""))

    def test_a_relay_that_lets_us_not_write_has_nothing_of_ours(self, relay):
        connected(relay(), relay(Reply(403))).withdraw(Receipt("0" * 64, ""))

    def test_a_relay_that_is_away_may_have_it_still(self, relay):
        with pytest.raises(Unreachable) as caught:
            connected(relay(), relay(Fault.CONNECT_REFUSED)).withdraw(Receipt("0" * 64, ""))
        assert "The others were asked" in caught.value.hint


class TestAccounts:
    @pytest.mark.parametrize("key", [NSEC, HEX, f" {NSEC.upper()}\n"])
    def test_a_key_is_known_by_its_public_one(self, relay, key):
        identity = connected(relay(), key=key).whoami()
        assert (identity.handle, identity.url) == (NPUB, f"https://njump.me/{NPUB}")

    def test_nobody_is_there_when_no_relay_answers(self, relay):
        with pytest.raises(Unreachable, match="firma"):
            connected(relay(Fault.CONNECT_REFUSED)).whoami()

    @pytest.mark.parametrize(
        "key", [NPUB, NSEC[:-1] + "q", "geheimnis", "0" * 64, "f" * 64, "nsec1qq", "ä" * 64]
    )
    def test_what_is_no_secret_key_is_told_before_anything_is_claimed(self, relay, key):
        with pytest.raises(AccountError) as caught:
            connected(relay(), key=key).limits()
        assert key not in f"{caught.value.message} {caught.value.hint}"

    @pytest.mark.parametrize(
        ("relays", "wrong"),
        [
            (["wss://relay.example", "ws://127.0.0.1:7000"], None),
            ([], "names no relay"),
            (["relay.example"], 'Write it like "wss://relay.example".'),
            (["wss://relay.example", "ws://relay.example"], "is not encrypted"),
        ],
    )
    def test_a_relay_that_is_none_is_told_in_the_settings(self, relays, wrong):
        check = Options.__dataclass_fields__["relays"].metadata["check"]
        assert check(relays) is None if wrong is None else wrong in check(relays)

    def test_a_rehearsal_needs_no_key(self, relay):
        assert connected(relay(), key="").limits().limits

    def test_a_relay_may_close_what_it_was_asked(self, relay):
        there = relay()
        there._show = lambda talk, name, _: say(talk, "CLOSED", name, "auth-required: who are you?")
        with pytest.raises(Unauthorised, match="who are you"):
            connected(there).whoami()


def test_the_moment_of_a_claim_is_in_the_note_to_the_second(relay):
    there = relay()
    key = new_key(datetime(2026, 5, 4, 12, 0, 59, 999_999, tzinfo=UTC), b"litfass!")
    connected(there).publish(plain_message(), key)
    assert events(there)[0]["created_at"] == int(NOW.timestamp()) + 59
