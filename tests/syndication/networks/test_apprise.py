"""Apprise, really sending: to a server of this machine, as JSON and as to ntfy."""

from __future__ import annotations

import builtins
import json
import logging
import re
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span
from litfass_syndication.announcer import syndicate
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.journal import FileJournal
from litfass_syndication.measure import fits
from litfass_syndication.network import Secret
from litfass_syndication.networks import apprise as adapter
from litfass_syndication.networks.apprise import Apprise, Options
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

# On Python 3.11 and 3.12, Apprise imports what 3.13 no longer has.
pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore:'imghdr'")]

PASSWORD, TOPIC = "Passw0rd-that-nobody-may-see", "t0pic-that-nobody-may-see"
NOBODY = "127.0.0.1:9"  # the port of the discard service, which nobody runs any more


@dataclass
class Line(Wire):
    """A wire whose other end is a real socket."""

    def __call__(self, request):
        self.requests.append(request)
        answer = self.counterpart(request)
        if self.fault and self.strikes(request):
            self.struck.append(request)
            return self.fault
        return answer


def taken(request):
    """Take what comes, as ntfy and those who understand plain JSON do."""
    assert request.json()["message"]
    return Reply.of({"id": "1"})


class TestApprise(NetworkContract):
    network = Apprise
    tells_where = False

    @pytest.fixture(autouse=True)
    def served(self):
        with listening(self.answer) as address:
            place = address.removeprefix("http://")
            self.options = Options(Secret(f"json://firma:{PASSWORD}@{place}/{TOPIC}?retry=3"))
            yield

    def counterpart(self):
        return taken

    def publishes(self, request):
        return request.method == "POST"

    def wire(self, fault=None):
        self.line = Line(self.counterpart(), self.publishes, fault)
        return self.line

    def answer(self, request):
        return self.line(request)

    def connected(self, wire):
        assert wire is self.line
        return Apprise(self.options, None)

    @pytest.mark.parametrize("status", [401, 403, 404, 405])
    def test_refused_credentials_are_unauthorised(self, status):
        super().test_refused_credentials_are_unauthorised(status)

    @pytest.mark.parametrize("status", [400, 413, 422])
    def test_a_refused_message_is_rejected(self, status):
        super().test_a_refused_message_is_rejected(status)

    def test_a_long_rate_limit_is_told(self):
        """That there is one; how long it lasts is not handed on by Apprise."""
        error, wire = self.failing(Reply(429, headers={"Retry-After": "120"}))
        assert isinstance(error, RateLimited)
        assert error.retry_after is None
        assert len(wire.struck) == 1

    @pytest.mark.parametrize("scheme", ["json", "jsons", "ntfy"])
    def test_no_connection_is_unreachable(self, scheme):
        network = Apprise(Options(Secret(f"{scheme}://{NOBODY}/{TOPIC}")), None)
        with pytest.raises(Unreachable, match="firma"):
            network.publish(plain_message(), KEY)

    def test_no_answer_in_time_is_a_doubt(self, monkeypatch):
        monkeypatch.setattr("apprise.url.URLBase.socket_read_timeout", 0.05)
        monkeypatch.setattr(adapter, "_READ", 0.05)
        heard = Event()
        with listening(lambda _: heard.wait() and Reply(200)) as address:
            with pytest.raises(OutcomeUnknown, match="no answer"):
                apprise(address).publish(plain_message(), KEY)
            heard.set()

    @pytest.mark.parametrize(
        "fault",
        [
            Fault.RESET,
            Reply(302, headers={"Location": "/login"}),
            Reply(408),
            Reply(500),
            Reply(500, b"error=404."),
            Reply(502, b"Socket Exception: NewConnectionError"),
            Reply(503, headers={"Retry-After": "1"}),
            Reply(504),
        ],
    )
    def test_a_lost_or_useless_answer_is_a_doubt(self, fault):
        error, wire = self.failing(fault)
        assert isinstance(error, OutcomeUnknown)
        assert len(wire.requests) == 1

    @pytest.mark.parametrize("status", [400, 401, 429, 500])
    def test_no_part_of_the_address_shows(self, status, caplog, capfd):
        caplog.set_level(logging.DEBUG)
        error, _ = self.failing(Reply.of({"error": f"{PASSWORD} {TOPIC}"}, status))
        trace = "".join(traceback.format_exception(error))
        seen = (error.message, error.hint, trace, caplog.text, *capfd.readouterr())
        assert not any(part in text for part in (PASSWORD, TOPIC) for text in seen)


def apprise(server, path=TOPIC, scheme="json", **options):
    return Apprise(Options(Secret(f" {scheme}://{server[7:]}/{path}\n"), **options), None)


@pytest.fixture
def requests():
    """Return what comes to a server that takes everything, and give it its address."""

    class Requests(list):
        address = ""

        def __call__(self, request):
            self.append(request)
            return taken(request)

    heard = Requests()
    with listening(heard) as heard.address:
        yield heard


def test_the_text_goes_as_it_is(requests):
    text = "Grüße & <b>*laut*</b> 🎉 :tada: \\n مرحبا"
    message = plain_message(spans=(Span(text),))
    assert apprise(requests.address).publish(message, KEY) == Receipt("", "")
    (sent,) = requests
    assert (sent.json()["title"], sent.json()["message"]) == ("", text)
    assert sent.headers["user-agent"] == "Litfass"


def test_a_title_goes_apart_where_that_is_wanted(requests):
    apprise(requests.address, subject=True).publish(plain_message(), KEY)
    assert requests[0].json()["title"] == plain_message().title


def test_ntfy_gets_it_at_its_topic(requests):
    apprise(requests.address, scheme="ntfy").publish(plain_message(), KEY)
    assert requests[0].json() == {"topic": TOPIC, "message": plain_message().text}


def test_one_after_the_other(requests):
    network = apprise(requests.address)
    for text in ("eins", "zwei"):
        network.publish(plain_message(spans=(Span(text),)), KEY)
    assert [request.json()["message"] for request in requests] == ["eins", "zwei"]


def test_a_content_warning_is_missed(requests):
    receipt = apprise(requests.address).publish(plain_message(content_warning="Späne"), KEY)
    assert "content warnings" in receipt.notes[0]


@pytest.mark.parametrize("character", ["a", "ü", "😀", "ش", "e\u0301"])
def test_the_place_says_how_much_it_takes(character):
    able = Apprise(Options(Secret(f"tgram://123456789:{'a' * 35}/1")), None).limits()
    most = 4096 // len(character)
    assert able.limits[0].maximum == 4096
    assert fits((Span(character * (most - 1)),), able)
    assert fits((Span(character * most),), able)
    assert not fits((Span(character * most + "a"),), able)


def test_a_long_post_is_one_message(requests):
    network = apprise(requests.address, f"{TOPIC}?overflow=split")
    post = Announcement("p", "https://blog.example/p/", "A", NOW, "r", summary="Wort " * 9999)
    network.publish(compose(post, Account("firma", network), network.limits()), KEY)
    (sent,) = requests
    assert 32_000 < len(sent.json()["message"]) <= 32_768


def test_of_several_targets_nobody_knows_which_refused(monkeypatch):
    from apprise.plugins.ntfy import NotifyNtfy  # noqa: PLC0415 - heavy

    monkeypatch.setattr(NotifyNtfy, "request_rate_per_sec", 0)  # or it waits between them
    answers = [Reply.of({}), Reply(404)]
    with listening(lambda _: answers.pop(0)) as address, pytest.raises(OutcomeUnknown):
        apprise(address, "one/two", "ntfy").publish(plain_message(), KEY)
    assert not answers


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Socket Exception: Max retries (Caused by NameResolutionError: nowhere)", Unreachable),
        ("Socket Exception: [Errno 111] Connection refused", Unreachable),
        ("Socket Exception: SSLError(CERTIFICATE_VERIFY_FAILED)", Unreachable),
        ("Socket Exception: Read timed out.", OutcomeUnknown),
        ("Socket Exception: ('Connection aborted.', RemoteDisconnected)", OutcomeUnknown),
        ("Response Details: Socket Exception: Connection refused", OutcomeUnknown),
    ],
)
def test_only_what_was_never_connected_was_surely_not_sent(words, kind):
    heard = [(logging.WARNING, "A connection error occurred."), (logging.DEBUG, words)]
    assert type(adapter._sorted("firma", "ntfy", 1, heard)) is kind


def test_what_was_sent_and_then_refused_is_a_doubt():
    heard = [(logging.INFO, "Sent it."), (logging.WARNING, "No more of it: error=403.")]
    assert isinstance(adapter._sorted("firma", "ntfy", 1, heard), OutcomeUnknown)
    assert isinstance(adapter._sorted("firma", "ntfy", 1, heard[1:]), Unauthorised)
    assert isinstance(adapter._sorted("firma", "ntfy", 1, heard[1:] * 2), OutcomeUnknown)
    assert isinstance(adapter._sorted("firma", "ntfy", 1, []), OutcomeUnknown)


@pytest.mark.parametrize(
    "url",
    [
        "geheimes-wort",
        "unknown://geheimes-wort",
        "tgram://geheimes-wort",
        f"json://{NOBODY}/geheimes-wort, json://{NOBODY}/geheimes-wort",
        f"json://{NOBODY}/geheimes-wort\njson://{NOBODY}",
    ],
)
def test_an_address_that_is_none_is_told_and_not_shown(url, capfd, caplog):
    network = Apprise(Options(Secret(url)), None)
    for ask in (network.whoami, network.limits, lambda: network.publish(plain_message(), KEY)):
        with pytest.raises(AccountError, match="secret url") as caught:
            ask()
        shown = "".join((*traceback.format_exception(caught.value), *capfd.readouterr()))
        assert "geheimes-wort" not in shown + caught.value.hint + caplog.text


GUIDE = (Path(__file__).parents[3] / "posts/2026-11-24-apprise.md").read_text("utf-8")


@pytest.mark.parametrize("url", re.findall(r"^\| `(\w+://[^`]+)` \|", GUIDE, re.MULTILINE))
def test_the_addresses_of_the_guide_are_understood(url):
    assert Apprise(Options(Secret(url)), None).whoami().handle


def test_it_says_which_service_it_is_and_asks_nobody(requests):
    assert apprise(requests.address, scheme="ntfy").whoami().handle == "ntfy"
    assert not requests


def test_without_an_address_it_can_still_be_rehearsed():
    assert Apprise(Options(Secret("")), None).limits() == Apprise.capabilities


def test_without_apprise_a_person_is_told_what_to_install(monkeypatch):
    known = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == "apprise":
            raise ImportError(name)
        return known(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "apprise", raising=False)
    adapter._library.cache_clear()
    network = Apprise(Options(Secret(f"json://{NOBODY}")), None)
    for ask in (network.whoami, network.limits, lambda: network.publish(plain_message(), KEY)):
        with pytest.raises(AccountError, match="not installed") as caught:
            ask()
        assert "litfass[apprise]" in caught.value.hint


def test_accounts_that_fail_side_by_side_are_not_taken_for_each_other(tmp_path):
    statuses = {"one": 401, "two": 422, "three": 200, "four": 500}

    def answers(request):
        return Reply(statuses[request.path.strip("/")])

    post = Announcement("p", "https://blog.example/p/", "A", NOW, "r")
    with listening(answers) as address:
        accounts = [Account(name, apprise(address, name), backlog=True) for name in statuses]
        journal = FileJournal(tmp_path / "ledger.jsonl")
        outcomes = syndicate([post], accounts, journal, clock=lambda: NOW)
    told = {outcome.account: str(outcome.outcome) for outcome in outcomes}
    assert told == {"one": "due", "two": "refused", "three": "announced", "four": "in-doubt"}
    assert "one: JSON answered with status 401." in {outcome.reason for outcome in outcomes}


def test_it_is_imported_only_when_it_is_wanted():

    program = (
        "import sys; from litfass_syndication.networks import network_class;"
        "network_class('apprise'); print(json.dumps('apprise' in sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", f"import json; {program}"], capture_output=True, check=True
    )
    assert json.loads(said.stdout) is False
