"""Rocket.Chat's incoming webhooks, against a counterpart that answers in their words."""

from __future__ import annotations

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.measure import fits, length
from litfass_syndication.network import Secret
from litfass_syndication.networks.rocketchat import Options, RocketChat, written
from litfass_syndication.testing import (
    KEY,
    NOW,
    NetworkContract,
    Reply,
    Wire,
    listening,
    plain_message,
)

SERVER = "https://rocket.example"
PATH = "/hooks/D2oXe5wZEAKFYKds6/tokenThatNobodyMaySee7"
WEBHOOK = SERVER + PATH


def refusal(status, error):
    return Reply.of({"success": False, "error": error}, status)


class RocketChatServer:
    """Takes what it is sent, and says that it did."""

    def __init__(self):
        self.messages = []

    def __call__(self, request):
        if request.path != PATH:
            return refusal(400, "Invalid integration id or token provided.")
        self.messages.append(request.json())
        return Reply.of({"success": True})


def rocketchat(server, fault=None, webhook=WEBHOOK, **options):
    connection = Wire(server, lambda _: True, fault).connection(SERVER, Secret(webhook))
    return RocketChat(Options(Secret(webhook), **options), connection)


class TestRocketChat(NetworkContract):
    network = RocketChat
    options = Options(Secret(WEBHOOK))
    server = SERVER
    tells_where = False

    def counterpart(self):
        return RocketChatServer()

    def publishes(self, request):
        return request.method == "POST"

    def error(self, status):
        return refusal(status, "The counterpart will not have it.")


def test_a_message_is_text():
    server = RocketChatServer()
    receipt = rocketchat(server).publish(plain_message(), KEY)
    assert receipt == Receipt("", "")
    url = plain_message().url
    assert server.messages == [{"text": f"Grüße aus der Werkstatt\n\n{url}\n\n#\u200bWerkstatt"}]


def test_a_channel_a_name_and_a_face_are_used():
    server = RocketChatServer()
    given = {"channel": "#news", "alias": "Verein", "avatar": "https://blog.example/a.png"}
    rocketchat(server, **given).publish(plain_message(), KEY)
    assert server.messages[0].items() >= given.items()


def test_a_content_warning_is_missed():
    receipt = rocketchat(RocketChatServer()).publish(plain_message(content_warning="Späne"), KEY)
    assert "content warnings" in receipt.notes[0]


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("@all, me@a.example #general", "@\u200ball, me@\u200ba.example #\u200bgeneral"),
        ("[a](b) ||c|| [d] | e", "[a]\u200b(b) |\u200b|c|\u200b| [d] | e"),
        (":tada: um 10:30", ":\u200btada: um 10:30"),
        ("3. Mai: *so* & \\so", "3. Mai: *so* & \\so"),
    ],
)
def test_nothing_in_a_text_calls_anyone(plain, text):
    assert written(Span(plain)) == text


def test_a_link_stays_what_it_is():
    url = "https://a.example/@b#c"
    assert written(Span(url, SpanKind.LINK, url)) == url


@pytest.mark.parametrize(("character", "counts"), [("a", 1), ("ü", 1), ("😀", 2), ("@", 2)])
def test_five_thousand_are_taken_and_not_one_more(character, counts):
    able, whole = RocketChat.capabilities, 5000 // counts
    assert length((Span(character * whole),), able.limits[0], able) == 5000
    assert fits((Span(character * whole),), able)
    assert not fits((Span(character * whole + "a"),), able)


def test_what_composing_makes_of_a_long_post_is_taken():
    post = Announcement(
        "p", "https://blog.example/p/", "@all", NOW, "r", summary="#wort 😀 " * 2000
    )
    server = RocketChatServer()
    network = rocketchat(server)
    network.publish(compose(post, Account("firma", network), network.limits()), KEY)
    assert 4900 < len(server.messages[0]["text"].encode("utf-16-le")) / 2 <= 5000


@pytest.mark.parametrize(
    ("status", "error", "hint"),
    [
        (400, "Invalid integration id or token provided.", "deleted"),
        (404, "Invalid integration id or token provided.", "deleted"),
        (400, "overriding destination channel is disabled for this integration", '"channel"'),
        (400, "invalid-channel", '"channel"'),
        (503, "Service Unavailable", "Switch"),
    ],
)
def test_what_is_wrong_with_the_webhook_stops_the_account(status, error, hint):
    with pytest.raises(Unauthorised, match="firma") as caught:
        rocketchat(RocketChatServer(), refusal(status, error)).publish(plain_message(), KEY)
    assert hint in caught.value.hint


def test_a_message_that_is_refused_is_rejected():
    reply = refusal(400, "error-message-size-exceeded")
    with pytest.raises(Rejected, match="size-exceeded"):
        rocketchat(RocketChatServer(), reply).publish(plain_message(), KEY)


@pytest.mark.parametrize(
    "reply",
    [
        Reply.of({"success": False}),
        Reply.of({"success": "no"}),
        Reply(503, b"{}"),
        Reply(503, b"-"),
    ],
)
def test_only_success_is_success(reply):
    with pytest.raises(OutcomeUnknown):
        rocketchat(RocketChatServer(), reply).publish(plain_message(), KEY)


@pytest.mark.parametrize("webhook", ["", SERVER, f"{SERVER}/hooks/abc", f"{SERVER}/api/v1/me"])
def test_an_address_that_is_none_is_told_and_not_shown(webhook):
    server = RocketChatServer()
    with pytest.raises(AccountError, match="webhook") as caught:
        rocketchat(server, webhook=webhook).publish(plain_message(), KEY)
    assert not webhook or webhook not in caught.value.message + caught.value.hint
    assert not server.messages


@pytest.mark.server
def test_it_works_over_a_real_wire():
    server = RocketChatServer()
    with listening(server) as address:
        options = Options(Secret(f"{address}{PATH}"))
        RocketChat(options, Connection(options.server, "firma")).publish(plain_message(), KEY)
    assert len(server.messages) == 1
