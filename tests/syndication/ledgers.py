"""Any records, and what every place for a ledger promises: a contract to inherit."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from litfass_syndication.errors import LedgerError
from litfass_syndication.ledger import Event, Line, Renamed, Seen, Slot, Step
from litfass_syndication.records import encode

START = datetime(2026, 1, 1, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")

POSTS = st.sampled_from(["a", "b", "c", "ü"])
ACCOUNTS = st.sampled_from(["x", "y"])
TIMES = st.integers(0, 5).map(lambda days: START + timedelta(days=days))
WORDS = st.text(st.characters(exclude_categories=()), max_size=5)
SLOTS = st.builds(Slot, POSTS, ACCOUNTS)
EVENTS = st.builds(
    Event, SLOTS, st.sampled_from("123"), st.sampled_from(Step), TIMES, WORDS, WORDS, WORDS, WORDS
)
RECORDS = st.lists(
    st.one_of(
        EVENTS,
        st.builds(Line, ACCOUNTS, st.none() | TIMES, TIMES),
        st.builds(Renamed, POSTS, POSTS, TIMES),
        st.builds(Seen, POSTS, WORDS, WORDS, TIMES),
    ),
    max_size=20,
)

# What a person may write and a broken server may send: half a surrogate pair, separators, zeros.
AWKWARD = 'Grüße 🗼 "\\" \n\r\t \u2028\x85\x00 \ud83d {}'


def event(post="größe", attempt="1", step=Step.CLAIMED, **fields):
    return Event(Slot(post, "konto"), attempt, step, START, **fields)


def attempts(journal):
    return [record.attempt for record in journal.read()]


def _claim_all(reopen, name, start, won):
    journal = reopen()
    start.wait()
    won.put([number for number in range(25) if journal.claim(event(str(number), attempt=name))])


def _hold_the_turn(reopen, taken):
    with reopen().turn("konto"):
        taken.set()
        signal.pause()


class JournalContract:
    """Inherit it and give a fixture `reopen`: what opens the same ledger anew, in any process."""

    @pytest.fixture
    def journal(self, reopen):
        return reopen()

    def test_a_ledger_that_is_not_there_is_empty(self, journal):
        assert journal.read() == journal.written() == ()

    def test_what_is_appended_is_read_again_by_us_and_by_others(self, journal, reopen):
        records = (
            event(),
            Line("konto", None, START),
            Line("konto", START, START),
            Renamed("neu", "größe", START),
            Seen("neu", "https://x.example/neu/", "0123", START),
        )
        journal.append(*records)
        journal.append(event(step=Step.PUBLISHED, url="https://x.example/1"))
        assert journal.read() == reopen().read()
        assert journal.read()[:-1] == records
        assert journal.read()[-1].url == "https://x.example/1"

    def test_nothing_is_appended_without_a_trace(self, journal):
        journal.append()
        assert journal.read() == ()

    def test_what_others_append_is_seen(self, journal, reopen):
        journal.append(event())
        journal.read()
        reopen().append(event(attempt="2"))
        assert attempts(journal) == ["1", "2"]

    def test_every_text_comes_back_as_it_was(self, journal, reopen):
        journal.append(event(reason=AWKWARD))
        assert reopen().read() == (event(reason=AWKWARD),)
        assert len(reopen().written()) == 1

    def test_only_a_free_slot_is_claimed(self, journal):
        assert journal.claim(event(attempt="1"))
        assert not journal.claim(event(attempt="2"))
        journal.append(event(attempt="1", step=Step.RELEASED))
        assert journal.claim(event(attempt="3"))
        journal.append(event(attempt="3", step=Step.REFUSED))
        assert journal.claim(event(attempt="4"))
        journal.append(event(attempt="4", step=Step.PUBLISHED))
        assert not journal.claim(event(attempt="5"))
        assert attempts(journal) == ["1", "1", "3", "3", "4", "4"]

    def test_what_others_claimed_is_not_claimed_again(self, journal, reopen):
        assert journal.claim(event(attempt="1"))
        assert not reopen().claim(event(attempt="2"))
        with reopen().turn("konto"):
            assert not journal.claim(event(attempt="3"))

    def test_a_renamed_post_is_claimed_once_by_all_its_names(self, journal, reopen):
        assert journal.claim(event("old", "1"))
        reopen().append(Renamed("new", "old", START))
        assert not journal.claim(event("new", "2"))
        assert not reopen().claim(event("old", "3"))

    def test_in_a_turn_all_is_read_and_written_as_ever(self, journal, reopen):
        with journal.turn("konto"):
            assert journal.claim(event())
            assert not journal.claim(event(attempt="2"))
            journal.append(event(step=Step.PUBLISHED))
            journal.append(Line("konto", None, START))
            assert journal.read() == reopen().read()
            assert len(journal.read()) == 3
        assert not journal.claim(event(attempt="3"))

    def test_of_several_processes_one_claims_each_slot(self, reopen):
        start, won = SPAWN.Event(), SPAWN.Queue()
        workers = [
            SPAWN.Process(target=_claim_all, args=(reopen, name, start, won)) for name in "abc"
        ]
        for worker in workers:
            worker.start()
        start.set()
        claimed = sorted(number for _ in workers for number in won.get(timeout=60))
        for worker in workers:
            worker.join()
        assert claimed == list(range(25))
        assert len(reopen().read()) == 25

    def test_threads_claim_each_slot_once_too(self, journal):
        won = []
        threads = [
            threading.Thread(
                target=lambda name=name: won.extend(
                    number for number in range(10) if journal.claim(event(str(number), name))
                )
            )
            for name in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(won) == list(range(10))

    def test_one_speaks_for_an_account_at_a_time(self, journal, reopen):
        others = reopen()
        spoke = []

        def other():
            with others.turn("konto"):
                spoke.append("other")

        with journal.turn("konto"):
            with others.turn("another/account"):
                spoke.append("another account")
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(timeout=0.2)
            assert spoke == ["another account"]
        thread.join()
        assert spoke == ["another account", "other"]

    def test_a_turn_ends_with_the_process_that_is_killed(self, reopen):
        taken = SPAWN.Event()
        holder = SPAWN.Process(target=_hold_the_turn, args=(reopen, taken))
        holder.start()
        assert taken.wait(60)
        os.kill(holder.pid, signal.SIGKILL)
        holder.join()
        with reopen().turn("konto"):
            assert reopen().claim(event())

    def test_lines_are_readable_text_without_empty_fields(self, journal):
        journal.append(event())
        (line,) = journal.written()
        assert "größe" in line.text.decode()
        assert json.loads(line.text) == {
            "v": 1,
            "event": "claimed",
            "at": "2026-01-01T00:00:00+00:00",
            "post": "größe",
            "account": "konto",
            "attempt": "1",
        }

    def test_lines_are_entered_once_however_often_they_come(self, journal, reopen):
        journal.append(event())
        lines = [encode(event(attempt=attempt)).encode() for attempt in "1232"]
        assert journal.enter(lines) == 2
        assert reopen().enter(lines) == journal.enter([]) == 0
        assert attempts(journal) == attempts(reopen()) == ["1", "2", "3"]

    def test_fields_that_we_do_not_know_are_left_alone(self, journal, reopen):
        line = f'{encode(event())[:-1]}, "mood": "sunny"}}'.encode()
        journal.enter([line])
        journal.append(event(attempt="2"))
        assert reopen().written()[0].text == line
        assert attempts(journal) == ["1", "2"]

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('{"v": 2, "event": "sung"}', "newer Litfass .* version 2"),
            ('{"v": 1, "event": "sung", "at": "2026-01-01T00:00:00Z", "post": "a"}', "cannot be"),
            ('{"v": 1, "event": "claimed", "at": "2026-01-01", "post": "a"}', "time zone"),
            ('{"v": 1, "event": "claimed"}', "'at' is missing"),
            ('{"v": 1, "event": "line", "at": 5}', "wrong type"),
            ('{"title": "a feed"}', "no record of a ledger"),
            ("[]", "no record of a ledger"),
            (f"{encode(event())} {encode(event())}", "torn or was changed by hand"),
        ],
    )
    def test_a_foreign_or_newer_line_is_refused_with_its_place(self, journal, line, words):
        journal.append(event())
        journal.enter([line.encode()])
        with pytest.raises(LedgerError, match=rf":2: .*{words}") as caught:
            journal.read()
        assert caught.value.message.startswith(journal.name)
        assert caught.value.hint

    def test_a_line_that_cannot_be_read_is_claimed_over_by_nobody(self, journal, reopen):
        journal.enter([b'{"v": 2, "event": "sung"}'])
        with pytest.raises(LedgerError):
            reopen().claim(event())
        assert len(journal.written()) == 1

    def test_time_zones_are_kept_as_moments(self, journal, reopen):
        east = START.astimezone(None)
        journal.append(Line("konto", east + timedelta(days=1), east))
        assert reopen().read() == (Line("konto", START + timedelta(days=1), START),)
