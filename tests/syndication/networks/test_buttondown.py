"""Buttondown, against a counterpart that makes drafts and sends each once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.syndication.town import START, Clock, post

from litfass_syndication.account import Account
from litfass_syndication.announcement import Article
from litfass_syndication.announcer import syndicate
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret
from litfass_syndication.networks.buttondown import Buttondown, Options
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Request,
    Wire,
    picture,
    plain_message,
)

SERVER = "https://api.buttondown.example/v1"
API_KEY = "key-That+nobody/may=see"
ARTICLE = Article("e1", lambda: "<p>Alles {{ subscriber.email }} {% if %}</p>")


class ButtondownServer:
    """Keeps mails as Buttondown does, refuses the same one twice, and counts what it sends."""

    def __init__(self, api_key=API_KEY, page=2):
        self.mails = {}
        self.api_key = api_key
        self.sent = []
        self._page = page

    def __call__(self, request):
        if request.headers.get("authorization") != f"Token {self.api_key}":
            return refusal(401, "unauthorized")
        if request.path == "/v1/newsletters":
            found = [
                {"name": "Other", "api_key": "x"},
                {"name": "Werkstatt", "api_key": self.api_key},
            ]
            return Reply.of({"results": found, "count": 2, "next": None})
        if request.path == "/v1/emails" and request.method == "GET":
            return self._listed(request.query)
        if request.method == "POST":
            return self._made(request.json())
        return self._changed(request.path.rpartition("/")[2], request.json())

    def _listed(self, query):
        ours = list(self.mails.values())
        first = (int(query["page"]) - 1) * self._page
        rest = ours[::-1][first:]
        more = f"{SERVER}/emails?page=9" if len(rest) > self._page else None
        return Reply.of({"results": rest[: self._page], "count": len(ours), "next": more})

    def _made(self, sent):
        same = ("subject", "body")
        if any(all(one[part] == sent[part] for part in same) for one in self.mails.values()):
            return refusal(400, "email_duplicate")
        number = f"em_{len(self.mails) + 1}"
        url = f"https://buttondown.example/werkstatt/archive/{number}/"
        one = {"id": number, "absolute_url": url, "creation_date": NOW.isoformat(), **sent}
        self.mails[number] = one
        return Reply.of(one, 201)

    def _changed(self, number, sent):
        if number not in self.mails:
            return refusal(404, "not_found")
        self.mails[number] |= sent
        if sent.get("status") == "about_to_send":
            self.sent.append(number)
        return Reply.of(self.mails[number])


def refusal(status, code):
    return Reply.of({"code": code, "detail": "The counterpart will not have it."}, status)


def sends(request):
    return request.method == "PATCH" and request.json().get("status") == "about_to_send"


def drafts(request):
    return request.method == "POST"


def buttondown(server, fault=None, strikes=sends, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(API_KEY))
    return Buttondown(Options(Secret(API_KEY), server=SERVER, **options), connection)


class TestButtondown(NetworkContract):
    network = Buttondown
    options = Options(Secret(API_KEY), server=SERVER)
    server = SERVER

    def counterpart(self):
        return ButtondownServer()

    def publishes(self, request):
        return sends(request)

    def picture(self, folder):
        return replace(picture(folder), url="https://blog.example/bank.png")

    def error(self, status):
        return refusal(status, "other")


class TestAMail:
    def test_it_is_made_as_a_draft_and_sent_once(self):
        server = ButtondownServer()
        receipt = buttondown(server).publish(plain_message(), KEY)
        assert server.sent == ["em_1"]
        assert receipt.url == "https://buttondown.example/werkstatt/archive/em_1/"
        mail = server.mails["em_1"]
        assert mail["subject"] == "Grüße aus der Werkstatt"
        assert mail["canonical_url"] == plain_message().url
        assert mail["description"] == "Was wir im Mai gebaut haben."
        assert mail["body"].startswith("<!-- buttondown-editor-mode: fancy --><p>Grüße")

    def test_a_draft_is_left_where_that_is_wanted(self):
        server = ButtondownServer()
        buttondown(server, status="draft").publish(plain_message(), KEY)
        assert server.mails["em_1"]["status"] == "draft"
        assert not server.sent

    def test_commands_of_its_templates_are_shown_and_not_obeyed(self):
        server = ButtondownServer()
        buttondown(server).publish(plain_message(article=ARTICLE), KEY)
        body = server.mails["em_1"]["body"]
        assert "Alles &#123;{ subscriber.email }} &#123;% if %}" in body
        assert "Zuerst erschienen auf" in body

    def test_a_picture_without_a_public_address_is_missed(self, tmp_path):
        server = ButtondownServer()
        receipt = buttondown(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes == ("It has no picture: its picture has no public address.",)
        assert "<img" not in server.mails["em_1"]["body"]

    def test_a_correction_is_made_in_the_archive_and_sends_nothing(self):
        server = ButtondownServer()
        network = buttondown(server)
        receipt = network.publish(plain_message(), KEY)
        assert network.edit(receipt, plain_message(title="Anders")) == receipt
        assert server.mails["em_1"]["subject"] == "Anders"
        assert server.sent == ["em_1"]

    def test_the_newsletter_is_the_one_of_the_key(self):
        assert buttondown(ButtondownServer()).whoami().handle == "Werkstatt"


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "hint"),
        [
            ("sending_requires_confirmation", "confirmed"),
            ("email_not_confirmed", "Confirm the address"),
            ("pay_per_email_billing_locked", "payment"),
        ],
    )
    def test_what_is_wrong_with_the_account_stops_it_and_the_draft_is_kept(self, code, hint):
        server = ButtondownServer()
        with pytest.raises(Unauthorised, match="firma") as caught:
            buttondown(server, refusal(400, code)).publish(plain_message(), KEY)
        assert hint in caught.value.hint
        server.mails["em_1"]["status"] = "draft"
        server.sent.clear()
        buttondown(server).publish(plain_message(), f"{KEY}00")
        assert list(server.mails) == server.sent == ["em_1"]

    def test_a_mail_that_is_wrong_is_rejected(self):
        with pytest.raises(Rejected):
            buttondown(ButtondownServer(), refusal(400, "subject_invalid"), drafts).publish(
                plain_message(), KEY
            )

    def test_one_that_was_sent_already_is_that_one(self):
        server = ButtondownServer()
        first = buttondown(server).publish(plain_message(), KEY)
        again = buttondown(server).publish(plain_message(), f"{KEY}00")
        assert again == replace(first, notes=("It was there already.",))
        assert server.sent == ["em_1"]

    def test_one_that_is_the_same_and_not_ours_is_not_taken(self):
        server = ButtondownServer()
        buttondown(server).publish(plain_message(), KEY)
        server.mails["em_1"]["canonical_url"] = "https://other.example/"
        with pytest.raises(Rejected) as caught:
            buttondown(server).publish(plain_message(), KEY)
        assert "not ours" in caught.value.hint
        assert server.sent == ["em_1"]

    def test_an_answer_that_does_not_say_it_is_sent_leaves_a_doubt(self):
        held = Reply.of({"id": "em_1", "status": "draft"})
        with pytest.raises(OutcomeUnknown, match='"draft"'):
            buttondown(ButtondownServer(), held).publish(plain_message(), KEY)

    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(500), Reply(201, b"{}")])
    def test_a_lost_draft_has_announced_nothing(self, fault):
        server = ButtondownServer()
        with pytest.raises(Unreachable):
            buttondown(server, fault, drafts).publish(plain_message(), KEY)
        assert not server.sent

    def test_a_lost_draft_is_a_doubt_where_drafts_are_wanted(self):
        with pytest.raises(OutcomeUnknown):
            buttondown(ButtondownServer(), Fault.READ_TIMEOUT, drafts, status="draft").publish(
                plain_message(), KEY
            )


class TestLostAnswers:
    @pytest.fixture
    def run(self, tmp_path):
        """Return how one post is announced; hours pass between runs."""
        journal, clock = FileJournal(tmp_path / "ledger.jsonl"), Clock()
        journal.append(Line("firma", None, START - timedelta(days=9)))

        def announce(server, fault=None, strikes=sends):
            clock.now += timedelta(hours=1)
            account = Account("firma", buttondown(server, fault, strikes))
            (outcome,) = syndicate([post()], [account], journal, clock=clock)
            return str(outcome.outcome)

        return announce

    @pytest.mark.parametrize("strikes", [sends, drafts])
    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.RESET, Reply(502)])
    def test_a_mail_is_sent_once_whatever_became_of_an_answer(self, run, fault, strikes):
        server = ButtondownServer()
        server(_other())
        assert run(server, fault, strikes) in {"in-doubt", "due"}
        assert run(server) == "announced"
        assert run(server) == "unchanged"
        assert len(server.sent) == 1
        assert len(server.mails) == 2

    def test_one_that_was_never_sent_is_sent_by_a_later_run(self, run):
        server = ButtondownServer()
        run(server, Fault.READ_TIMEOUT)
        server.sent.clear()
        server.mails["em_1"]["status"] = "draft"
        assert run(server) == "announced"
        assert server.sent == ["em_1"]


def _other():
    """Return the request that makes a mail of another post."""
    mail = {"subject": "Other", "body": "x", "canonical_url": "https://o.example/"}
    headers = {"authorization": f"Token {API_KEY}"}
    content = json.dumps({**mail, "status": "draft"}).encode()
    return Request("POST", f"{SERVER}/emails", headers, content)
