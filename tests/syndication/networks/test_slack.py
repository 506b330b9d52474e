"""Slack's incoming webhooks, against a counterpart that answers in their words."""

from __future__ import annotations

import traceback

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.announcer import syndicate
from litfass_syndication.compose import compose
from litfass_syndication.desk import withdraw
from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    Rejected,
    SyndicationError,
    Unauthorised,
)
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.measure import fits, length
from litfass_syndication.network import Secret
from litfass_syndication.networks.slack import Options, Slack, written
from litfass_syndication.outcome import Result
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    listening,
    plain_message,
)

SERVER = "https://hooks.slack.example"
PATH = "/services/T0AB1/B2CD3/xyzTokenThatNobodyMaySee"
WEBHOOK = SERVER + PATH


class SlackServer:
    """Takes what it is sent, and says "ok"."""

    def __init__(self):
        self.messages = []

    def __call__(self, request):
        if request.path != PATH:
            return Reply(404, b"no_service")
        if not request.json().get("text"):
            return Reply(400, b"no_text")
        self.messages.append(request.json())
        return Reply(200, b"ok", {"content-type": "text/html"})


def slack(server, fault=None, webhook=WEBHOOK):
    connection = Wire(server, lambda _: True, fault).connection(SERVER, Secret(webhook))
    return Slack(Options(Secret(webhook)), connection)


class TestSlack(NetworkContract):
    network = Slack
    options = Options(Secret(WEBHOOK))
    server = SERVER
    tells_where = False

    def counterpart(self):
        return SlackServer()

    def publishes(self, request):
        return request.method == "POST"

    def error(self, status):
        return Reply(status, b"the_counterpart_will_not_have_it")


def test_a_message_is_text_whose_link_may_unfold():
    server = SlackServer()
    receipt = slack(server).publish(plain_message(), KEY)
    assert receipt == Receipt("", "")
    assert server.messages == [
        {
            "text": f"Grüße aus der Werkstatt\n\n<{plain_message().url}>\n\n#Werkstatt",
            "unfurl_links": True,
            "unfurl_media": True,
        }
    ]


def test_a_content_warning_is_missed():
    receipt = slack(SlackServer()).publish(plain_message(content_warning="Späne"), KEY)
    assert "content warnings" in receipt.notes[0]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span("<!channel> & <@U1>"), "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        (Span("&amp;"), "&amp;amp;"),
        (
            Span("…", SpanKind.LINK, "https://a.example/?b=1&c=|>"),
            "<https://a.example/?b=1&amp;c=%7C%3E>",
        ),
    ],
)
def test_nothing_in_a_text_calls_anyone(span, text):
    assert written(span) == text


@pytest.mark.parametrize(
    ("character", "counts"), [("a", 1), ("ü", 1), ("😀", 1), ("&", 5), ("<", 4)]
)
def test_four_thousand_are_taken_and_not_one_more(character, counts):
    able, whole = Slack.capabilities, 4000 // counts
    assert fits((Span(character * whole),), able)
    assert not fits((Span(character * whole + "a"),), able)
    assert length((Span(character * whole),), able.limits[0], able) == 4000


def test_what_composing_makes_of_a_long_post_is_taken():
    post = Announcement("p", "https://blog.example/p/", "A & B", NOW, "r", summary="<b> & " * 2000)
    server = SlackServer()
    network = slack(server)
    network.publish(compose(post, Account("firma", network), network.limits()), KEY)
    assert 3900 < len(server.messages[0]["text"]) <= 4000


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (403, "invalid_token"),
        (403, "action_prohibited"),
        (404, "no_service"),
        (404, "channel_not_found"),
        (410, "channel_is_archived"),
        (400, "no_team"),
    ],
)
def test_what_is_wrong_with_the_webhook_stops_the_account(status, word):
    with pytest.raises(Unauthorised, match=rf"firma.*{word}") as caught:
        slack(SlackServer(), Reply(status, word.encode())).publish(plain_message(), KEY)
    assert caught.value.hint


def test_a_message_that_is_refused_is_rejected():
    with pytest.raises(Rejected, match="invalid_payload"):
        slack(SlackServer(), Reply(400, b"invalid_payload")).publish(plain_message(), KEY)


@pytest.mark.parametrize("body", [b"", b"not ok", b"<html>ok</html>"])
def test_only_ok_is_ok(body):
    with pytest.raises(OutcomeUnknown):
        slack(SlackServer(), Reply(200, body)).publish(plain_message(), KEY)


@pytest.mark.parametrize(
    "webhook",
    ["", "xoxb-token", f"{SERVER}/triggers/T1/2/geheim", f"{WEBHOOK}/mehr", "https://[geheim"],
)
def test_an_address_that_is_none_is_told_and_not_shown(webhook):
    server = SlackServer()
    with pytest.raises(AccountError, match="webhook") as caught:
        slack(server, webhook=webhook).publish(plain_message(), KEY)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.hint
    assert not webhook or webhook not in shown
    assert Options(Secret(webhook)).server == "https://hooks.slack.com"
    assert not server.messages


@pytest.mark.server
def test_it_works_over_a_real_wire():
    server = SlackServer()
    with listening(server) as address:
        options = Options(Secret(f" {address}{PATH}/\n"))
        Slack(options, Connection(options.server, "firma")).publish(plain_message(), KEY)
    assert len(server.messages) == 1


def test_the_announcer_knows_what_it_announced_though_nobody_told_where(tmp_path):
    """A webhook gives no receipt; its doubts are for a person."""
    post = Announcement("p", "https://blog.example/p/", "Grüße", NOW, "r", language="de")
    other = Announcement("q", "https://blog.example/q/", "Mehr", NOW, "r", language="de")
    journal = FileJournal(tmp_path / "ledger.jsonl")
    server = SlackServer()

    def run(network, *posts):
        account = Account("firma", network, backlog=True)
        outcomes = syndicate(posts, [account], journal, clock=lambda: NOW)
        return [outcome.outcome for outcome in outcomes]

    assert run(slack(server), post) == [Result.ANNOUNCED]
    assert run(slack(server), post) == [Result.UNCHANGED]
    lost = slack(server, Fault.READ_TIMEOUT)
    assert run(lost, post, other) == [Result.UNCHANGED, Result.IN_DOUBT]
    assert run(slack(server), post, other) == [Result.UNCHANGED, Result.IN_DOUBT]
    assert len(server.messages) == 2

    with pytest.raises(SyndicationError, match="cannot withdraw") as caught:
        withdraw(journal, Account("firma", slack(server)), "p", lambda: NOW)
    assert caught.value.hint == "Delete it there by hand."
