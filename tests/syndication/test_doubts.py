"""A doubt is ended by looking or by the same key, never by guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.syndication.town import (
    DAY,
    EVERY_DEDUPE,
    PowerCutError,
    Town,
    post,
    results,
)

from litfass_syndication.capabilities import Dedupe
from litfass_syndication.desk import settle
from litfass_syndication.doubts import settling
from litfass_syndication.errors import (
    OutcomeUnknown,
    SyndicationError,
    Unfinished,
)
from litfass_syndication.ledger import Slot


def test_a_doubt_is_settled_by_an_address_that_may_have_to_be_looked_up():
    slot = Slot("hello", "town")
    assert "--published https://town.example/1`" in settling(slot, "https://town.example/1")
    assert "--published URL`" in settling(slot)
    assert settling(slot, "") == settling(slot)


@EVERY_DEDUPE
@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("failure", [PowerCutError(), OutcomeUnknown("lost"), ZeroDivisionError()])
def test_a_lost_answer_never_doubles(run, clock, dedupe, arrived, failure):
    town = Town(dedupe)
    (town.after if arrived else town.before).append(failure)
    if isinstance(failure, PowerCutError):
        with pytest.raises(PowerCutError):
            run([post()], town)
    else:
        assert results(run([post()], town)) == ["in-doubt"]
    clock.now += timedelta(minutes=5)
    outcomes = run([post()], town)
    if dedupe is Dedupe.NONE:
        assert results(outcomes) == ["in-doubt"]
        assert "litfass settle hello town --published URL" in outcomes[0].hint
        assert town.posts == ({"hello": 1} if arrived else {})
    else:
        assert results(outcomes) == ["announced"]
        assert town.posts == {"hello": 1}
        assert results(run([post()], town)) == ["unchanged"]


def test_what_is_unfinished_is_due_and_resumed_with_its_own_key(run, clock):
    """Some have it and others wait: the claim stays open, and nothing begins anew."""
    town = Town(Dedupe.IDENTIFIER)
    town.after.append(Unfinished("2 of 4 have it.", "The next run goes on."))
    (outcome,) = run([post()], town)
    assert (str(outcome.outcome), outcome.reason) == ("due", "2 of 4 have it.")
    clock.now += timedelta(minutes=5)
    assert results(run([post()], town)) == ["announced"]
    assert len(town.keys) == 1


def test_what_is_unfinished_holds_back_what_comes_after_it(run):
    town = Town(Dedupe.IDENTIFIER)
    town.after.append(Unfinished("2 of 4 have it."))
    assert results(run([post("one", age=2 * DAY), post("two")], town)) == ["due", "due"]
    assert town.posts == {"one": 1}


@pytest.mark.parametrize(
    ("title", "arrived", "result", "posts"),
    [
        ("About hello", True, "announced", 1),
        ("About hello", False, "announced", 1),
        ("About something else", True, "announced", 1),
        ("About something else", False, "in-doubt", 0),
    ],
)
def test_where_the_message_is_its_own_identifier_only_the_same_one_is_sent_again(
    run, clock, title, arrived, result, posts
):
    town = Town(Dedupe.CONTENT)
    town.listing_complete = False
    (town.after if arrived else town.before).append(OutcomeUnknown("lost"))
    run([post()], town)
    clock.now += timedelta(minutes=5)
    assert results(run([post(title=title)], town)) == [result]
    assert len(town.columns) == posts


def test_a_key_is_not_sent_again_while_the_first_request_may_still_be_at_work(run, clock):
    town = Town(Dedupe.KEY)
    town.before.append(OutcomeUnknown("lost"))  # the server is slow: nothing is there yet
    run([post()], town)
    clock.now += timedelta(seconds=5)
    assert results(run([post()], town)) == ["in-doubt"]
    assert town.posts == {}
    clock.now += timedelta(minutes=1)
    assert results(run([post()], town)) == ["announced"]
    assert town.posts == {"hello": 1}


def test_a_key_that_the_network_may_have_forgotten_is_not_sent_again(run, clock):
    town = Town(Dedupe.KEY, key_seconds=3600)
    town.after.append(OutcomeUnknown("lost"))
    run([post()], town)
    town.keys.clear()  # an hour has passed there
    clock.now += timedelta(hours=1)
    assert results(run([post()], town)) == ["announced"]  # found by looking
    assert town.posts == {"hello": 1}


def test_a_lost_announcement_is_found_by_the_address_that_its_post_had_then(run, clock):
    town = Town(Dedupe.LOOKUP)
    town.after.append(OutcomeUnknown("lost"))
    run([post()], town)
    clock.now += DAY
    moved = post(url="https://blog.example/moved/")
    assert results(run([moved], town)) == ["announced"]
    assert town.posts == {"hello": 1}
    assert results(run([moved], town)) == ["edited"]


def test_an_incomplete_listing_proves_nothing(run, clock):
    town = Town(Dedupe.LOOKUP)
    town.before.append(OutcomeUnknown("lost"))
    town.listing_complete = False
    run([post()], town)
    clock.now += DAY
    assert results(run([post()], town)) == ["in-doubt"]
    assert town.posts == {}


def test_not_found_a_moment_later_proves_nothing_yet(run, clock):
    town = Town(Dedupe.LOOKUP)
    town.before.append(OutcomeUnknown("lost"))
    run([post()], town)
    clock.now += timedelta(seconds=5)
    assert results(run([post()], town)) == ["in-doubt"]
    clock.now += timedelta(minutes=2)
    assert results(run([post()], town)) == ["announced"]


def test_a_person_settles_a_doubt_either_way(run, journal, clock):
    town = Town()
    town.after += [OutcomeUnknown("lost"), None]
    run([post()], town)
    settle(journal, Slot("hello", "town"), "https://town.example/by-hand", clock)
    outcome = run([post()], town)[0]
    assert (str(outcome.outcome), outcome.url) == ("unchanged", "https://town.example/by-hand")

    town.before.append(OutcomeUnknown("lost"))
    run([post("b")], town)
    settle(journal, Slot("b", "town"), None, clock)
    assert "announced" in results(run([post("b")], town))
    assert town.posts == {"hello": 1, "b": 1}


def test_what_has_no_address_is_settled_without_one(run, journal, clock):
    town = Town()
    town.after.append(OutcomeUnknown("lost"))
    run([post()], town)
    settle(journal, Slot("hello", "town"), "", clock)
    outcome = run([post()], town)[0]
    assert (str(outcome.outcome), outcome.url) == ("unchanged", "")
    assert town.posts == {"hello": 1}


def test_settling_what_is_settled_is_an_error(run, journal, clock):
    run([post()], Town())
    with pytest.raises(SyndicationError, match="is announced"):
        settle(journal, Slot("hello", "town"), None, clock)
    with pytest.raises(SyndicationError, match="is due"):
        settle(journal, Slot("other", "town"), None, clock)


def test_what_was_announced_by_hand_is_adopted_with_its_address(run, journal, clock):
    town = Town()
    settle(journal, Slot("hello", "town"), "https://town.example/mine", clock)
    outcome = run([post()], town)[0]
    assert (str(outcome.outcome), outcome.url) == ("unchanged", "https://town.example/mine")
    assert town.posts == {}


def test_a_doubt_about_a_post_that_is_gone_is_still_reported(run):
    town = Town(Dedupe.KEY)
    town.after.append(OutcomeUnknown("lost"))
    run([post()], town)
    outcomes = run([post("b")], town)
    assert sorted(results(outcomes)) == ["announced", "in-doubt"]
