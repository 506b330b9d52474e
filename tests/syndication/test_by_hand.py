"""What waits for a person: never sent, never forgotten, and known once she has posted it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syndication.town import DAY, START, Clock, Town, post, results

from litfass_syndication import desk
from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.by_hand import digest, manuscripts
from litfass_syndication.compose import compose
from litfass_syndication.errors import SyndicationError
from litfass_syndication.ledger import Event, Line, Slot, Standing, Step, fold
from litfass_syndication.networks.manual import Manual, Options
from litfass_syndication.testing import picture

HELLO = Slot("hello", "xing")
URL = "https://xing.example/1"


@pytest.fixture
def xing(journal):
    """Return a place where a person posts, whose line was drawn long ago."""
    journal.append(Line("xing", START - 100 * DAY, START - 100 * DAY))
    return Account("xing", Manual(Options("XING", "https://xing.example/new"), None))


@pytest.fixture
def said(run, xing):
    """Run the announcer for the place."""

    def said(*posts, **terms):
        return run(posts, None, accounts=(xing,), **terms)

    return said


@pytest.fixture
def posted(journal, clock, xing):
    """Let a person post a text, and say so."""

    def posted(announcement, url=""):
        text = digest(compose(announcement, xing, xing.network.capabilities))
        slot = Slot(announcement.post, "xing")
        desk.posted(journal, slot, text, url, clock)

    return posted


def events(journal):
    return [record for record in journal.read() if isinstance(record, Event)]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_due_post_waits_and_nothing_is_claimed(said, journal, dry_run):
    (outcome,) = said(post(), dry_run=dry_run)
    assert str(outcome.outcome) == "waiting"
    assert "About hello" in outcome.text
    assert "XING" in outcome.reason
    assert "litfass status" in outcome.hint
    assert not events(journal)


def test_it_waits_however_long_it_takes(said, clock):
    clock.now += 365 * DAY
    assert results(said(post())) == ["waiting"]


def test_a_page_that_is_not_live_is_not_waited_for(said):
    assert results(said(post(), live=lambda _: pytest.fail("asked"))) == ["waiting"]


def test_what_waits_takes_no_room_from_what_is_sent(run, xing):
    town = Town()
    posts = [post(f"p{number}", age=DAY * (6 - number)) for number in range(5)]
    accounts = (Account("town", town), xing)
    run(posts[:2], town)
    outcomes = run(posts, None, accounts=accounts, max_per_run=2)
    assert results(outcomes) == ["unchanged"] * 2 + ["announced"] * 2 + ["due"] + ["waiting"] * 5
    assert "at most 2" in outcomes[4].reason


def test_without_a_line_the_past_does_not_pile_up(run, journal):
    unknown = Account("forum", Manual(Options("Forum"), None))
    (outcome,) = run([post()], None, accounts=(unknown,))
    assert str(outcome.outcome) == "waiting"
    assert not outcome.text
    assert "litfass adopt forum" in outcome.hint


def test_what_is_behind_the_line_does_not_wait(said):
    assert results(said(post(age=101 * DAY))) == ["waived"]


def test_once_posted_it_is_done_and_its_address_known(said, posted, journal):
    said(post())
    posted(post(), URL)
    (outcome,) = said(post())
    assert (str(outcome.outcome), outcome.url, outcome.reason) == ("unchanged", URL, "")
    entry = fold(journal.read()).entry(HELLO)
    assert (entry.standing, entry.url) == (Standing.ANNOUNCED, URL)
    assert len(events(journal)) == 1


def test_it_is_written_down_once(posted, journal):
    posted(post(), URL)
    for again in ("", URL):
        with pytest.raises(SyndicationError, match="is announced"):
            posted(post(), again)
    assert len(events(journal)) == 1


def test_an_address_may_be_told_later(said, posted):
    posted(post())
    posted(post(), URL)
    (outcome,) = said(post())
    assert (str(outcome.outcome), outcome.url) == ("unchanged", URL)


def test_a_corrected_post_is_out_of_date_until_it_is_posted_anew(said, posted):
    posted(post(), URL)
    newer = post(title="Corrected")
    (outcome,) = said(newer)
    assert (str(outcome.outcome), outcome.url) == ("outdated", URL)
    assert "out of date" in outcome.reason
    assert "Corrected" in outcome.text
    posted(newer)
    (outcome,) = said(newer)
    assert (str(outcome.outcome), outcome.url) == ("unchanged", URL)


def test_what_a_person_does_not_copy_makes_nothing_out_of_date(said, posted):
    posted(post(summary="", language="de"))
    assert results(said(post(summary="", language="en", revision="r2"))) == ["unchanged"]


def test_a_place_that_leaves_its_texts_says_so_and_asks_for_nothing(run, xing, posted):
    posted(post())
    left = Account("xing", xing.network, corrections="leave")
    (outcome,) = run([post(title="Corrected")], None, accounts=(left,))
    assert str(outcome.outcome) == "unchanged"
    assert "left" in outcome.reason


def test_an_older_text_may_stay_until_the_next_change(said, posted, journal, clock, xing):
    posted(post(), URL)
    newer = post(title="Corrected")
    text = digest(compose(newer, xing, xing.network.capabilities))
    assert desk.never(journal, HELLO, text, clock) is Standing.ANNOUNCED
    assert results(said(newer)) == ["unchanged"]
    assert results(said(post(title="Again"))) == ["outdated"]


def test_a_post_may_be_left_out_for_good_and_taken_up_again(said, posted, journal, clock):
    assert desk.never(journal, HELLO, "", clock) is Standing.WAIVED
    assert results(said(post())) == ["waived"]
    assert results(said(post(), only_posts=["hello"])) == ["waiting"]
    posted(post())
    assert results(said(post())) == ["unchanged"]


def test_what_is_announced_is_not_left_out(posted, journal, clock):
    posted(post())
    with pytest.raises(SyndicationError, match="is announced"):
        desk.never(journal, HELLO, "", clock)


def test_a_doubt_is_no_answer(journal, clock):
    journal.append(Event(HELLO, "k", Step.CLAIMED, START))
    with pytest.raises(SyndicationError, match="in-doubt") as caught:
        desk.never(journal, HELLO, "", clock)
    assert "--missing" in caught.value.hint


def test_a_doubt_of_an_account_that_was_another_network_ends_with_posting(said, posted, journal):
    journal.append(Event(HELLO, "k", Step.CLAIMED, START))
    assert results(said(post())) == ["in-doubt"]
    posted(post())
    assert results(said(post())) == ["unchanged"]


def test_what_was_taken_down_by_hand_stays_away(said, posted, journal, clock, xing):
    posted(post(), URL)
    with pytest.raises(SyndicationError, match="cannot withdraw") as caught:
        desk.withdraw(journal, xing, "hello", clock)
    assert URL in caught.value.hint
    assert "litfass settle hello xing --missing" in caught.value.hint
    desk.taken_down(journal, HELLO, clock)
    assert results(said(post())) == ["unchanged"]
    with pytest.raises(SyndicationError, match="withdrawn"):
        posted(post())


def test_only_what_was_posted_is_taken_down(journal, clock):
    with pytest.raises(SyndicationError, match="is not announced"):
        desk.taken_down(journal, HELLO, clock)


def test_a_renamed_post_does_not_wait_again(said, posted):
    said(post())
    posted(post())
    assert results(said(post("renamed", url=post().url, title=post().title))) == ["unchanged"]


def test_where_it_stands_is_waiting_and_then_announced(journal, clock, posted, xing):
    def standing():
        (status,) = desk.statuses(journal, [post()], [xing], clock=clock)
        return str(status.standing)

    assert standing() == "waiting"
    posted(post())
    assert standing() == "announced"


def test_a_manuscript_has_all_that_a_person_needs(said, posted, xing, tmp_path):
    posts = [
        post(image=picture(tmp_path), content_warning="Späne", language="de"),
        post("other", title="Corrected"),
    ]
    posted(post("other"), URL)
    first, second = sorted(manuscripts(said(*posts), posts, [xing]), key=lambda one: one.post)
    assert (first.post, first.account, first.place) == ("hello", "xing", "XING")
    assert first.address == "https://xing.example/new"
    assert (first.image.name, first.alt) == ("bank.png", "Eine Hobelbank")
    assert (first.content_warning, first.language) == ("Späne", "de")
    assert first.done == "litfass settle hello xing"
    assert not first.outdated
    assert (second.outdated, second.url) == (True, URL)
    assert "Corrected" in second.text


class Paper:
    """A ledger in memory."""

    def __init__(self):
        self.records = []

    def read(self):
        return tuple(self.records)

    def append(self, *records):
        self.records += records

    def turn(self, account):
        del account
        return nullcontext()


@settings(deadline=None)
@given(
    deeds=st.lists(st.sampled_from(["One", "Two", "post", "never", "merge", "run"]), max_size=20)
)
def test_whatever_happens_just_what_a_person_did_not_post_is_told(deeds):
    journal, clock, written = Paper(), Clock(), post(title="One")
    place = Account("xing", Manual(Options("XING"), None), backlog=True)
    there, decided_against = None, False
    for deed in deeds:
        clock.now += DAY
        text = digest(compose(written, place, place.network.capabilities))
        match deed:
            case "post" if text != there:
                desk.posted(journal, HELLO, text, "", clock)
                there = text
            case "never" if there is None:
                desk.never(journal, HELLO, text, clock)
                decided_against = True
            case "never" if text != there:
                desk.never(journal, HELLO, text, clock)
                there = text  # as far as anybody cares
            case "merge":
                journal.append(*reversed(journal.read()))
            case "One" | "Two":
                written = post(title=deed)
                text = digest(compose(written, place, place.network.capabilities))
        (outcome,) = syndicate([written], [place], journal, clock=clock)
        expected = "waived" if decided_against else "waiting"
        if there is not None:
            expected = "unchanged" if there == text else "outdated"
        assert str(outcome.outcome) == expected
