"""Bluesky's adapter and the real server, which validates what it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import httpx
import PIL.Image
import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image, Span, SpanKind
from litfass_syndication.announcer import syndicate
from litfass_syndication.attempt import new_key
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.networks.bluesky import Bluesky, Options
from litfass_syndication.outcome import Result
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import KEY, NOW, Fault, Reply, Wire, plain_message

pytestmark = pytest.mark.server

PUT = "/xrpc/com.atproto.repo.putRecord"


def real(request):
    """Hand a request to the real server, and its answer back."""
    answer = httpx.request(
        request.method, request.url, headers=dict(request.headers), content=request.content
    )
    return Reply(answer.status_code, answer.content, {"content-type": "application/json"})


def over(wire, options):
    connection = Connection(
        options.server,
        "firma",
        secrets=secrets_in(options),
        transport=wire.transport(),
        sleep=lambda _: None,
    )
    return Bluesky(options, connection)


@pytest.fixture
def signed_in(member):
    """Connect a fresh account on the real server, over a wire that may have a fault."""

    def connect(fault=None, **changes):
        options = Options(member.handle, Secret(member.password), member.url)
        wire = Wire(real, lambda request: request.path == PUT, fault)
        return over(wire, replace(options, **changes))

    return connect


def test_links_hashtags_and_mentions_lie_where_they_are_read(signed_in, member, bluesky_members):
    other = bluesky_members()
    url = "https://blog.example/grüße/?a=1&b=2"
    marked = (
        Span("blog.example/…", SpanKind.LINK, url),
        Span("#Straße", SpanKind.HASHTAG, "Straße"),
        Span(f"@{other.handle}", SpanKind.MENTION, other.handle),
        Span("@niemand.test", SpanKind.MENTION, "niemand.test"),
    )
    spans = [Span("Grüße 👩‍👩‍👧‍👦 an 𝕎erkstatt:")]
    for span in marked:
        spans += [Span(" 🇦🇹 "), span]
    signed_in().publish(plain_message(spans=tuple(spans)), KEY)
    ((_, record),) = member.records()
    text = record["text"].encode()
    read = {
        text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): feature
        for facet in record["facets"]
        for feature in facet["features"]
    }
    kind = "app.bsky.richtext.facet#"
    assert read == {
        "blog.example/…": {"$type": f"{kind}link", "uri": url},
        "#Straße": {"$type": f"{kind}tag", "tag": "Straße"},
        f"@{other.handle}": {"$type": f"{kind}mention", "did": other.did},
    }


def test_the_receipt_leads_to_the_post(signed_in, member):
    receipt = signed_in().publish(plain_message(), KEY)
    assert [uri for uri, _ in member.records()] == [receipt.identifier]
    assert receipt.url == (
        f"https://bsky.app/profile/{member.handle}/post/{receipt.identifier.split('/')[-1]}"
    )


def test_a_card_has_the_page_and_a_picture_small_enough(signed_in, member, tmp_path):
    path = tmp_path / "photo.png"
    noise = PIL.Image.frombytes("RGB", (900, 600), Random(3).randbytes(900 * 600 * 3))
    noise.resize((1800, 1200)).save(path)
    assert path.stat().st_size > 1_000_000
    message = plain_message(image=Image(path, "Rauschen", "image/png", 1800, 1200, "d"))
    receipt = signed_in().publish(message, KEY)
    ((_, record),) = member.records()
    card = record["embed"]["external"]
    assert (card["uri"], card["title"]) == (message.url, message.title)
    assert card["description"] == message.summary
    assert card["thumb"]["size"] <= 1_000_000
    assert receipt.notes == ()
    blob = member.ask("com.atproto.sync.getBlob", did=member.did, cid=card["thumb"]["ref"]["$link"])
    assert len(blob.content) == card["thumb"]["size"]
    assert blob.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("grapheme", ["a", "e\u0301", "ü", "🇦🇹"])
def test_three_hundred_graphemes_are_taken_and_not_one_more(signed_in, member, grapheme):
    network = signed_in()
    network.publish(plain_message(spans=(Span(grapheme * 300),)), KEY)
    with pytest.raises(Rejected, match=r"firma.*300"):
        network.publish(plain_message(spans=(Span(grapheme * 301),)), f"{KEY}00")
    assert len(member.records()) == 1


def test_three_thousand_bytes_are_taken_and_not_one_more(signed_in, member):
    network, family = signed_in(), "👨‍👩‍👧‍👦"
    text = family * 119 + "a" * 25
    assert len(text.encode()) == 3000
    network.publish(plain_message(spans=(Span(text),)), KEY)
    with pytest.raises(Rejected):
        network.publish(plain_message(spans=(Span(f"{text}a"),)), f"{KEY}00")
    assert len(member.records()) == 1


def test_the_same_attempt_leaves_one_record_however_often_it_is_sent(signed_in, member):
    receipts = {signed_in().publish(plain_message(), KEY) for _ in range(3)}
    changed = signed_in().publish(plain_message(title="Anders"), KEY)
    assert receipts == {changed}
    ((_, record),) = member.records()
    assert record["embed"]["external"]["title"] == plain_message().title


@pytest.mark.parametrize(
    "fault",
    [
        Fault.READ_TIMEOUT,
        Fault.RESET,
        Reply(502),
        Reply(200, b"<html>"),
        Reply(200, b'{"uri": "at:'),
    ],
    ids=repr,
)
def test_an_attempt_whose_answer_was_lost_is_found_and_resumed(signed_in, member, fault):
    with pytest.raises(OutcomeUnknown):
        signed_in(fault).publish(plain_message(), KEY)
    found = signed_in().find(plain_message(), KEY, NOW)
    resumed = signed_in().publish(plain_message(), KEY)
    assert found.receipt == resumed
    assert [uri for uri, _ in member.records()] == [resumed.identifier]


def test_what_never_arrived_is_surely_not_there(signed_in):
    found = signed_in().find(plain_message(), KEY, NOW)
    assert (found.receipt, found.complete) == (None, True)


def test_what_is_withdrawn_is_gone_and_may_be_gone_already(signed_in, member):
    network = signed_in()
    receipt = network.publish(plain_message(), KEY)
    network.withdraw(receipt)
    assert member.records() == []
    network.withdraw(receipt)
    assert network.find(plain_message(), KEY, NOW).receipt is None


def test_all_that_was_posted_is_listed_with_its_links_page_by_page(signed_in):
    bluesky = signed_in()
    keys = [new_key(NOW + timedelta(minutes=number), b"litfass!") for number in range(120)]
    receipts = [bluesky.publish(plain_message(), key) for key in keys]
    listed = list(bluesky.listing())
    assert [one.receipt for one in listed] == receipts[::-1]
    assert all(plain_message().url in one.links for one in listed)


def test_nobody_withdraws_what_is_not_theirs(signed_in, bluesky_members):
    receipt = signed_in().publish(plain_message(), KEY)
    other = bluesky_members()
    stranger = signed_in(handle=other.handle, password=Secret(other.password))
    with pytest.raises(Unauthorised):
        stranger.withdraw(receipt)
    assert signed_in().find(plain_message(), KEY, NOW).receipt == receipt


def test_a_wrong_password_is_unauthorised_and_never_shown(signed_in, member):
    network = signed_in(password=Secret("wxyz-wxyz-wxyz-wxyz"))
    with pytest.raises(Unauthorised) as caught:
        network.publish(plain_message(), KEY)
    assert "app password" in caught.value.hint
    assert "wxyz" not in caught.value.message + caught.value.hint
    assert member.records() == []


def test_a_token_that_the_server_does_not_know_is_replaced(member):
    spoiled = []

    def forgetful(request):
        if request.path == PUT and not spoiled:
            spoiled.append(request)
            request = replace(request, headers={**request.headers, "authorization": "Bearer x"})
        return real(request)

    options = Options(member.handle, Secret(member.password), member.url)
    over(Wire(forgetful), options).publish(plain_message(), KEY)
    assert len(spoiled) == len(member.records()) == 1


def test_whoami_names_the_account(signed_in, member):
    identity = signed_in().whoami()
    assert identity.handle == member.handle
    assert identity.url == f"https://bsky.app/profile/{member.handle}"


def test_languages_and_labels_are_understood(signed_in, member):
    message = plain_message(language="de-AT", content_warning="graphic-media")
    signed_in().publish(message, KEY)
    ((_, record),) = member.records()
    assert record["langs"] == ["de-AT"]
    assert record["labels"]["values"] == [{"val": "graphic-media"}]


def test_what_composing_makes_of_a_long_post_is_taken(signed_in, member):
    network = signed_in()
    announcement = Announcement(
        post="p",
        url="https://blog.example/2026/05/" + "ein-langer-weg-" * 8,
        title="Über die Größe der Säule 🗼",
        published=NOW,
        revision="r",
        summary="Übermäßig lang, mit „Zitat“ und Gedankenstrich – und mehr. " * 20,
        tags=("Straßen Bau", "Säule"),
        language="de",
    )
    message = compose(announcement, Account("firma", network), network.limits())
    network.publish(message, KEY)
    ((_, record),) = member.records()
    assert record["text"] == message.text
    links = [f["features"][0].get("uri") for f in record["facets"]]
    assert announcement.url in links


def test_the_announcer_ends_a_doubt_without_a_second_post(signed_in, member, tmp_path):
    post = Announcement("p", "https://blog.example/p/", "Grüße", NOW, "r", language="de")
    journal = FileJournal(tmp_path / "ledger.jsonl")

    def run(network):
        account = Account("firma", network, backlog=True)
        (outcome,) = syndicate([post], [account], journal, clock=lambda: NOW)
        return outcome.outcome

    runs = [run(signed_in(Fault.RESET)), run(signed_in()), run(signed_in())]
    assert runs == [Result.IN_DOUBT, Result.ANNOUNCED, Result.UNCHANGED]
    assert len(member.records()) == 1
