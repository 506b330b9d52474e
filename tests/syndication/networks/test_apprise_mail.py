"""Apprise, really sending an e-mail: to a mail server of this machine that says what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.network import Secret
from litfass_syndication.networks.apprise import Apprise, Options
from litfass_syndication.testing import KEY, plain_message

pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore:'imghdr'")]

PASSWORD = "Passw0rd-that-nobody-may-see"
ORDINARY = {
    "EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 ok", "MAIL": "250 ok", "RCPT": "250 ok",
    "DATA": "354 go on", ".": "250 ok", "RSET": "250 ok", "QUIT": "221 bye",
}  # fmt: skip


@contextmanager
def mail_server(**answers: str) -> Iterator[tuple[int, list[str]]]:
    """Run a mail server; yields its port, and the mails that it has taken.

    It answers each command as usual, or as told. `end` answers a mail's end; if empty, it hangs up.
    """
    said = ORDINARY | {("." if name == "end" else name): text for name, text in answers.items()}
    taken: list[str] = []

    class Handler(StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                command = line.decode().split()[0].upper()
                self._answer(command)
                if said[command].startswith("354"):
                    self._take()
                if command == "QUIT" or (command == "DATA" and not said["."]):
                    return

        def _take(self):
            lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
            mail = "".join(lines)
            self._answer(".")
            if said["."].startswith("250"):
                taken.append(mail)

        def _answer(self, command):
            if said[command]:
                self.wfile.write(f"{said[command]}\r\n".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], taken
        finally:
            server.shutdown()
            thread.join()


def mail(port, **options):
    address = (
        f"mailto://ich:{PASSWORD}@localhost:{port}?from=ich@blog.example&to=alle@verein.example"
    )
    return Apprise(Options(Secret(address), **options), None)


def test_a_post_is_a_mail_with_its_title_as_subject():
    with mail_server() as (port, taken):
        mail(port, subject=True).publish(plain_message(), KEY)
    (only,) = taken
    read = message_from_string(only, policy=default)
    assert read["Subject"] == plain_message().title
    assert read["To"] == "alle@verein.example"
    assert read.get_content().strip().replace("\r", "") == plain_message().text


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"AUTH": f"535 5.7.8 {PASSWORD}?"}, Unauthorised),
        ({"DATA": "554 5.7.1 no"}, Rejected),
        ({"end": "552 5.3.4 too long"}, Rejected),
        ({"end": "451 4.3.0 later"}, OutcomeUnknown),
        ({"end": ""}, OutcomeUnknown),
        ({"RCPT": "550 5.1.1 who?"}, OutcomeUnknown),
    ],
)
def test_only_a_last_word_is_no_doubt(answers, kind, capfd, caplog):
    with mail_server(**answers) as (port, taken), pytest.raises(kind, match="firma: E-Mail") as no:
        mail(port).publish(plain_message(), KEY)
    assert not taken
    assert PASSWORD not in "".join((str(no.value), no.value.hint, caplog.text, *capfd.readouterr()))


def test_a_server_that_is_away_is_unreachable():
    with mail_server() as (port, _):
        pass
    with pytest.raises(Unreachable, match="firma"):
        mail(port).publish(plain_message(), KEY)
