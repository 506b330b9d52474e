"""The ledger's file survives crashes, editors, merges and company."""

from __future__ import annotations

import json
import multiprocessing
import threading
from datetime import UTC, datetime

import pytest

from litfass_syndication.errors import LedgerError
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Event, Line, Slot, Step
from litfass_syndication.records import encode

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(post="größe", attempt="1", step=Step.CLAIMED, **fields):
    return Event(Slot(post, "konto"), attempt, step, START, **fields)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "syndication" / "ledger.jsonl"


@pytest.fixture
def journal(path):
    return FileJournal(path)


def test_a_missing_file_is_an_empty_ledger_and_reading_creates_nothing(journal, path):
    assert journal.read() == ()
    assert not path.parent.exists()


def test_what_is_appended_is_read_again_by_us_and_by_others(journal, path):
    journal.append(event(), Line("konto", None, START))
    journal.append(event(step=Step.PUBLISHED, url="https://x.example/1"))
    assert journal.read() == FileJournal(path).read()
    assert [type(record).__name__ for record in journal.read()] == ["Event", "Line", "Event"]


def test_lines_are_readable_text_without_empty_fields(journal, path):
    journal.append(event())
    assert json.loads(path.read_text("utf-8")) == {
        "v": 1,
        "event": "claimed",
        "at": "2026-01-01T00:00:00+00:00",
        "post": "größe",
        "account": "konto",
        "attempt": "1",
    }
    assert "größe" in path.read_text("utf-8")


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
        assert [record.attempt for record in torn.read()] == kept
        torn.append(event(attempt="3"))
        assert [record.attempt for record in FileJournal(path).read()] == [*kept, "3"]
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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"v": 2, "event": "sung"}', "newer Litfass .* version 2"),
        ('{"v": 1, "event": "sung", "at": "2026-01-01T00:00:00Z", "post": "a"}', "cannot be read"),
        ('{"v": 1, "event": "claimed", "at": "2026-01-01", "post": "a"}', "time zone"),
        ('{"v": 1, "event": "claimed"}', "'at' is missing"),
        ('{"v": 1, "event": "line", "at": 5}', "wrong type"),
        ('{"title": "a feed"}', "no record of a ledger"),
        ("[]", "no record of a ledger"),
        ("<<<<<<< HEAD", "merge was left half done"),
    ],
)
def test_a_foreign_or_newer_line_is_refused_with_its_place(journal, path, line, words):
    journal.append(event())
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(LedgerError, match=rf"ledger\.jsonl:2: .*{words}") as caught:
        journal.read()
    assert caught.value.hint


def test_carriage_returns_byte_order_mark_and_blank_lines_are_survived(journal, path):
    journal.append(event(), event(attempt="2"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    fresh = FileJournal(path)
    assert [record.attempt for record in fresh.read()] == ["1", "2"]
    fresh.append(event(attempt="3"))
    assert [record.attempt for record in FileJournal(path).read()] == ["1", "2", "3"]


def test_fields_that_we_do_not_know_are_left_alone(journal, path):
    path.parent.mkdir()
    line = encode(event())[:-1] + ', "mood": "sunny"}\n'
    path.write_text(line, "utf-8")
    assert journal.read() == (event(),)
    journal.append(event(attempt="2"))
    assert path.read_text("utf-8").startswith(line)


def test_a_file_rewritten_under_our_hands_is_read_afresh(journal, path):
    journal.append(event(), event(attempt="2"))
    journal.read()
    path.write_text(encode(event(attempt="3")) + "\n", "utf-8")
    assert [record.attempt for record in journal.read()] == ["3"]


def test_a_folder_in_the_way_is_an_error_with_a_hint(journal, path):
    path.mkdir(parents=True)
    with pytest.raises(LedgerError, match="cannot be read") as caught:
        journal.read()
    assert caught.value.hint


def test_a_disk_that_fills_up_in_mid_line_leaves_the_ledger_as_it_was(journal, path, monkeypatch):
    journal.append(event())
    before = path.read_bytes()
    write = __import__("os").write
    monkeypatch.setattr("os.write", lambda file, data: write(file, data[:10]))
    with pytest.raises(LedgerError, match="cannot be written: No space left"):
        journal.append(event(attempt="2"))
    assert path.read_bytes() == before


def test_only_a_free_slot_is_claimed(journal):
    assert journal.claim(event(attempt="1"))
    assert not journal.claim(event(attempt="2"))
    journal.append(event(attempt="1", step=Step.RELEASED))
    assert journal.claim(event(attempt="3"))
    journal.append(event(attempt="3", step=Step.PUBLISHED))
    assert not journal.claim(event(attempt="4"))


def _claim_all(path, name, start, won):
    start.wait()
    journal = FileJournal(path)
    won.put([number for number in range(40) if journal.claim(event(str(number), attempt=name))])


def test_of_several_processes_one_claims_each_slot(path):
    spawn = multiprocessing.get_context("spawn")
    start, won = spawn.Event(), spawn.Queue()
    workers = [
        spawn.Process(target=_claim_all, args=(path, name, start, won)) for name in ("a", "b", "c")
    ]
    for worker in workers:
        worker.start()
    start.set()
    claimed = sorted(number for _ in workers for number in won.get(timeout=60))
    for worker in workers:
        worker.join()
    assert claimed == list(range(40))
    assert len(FileJournal(path).read()) == 40


def test_threads_claim_each_slot_once_too(journal):
    won = []
    threads = [
        threading.Thread(
            target=lambda name=name: won.extend(
                number for number in range(20) if journal.claim(event(str(number), attempt=name))
            )
        )
        for name in "abcd"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(20))


def test_one_speaks_for_an_account_at_a_time(path):
    others = FileJournal(path)
    spoke = []

    def other():
        with others.turn("konto"):
            spoke.append("other")

    with FileJournal(path).turn("konto"):
        with others.turn("another/account"):
            spoke.append("another account")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=0.2)
        assert spoke == ["another account"]
    thread.join()
    assert spoke == ["another account", "other"]
