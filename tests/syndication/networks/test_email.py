"""A newsletter, against a real mail server that refuses, puts off and hangs up."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.syndication.post_office import (
    HANG_UP,
    HANG_UP_AFTER,
    PASSWORD,
    USER,
    led_here,
    open_office,
)
from tests.syndication.town import START, Clock, PowerCutError, post

from litfass_syndication.account import Account
from litfass_syndication.announcement import Article
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Content, Dedupe
from litfass_syndication.desk import settle
from litfass_syndication.errors import (
    AccountError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unfinished,
    Unreachable,
)
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line, Slot
from litfass_syndication.networks.email import Email, Options
from litfass_syndication.postbook import Postbook
from litfass_syndication.testing import KEY, AdapterContract, picture, plain_message

LIST = "news@lists.example.org"
READERS = tuple(f"{name}@reader.example" for name in ("anna", "bert", "carl", "dora"))
ANNA, BERT, CARL, DORA = READERS
OPTIONS = Options("smtps://mail.blog.example", USER, PASSWORD, USER, LIST)
LEAVE = "leave@blog.example"

pytestmark = pytest.mark.server


def email(office, **changes):
    return Email(replace(OPTIONS, **changes), office.relay())


def publishing(kind, answers, **changes):
    with open_office(answers=answers) as office, pytest.raises(kind) as caught:
        email(office, **changes).publish(plain_message(), KEY)
    return caught.value, office


@pytest.fixture
def readers(tmp_path):
    """Write a file of subscribers, and return what an account says of it."""
    path = tmp_path / "readers.txt"
    path.write_text("# friends\n" + "".join(f"{one}  # since May\n" for one in READERS), "utf-8")
    path.chmod(0o600)
    return {"to": str(path), "unsubscribe": LEAVE}


class TestEmail(AdapterContract):
    network = Email
    options = OPTIONS


class TestAMailingList:
    def test_it_gets_one_mail_with_text_and_html(self):
        with open_office() as office:
            receipt = email(office).publish(plain_message(), KEY)
        ((recipient, mail),) = office.mails
        assert recipient == LIST
        assert mail["Subject"] == "Grüße aus der Werkstatt"
        assert mail["Message-ID"] == receipt.identifier == f"<{KEY}@blog.example>"
        kinds = [one.get_content_type() for one in mail.iter_parts()]
        assert kinds == ["text/plain", "text/html"]
        assert not receipt.url

    def test_the_whole_article_is_sent_where_that_is_wanted(self):
        article = Article("1", lambda: "<p>Alles.</p>")
        network = Email(OPTIONS, None)
        assert network.limits().contents == (Content.EXCERPT, Content.ARTICLE)
        with open_office() as office:
            email(office).publish(plain_message(article=article), KEY)
        assert "<p>Alles.</p>" in office.mails[0][1].get_body(("html",)).get_content()

    def test_a_picture_is_enclosed_and_one_that_is_gone_is_missed(self, tmp_path):
        image = picture(tmp_path)
        with open_office() as office:
            assert not email(office).publish(plain_message(image=image), KEY).notes
            image.path.unlink()
            (note,) = email(office).publish(plain_message(image=image), KEY).notes
        assert "no picture" in note
        assert 'alt="Eine Hobelbank"' in office.mails[0][1].get_body(("html",)).get_content()
        assert "<img" not in office.mails[1][1].get_body(("html",)).get_content()

    @pytest.mark.parametrize(
        ("command", "answer", "kind"),
        [
            ("MAIL", "550 5.7.60 not your address", Unauthorised),
            ("RCPT", "550 5.1.1 no such list", Unauthorised),
            ("RCPT", "450 4.2.0 greylisted", RateLimited),
            ("DATA", "554 5.7.1 spam", Rejected),
            ("RCPT", HANG_UP, Unreachable),
            ("DATA", HANG_UP_AFTER, OutcomeUnknown),
        ],
    )
    def test_what_goes_wrong_is_sorted_and_names_the_account(self, command, answer, kind):
        error, _ = publishing(kind, {(command, "*"): answer})
        assert "firma" in error.message
        assert error.hint

    def test_who_it_is_is_known_once_the_server_lets_us_in(self):
        with open_office() as office:
            assert email(office).whoami().handle == f"{USER}, to {LIST}"
            assert not office.mails
            assert office.greetings


class TestAFileOfSubscribers:
    def test_each_gets_a_mail_of_their_own_with_a_way_out(self, readers):
        with open_office() as office:
            email(office, **readers).publish(plain_message(), KEY)
        assert office.recipients == list(READERS)
        for recipient, mail in office.mails:
            assert mail["To"] == recipient
            assert mail["List-Unsubscribe"] == f"<mailto:{LEAVE}?subject=unsubscribe>"
        assert len({mail["Message-ID"] for _, mail in office.mails}) == len(READERS)
        assert office.greetings == 1

    @pytest.mark.parametrize("ask", ["limits", "whoami"])
    def test_nobody_is_written_to_who_cannot_leave(self, readers, ask):
        with open_office() as office:
            network = email(office, to=readers["to"])
            with pytest.raises(AccountError, match="how to leave"):
                getattr(network, ask)()
            with pytest.raises(AccountError, match="how to leave"):
                network.publish(plain_message(), KEY)
        assert not office.mails

    def test_who_it_is_says_how_many_and_not_who(self, readers):
        with open_office() as office:
            assert email(office, **readers).whoami().handle == f"{USER}, to 4 subscribers"

    def test_a_mailbox_that_is_none_is_told_by_its_line(self, readers):
        with open_office(answers={("RCPT", BERT): f"550 5.1.1 <{BERT}> unknown"}) as office:
            receipt = email(office, **readers).publish(plain_message(), KEY)
        assert receipt.notes == (
            "There is no such mailbox: line 3 of the subscribers. Take them out.",
        )
        assert office.recipients == [ANNA, CARL, DORA]

    def test_where_nobody_takes_it_the_account_is_stopped(self, readers):
        answers = {("RCPT", "*"): "550 relay not permitted"}
        error, office = publishing(Unauthorised, answers, **readers)
        assert "firma: nobody takes it" in error.message
        assert "550: relay not permitted" in error.message
        assert not office.mails

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [("451 4.3.0 busy", RateLimited), ("554 5.7.1 spam", Rejected), (HANG_UP, Unreachable)],
    )
    def test_a_failure_before_anybody_has_it_is_a_plain_one(self, readers, answer, kind):
        command = "RCPT" if answer is HANG_UP else "DATA"
        publishing(kind, {(command, ANNA): answer}, **readers)

    def test_addresses_with_umlauts_are_written_as_servers_know_them(self, readers):
        more = {"unsubscribe": "weg@müller.example", "sender": "post@müller.example"}
        with open_office() as office:
            email(office, **readers | more).publish(plain_message(), KEY)
        mail = office.mails[0][1]
        assert mail["From"].addresses[0].domain == "xn--mller-kva.example"
        assert mail["List-Unsubscribe"].startswith("<mailto:weg@xn--mller-kva.example?")

    def test_it_goes_on_only_where_it_is_known_who_has_it(self, readers):
        with open_office() as office:
            network = email(office, **readers)
            assert network.limits().dedupe is Dedupe.IDENTIFIER
            with pytest.raises(OutcomeUnknown, match="Nothing is written down"):
                network.resume(plain_message(), KEY)
        assert not office.mails


class Blog:
    """A blog with one post and a newsletter; a run every ten minutes."""

    def __init__(self, folder, office, readers):
        self.clock = Clock()
        self.journal = FileJournal(Path(folder) / "ledger.jsonl")
        self.journal.append(Line("firma", None, START - timedelta(days=9)))
        self.office = office
        self.readers = readers

    def run(self):
        self.clock.now += timedelta(minutes=10)
        account = Account("firma", email(self.office, **self.readers))
        (outcome,) = syndicate([post()], [account], self.journal, clock=self.clock)
        assert len(self.office.recipients) == len(set(self.office.recipients)), "twice"
        return outcome

    def settle(self, url):
        settle(self.journal, Slot("hello", "firma"), url, self.clock)


@pytest.fixture
def blog(tmp_path, readers):
    """Return a blog whose newsletter goes to a file of subscribers."""
    with open_office() as office:
        yield Blog(tmp_path, office, readers)


def test_what_was_broken_off_goes_on_with_the_others(blog):
    blog.office.answers[("MAIL", "*")] = ""
    blog.office.answers[("RCPT", CARL)] = "421 4.7.0 too many"
    outcome = blog.run()
    assert str(outcome.outcome) == "due"
    assert "2 of 4 subscribers have it, 2 wait" in outcome.reason
    blog.office.answers.clear()
    assert str(blog.run().outcome) == "announced"
    assert blog.office.recipients == list(READERS)
    assert str(blog.run().outcome) == "unchanged"


def test_one_whose_server_wants_time_is_written_to_later(blog):
    blog.office.answers[("RCPT", BERT)] = "450 4.2.0 greylisted"
    assert str(blog.run().outcome) == "due"
    assert blog.office.recipients == [ANNA, CARL, DORA]
    blog.office.answers.clear()
    assert str(blog.run().outcome) == "announced"
    assert blog.office.recipients == [ANNA, CARL, DORA, BERT]


def test_a_lost_answer_is_told_and_that_one_is_not_written_to_again(blog):
    blog.office.answers[("DATA", BERT)] = HANG_UP_AFTER
    outcome = blog.run()
    assert str(outcome.outcome) == "in-doubt"
    assert "line 3 of the subscribers" in outcome.reason
    outcome = blog.run()
    assert str(outcome.outcome) == "in-doubt"
    assert "3 of 4 subscribers have it" in outcome.reason
    assert "litfass settle hello firma" in outcome.hint
    assert blog.office.recipients == [ANNA, BERT, CARL, DORA]
    blog.settle("https://blog.example/hello/")
    assert str(blog.run().outcome) == "unchanged"


def test_one_who_has_it_not_after_all_gets_it_and_nobody_else(blog):
    blog.office.answers[("DATA", BERT)] = HANG_UP
    assert str(blog.run().outcome) == "in-doubt"
    blog.office.answers.clear()
    assert str(blog.run().outcome) == "in-doubt"
    blog.settle(None)
    assert str(blog.run().outcome) == "announced"
    assert sorted(blog.office.recipients) == sorted(READERS)


@pytest.mark.parametrize("written", range(2, 10))
def test_whenever_the_power_fails_nobody_gets_it_twice(blog, monkeypatch, written):
    """It fails at each line of the postbook in turn: two at the start, and two for each mail."""
    real, lines = Postbook._write, []

    def write(self, line):
        if len(lines) == written:
            raise PowerCutError
        lines.append(line)
        real(self, line)

    monkeypatch.setattr(Postbook, "_write", write)
    with pytest.raises(PowerCutError):
        blog.run()
    monkeypatch.undo()
    outcome = blog.run()
    sent_before = (written - 2) // 2
    if written % 2:  # a mail was sent, and the line that says so was lost
        assert str(outcome.outcome) == "in-doubt"
        assert f"line {sent_before + 2} of the subscribers" in outcome.reason
    else:
        assert str(outcome.outcome) == "announced"
    assert blog.office.recipients == list(READERS)


def test_a_server_that_no_longer_encrypts_in_the_middle_leaves_nobody_in_doubt(readers):
    class Outgoing:
        def send(self, _sender, recipient, _mail):
            if recipient == BERT:
                raise AccountError("In the clear.", "Try another.")

    class Mail:
        @contextmanager
        def signed_in(self, *_):
            yield Outgoing()

    with pytest.raises(Unfinished, match="1 of 4 subscribers have it, 3 wait"):
        Email(replace(OPTIONS, **readers), Mail()).publish(plain_message(), KEY)


def test_a_lost_postbook_leaves_a_doubt_and_no_second_mail(blog):
    blog.office.answers[("RCPT", CARL)] = "421 4.7.0 too many"
    blog.run()
    Path(blog.readers["to"]).with_name("readers.txt.firma.sent").unlink()
    blog.office.answers.clear()
    assert str(blog.run().outcome) == "in-doubt"
    assert blog.office.recipients == [ANNA, BERT]


def test_no_reader_is_named_in_ledger_messages_or_logs(blog, caplog):
    caplog.set_level(logging.DEBUG)
    echo = f"550 5.1.1 <{ANNA}> {ANNA} is not known"
    blog.office.answers |= {("RCPT", ANNA): echo, ("DATA", CARL): f"421 4.3.2 {CARL} later"}
    outcomes = [blog.run(), blog.run()]
    blog.office.answers[("DATA", CARL)] = HANG_UP_AFTER
    outcomes.append(blog.run())
    logs = [one.getMessage() for one in caplog.records if one.name != "mail.log"]  # the server's
    seen = [*logs, *(f"{one.reason}{one.hint}{one.text}" for one in outcomes)]
    seen += [line.text.decode() for line in blog.journal.written()]
    seen += [Path(blog.readers["to"]).with_name("readers.txt.firma.sent").read_text()]
    assert not any(f"{name}@" in text for text in seen for name in ("anna", "bert", "carl", "dora"))


def test_a_lost_answer_for_a_list_is_never_sent_twice(tmp_path):
    with open_office(answers={("DATA", LIST): HANG_UP_AFTER}) as office:
        blog = Blog(tmp_path, office, {})
        assert str(blog.run().outcome) == "in-doubt"
        office.answers.clear()
        assert str(blog.run().outcome) == "in-doubt"
    assert office.recipients == [LIST]


def test_mail_is_encrypted_where_it_leaves_this_machine():
    with open_office() as office:
        relay = office.relay(server=OPTIONS.server.replace("smtps", "smtp"), dial=led_here(office))
        with pytest.raises(AccountError, match="in the clear"):
            Email(OPTIONS, relay).publish(plain_message(), KEY)
    assert not office.mails
