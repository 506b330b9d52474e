"""Bluesky, against a counterpart of our own and against the real server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.announcement import Image, Receipt, Span, SpanKind
from litfass_syndication.attempt import new_key
from litfass_syndication.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.bluesky import Bluesky, Options, facets, record_key
from litfass_syndication.redaction import secrets_in
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
from litfass_syndication.testing.bluesky import (
    DID,
    LOG_IN,
    PUT,
    RENEW,
    RESOLVE,
    UPLOAD,
    BlueskyServer,
    refusal,
)

SERVER = "https://network.example"
OPTIONS = Options("werkstatt.example", Secret("abcd-efgh-ijkl-mnop"), SERVER)


def connected(wire, options=OPTIONS, *, sleep=lambda _: None):
    connection = Connection(
        options.server,
        "firma",
        secrets=secrets_in(options),
        transport=wire.transport(),
        sleep=sleep,
    )
    return Bluesky(options, connection)


def paths(wire):
    return [request.path for request in wire.requests]


def record_in(wire):
    (request,) = [request for request in wire.requests if request.path == PUT]
    return request.json()["record"]


def mentioning(handle):
    return plain_message(spans=(Span("Mit "), Span(f"@{handle}", SpanKind.MENTION, handle)))


class TestContract(NetworkContract):
    network = Bluesky
    options = OPTIONS

    def counterpart(self):
        return BlueskyServer()

    def publishes(self, request):
        return request.path == PUT

    def test_a_picture_goes_with_its_alt_text(self, tmp_path):
        """The picture of a link card has no alternative text: the card's title stands for it."""
        wire = self.wire()
        receipt = self.connected(wire).publish(plain_message(image=picture(tmp_path)), KEY)
        (upload,) = [request for request in wire.requests if request.path == UPLOAD]
        assert upload.content == picture(tmp_path).path.read_bytes()
        assert upload.headers["content-type"] == "image/png"
        card = record_in(wire)["embed"]["external"]
        assert card["thumb"] == {"$type": "blob", "size": len(upload.content)}
        assert receipt.notes == ()


# Keys


def instant(tid):
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    number = sum(letters.index(letter) << (5 * place) for place, letter in enumerate(reversed(tid)))
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_record_key_is_a_valid_identifier_of_the_moment_of_the_claim(moment):
    tid = record_key(new_key(moment, b"12345678"))
    assert re.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", tid)
    assert instant(tid) == moment


def test_record_keys_differ_with_the_key_even_in_the_same_moment():
    keys = {record_key(new_key(NOW, bytes([n]) * 8)) for n in range(40)}
    assert len(keys) > 35


@given(st.text())
def test_any_key_has_one_valid_record_key(key):
    assert re.fullmatch("[234567a-j][234567a-z]{12}", record_key(key))
    assert record_key(key) == record_key(key)


# Facets

pieces = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
spans = st.lists(
    st.builds(
        Span, pieces, st.sampled_from(SpanKind), st.sampled_from(["t", "a.example", "x" * 65])
    )
)


@given(spans)
def test_every_facet_covers_exactly_its_words_in_bytes(spans):
    text = "".join(span.text for span in spans).encode()
    marked = [span for span in spans if span.text and span.kind is not SpanKind.PLAIN]
    dids = {span.target: "did:plc:x" for span in spans}
    found = list(facets(spans, dids))
    covered = [text[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in found]
    long_tags = [s for s in marked if s.kind is SpanKind.HASHTAG and len(s.target) > 64]
    assert covered == [span.text for span in marked if span not in long_tags]
    ends = [0, *(f["index"]["byteEnd"] for f in found)]
    assert all(end <= f["index"]["byteStart"] for end, f in zip(ends, found, strict=False))


def test_a_mention_of_nobody_stays_plain_text():
    assert list(facets([Span("@a.example", SpanKind.MENTION, "a.example")], {})) == []


# What is sent


def test_a_resumed_attempt_sends_the_same_bytes(tmp_path):
    message = plain_message(image=picture(tmp_path))
    sent = set()
    for _ in range(2):
        wire = Wire(BlueskyServer())
        connected(wire).publish(message, KEY)
        sent.add(wire.requests[-1].content)
    assert len(sent) == 1


def test_a_post_is_dated_by_its_claim_in_milliseconds():
    wire = Wire(BlueskyServer())
    connected(wire).publish(plain_message(), new_key(NOW + timedelta(microseconds=1999), b"x"))
    assert record_in(wire)["createdAt"] == "2026-05-04T12:00:00.001Z"


def test_what_an_earlier_attempt_made_stays_and_is_the_receipt():
    server = BlueskyServer()
    first = connected(Wire(server)).publish(plain_message(), KEY)
    again = connected(Wire(server)).publish(plain_message(title="Anders"), KEY)
    assert again == first
    assert [record["embed"]["external"]["title"] for record in server.records.values()] == [
        "Grüße aus der Werkstatt"
    ]


def test_an_earlier_attempt_that_cannot_be_looked_at_leaves_the_doubt():
    server = BlueskyServer()
    server.refuse[PUT] = refusal("InvalidSwap", "Record was at another version")
    with pytest.raises(OutcomeUnknown):
        connected(Wire(server)).publish(plain_message(), KEY)


def test_a_server_that_goes_down_after_an_answer_was_lost_leaves_the_doubt():
    wire = Wire(BlueskyServer(), lambda request: request.path == PUT, Fault.RESET)

    def goes_down(_):
        wire.fault = Fault.CONNECT_REFUSED

    with pytest.raises(OutcomeUnknown):
        connected(wire, sleep=goes_down).publish(plain_message(), KEY)
    assert len(wire.struck) > 1


def test_the_account_is_signed_in_once_for_many_announcements():
    wire = Wire(BlueskyServer())
    network = connected(wire)
    for n in range(3):
        network.publish(plain_message(), new_key(NOW, bytes([n])))
    assert paths(wire) == [LOG_IN, PUT, PUT, PUT]


def test_an_expired_token_is_renewed():
    server = BlueskyServer()
    server.expired = {"access-token-1"}
    wire = Wire(server)
    connected(wire).publish(plain_message(), KEY)
    assert paths(wire) == [LOG_IN, PUT, RENEW, PUT]
    assert wire.requests[2].headers["authorization"] == "Bearer refresh-token-1"


def test_a_session_that_cannot_be_renewed_is_begun_anew():
    server = BlueskyServer()
    server.expired = {"access-token-1", "refresh-token-1"}
    wire = Wire(server)
    connected(wire).publish(plain_message(), KEY)
    assert paths(wire) == [LOG_IN, PUT, RENEW, LOG_IN, PUT]


def document(endpoint):
    service = {"type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint}
    return {"service": [{"type": "Other", "serviceEndpoint": "https://other.example"}, service]}


def test_records_go_to_the_accounts_own_server():
    wire = Wire(BlueskyServer(didDoc=document("https://pds.example/")))
    connected(wire).publish(plain_message(), KEY)
    assert [request.url for request in wire.requests] == [
        f"{SERVER}{LOG_IN}",
        f"https://pds.example{PUT}",
    ]


@pytest.mark.parametrize(
    ("server", "endpoint"),
    [
        (SERVER, "http://pds.example"),
        (SERVER, "ftp://pds.example"),
        ("http://127.0.0.1:8080", "https://pds.example"),
    ],
)
def test_tokens_never_leave_for_a_server_that_we_would_not_speak_to(server, endpoint):
    wire = Wire(BlueskyServer(didDoc=document(endpoint)))
    connected(wire, replace(OPTIONS, server=server)).publish(plain_message(), KEY)
    assert {request.url.partition("/xrpc")[0] for request in wire.requests} == {server}


def test_a_handle_is_taken_as_the_app_copies_it():
    wire = Wire(BlueskyServer())
    connected(wire, replace(OPTIONS, handle="\u2066@werkstatt.example\u2069")).whoami()
    assert wire.requests[0].json()["identifier"] == "werkstatt.example"


@pytest.mark.parametrize("warning", ["nudity", " Graphic-Media "])
def test_a_content_warning_that_is_a_label_becomes_one(warning):
    wire = Wire(BlueskyServer())
    receipt = connected(wire).publish(plain_message(content_warning=warning), KEY)
    assert record_in(wire)["labels"]["values"] == [{"val": warning.strip().lower()}]
    assert receipt.notes == ()


def test_a_content_warning_in_words_is_missed_aloud():
    wire = Wire(BlueskyServer())
    receipt = connected(wire).publish(plain_message(content_warning="Lärm"), KEY)
    assert "labels" not in record_in(wire)
    assert "content warning" in receipt.notes[0]


@pytest.mark.parametrize(
    ("language", "otherwise", "expected"),
    [
        ("de", ("en",), ["de"]),
        ("", ("de", "en", "fr", "it"), ["de", "en", "fr"]),
        ("de-AT", (), ["de-AT"]),
        ("deutsch!", (), None),
        ("", (), None),
    ],
)
def test_languages_are_told_as_far_as_the_network_knows_them(language, otherwise, expected):
    wire = Wire(BlueskyServer())
    options = replace(OPTIONS, languages=otherwise)
    connected(wire, options).publish(plain_message(language=language), KEY)
    assert record_in(wire).get("langs") == expected


def test_a_mention_is_resolved_and_one_on_another_network_is_not_asked_for():
    wire = Wire(BlueskyServer())
    connected(wire).publish(mentioning("nina.example"), KEY)
    (facet,) = record_in(wire)["facets"]
    assert facet["features"][0]["did"] == "did:plc:nina"
    elsewhere = Wire(BlueskyServer())
    connected(elsewhere).publish(mentioning("nina@social.example"), KEY)
    assert RESOLVE not in paths(elsewhere)
    assert "facets" not in record_in(elsewhere)


@pytest.mark.parametrize("reply", [refusal("InvalidRequest", "Unable to resolve"), Reply(502)])
def test_a_mention_that_does_not_resolve_stays_plain_text(reply):
    server = BlueskyServer()
    server.refuse[RESOLVE] = reply
    wire = Wire(server)
    connected(wire).publish(mentioning("nina.example"), KEY)
    assert "facets" not in record_in(wire)


# What goes wrong


@pytest.mark.parametrize("reply", [refusal("PayloadTooLarge", "Too large", 413), Reply(404)])
def test_an_image_that_is_refused_does_not_stop_the_post(tmp_path, reply):
    server = BlueskyServer()
    server.refuse[UPLOAD] = reply
    wire = Wire(server)
    receipt = connected(wire).publish(plain_message(image=picture(tmp_path)), KEY)
    assert "thumb" not in record_in(wire)["embed"]["external"]
    assert receipt.notes[0].startswith("Its card has no image.")


def test_a_broken_image_does_not_stop_the_post(tmp_path):
    path = tmp_path / "bild.png"
    path.write_bytes(b"no image")
    wire = Wire(BlueskyServer())
    image = Image(path, "", "image/png", 1, 1, "d")
    receipt = connected(wire).publish(plain_message(image=image), KEY)
    assert paths(wire) == [LOG_IN, PUT]
    assert "bild.png" in receipt.notes[0]


def test_an_image_that_is_refused_only_in_the_record_is_left_out(tmp_path):
    server = BlueskyServer()

    def counterpart(request):
        if request.path == PUT and b"thumb" in request.content:
            return refusal("BlobTooLarge", "This file is too large")
        return server(request)

    receipt = connected(Wire(counterpart)).publish(plain_message(image=picture(tmp_path)), KEY)
    assert len(server.records) == 1
    assert "too large" in receipt.notes[0]


def test_a_lost_answer_to_an_upload_leaves_no_doubt_about_the_post(tmp_path):
    wire = Wire(BlueskyServer(), lambda request: request.path == UPLOAD, Fault.READ_TIMEOUT)
    with pytest.raises(Unreachable):
        connected(wire).publish(plain_message(image=picture(tmp_path)), KEY)
    assert PUT not in paths(wire)


@pytest.mark.parametrize(
    "fault", [Fault.RESET, Reply(502), Reply(200, b"<html>"), Reply(200, b"{}")]
)
def test_a_lost_answer_to_the_sign_in_leaves_no_doubt_about_the_post(fault):
    wire = Wire(BlueskyServer(), lambda request: request.path == LOG_IN, fault)
    with pytest.raises(Unreachable):
        connected(wire).publish(plain_message(), KEY)
    assert PUT not in paths(wire)


@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        (refusal("AuthenticationRequired", "Invalid identifier or password", 401), "app password"),
        (refusal("AuthFactorTokenRequired", "A code was sent by mail", 401), "app password"),
        (refusal("AccountTakedown", "Account has been taken down", 401), "Sign in there"),
    ],
)
def test_a_refused_sign_in_says_whose_it_is_and_what_to_do(reply, hint):
    server = BlueskyServer()
    server.refuse[LOG_IN] = reply
    with pytest.raises(Unauthorised, match=r"firma.*werkstatt\.example") as caught:
        connected(Wire(server)).publish(plain_message(), KEY)
    assert hint in caught.value.hint


def test_an_account_that_is_suspended_is_not_spoken_for():
    with pytest.raises(Unauthorised, match="suspended"):
        connected(Wire(BlueskyServer(active=False, status="suspended"))).publish(
            plain_message(), KEY
        )


def test_a_rate_limit_says_when_to_come_back():
    server = BlueskyServer()
    server.refuse[PUT] = Reply.of({"error": "RateLimitExceeded"}, 429, Retry_After="300")
    with pytest.raises(RateLimited) as caught:
        connected(Wire(server)).publish(plain_message(), KEY)
    assert caught.value.retry_after == 300


def test_tokens_are_hidden_as_well_as_the_password():
    server = BlueskyServer()
    server.refuse[PUT] = refusal(
        "InvalidRequest", "Bad token access-token-1 of abcd-efgh-ijkl-mnop"
    )
    with pytest.raises(Rejected) as caught:
        connected(Wire(server)).publish(plain_message(), KEY)
    assert "Bad token … of …" in caught.value.message


def test_whatever_is_no_post_is_not_withdrawn():
    with pytest.raises(Rejected, match="not the identifier"):
        connected(Wire(BlueskyServer())).withdraw(Receipt("12345", ""))


def test_an_account_whose_handle_is_broken_is_linked_by_its_did():
    receipt = connected(Wire(BlueskyServer(handle="handle.invalid"))).publish(plain_message(), KEY)
    assert receipt.url == f"https://bsky.app/profile/{DID}/post/{record_key(KEY)}"
