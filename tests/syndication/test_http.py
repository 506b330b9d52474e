"""The one policy for requests: what is repeated, what is followed, and what is told."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unreachable,
)
from litfass_syndication.http import Connection, Policy
from litfass_syndication.testing import NOW, Fault, Reply, Script, Wire

SERVER = "https://network.example/base"


class Talk:
    """A connection to a script, and what was sent and slept on it."""

    def __init__(self, *answers: Reply | Fault) -> None:
        self.sleeps: list[float] = []
        self.wire = Wire(Script(*answers))
        self.requests = self.wire.requests

    def connection(self, **changes) -> Connection:
        return self.wire.connection(SERVER, sleep=self.sleeps.append, **changes)


OK = Reply.of({"id": "1"})


def named(answer):
    return answer.name if isinstance(answer, Fault) else str(answer.status)


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("http://network.example", "not encrypted"),
            ("network.example", "not a whole address"),
            ("ftp://network.example", "not a whole address"),
            ("https://", "not a whole address"),
            ("https://[::1", "not a whole address"),
            ("https://network.example:port", "not a whole address"),
            ("https://user:pass@network.example", "password"),
            ("http://127.0.0.1.network.example", "not encrypted"),
            ("http://localhost.network.example", "not encrypted"),
        ],
    )
    def test_one_that_would_endanger_secrets_is_refused(self, address, words):
        with pytest.raises(AccountError, match=words) as caught:
            Connection(address, "firma")
        assert "pass@" not in caught.value.message

    @pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:80", "a.localhost"])
    def test_plain_http_is_for_this_machine(self, host):
        Connection(f"http://{host}")

    def test_a_path_is_within_the_server_and_a_whole_address_is_itself(self):
        talk = Talk(OK)
        connection = talk.connection(headers={"X-Ours": "1"})
        connection.get("/api/v1", params={"q": "ä b"})
        connection.get("https://other.example/x")
        assert talk.requests[0].url == f"{SERVER}/api/v1?q=%C3%A4+b"
        assert talk.requests[0].headers["x-ours"] == "1"
        assert talk.requests[1].url == "https://other.example/x"
        assert "x-ours" not in talk.requests[1].headers

    def test_a_whole_address_must_be_encrypted_too(self):
        with pytest.raises(AccountError):
            Talk(OK).connection().send("POST", "http://other.example/", json={})

    def test_we_say_who_we_are(self):
        talk = Talk(OK)
        talk.connection().get("/")
        assert talk.requests[0].headers["user-agent"].startswith("Litfass")


class TestAsking:
    @pytest.mark.parametrize(
        "passing",
        [Reply(500), Reply(503), Fault.READ_TIMEOUT, Fault.RESET, Fault.CONNECT_REFUSED],
        ids=named,
    )
    def test_what_passes_is_asked_again_ever_later(self, passing):
        talk = Talk(passing, passing, OK)
        assert talk.connection().get("/").json() == {"id": "1"}
        assert talk.sleeps == [1.0, 2.0]

    def test_the_wait_is_scattered(self):
        talk = Talk(Reply(500), OK)
        talk.connection(chance=lambda: 0.0).get("/")
        assert talk.sleeps == [0.5]

    def test_it_gives_up_and_says_who_fails(self):
        talk = Talk(Reply(502, b"<h1>Bad   Gateway</h1>"))
        with pytest.raises(Unreachable, match=r"firma: network\.example .*502.*Bad Gateway"):
            talk.connection(policy=Policy(tries=3)).get("/")
        assert len(talk.requests) == 3

    def test_a_refusal_is_final(self):
        talk = Talk(Reply.of({"error": "Record not found"}, 404))
        with pytest.raises(Rejected, match="Record not found"):
            talk.connection().get("/")
        assert len(talk.requests) == 1

    def test_an_expected_refusal_is_an_answer(self):
        talk = Talk(Reply.of({"error": "Record not found"}, 404))
        answer = talk.connection().get("/", expect=(404,))
        assert answer.status == 404
        assert answer.json() == {"error": "Record not found"}
        assert isinstance(answer.error, Rejected)

    def test_an_answer_that_lacks_something_is_unreachable(self):
        answer = Talk(OK).connection().get("/")
        assert answer.require(str, "id") == "1"
        with pytest.raises(Unreachable, match=r'firma: .*"account\.url"'):
            answer.require(str, "account", "url")

    @pytest.mark.parametrize("fault", [Fault.ENDLESS, Reply(200, b"x" * 1001)], ids=named)
    def test_an_answer_without_end_is_refused(self, fault):
        talk = Talk(fault)
        with pytest.raises(Unreachable, match="does not end"):
            talk.connection(policy=Policy(most_bytes=1000)).get("/")
        assert len(talk.requests) == 1

    def test_an_answer_that_drips_is_refused(self):
        times = iter(NOW + timedelta(seconds=90 * step) for step in range(100))
        talk = Talk(Fault.ENDLESS)
        with pytest.raises(Unreachable, match="does not end"):
            talk.connection(clock=lambda: next(times), policy=Policy(most_bytes=2**40)).get("/")


class TestRedirects:
    def test_within_the_server_they_are_followed_with_all_headers(self):
        talk = Talk(Reply(301, headers={"Location": "/base/new"}), OK)
        answer = talk.connection().get("/old", headers={"Authorization": "Bearer t"})
        assert answer.url == "https://network.example/base/new"
        assert talk.requests[1].headers["authorization"] == "Bearer t"

    @pytest.mark.parametrize(
        "there", ["https://other.example/", "https://network.example:444/", "//other.example/"]
    )
    def test_another_server_gets_no_credentials(self, there):
        talk = Talk(Reply(302, headers={"Location": there}), OK)
        connection = talk.connection(headers={"X-Api-Key": "k"})
        connection.get("/", headers={"Authorization": "Bearer t"})
        assert "authorization" not in talk.requests[1].headers
        assert "x-api-key" not in talk.requests[1].headers

    @pytest.mark.parametrize(
        "there",
        ["http://network.example/", "https://127.0.0.1/", "file:///etc/passwd", "https://[bad"],
    )
    def test_it_does_not_leave_encryption_or_enter_this_machine(self, there):
        talk = Talk(Reply(302, headers={"Location": there}), OK)
        with pytest.raises(Unreachable, match="points to"):
            talk.connection().get("/")
        assert len(talk.requests) == 1

    def test_a_circle_has_an_end(self):
        talk = Talk(Reply(302, headers={"Location": "/base/again"}))
        with pytest.raises(Unreachable, match="circles"):
            talk.connection(policy=Policy(redirects=5)).get("/")
        assert len(talk.requests) == 6

    @pytest.mark.parametrize("status", [301, 307, 308])
    def test_a_change_is_not_carried_elsewhere(self, status):
        talk = Talk(Reply(status, headers={"Location": "https://new.example/"}))
        with pytest.raises(Rejected, match=r"moved to https://new\.example/"):
            talk.connection().send("POST", "/", json={})
        assert len(talk.requests) == 1

    def test_a_redirect_after_a_change_may_mean_anything(self):
        talk = Talk(Reply(302, headers={"Location": "/login"}))
        with pytest.raises(OutcomeUnknown):
            talk.connection().send("POST", "/", json={})


class TestChanging:
    @pytest.mark.parametrize(
        "fault",
        [
            Fault.READ_TIMEOUT,
            Fault.RESET,
            Fault.ENDLESS,
            Reply(500),
            Reply(503, b"", {"Retry-After": "1"}),
        ],
        ids=named,
    )
    def test_what_may_have_happened_is_not_repeated(self, fault):
        talk = Talk(fault, OK)
        with pytest.raises(OutcomeUnknown, match="firma"):
            talk.connection().send("POST", "/", json={})
        assert len(talk.requests) == 1
        assert talk.sleeps == []

    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.RESET, Reply(500)], ids=named)
    def test_unless_the_adapter_knows_that_it_may(self, fault):
        talk = Talk(fault, OK)
        assert talk.connection().send("PUT", "/", json={}, repeatable=True).status == 200
        assert len(talk.requests) == 2

    @pytest.mark.parametrize("fault", [Fault.CONNECT_REFUSED, Reply(408), Reply(425)], ids=named)
    def test_what_surely_did_not_happen_is_tried_again(self, fault):
        talk = Talk(fault, OK)
        talk.connection().send("POST", "/", json={})
        assert len(talk.requests) == 2

    @pytest.mark.parametrize("then", [Fault.CONNECT_REFUSED, Reply(409), Reply(401)], ids=named)
    def test_a_doubt_stays_one_whatever_comes_after_it(self, then):
        """The first try may have done it: then "refused" or "no connection" say nothing of it."""
        talk = Talk(Fault.READ_TIMEOUT, then)
        with pytest.raises(OutcomeUnknown):
            talk.connection().send("PUT", "/", json={}, repeatable=True)
        assert len(talk.requests) > 1

    def test_all_kinds_of_bodies_are_sent(self):
        talk = Talk(OK)
        connection = talk.connection()
        connection.send("POST", "/", json=[None])
        connection.send("POST", "/", form={"a": "ü"})
        connection.send("POST", "/", files={"f": ("n.png", b"PNG", "image/png")}, form={"a": "b"})
        connection.send("PUT", "/", content=b"raw", headers={"Content-Type": "image/png"})
        sent = [request.content for request in talk.requests]
        assert sent[:2] == [b"[null]", b"a=%C3%BC"]
        assert b'filename="n.png"' in sent[2]
        assert sent[3] == b"raw"
        assert talk.requests[3].headers["content-type"] == "image/png"

    def test_cookies_are_not_kept(self):
        talk = Talk(Reply(200, b"{}", {"Set-Cookie": "session=1; Path=/"}), OK)
        connection = talk.connection()
        connection.get("/")
        connection.get("/")
        assert "cookie" not in talk.requests[1].headers

    def test_waiting_for_the_network_is_sleeping(self):
        talk = Talk(OK)
        talk.connection().pause(2.5)
        assert talk.sleeps == [2.5]


class TestRateLimits:
    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("Retry-After", "5"),
            ("Retry-After", "Mon, 04 May 2026 12:00:05 GMT"),
            ("X-RateLimit-Reset", "2026-05-04T12:00:05.000Z"),
            ("RateLimit-Reset", str(int(NOW.timestamp()) + 5)),
            ("RateLimit-Reset", "5"),
        ],
    )
    def test_a_short_one_is_waited_for(self, header, value):
        talk = Talk(Reply(429, b"", {header: value}), OK)
        talk.connection().send("POST", "/", json={})
        assert talk.sleeps == [5.0]

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [({"Retry-After": "300"}, 300), ({}, None), ({"Retry-After": "soon"}, None)],
    )
    def test_a_long_or_unknown_one_is_told(self, headers, seconds):
        talk = Talk(Reply(429, b"", headers))
        with pytest.raises(RateLimited) as caught:
            talk.connection().send("POST", "/", json={})
        assert caught.value.retry_after == seconds
        assert len(talk.requests) == 1

    def test_a_question_respects_an_overloaded_server(self):
        talk = Talk(Reply(503, b"", {"Retry-After": "300"}))
        with pytest.raises(Unreachable):
            talk.connection().get("/")
        assert len(talk.requests) == 1


def test_the_http_library_is_loaded_only_when_it_is_needed():
    code = "import sys, litfass_syndication.http; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
