"""The policy for requests against real servers on this machine, broken in real ways."""

from __future__ import annotations

import socket
import traceback
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest

from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.http import Connection, Policy
from litfass_syndication.network import Secret
from litfass_syndication.testing import Reply, listening


@contextmanager
def raw(*answers: bytes | None):
    """Yield the address of a server on a real socket, and what it receives.

    It reads a request, sends the next bytes and closes; for None it resets the connection.
    """
    received = []

    def serve():
        for answer in answers:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                data = peer.recv(65536)
                if data:
                    received.append(data)
                if answer is None:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                else:
                    peer.sendall(answer)

    listener = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.server
class TestRealSockets:
    def quick(self, address, **changes):
        policy = Policy(connect=1, read=0.1, tries=1)
        return Connection(address, "firma", policy=replace(policy, **changes), sleep=lambda _: None)

    def test_a_question_is_answered(self):
        with listening(lambda request: Reply.of({"said": request.json()})) as address:
            answer = Connection(address).send("POST", "/", json="Grüße")
        assert answer.require(str, "said") == "Grüße"

    def test_a_closed_port_is_unreachable(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        with pytest.raises(Unreachable, match=rf"firma: 127\.0\.0\.1:{port} cannot be reached"):
            self.quick(f"http://127.0.0.1:{port}").send("POST", "/", json={})

    def test_a_server_without_encryption_is_unreachable(self):
        reply = b"HTTP/1.1 400 Bad Request\r\n\r\n"
        with raw(reply) as (address, _), pytest.raises(Unreachable):
            self.quick(address.replace("http:", "https:")).send("POST", "/", json={})

    @pytest.mark.parametrize(
        "answer",
        [None, b"", b"no http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"],
        ids=["reset", "closed", "garbage", "truncated"],
    )
    def test_an_answer_that_breaks_off_is_a_doubt(self, answer):
        with raw(answer, answer) as (address, received):
            with pytest.raises(OutcomeUnknown):
                self.quick(address, tries=3).send("POST", "/", json={})
            assert len(received) == 1

    def test_silence_is_a_doubt(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with pytest.raises(OutcomeUnknown, match="in time"):
                self.quick(address).send("POST", "/", json={})

    def test_each_request_has_a_connection_of_its_own(self):
        """A kept one may close in the moment of sending, and nobody would know what happened."""
        keeps = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"
        with raw(keeps, keeps) as (address, received):
            connection = self.quick(address)
            assert [connection.get("/").status for _ in range(2)] == [200, 200]
            assert len(received) == 2

    def test_a_proxy_of_the_environment_is_not_for_this_machine(self, monkeypatch):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with listening(lambda _: Reply.of({})) as address:
            assert self.quick(address).get("/").status == 200

    def test_an_error_that_breaks_off_is_still_one(self):
        reply = b"HTTP/1.1 422 No\r\nContent-Length: 999\r\n\r\n{"
        with raw(reply) as (address, _), pytest.raises(Rejected, match="422"):
            self.quick(address).send("POST", "/", json={})

    @pytest.mark.parametrize("token", ["tok\nen-1", "tökén-1€"])
    def test_one_that_no_header_takes_is_explained_and_not_shown(self, token):
        with raw(b"HTTP/1.1 200 OK\r\n\r\n") as (address, received):
            connection = Connection(address, "firma", secrets=(Secret(token),))
            with pytest.raises(Unauthorised, match="firma") as caught:
                connection.send("POST", "/", headers={"Authorization": f"Bearer {token}"})
        assert "en-1" not in "".join(traceback.format_exception(caught.value))
        assert received == []
