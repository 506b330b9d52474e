"""The ledger's file survives crashes, editors, merges and company."""

from __future__ import annotations

import os
from functools import partial

import pytest
from tests.syndication.ledgers import JournalContract, attempts, event

from litfass_syndication.errors import LedgerError
from litfass_syndication.journal import FileJournal
from litfass_syndication.records import encode


@pytest.fixture
def path(tmp_path):
    return tmp_path / "syndication" / "ledger.jsonl"


@pytest.fixture
def journal(path):
    return FileJournal(path)


class TestFileJournal(JournalContract):
    @pytest.fixture
    def reopen(self, path):
        return partial(FileJournal, path)


def test_a_missing_file_is_an_empty_ledger_and_reading_creates_nothing(journal, path):
    assert journal.read() == ()
    assert not path.parent.exists()


def test_a_line_torn_at_any_byte_is_set_aside_and_the_rest_is_kept(journal, path):
    journal.append(event(attempt="1"))
    whole = path.read_bytes()
    journal.append(event(attempt="ü2"))
    last = path.read_bytes()[len(whole) :]
    for cut in range(len(last) + 1):
        path.with_name("ledger.jsonl.torn").unlink(missing_ok=True)
        path.write_bytes(whole + last[:cut])
        kept = ["1", "ü2"] if cut >= len(last) - 1 else ["1"]
        torn = FileJournal(path)
        assert attempts(torn) == kept
        torn.append(event(attempt="3"))
        assert attempts(FileJournal(path)) == [*kept, "3"]
        aside = path.with_name("ledger.jsonl.torn")
        assert (aside.read_bytes() if aside.exists() else b"\n") == (
            last[:cut] + b"\n" if len(kept) == 1 else b"\n"
        )


def test_setting_a_torn_line_aside_is_reported(journal, path, caplog):
    journal.append(event())
    path.write_bytes(path.read_bytes()[:-5])
    journal.append(event(attempt="2"))
    assert "torn by a crash; it is kept in ledger.jsonl.torn" in caplog.text


def test_a_torn_line_elsewhere_is_an_error_that_names_it(journal, path):
    journal.append(event(), event(attempt="2"))
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + first[:20] + b"\n" + second)
    with pytest.raises(LedgerError, match=r"ledger\.jsonl:2: .* torn or was changed by hand"):
        journal.read()


def test_carriage_returns_byte_order_mark_and_blank_lines_are_survived(journal, path):
    journal.append(event(), event(attempt="2"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    fresh = FileJournal(path)
    assert attempts(fresh) == ["1", "2"]
    fresh.append(event(attempt="3"))
    assert attempts(FileJournal(path)) == ["1", "2", "3"]


def test_a_file_rewritten_under_our_hands_is_read_afresh(journal, path):
    journal.append(event(), event(attempt="2"))
    journal.read()
    path.write_text(encode(event(attempt="3")) + "\n", "utf-8")
    assert attempts(journal) == ["3"]


def test_a_folder_in_the_way_is_an_error_with_a_hint(journal, path):
    path.mkdir(parents=True)
    with pytest.raises(LedgerError, match="cannot be read") as caught:
        journal.read()
    assert caught.value.hint


def test_a_disk_that_fills_up_in_mid_line_leaves_the_ledger_as_it_was(journal, path, monkeypatch):
    journal.append(event())
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr("os.write", lambda file, data: write(file, data[:10]))
    with pytest.raises(LedgerError, match="cannot be written: No space left"):
        journal.append(event(attempt="2"))
    assert path.read_bytes() == before


def test_what_is_appended_is_on_the_disk_and_so_are_new_folders(journal, path, monkeypatch):
    synced = []
    sync = os.fsync

    def watched(file):
        synced.append(os.fstat(file).st_ino)
        sync(file)

    monkeypatch.setattr("os.fsync", watched)
    journal.append(event())
    folder = path.parent
    assert synced == [place.stat().st_ino for place in (folder.parent, path, folder)]
    journal.append(event(attempt="2"))
    assert synced[3:] == [path.stat().st_ino]


def test_a_file_that_a_crash_left_empty_is_made_durable_like_a_new_one(journal, path, monkeypatch):
    path.parent.mkdir()
    path.touch()
    synced = []
    monkeypatch.setattr("os.fsync", lambda file: synced.append(os.fstat(file).st_ino))
    journal.append(event())
    assert synced == [path.stat().st_ino, path.parent.stat().st_ino]


def test_zeros_that_a_power_cut_left_are_set_aside(journal, path):
    journal.append(event())
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(200))
    assert attempts(journal) == ["1"]
    journal.append(event(attempt="2"))
    assert attempts(FileJournal(path)) == ["1", "2"]
    assert bytes(200) in path.with_name("ledger.jsonl.torn").read_bytes()


@pytest.mark.parametrize("content", ["A diary", "A diary\n", "[1, 2]", "<<<<<<< HEAD", "\ufeffx"])
def test_a_file_that_is_no_ledger_is_refused_and_left_alone(journal, path, content):
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    for act in (journal.read, partial(journal.claim, event())):
        with pytest.raises(LedgerError, match=r"ledger\.jsonl:1: "):
            act()
    assert path.read_text("utf-8") == content
    assert not path.with_name("ledger.jsonl.torn").exists()


def test_the_torn_line_is_shown_as_one(journal, path):
    journal.append(event(), event(attempt="2"))
    path.write_bytes(path.read_bytes()[:-5])
    assert [(line.number, line.torn) for line in journal.written()] == [(1, False), (2, True)]


def test_lines_are_entered_on_a_line_of_their_own(journal, path):
    journal.append(event())
    path.write_bytes(path.read_bytes() + b'{"v": 1, "ev')
    assert journal.enter([encode(event(attempt="2")).encode()]) == 1
    assert attempts(FileJournal(path)) == ["1", "2"]


def test_lines_that_an_editor_gave_other_ends_are_known(journal, path):
    journal.append(event())
    line = path.read_bytes().strip()
    path.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n")
    assert journal.enter([line]) == 0
