"""Mail handed to a server: encryption, signing in, timeouts, sorting, redaction. The one policy.

The only module that knows smtplib. What a server's numbers mean is in RFC 5321, section 4.2, and
RFC 3463; when they come, in section 4.5.4.2 of the former.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litfass_syndication.address import MailServer, mail_server
from litfass_syndication.errors import AccountError, NetworkError, SyndicationError
from litfass_syndication.network import Outgoing, Refusal, Secret
from litfass_syndication.redaction import MASK, Redaction
from litfass_syndication.smtp_codes import about_the_mail, about_the_recipient, about_us
from litfass_syndication.verdict import Circumstances

if TYPE_CHECKING:
    import smtplib
    import ssl

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+")
_WORDS = 200  # characters of a server's own words that a person is shown
_US = "[127.0.0.1]"  # how we introduce ourselves: the name of this machine is nobody's business
_GO_ON, _CLOSING = 354, 421
_DOT = re.compile(rb"^\.", re.MULTILINE)

Dial = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds: to `connect`, for an answer, and for that to a whole mail.

    A server may look for viruses before it takes a mail, and RFC 5321, section 4.5.3.2.6, gives it
    ten minutes; whoever hangs up earlier does not know what became of it.
    """

    connect: float = 30.0
    answer: float = 60.0
    taken: float = 600.0


_PATIENCE = Patience()


def _dial(host: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((host, port), seconds)


class Relay:
    """One account's mail server; implements `Mail` of network.py.

    `server` is smtps://HOST, or smtp://HOST for one that begins to encrypt when it is asked to
    (STARTTLS); only on this machine mail may travel in the clear. Raises AccountError when it is
    neither. Nothing is repeated, but that a connection which a server has closed while it was idle
    is opened anew.
    """

    def __init__(
        self,
        server: str,
        account: str = "",
        *,
        secrets: tuple[Secret, ...] = (),
        patience: Patience = _PATIENCE,
        tls: ssl.SSLContext | None = None,
        dial: Dial = _dial,
    ) -> None:
        self._server = mail_server(server, account)
        self._redact = Redaction(secrets)
        self._patience = patience
        self._tls = tls
        self._dial = dial
        self._circumstances = Circumstances(account, self._server.host, change=True)

    @contextmanager
    def signed_in(self, user: str, password: Secret) -> Iterator[Outgoing]:
        """Sign in, and stay so until the end of the block."""
        outgoing = _Outgoing(self, user, password)
        outgoing.connect()
        try:
            yield outgoing
        finally:
            outgoing.close()

    def opened(self, user: str, password: Secret) -> smtplib.SMTP | SyndicationError:
        """Return a connection that is encrypted and signed in, or why there is none."""
        smtp = self._new()
        try:
            problem = self._signed_in(smtp, user, password)
        except UnicodeError:
            why = "user or password have letters in them that SMTP has not"
            problem = self._circumstances.unsendable(why).error
        except OSError as error:  # smtplib's own are some, too
            problem = self._unconnected(error)
        if problem:
            smtp.close()
        return problem or smtp

    def says(self, what: str, code: int, said: bytes) -> str:
        """Return a sentence with the server's own words, without secrets and addresses."""
        words = self.shown(said)
        return self._circumstances.words(f"{what} ({code}){f': {words}' if words else '.'}")

    def shown(self, said: bytes) -> str:
        """Return a server's words as a person may read them."""
        told = self._redact(said.decode("utf-8", "replace"))  # before and after: gaps may be in it
        plain = "".join(filter(str.isprintable, " ".join(told.split())))
        return _ADDRESS.sub(MASK, self._redact(plain))[:_WORDS]

    def lost(self, *, sure: bool) -> NetworkError:
        """Return what a broken connection means. `sure`: the mail was not whole yet."""
        if sure:
            return self._circumstances.unreachable("the connection broke").error
        return self._circumstances.unusable("no answer came to the whole mail.")

    def wait_for_taking(self, smtp: smtplib.SMTP) -> None:
        """Be patient with the answer to a whole mail."""
        if smtp.sock:
            smtp.sock.settimeout(self._patience.taken)

    def wait_as_usual(self, smtp: smtplib.SMTP) -> None:
        """Be as patient as with any answer."""
        if smtp.sock:
            smtp.sock.settimeout(self._patience.answer)

    def _new(self) -> smtplib.SMTP:
        import smtplib  # noqa: PLC0415

        dial, context, server = self._dial, self._context(), self._server

        class Dialled(smtplib.SMTP):
            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
                self._host = host  # what STARTTLS holds the certificate against
                line = dial(host, port, timeout)
                return context.wrap_socket(line, server_hostname=host) if server.tls else line

        return Dialled(local_hostname=_US, timeout=self._patience.connect)

    def _context(self) -> ssl.SSLContext:
        import ssl  # noqa: PLC0415

        return self._tls or ssl.create_default_context()

    def _signed_in(
        self, smtp: smtplib.SMTP, user: str, password: Secret
    ) -> SyndicationError | None:
        server = self._server
        code, said = smtp.connect(server.name, server.port)
        if code != 220:  # noqa: PLR2004 - "ready"
            return about_us(code, self.says("takes no mail now", code, said))
        self.wait_as_usual(smtp)
        smtp.ehlo()
        if not server.tls and not server.here:
            if not smtp.has_extn("starttls"):
                return _in_the_clear(server, self._circumstances)
            smtp.starttls(context=self._context())
            smtp.ehlo()
        if server.here and not smtp.has_extn("auth"):
            return None  # a server of one's own that knows whoever is on its machine
        return self._introduced(smtp, user, password)

    def _introduced(
        self, smtp: smtplib.SMTP, user: str, password: Secret
    ) -> SyndicationError | None:
        """Sign in, in one way and once: a second try with a wrong password may lock a mailbox."""
        import smtplib  # noqa: PLC0415

        ways = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login}
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        way = next((one for one in ways if one in offered), "")
        if not way:
            return about_us(530, self.says("lets nobody sign in with a password", 530, b""))
        smtp.user, smtp.password = user, password.reveal()
        try:
            smtp.auth(way, ways[way])
        except smtplib.SMTPAuthenticationError as error:
            code, said = error.smtp_code, error.smtp_error
            return about_us(code, self.says("does not let us in", code, _bytes(said)))
        return None

    def _unconnected(self, error: OSError) -> NetworkError:
        import smtplib  # noqa: PLC0415
        import ssl  # noqa: PLC0415

        if isinstance(error, ssl.SSLCertVerificationError):
            why = f"its certificate does not hold: {error.verify_message.rstrip('.')}"
        elif isinstance(error, ssl.SSLError):
            why = "it does not speak TLS on this port; try smtp:// for smtps://, or the reverse"
        elif isinstance(error, TimeoutError):
            why = "nobody answers in time"
        elif isinstance(error, smtplib.SMTPException):
            why = "it hung up, or does not speak SMTP on this port"
        else:
            why = (error.strerror or "no connection").rstrip(".")
        return self._circumstances.unreachable(self._redact(why)).error


class _Outgoing:
    """Mail over one connection, which is opened anew where it was lost between two mails."""

    def __init__(self, relay: Relay, user: str, password: Secret) -> None:
        self._relay = relay
        self._user = user
        self._password = password
        self._smtp: smtplib.SMTP | None = None

    def connect(self) -> smtplib.SMTP:
        """Connect and sign in, if that is not done; raises SyndicationError."""
        if self._smtp is None:
            opened = self._relay.opened(self._user, self._password)
            if isinstance(opened, SyndicationError):
                raise opened
            self._smtp = opened
        return self._smtp

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.quit()
            self._hang_up()

    def send(self, sender: str, recipient: str, letter: bytes) -> Refusal | None:
        """Hand over a mail for one recipient, once."""
        kept = self._smtp is not None
        if kept and not self._is_there(self.connect()):
            self._hang_up()
        outcome = self._sent(self.connect(), sender, recipient, letter)
        if isinstance(outcome, NetworkError):
            raise outcome
        return outcome

    def _is_there(self, smtp: smtplib.SMTP) -> bool:
        """Tell whether a connection still stands, and clear what another mail has left."""
        with suppress(OSError):
            return smtp.rset()[0] == 250  # noqa: PLR2004 - "done"
        return False

    def _sent(
        self, smtp: smtplib.SMTP, sender: str, recipient: str, letter: bytes
    ) -> Refusal | NetworkError | None:
        """Say it step by step: nothing has happened before the last dot."""
        whole = False
        try:
            code, said = smtp.mail(sender, [f"size={len(letter)}"] if smtp.has_extn("size") else [])
            if code != 250:  # noqa: PLR2004 - "done"
                return self._refused(code, said, about_us)
            code, said = smtp.rcpt(recipient)
            if code not in {250, 251}:
                return self._not_for(code, said)
            code, said = smtp.docmd("DATA")
            if code != _GO_ON:
                return self._refused(code, said, about_the_mail)
            smtp.send(_DOT.sub(b"..", letter))
            self._relay.wait_for_taking(smtp)
            whole = True
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            self._relay.wait_as_usual(smtp)
        except OSError:
            self._hang_up()
            return self._relay.lost(sure=not whole)
        return None if code // 100 == 2 else self._refused(code, said, about_the_mail)  # noqa: PLR2004

    def _not_for(self, code: int, said: bytes) -> Refusal | NetworkError:
        if code != _CLOSING and about_the_recipient(code, said):
            return Refusal(str(code), self._relay.shown(said), passing=code < 500)  # noqa: PLR2004
        return self._refused(code, said, about_us)

    def _refused(
        self, code: int, said: bytes, sort: Callable[[int, str], NetworkError]
    ) -> NetworkError:
        if code == _CLOSING:
            self._hang_up()
        return sort(code, self._relay.says("does not take it", code, said))

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _in_the_clear(server: MailServer, circumstances: Circumstances) -> AccountError:
    hint = f"Nothing was said to it. Try smtps://{server.name}, or ask whoever runs the server."
    return AccountError(circumstances.words("would have us send in the clear."), hint)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()
