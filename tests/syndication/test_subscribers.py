"""A file of subscribers is read strictly, and never quoted; what they were sent survives."""

from __future__ import annotations

import os

import pytest

from litfass_syndication.errors import AccountError, Unreachable
from litfass_syndication.postbook import Postbook, Step
from litfass_syndication.subscribers import mailbox, read_subscribers


@pytest.fixture
def file(tmp_path):
    """Return who writes a file that only its owner may read."""

    def write(text, mode=0o600):
        path = tmp_path / "readers.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    return write


def test_one_address_a_line_with_remarks_and_gaps(file):
    read = read_subscribers(file("\ufeff# all\n\n anna@a.example \r\nbert@b.example# a friend\n"))
    assert [(one.address, one.line) for one in read] == [
        ("anna@a.example", 3),
        ("bert@b.example", 4),
    ]


def test_who_stands_there_twice_is_written_to_once(file):
    assert len(read_subscribers(file("Anna@a.example\nanna@A.example\n"))) == 1


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("anna@werkstätten.example", "anna@xn--werksttten-v5a.example"),
        ("a.b+c@x-y.example", "a.b+c@x-y.example"),
        ("änna@a.example", ""),
        ("anna", ""),
        ("anna@localhost", ""),
        ("Anna <anna@a.example>", ""),
        ("anna@a.example, bert@b.example", ""),
        ("anna@a..example", ""),
        ("a@b@c.example", ""),
        ("", ""),
    ],
)
def test_what_is_a_mailbox(written, address):
    assert mailbox(written) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("anna@a.example\nbert at b.example\n", r"readers\.txt:2 is no address"),
        ("# nobody\n", "Nobody is in"),
        (b"\xff\xfe", "not text in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_without_a_name(file, text, words):
    with pytest.raises(AccountError, match=words) as caught:
        read_subscribers(file(text))
    assert "bert" not in caught.value.message + caught.value.hint


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(AccountError, match="cannot be read: No such file"):
        read_subscribers(tmp_path / "readers.txt")


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_file_that_others_can_read_is_refused(file):
    with pytest.raises(AccountError, match="by others") as caught:
        read_subscribers(file("anna@a.example\n", 0o644))
    assert "chmod 600" in caught.value.hint


class TestPostbook:
    @pytest.fixture
    def book(self, tmp_path):
        """Return an empty book."""
        return Postbook(tmp_path / "readers.txt", "firma")

    def test_a_new_one_knows_nothing(self, book):
        assert not book.knows("1-aa")
        assert book.steps("1-aa", "hello") == {}

    def test_the_last_step_counts(self, book):
        book.begin("1-aa", "hello")
        for step in (Step.BEGUN, Step.WAITING, Step.BEGUN):
            book.write("1-aa", "x", step)
        assert book.knows("1-aa")
        assert book.steps("1-aa", "hello") == {"x": Step.BEGUN}
        book.write("1-aa", "x", Step.SENT)
        assert book.steps("1-aa", "hello") == {"x": Step.SENT}

    def test_of_other_attempts_for_the_post_it_counts_who_has_it(self, book):
        book.begin("1-aa", "hello")
        book.write("1-aa", "x", Step.SENT)
        book.write("1-aa", "y", Step.BEGUN)
        book.begin("2-bb", "hello")
        book.begin("3-cc", "other")
        assert book.steps("2-bb", "hello") == {"x": Step.SENT}
        assert book.steps("3-cc", "other") == {}

    def test_a_torn_line_says_nothing_and_spoils_none_after_it(self, book, tmp_path):
        book.begin("1-aa", "hello")
        with (tmp_path / book.name).open("ab") as file:
            file.write(b'{"key": "1-aa", "who": "x", "st')
        book.write("1-aa", "y", Step.SENT)
        assert book.steps("1-aa", "hello") == {"y": Step.SENT}

    def test_a_name_is_the_same_in_one_book_and_another_in_each(self, book, tmp_path):
        other = Postbook(tmp_path / "readers.txt", "other")
        book.begin("1-aa", "hello")
        other.begin("1-aa", "hello")
        (name,) = book.names(["Anna@a.example"])
        assert book.names(["anna@A.example"]) == (name,)
        assert other.names(["anna@a.example"]) != (name,)

    @pytest.mark.skipif(os.name != "posix", reason="file modes")
    def test_only_its_owner_may_read_it(self, book, tmp_path):
        book.begin("1-aa", "hello")
        assert (tmp_path / book.name).stat().st_mode & 0o777 == 0o600

    def test_where_nothing_can_be_written_nothing_is_sent(self, tmp_path):
        with pytest.raises(Unreachable, match="cannot be written"):
            Postbook(tmp_path / "gone" / "readers.txt", "firma").begin("1-aa", "hello")
