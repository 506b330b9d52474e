"""Secrets stay out of whatever a person, a log or a traceback shows of a request."""

from __future__ import annotations

import logging
import traceback

import pytest

from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection, Policy
from litfass_syndication.network import Secret
from litfass_syndication.testing import Fault, Reply, Script, Wire


def connected(*answers: Reply | Fault, **changes) -> Connection:
    return Wire(Script(*answers)).connection("https://network.example", **changes)


class TestSecrets:
    SECRET = Secret("s3cr/et+väl ue")

    def failure(self, reply, caplog):
        caplog.set_level(logging.DEBUG)
        connection = connected(reply, secrets=(self.SECRET,), policy=Policy(tries=1))
        with pytest.raises((Rejected, Unauthorised, OutcomeUnknown)) as caught:
            connection.send("POST", f"/{self.SECRET.reveal()}/hook", json={})
        return caught.value

    @pytest.mark.parametrize("status", [302, 400, 401, 500])
    def test_an_echo_does_not_show_them(self, status, caplog):
        error = self.failure(
            Reply.of({"error": f"You sent {self.SECRET.reveal()}!"}, status), caplog
        )
        assert "You sent …!" in error.message
        seen = "".join(traceback.format_exception(error)) + error.hint + caplog.text
        assert "s3cr" not in seen

    def test_a_long_echo_is_redacted_before_it_is_cut(self, caplog):
        words = "x" * 195 + self.SECRET.reveal()
        assert "s3cr" not in self.failure(Reply.of({"error": words}, 400), caplog).message

    def test_a_redirect_does_not_show_them(self, caplog):
        there = "https://new.example/s3cr%2Fet%2Bv%C3%A4l%20ue"
        error = self.failure(Reply(301, b"", {"Location": there}), caplog)
        assert "s3cr" not in error.message + error.hint

    def test_no_request_hangs_in_the_chain(self, caplog):
        error = self.failure(Fault.READ_TIMEOUT, caplog)
        assert error.__cause__ is None
        assert error.__context__ is None

    def test_the_library_is_silent_even_when_all_is_well(self, caplog):
        caplog.set_level(logging.DEBUG)
        connected(Reply.of({})).get("/hook/geheim")
        assert caplog.text == ""

    def test_one_that_came_up_on_the_way_is_kept_too(self):
        connection = connected(Reply.of({"error": "bad session-jwt-1"}, 400))
        connection.conceal(Secret("session-jwt-1"))
        with pytest.raises(Rejected, match="bad …"):
            connection.get("/")
