"""Conversations over WebSocket, on this machine: what goes wrong means what it means over HTTP."""

from __future__ import annotations

import sys
from contextlib import closing

import pytest

from litfass_syndication.errors import AccountError, OutcomeUnknown, Unreachable
from litfass_syndication.http import Connection, Policy
from litfass_syndication.testing import Fault, Reply, listening
from litfass_syndication.testing.relay import Relay

QUICK = Policy(connect=0.4, read=0.3, whole=0.6, most_bytes=2000)
NOBODY = "https://nowhere.invalid"


@pytest.fixture
def http():
    return Connection(NOBODY, "firma", policy=QUICK)


@pytest.fixture
def relay():
    made = Relay()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("ws://relay.example", "not encrypted"),
        ("https://relay.example", "not a whole address"),
        ("relay.example", "not a whole address"),
        ("wss://", "not a whole address"),
        ("wss://me:secret@relay.example", "password"),
    ],
)
def test_an_address_that_is_none_is_told(http, address, what):
    with pytest.raises(AccountError, match=what) as caught:
        http.converse(address)
    assert "firma" in caught.value.message
    assert "secret" not in caught.value.message


def test_an_address_without_its_beginning_gets_a_hint(http):
    with pytest.raises(AccountError) as caught:
        http.converse("relay.example")
    assert caught.value.hint == 'Write it like "wss://relay.example".'


def test_both_sides_speak(http, relay):
    with http.converse(relay.address) as talk:
        talk.say('["REQ", "a", {}]')
        assert talk.hear() == '["EOSE", "a"]'


@pytest.mark.parametrize(("change", "kind"), [(False, Unreachable), (True, OutcomeUnknown)])
def test_silence_after_a_change_is_a_doubt_and_after_a_question_none(http, relay, change, kind):
    with pytest.raises(kind, match="no answer came in time") as caught:
        silent(http, relay, change=change)
    assert "firma" in caught.value.message


def silent(http, relay, *, change):
    with http.converse(relay.address, change=change) as talk:
        talk.hear()


def test_what_is_no_text_is_passed_over_as_empty(http, relay):
    relay._hear = lambda talk, _: talk.send(b"bytes")
    with http.converse(relay.address) as talk:
        talk.say("?")
        assert talk.hear() == ""


def test_what_is_longer_than_an_answer_may_be_is_none(http, relay):
    relay._hear = lambda talk, _: talk.send("x" * 2001)
    with http.converse(relay.address) as talk:
        talk.say("?")
        with pytest.raises(Unreachable, match="closed"):
            talk.hear()


def test_a_line_that_is_closed_takes_nothing_more(http, relay):
    relay._hear = lambda talk, _: talk.close()
    with http.converse(relay.address, change=True) as talk:
        talk.say("?")
        for again in (talk.hear, lambda: talk.say("?")):
            with pytest.raises(OutcomeUnknown, match="closed"):
                again()


def test_a_server_that_speaks_no_websocket_was_told_nothing(http):
    with listening(lambda _: Reply(404)) as address:
        where = address.replace("http", "ws", 1)
        with pytest.raises(Unreachable, match="cannot be reached: it"), http.converse(where):
            pytest.fail("there is nobody to speak with")


def test_a_server_that_lets_nobody_in_was_told_nothing(http):
    with closing(Relay(welcomes=False)) as relay:
        there = http.converse(relay.address)
        with pytest.raises(Unreachable, match="cannot be reached: it answers 403"), there:
            pytest.fail("there is nobody to speak with")


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:PORT", "socks5h://127.0.0.1:PORT", "rot13:"])
def test_a_proxy_that_does_not_let_us_through_is_named(http, monkeypatch, proxy):
    with listening(lambda _: Reply(403)) as address:
        monkeypatch.setenv("https_proxy", proxy.replace("PORT", address.rpartition(":")[2]))
        there = http.converse("wss://relay.example")
        with pytest.raises(Unreachable, match="the environment's proxy"), there:
            pytest.fail("there is nobody to speak with")


def test_one_who_talks_without_an_end_is_left(http):
    with closing(Relay(Fault.ENDLESS)) as relay, http.converse(relay.address) as talk:
        talk.say('["EVENT", {}]')
        with pytest.raises(Unreachable, match="no answer came in time"):
            all(iter(talk.hear, ""))


@pytest.mark.parametrize("module", ["websockets", "websockets.sync"])
def test_without_the_extra_it_is_told_what_to_install(http, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(AccountError) as caught, http.converse("ws://127.0.0.1:9"):
        pytest.fail("there is nothing to speak with")
    assert "pip install 'litfass[nostr]'" in caught.value.hint
