# ruff: noqa: N802, ARG002 - the names and arguments are aiosmtpd's
"""A real mail server on this machine, that can be told to refuse, to put off and to hang up."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from litfass_syndication.mail import Patience, Relay
from litfass_syndication.network import Secret

USER, PASSWORD = "post@blog.example", Secret("s3cret-and-nobody-may-see-it")
BRISK = Patience(connect=2, answer=2, taken=2)
HANG_UP = "hang up"
HANG_UP_AFTER = "take it and hang up"


@dataclass
class PostOffice:
    """Takes mail; `answers` are what it says instead, by command and recipient or "*"."""

    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    mails: list[tuple[str, object]] = field(default_factory=list)
    greetings: int = 0
    port: int = 0
    hidden: bool = False  # no sign-in is offered

    @property
    def recipients(self):
        return [recipient for recipient, _ in self.mails]

    @property
    def address(self):
        return f"smtp://127.0.0.1:{self.port}"

    def relay(self, **changes):
        """Return a line of account "firma" to it."""
        given = {"secrets": (PASSWORD,), "patience": BRISK, **changes}
        return Relay(given.pop("server", self.address), "firma", **given)

    def signed_in(self, **changes):
        return self.relay(**changes).signed_in(USER, PASSWORD)

    def _told(self, server, command, recipient="*"):
        answer = self.answers.get((command, recipient)) or self.answers.get((command, "*"))
        if answer == HANG_UP:
            server.transport.abort()
        return answer

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.greetings += 1
        session.host_name = hostname
        if self.hidden:
            return [one for one in responses if "AUTH" not in one and "STARTTLS" not in one]
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self._told(server, "MAIL") or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self._told(server, "RCPT", address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (recipient,) = envelope.rcpt_tos
        answer = self._told(server, "DATA", recipient)
        if answer in {None, HANG_UP_AFTER} or answer.startswith("2"):
            mail = message_from_bytes(envelope.original_content, policy=default)
            self.mails.append((recipient, mail))
        if answer == HANG_UP_AFTER:
            server.transport.abort()
        return answer or "250 OK"


def _known(server, session, envelope, mechanism, data):
    del server, session, envelope, mechanism
    told = (data.login.decode(), data.password.decode())
    return AuthResult(success=told == (USER, PASSWORD.reveal()), handled=False)


class _Counter(Controller):
    """Listens on a free port."""

    def __init__(self, office, **terms):
        super().__init__(office, "127.0.0.1", 0, **terms)

    def factory(self):
        return SMTP(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self):
        self.handler.port = self.server.sockets[0].getsockname()[1]
        self.port = self.handler.port
        super()._trigger_server()


@contextmanager
def open_office(*, tls=None, starttls=None, **changes):
    """Open a post office on a free port of 127.0.0.1."""
    office = PostOffice(**changes)
    terms = {"ssl_context": tls} if tls else {}
    counter = _Counter(
        office,
        authenticator=_known,
        auth_require_tls=False,
        tls_context=starttls,
        decode_data=False,
        **terms,
    )
    counter.start()
    try:
        yield office
    finally:
        counter.stop()


def led_here(office):
    """Return who dials the office whatever name is asked for."""
    return lambda _host, _port, seconds: socket.create_connection(
        ("127.0.0.1", office.port), seconds
    )
