"""What became of mentions is read as it was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.mentions import Mentions, failed, is_waiting

ADDRESSES = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1).map(
    lambda path: f"https://friend.example/{path}"
)


@given(st.dictionaries(ADDRESSES, st.sampled_from("+-x1234")))
def test_what_is_written_is_read(marks):
    mentions = Mentions("https://blog.example/p/", "0" * 32, marks)
    assert Mentions.read(mentions.identifier) == mentions


def test_an_identifier_of_another_make_says_nothing():
    for identifier in ("", "by-hand", "https://blog.example/p/"):
        assert Mentions.read(identifier) == Mentions(identifier, "")


def test_whoever_does_not_answer_is_given_up_after_four_runs():
    marks = [""]
    for _ in range(5):
        marks.append(failed(marks[-1]))
    assert marks[1:] == ["1", "2", "3", "4", "4"]
    assert [is_waiting(mark) for mark in marks] == [False, True, True, True, False, False]
