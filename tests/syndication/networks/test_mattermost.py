"""Mattermost's incoming webhooks, against a counterpart that answers in their words."""

from __future__ import annotations

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.measure import fits, length
from litfass_syndication.network import Secret
from litfass_syndication.networks.mattermost import Mattermost, Options, written
from litfass_syndication.testing import (
    KEY,
    NOW,
    NetworkContract,
    Reply,
    Wire,
    listening,
    plain_message,
)

SERVER = "https://chat.example/mattermost"
PATH = "/hooks/xyz7tokenthatnobodymaysee"
WEBHOOK = SERVER + PATH


def refusal(status, name):
    message = "The counterpart will not have it."
    return Reply.of({"id": name, "message": message, "status_code": status}, status)


class MattermostServer:
    """Takes what it is sent, and says "ok"."""

    def __init__(self):
        self.messages = []

    def __call__(self, request):
        if not request.path.endswith(PATH):
            return refusal(400, "web.incoming_webhook.invalid.app_error")
        if not request.json().get("text"):
            return refusal(400, "web.incoming_webhook.text.app_error")
        self.messages.append(request.json())
        return Reply(200, b"ok", {"content-type": "text/plain"})


def mattermost(server, fault=None, webhook=WEBHOOK, **options):
    connection = Wire(server, lambda _: True, fault).connection(SERVER, Secret(webhook))
    return Mattermost(Options(Secret(webhook), **options), connection)


class TestMattermost(NetworkContract):
    network = Mattermost
    options = Options(Secret(WEBHOOK))
    server = SERVER
    tells_where = False

    def counterpart(self):
        return MattermostServer()

    def publishes(self, request):
        return request.method == "POST"

    def error(self, status):
        return refusal(status, "api.context.other.app_error")


def test_a_message_is_text_with_its_hashtags():
    server = MattermostServer()
    receipt = mattermost(server).publish(plain_message(), KEY)
    assert receipt == Receipt("", "")
    url = plain_message().url
    assert server.messages == [{"text": f"Grüße aus der Werkstatt\n\n{url}\n\n#Werkstatt"}]


def test_a_channel_a_name_and_a_face_are_used():
    server = MattermostServer()
    options = {"channel": "news", "username": "Verein", "icon": "https://blog.example/a.png"}
    mattermost(server, **options).publish(plain_message(), KEY)
    sent = server.messages[0]
    assert (sent["channel"], sent["username"]) == ("news", "Verein")
    assert sent["icon_url"] == "https://blog.example/a.png"


def test_a_content_warning_is_missed():
    receipt = mattermost(MattermostServer()).publish(plain_message(content_warning="Späne"), KEY)
    assert "content warnings" in receipt.notes[0]


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("so_nicht und *laut* & #leise", "so\\_nicht und \\*laut\\* & \\#leise"),
        ("@channel, @here, me@a.example", "@\u200bchannel, @\u200bhere, me@\u200ba.example"),
        ("<!channel> <b>", "<\u200b!channel\\> <b\\>"),
        ("[a](b) `c` ~~d~~ | e", "\\[a\\]\\(b\\) \\`c\\` \\~\\~d\\~\\~ \\| e"),
        ("- so\n3. Mai\n+ drei\n1.5 kg", "\\- so\n3\\. Mai\n\\+ drei\n1\\.5 kg"),
        (":tada: um 10:30", ":\u200btada: um 10:30"),
        ("Ein E-Bike: 3.5 kg!", "Ein E-Bike: 3.5 kg!"),
    ],
)
def test_marks_are_shown_as_they_are_and_nobody_is_called(plain, text):
    assert written(Span(plain)) == text


def test_links_and_hashtags_stay_what_they_are():
    url = "https://a.example/b_c_d/@e"
    assert written(Span(url, SpanKind.LINK, url)) == url
    assert written(Span("#Straßen_Bau", SpanKind.HASHTAG, "Straßen_Bau")) == "#Straßen_Bau"
    assert written(Span("@me@a.example", SpanKind.MENTION)) == "@\u200bme@\u200ba.example"


@pytest.mark.parametrize(
    ("character", "counts"), [("a", 1), ("ü", 1), ("😀", 1), ("*", 2), ("@", 2)]
)
def test_the_most_is_taken_and_not_one_more(character, counts):
    able, whole = Mattermost.capabilities, 16_383 // counts
    text = character * whole + "a" * (16_383 % counts)
    assert length((Span(text),), able.limits[0], able) == 16_383
    assert fits((Span(text),), able)
    assert not fits((Span(f"{text}a"),), able)


def test_what_composing_makes_of_a_long_post_is_taken():
    post = Announcement(
        "p", "https://blog.example/p/", "A *B*", NOW, "r", summary="*b* _c_ " * 4000
    )
    server = MattermostServer()
    network = mattermost(server)
    network.publish(compose(post, Account("firma", network), network.limits()), KEY)
    assert 16_000 < len(server.messages[0]["text"]) <= 16_383


@pytest.mark.parametrize(
    ("status", "name", "hint"),
    [
        (400, "web.incoming_webhook.invalid.app_error", "deleted"),
        (501, "web.incoming_webhook.disabled.app_error", "does not allow"),
        (404, "web.incoming_webhook.channel.app_error", '"channel"'),
        (403, "web.incoming_webhook.channel_locked.app_error", '"channel"'),
        (403, "web.incoming_webhook.permissions.app_error", '"channel"'),
        (404, "app.channel.get.existing.app_error", "channel is gone"),
    ],
)
def test_what_is_wrong_with_the_webhook_stops_the_account(status, name, hint):
    with pytest.raises(Unauthorised, match="firma") as caught:
        mattermost(MattermostServer(), refusal(status, name)).publish(plain_message(), KEY)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "reply", [refusal(400, "web.incoming_webhook.text.app_error"), Reply(404, b"<html>")]
)
def test_a_message_that_is_refused_is_rejected(reply):
    with pytest.raises(Rejected):
        mattermost(MattermostServer(), reply).publish(plain_message(), KEY)


@pytest.mark.parametrize("reply", [Reply(200), Reply(200, b"not ok"), Reply(501, b"?")])
def test_only_ok_is_ok(reply):
    with pytest.raises(OutcomeUnknown):
        mattermost(MattermostServer(), reply).publish(plain_message(), KEY)


@pytest.mark.parametrize("webhook", ["", SERVER, f"{SERVER}/api/v4/posts", f"{WEBHOOK}?a=b"])
def test_an_address_that_is_none_is_told_and_not_shown(webhook):
    server = MattermostServer()
    with pytest.raises(AccountError, match="webhook") as caught:
        mattermost(server, webhook=webhook).publish(plain_message(), KEY)
    assert not webhook or webhook not in caught.value.message + caught.value.hint
    assert not server.messages


@pytest.mark.server
def test_it_works_over_a_real_wire_and_below_a_folder():
    server = MattermostServer()
    with listening(server) as address:
        options = Options(Secret(f" {address}/mattermost{PATH}/\n"))
        assert options.server == f"{address}/mattermost"
        Mattermost(options, Connection(options.server, "firma")).publish(plain_message(), KEY)
    assert len(server.messages) == 1
