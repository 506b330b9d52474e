"""Folding: whatever the order and the repetition of records, they add up to the same truth."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.syndication.ledgers import RECORDS, SLOTS, START

from litfass_syndication.announcement import Receipt
from litfass_syndication.ledger import (
    Event,
    Line,
    Renamed,
    Slot,
    Standing,
    Step,
    claimable,
    entry_in,
    fold,
)
from litfass_syndication.records import decode, encode


@given(RECORDS, st.randoms())
def test_order_does_not_matter(records, random):
    shuffled = random.sample(records, len(records))
    assert fold(shuffled) == fold(records)


def test_one_attempt_under_both_names_of_a_post_has_one_end():
    here, there = (Event(Slot(name, "x"), "3", Step.CLAIMED, START) for name in "ca")
    renamed = Renamed("a", "c", START)
    assert fold((here, renamed, there)) == fold((there, renamed, here))


@given(RECORDS, RECORDS)
def test_repetition_does_not_matter_and_two_branches_merge(ours, theirs):
    union = list(dict.fromkeys(ours + theirs))
    assert fold(ours + theirs) == fold(union) == fold(theirs + ours + theirs)


@given(RECORDS, RECORDS)
def test_no_record_makes_an_announced_slot_claimable_again(before, after):
    done = {slot for slot, entry in fold(before).entries.items() if not claimable(entry)}
    settled = {record.slot for record in after if isinstance(record, Event)}
    for slot in done - settled:
        assert not claimable(fold(before + after).entry(slot))


@given(RECORDS, SLOTS)
def test_one_entry_alone_is_the_same_as_in_the_whole(records, slot):
    assert entry_in(records, slot) == fold(records).entry(slot)


@given(RECORDS)
def test_records_survive_writing_and_reading(records):
    assert [decode(encode(record)) for record in records] == records


def event(step, attempt="1", at=START, **fields):
    return Event(Slot("a", "x"), attempt, step, at, **fields)


def standing(*steps):
    events = [event(step, attempt) for attempt, step in steps]
    return fold(events).entry(Slot("a", "x")).standing


def test_where_a_slot_stands():
    assert standing() is Standing.DUE
    assert standing(("1", Step.CLAIMED)) is Standing.IN_DOUBT
    assert standing(("1", Step.CLAIMED), ("1", Step.RELEASED)) is Standing.DUE
    assert standing(("1", Step.CLAIMED), ("1", Step.REFUSED)) is Standing.REFUSED
    assert standing(("1", Step.CLAIMED), ("1", Step.PUBLISHED)) is Standing.ANNOUNCED
    assert standing(("1", Step.PUBLISHED), ("1", Step.WITHDRAWN)) is Standing.WITHDRAWN
    assert standing(("1", Step.WAIVED)) is Standing.WAIVED


def test_of_several_attempts_the_announced_one_decides_and_then_the_doubtful_one():
    assert standing(("1", Step.PUBLISHED), ("2", Step.CLAIMED)) is Standing.ANNOUNCED
    assert standing(("1", Step.RELEASED), ("2", Step.CLAIMED)) is Standing.IN_DOUBT
    assert standing(("1", Step.WAIVED), ("2", Step.CLAIMED)) is Standing.IN_DOUBT


def test_an_edit_that_says_nothing_new_keeps_the_address():
    later = START + timedelta(seconds=1)
    entry = fold(
        [
            event(Step.PUBLISHED, identifier="7", url="https://x.example/7", digest="old"),
            event(Step.EDITED, at=later, digest="new"),
        ]
    ).entry(Slot("a", "x"))
    assert entry.receipt == Receipt("7", "https://x.example/7")
    assert entry.last is not None
    assert entry.last.digest == "new"


def test_all_names_of_a_post_lead_to_one_slot():
    records = [
        event(Step.PUBLISHED),
        Renamed("b", "a", START),
        Renamed("c", "b", START + timedelta(days=1)),
    ]
    ledger = fold(records)
    assert {ledger.post(name) for name in "abc"} == {"c"}
    assert ledger.entry(Slot("b", "x")).standing is Standing.ANNOUNCED


def test_the_line_drawn_last_holds_and_of_two_at_once_the_stricter():
    later = START + timedelta(days=1)
    assert fold([Line("x", START, later), Line("x", None, START)]).lines["x"].since == START
    assert fold([Line("x", START, later), Line("x", None, later)]).lines["x"].since == START


def test_a_hundred_thousand_events_fold_into_their_slots():
    events = [
        Event(
            Slot(f"post-{number % 20_000}", f"account-{number % 3}"), str(number // 2), step, START
        )
        for number in range(50_000)
        for step in (Step.CLAIMED, Step.PUBLISHED)
    ]
    ledger = fold(events)
    assert len(ledger.entries) == 50_000
    assert all(entry.standing is Standing.ANNOUNCED for entry in ledger.entries.values())
