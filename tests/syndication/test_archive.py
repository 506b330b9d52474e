"""A ledger that is taken out and brought in elsewhere is the same ledger."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from tests.syndication.ledgers import RECORDS, START, event

from litfass_syndication.archive import Entered, bring_in, go_over, take_out
from litfass_syndication.errors import LedgerError
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line, Renamed, Standing, Step, fold
from litfass_syndication.records import encode


@pytest.fixture
def journal(tmp_path):
    return FileJournal(tmp_path / "ledger.jsonl")


@given(RECORDS, RECORDS)
@settings(max_examples=30)
def test_any_ledger_joins_any_other_without_loss(ours, theirs):
    with TemporaryDirectory() as folder:
        here, there = (FileJournal(Path(folder) / name) for name in ("here", "there"))
        here.append(*ours)
        there.append(*theirs)
        content, number = take_out(here)
        assert number == len(ours)
        first = bring_in(there, content, "here")
        assert first.added + first.known == len(set(ours))
        assert bring_in(there, content, "here").added == 0
        assert fold(there.read()) == fold(ours + theirs)


def test_what_is_torn_is_neither_taken_out_nor_brought_in(journal, tmp_path):
    journal.append(event(), event(attempt="2"))
    whole = (tmp_path / "ledger.jsonl").read_bytes()
    (tmp_path / "ledger.jsonl").write_bytes(whole + whole[:30])
    assert take_out(journal) == (whole, 2)
    elsewhere = FileJournal(tmp_path / "elsewhere.jsonl")
    assert bring_in(elsewhere, whole + whole[:30], "x") == Entered(added=2, known=0, torn=True)
    assert (tmp_path / "elsewhere.jsonl").read_bytes() == whole


def test_one_foreign_line_and_nothing_is_taken_out_or_brought_in(journal):
    content = f'{encode(event())}\n{{"v": 2}}\n'.encode()
    with pytest.raises(LedgerError, match="x:2: a newer Litfass"):
        bring_in(journal, content, "x")
    assert journal.written() == ()
    journal.enter(content.splitlines())
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:2: a newer Litfass"):
        take_out(journal)


def test_what_stands_where_is_counted_and_strangers_are_named(journal):
    journal.append(
        event("old", step=Step.PUBLISHED),
        event("gone"),
        Renamed("new", "old", START),
        Line("konto", None, START),
        Line("closed", None, START),
    )
    journal.enter([b"A diary"])
    findings = go_over(journal, ["new"], ["konto"])
    assert findings.slots == {Standing.IN_DOUBT: 1, Standing.ANNOUNCED: 1}
    assert (findings.records, findings.posts, findings.accounts) == (5, ("gone",), ("closed",))
    (flaw,) = findings.flaws
    assert (flaw.line, flaw.message.startswith("this line cannot be read")) == (6, True)
    assert go_over(journal, None, ["konto", "closed"]).posts == ()
