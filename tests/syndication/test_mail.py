"""Mail handed to a real server: what is encrypted, and what each way to fail means."""

from __future__ import annotations

import socket
import ssl
import traceback
from base64 import b64encode
from dataclasses import replace
from threading import Thread

import pytest
import trustme
from tests.syndication.post_office import (
    BRISK,
    HANG_UP,
    HANG_UP_AFTER,
    PASSWORD,
    USER,
    led_here,
    open_office,
)

from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SyndicationError,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.mail import Relay
from litfass_syndication.network import Secret

LETTER = b"Subject: Hello\r\n\r\nOne\r\n.\r\n.two\r\n"
ANNA, BERT = "anna@reader.example", "bert@reader.example"

pytestmark = pytest.mark.server


def failing(office, **changes):
    with pytest.raises(SyndicationError) as caught, office.signed_in(**changes) as outgoing:
        outgoing.send(USER, ANNA, LETTER)
    assert "firma" in caught.value.message
    return caught.value


@pytest.fixture
def certificates():
    """Return an authority's certificate for mail.blog.example, for the server and for us."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("mail.blog.example").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("https://mail.example", "not that of a mail server"),
            ("mail.example", "not that of a mail server"),
            ("smtp://", "not that of a mail server"),
            ("smtps://mail.example/inbox", "not that of a mail server"),
            ("smtps://mail.example:port", "not that of a mail server"),
            ("smtps://user:pass@mail.example", "has a user"),
        ],
    )
    def test_what_is_no_mail_server_is_refused(self, address, words):
        with pytest.raises(AccountError, match=words) as caught:
            Relay(address, "firma")
        assert "pass@" not in caught.value.message

    @pytest.mark.parametrize(
        ("address", "port"), [("smtps://mail.example", 465), ("smtp://mail.example", 587)]
    )
    def test_a_port_need_not_be_said(self, address, port):
        asked = []

        def dial(*asking):
            asked.append(asking[:2])
            raise ConnectionRefusedError(111, "Connection refused")

        relay = Relay(address, "firma", dial=dial)
        with (
            pytest.raises(Unreachable, match=r"firma: mail\.example"),
            relay.signed_in("", PASSWORD),
        ):
            pass
        assert asked == [("mail.example", port)]


class TestEncryption:
    @pytest.mark.parametrize("kind", ["smtp", "smtps"])
    def test_mail_goes_encrypted_to_the_one_whom_the_certificate_names(self, certificates, kind):
        server, client = certificates
        with open_office(**{"tls" if kind == "smtps" else "starttls": server}) as office:
            there = {"tls": client, "dial": led_here(office)}
            with office.signed_in(server=f"{kind}://mail.blog.example", **there) as outgoing:
                assert outgoing.send(USER, ANNA, LETTER) is None
            error = failing(office, server=f"{kind}://mail.other.example", **there)
        assert isinstance(error, Unreachable)
        assert "certificate" in error.message
        assert office.recipients == [ANNA]

    @pytest.mark.parametrize("kind", ["smtp", "smtps"])
    def test_a_certificate_that_nobody_vouches_for_is_refused(self, certificates, kind):
        with open_office(**{"tls" if kind == "smtps" else "starttls": certificates[0]}) as office:
            error = failing(office, server=f"{kind}://mail.blog.example", dial=led_here(office))
        assert isinstance(error, Unreachable)
        assert "certificate" in error.message

    def test_a_server_that_would_have_it_in_the_clear_is_not_told_the_password(self):
        with open_office() as office:
            error = failing(office, server="smtp://mail.blog.example", dial=led_here(office))
        assert isinstance(error, AccountError)
        assert "in the clear" in error.message
        assert "smtps://mail.blog.example" in error.hint
        assert not office.mails

    def test_encryption_where_there_is_none_is_unreachable(self):
        with open_office() as office:
            error = failing(office, server=f"smtps://127.0.0.1:{office.port}")
        assert isinstance(error, Unreachable)

    def test_on_this_machine_a_server_may_ask_for_no_password(self):
        with open_office(hidden=True) as office, office.signed_in() as outgoing:
            assert outgoing.send(USER, ANNA, LETTER) is None


class TestSending:
    def test_lines_that_begin_with_a_dot_arrive_as_they_are(self):
        with open_office() as office, office.signed_in() as outgoing:
            outgoing.send(USER, ANNA, LETTER)
        ((_, mail),) = office.mails
        assert mail.get_payload() == "One\r\n.\r\n.two\r\n"

    def test_many_mails_go_over_one_connection(self):
        with open_office() as office, office.signed_in() as outgoing:
            for recipient in (ANNA, BERT, ANNA):
                outgoing.send(USER, recipient, LETTER)
            assert office.greetings == 1
        assert office.recipients == [ANNA, BERT, ANNA]

    def test_a_connection_that_was_closed_while_it_was_idle_is_opened_anew(self):
        with open_office() as office, office.signed_in() as outgoing:
            outgoing.send(USER, ANNA, LETTER)
            outgoing._smtp.sock.shutdown(socket.SHUT_RDWR)
            outgoing.send(USER, BERT, LETTER)
        assert office.recipients == [ANNA, BERT]

    def test_a_recipient_who_is_refused_leaves_the_others_alone(self):
        answers = {("RCPT", ANNA): f"550 5.1.1 <{ANNA}>: no such user"}
        with open_office(answers=answers) as office, office.signed_in() as outgoing:
            refusal = outgoing.send(USER, ANNA, LETTER)
            assert outgoing.send(USER, BERT, LETTER) is None
        assert (refusal.code, refusal.passing) == ("550", False)
        assert "no such user" in refusal.words
        assert "anna" not in refusal.words
        assert office.recipients == [BERT]

    @pytest.mark.parametrize(
        ("answer", "passing"),
        [
            ("450 4.2.0 Greylisted", True),
            ("451 try again", True),
            ("550 nobody", False),
            ("553 5.1.3 what a name", False),
            ("552 5.2.2 mailbox full", False),
        ],
    )
    def test_what_is_about_one_recipient_is_told_of_that_one(self, answer, passing):
        with open_office(answers={("RCPT", ANNA): answer}) as office, office.signed_in() as out:
            assert out.send(USER, ANNA, LETTER).passing is passing


class TestFailures:
    @pytest.mark.parametrize(
        ("command", "answer", "kind"),
        [
            ("MAIL", "550 5.7.60 not your address", Unauthorised),
            ("MAIL", "530 5.7.0 sign in first", Unauthorised),
            ("MAIL", "552 5.3.4 too large", Unauthorised),
            ("MAIL", "451 4.3.0 busy", RateLimited),
            ("MAIL", "421 4.3.2 closing", RateLimited),
            ("MAIL", HANG_UP, Unreachable),
            ("RCPT", "550 5.7.1 relaying denied", Unauthorised),
            ("RCPT", "554 relay access denied", Unauthorised),
            ("RCPT", "421 4.7.0 too many", RateLimited),
            ("RCPT", HANG_UP, Unreachable),
            ("DATA", "554 5.7.1 looks like spam", Rejected),
            ("DATA", "552 5.3.4 too large", Rejected),
            ("DATA", "550 5.4.5 daily quota exceeded", RateLimited),
            ("DATA", "452 4.3.1 no room", RateLimited),
            ("DATA", HANG_UP, OutcomeUnknown),
            ("DATA", HANG_UP_AFTER, OutcomeUnknown),
            ("DATA", "354 what", OutcomeUnknown),
        ],
    )
    def test_each_means_what_it_means_for_the_announcement(self, command, answer, kind):
        with open_office(answers={(command, "*"): answer}) as office:
            error = failing(office)
        assert type(error) is kind
        assert error.hint

    def test_nobody_there_is_unreachable(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        relay = Relay(f"smtp://127.0.0.1:{port}", "firma", patience=BRISK)
        with pytest.raises(Unreachable, match="refused"), relay.signed_in(USER, PASSWORD):
            pass

    def test_a_wrong_password_is_unauthorised_and_shown_nowhere(self):
        wrong = Secret("wr0ng-and-nobody-may-see-it")
        with open_office() as office:
            relay = office.relay(secrets=(wrong,))
            with pytest.raises(Unauthorised) as caught, relay.signed_in(USER, wrong):
                pass
        trace = "".join(traceback.format_exception(caught.value))
        assert "wr0ng" not in trace + repr(caught.value) + caught.value.hint
        assert caught.value.__context__ is None

    def test_a_password_that_cannot_be_said_is_no_bug(self):
        with open_office() as office:
            relay = office.relay()
            with pytest.raises(Unauthorised, match="letters"), relay.signed_in(USER, Secret("Ü")):
                pass

    @pytest.mark.parametrize(("command", "answer"), [("MAIL", "550"), ("DATA", "554")])
    def test_secrets_and_addresses_that_are_echoed_are_not_shown(self, command, answer):
        echo = f"{answer} 5.7.1 {PASSWORD.reveal()} for <{ANNA}> {ANNA}"
        with open_office(answers={(command, "*"): echo}) as office:
            error = failing(office)
        trace = "".join(traceback.format_exception(error))
        seen = error.message + error.hint + repr(error) + trace
        assert PASSWORD.reveal() not in seen
        assert "anna" not in error.message + error.hint
        assert error.__context__ is None


@pytest.mark.parametrize("secret", ["two  gaps", "tab\tbed", "plain-one", "<a@b.example>"])
@pytest.mark.parametrize("written", [str, lambda one: b64encode(f"\0me\0{one}".encode()).decode()])
def test_no_form_of_a_secret_is_shown(secret, written):
    relay = Relay("smtps://mail.example", "firma", secrets=(Secret(secret),))
    said = relay.says("does not let us in", 535, f"5.7.8 {written(secret)} is wrong".encode())
    assert secret not in said
    assert " ".join(secret.split()) not in said
    assert "is wrong" in said


def scripted(*lines):
    """Return a server that says these lines, one after each that it hears, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as heard:
            for line in lines:
                peer.sendall(line)
                heard.readline()
        listener.close()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    return f"smtp://127.0.0.1:{listener.getsockname()[1]}", thread


@pytest.mark.parametrize(
    "lines",
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"554 5.3.2 no mail here\r\n",),
        (b"220 hello\r\n", b"250 hello\r\n", b""),
        (b"220 hello\r\n", b"250 hello\r\n", b"nonsense\r\n", b""),
        (b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b""),
        (b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"),
    ],
    ids=["http", "closed", "after EHLO", "nonsense", "before DATA", "before the last dot"],
)
def test_before_the_last_dot_nothing_has_happened(lines):
    server, thread = scripted(*lines)
    relay = Relay(server, "firma", patience=replace(BRISK, answer=0.2))
    with pytest.raises(SyndicationError) as caught, relay.signed_in(USER, PASSWORD) as outgoing:
        outgoing.send(USER, ANNA, LETTER * 100_000)
    thread.join()
    assert isinstance(caught.value, Unreachable | Unauthorised)
