"""Notes of a memo table, and what is changed in them without writing them anew."""

from __future__ import annotations

import pytest

from litfass import memo
from litfass.memo import Memo


@pytest.fixture
def opened(tmp_path):
    """Open one table again and again, as one run after the other does."""

    def open_(version="1"):
        return Memo(tmp_path / "table", version)

    return open_


def test_a_note_is_there_in_the_next_run_and_gone_with_another_version(opened):
    with opened() as table:
        table.keep_note("seen", {"a": (1, 2, 3)})
    with opened() as table:
        assert table.note("seen") == {"a": (1, 2, 3)}
    with opened("2") as table:
        assert table.note("seen") is None


def test_changes_add_up_from_run_to_run(opened):
    with opened() as table:
        table.keep_note("seen", {"a": 1, "b": 1})
    for changes in ({"b": 2}, {"c": 3}, {"b": 4}):
        with opened() as table:
            table.amend("seen", changes)
    with opened() as table:
        assert table.amended("seen") == {"a": 1, "b": 4, "c": 3}


def test_changes_are_only_those_of_the_note_that_they_were_made_to(opened):
    with opened() as table:
        table.keep_note("seen", {"a": 1})
        table.amend("seen", {"a": 2})
        table.keep_note("seen", {"a": 3})
        assert table.amended("seen") == {"a": 3}


def test_changes_to_nothing_are_nothing(opened):
    with opened() as table:
        table.amend("seen", {"a": 1})
        assert table.amended("seen") is None


def test_with_many_changes_a_note_is_written_anew(opened, monkeypatch):
    monkeypatch.setattr(memo, "_MOST_CHANGES", 2)
    with opened() as table:
        table.keep_note("seen", {"a": 1})
        for name in "bcd":
            table.amend("seen", {name: 1})
        assert table.amended("seen") == table.note("seen") == dict.fromkeys("abcd", 1)
