"""The promise: never announced twice by our own doing, and never silently not at all."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from tests.syndication.town import (
    DAY,
    EVERY_DEDUPE,
    START,
    Town,
    post,
    results,
)

from litfass_syndication.account import Account
from litfass_syndication.announcement import Receipt
from litfass_syndication.announcer import syndicate
from litfass_syndication.desk import adopt, statuses, withdraw
from litfass_syndication.errors import (
    LedgerError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SyndicationError,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line


def test_what_an_announcement_went_out_without_is_told(run):
    town = Town()
    town._receipt = lambda identifier: Receipt(identifier, "https://town.example/1", ("No image.",))
    (outcome,) = run([post()], town)
    assert (outcome.outcome, outcome.reason) == ("announced", "No image.")


@EVERY_DEDUPE
def test_a_post_is_announced_once_however_often_we_run(run, dedupe):
    town = Town(dedupe)
    first = run([post()], town)
    again = run([post()], town)
    assert results(first) == ["announced"]
    assert first[0].url == "https://town.example/1"
    assert results(again) == ["unchanged"]
    assert again[0].url == "https://town.example/1"
    assert town.posts == {"hello": 1}


@pytest.mark.parametrize(
    "failure", [Unreachable("no"), RateLimited("wait", retry_after=9), Unauthorised("who?")]
)
def test_what_was_surely_not_sent_is_due_again_and_holds_up_the_account(run, failure):
    town = Town()
    town.before.append(failure)
    posts = [post("a", age=2 * DAY), post("b", age=DAY)]
    outcomes = run(posts, town)
    assert results(outcomes) == ["due", "due"]
    assert outcomes[1].reason == failure.message
    assert town.posts == {}
    assert results(run(posts, town)) == ["announced", "announced"]
    assert [message.post for message in town.columns] == ["a", "b"]


def test_a_refused_message_is_sent_again_only_when_it_changes(run):
    town = Town()
    town.before.append(Rejected("Too rude."))
    assert results(run([post()], town)) == ["refused"]
    again = run([post()], town)
    assert results(again) == ["refused"]
    assert again[0].reason == "Too rude."
    assert results(run([post(title="Politely")], town)) == ["announced"]


def test_a_refused_message_does_not_hold_up_the_others(run):
    town = Town()
    town.before.append(Rejected("Too rude."))
    outcomes = run([post("a", age=2 * DAY), post("b")], town)
    assert results(outcomes) == ["refused", "announced"]


def test_one_doubt_lets_the_others_pass_and_two_in_a_row_stop_the_account(run):
    town = Town()
    town.after += [OutcomeUnknown("1"), None, OutcomeUnknown("2"), OutcomeUnknown("3")]
    posts = [post(name, age=(9 - number) * DAY / 9) for number, name in enumerate("abcdef")]
    assert results(run(posts, town)) == [
        "in-doubt", "announced", "in-doubt", "in-doubt", "due", "due",
    ]  # fmt: skip


def test_a_dead_account_does_not_hold_up_the_others(run, journal):
    dead, alive = Town(), Town()
    dead.limits = lambda: (_ for _ in ()).throw(Unreachable("dead"))
    journal.append(Line("alive", START - 100 * DAY, START - 100 * DAY))
    accounts = (Account("town", dead), Account("alive", alive))
    outcomes = run([post()], None, accounts=accounts)
    assert results(outcomes) == ["due", "announced"]


def test_a_post_of_the_moment_of_the_line_stays_behind_it_even_if_it_came_later(journal, clock):
    town = Town()
    account = Account("new", town)
    adopt(journal, account, [], None, clock)
    outcomes = syndicate([post(age=0 * DAY)], [account], journal, clock=clock)
    assert results(outcomes) == ["waived"]
    assert not town.posts


def test_a_turn_that_is_not_to_be_had_silences_one_account_and_is_told(run, journal, monkeypatch):
    journal.append(Line("other", START - 100 * DAY, START - 100 * DAY))
    take_turn = journal.turn

    def turn(account):
        if account == "town":
            raise LedgerError("The ledger is away.", "Bring it back.")
        return take_turn(account)

    monkeypatch.setattr(journal, "turn", turn)
    towns = Town(), Town()
    accounts = (Account("town", towns[0]), Account("other", towns[1]))
    outcomes = run([post()], None, accounts=accounts)
    assert results(outcomes) == ["due", "announced"]
    assert (outcomes[0].reason, outcomes[0].hint) == ("The ledger is away.", "Bring it back.")
    assert not towns[0].posts


def test_the_words_of_a_bug_are_not_shown_for_they_may_hold_a_secret(run, tmp_path):
    town = Town()
    town.before.append(RuntimeError("token abc123"))
    outcome = run([post()], town)[0]
    assert "RuntimeError" in outcome.reason
    assert "abc123" not in repr(outcome)
    assert "abc123" not in (tmp_path / "syndication" / "ledger.jsonl").read_text()


def test_an_unknown_account_announces_nothing_and_says_how_to_go_on(journal, clock):
    town = Town()
    posts = [post(f"p{number}") for number in range(5)]
    outcomes = syndicate(posts, [Account("new", town)], journal, clock=clock)
    assert results(outcomes) == ["due"] * 5
    assert "5 posts would go out" in outcomes[0].reason
    assert "litfass adopt new" in outcomes[0].hint
    assert town.posts == {}


def test_a_lost_ledger_stops_and_does_not_flood(run, journal, tmp_path):
    town = Town()
    run([post()], town)
    (tmp_path / "syndication" / "ledger.jsonl").unlink()
    assert results(run([post()], town)) == ["due"]
    assert town.posts == {"hello": 1}


def test_adopting_waives_what_is_old_even_when_it_is_dated_anew(journal, clock):
    town = Town()
    account = Account("new", town)
    assert adopt(journal, account, [post("old")], None, clock) == 1
    clock.now += DAY
    fresh = post("fresh", age=-DAY / 2)
    outcomes = syndicate([post("old", age=-DAY / 2), fresh], [account], journal, clock=clock)
    assert {outcome.post: str(outcome.outcome) for outcome in outcomes} == {
        "old": "waived",
        "fresh": "announced",
    }
    assert town.posts == {"fresh": 1}


def test_adopting_since_a_date_leaves_newer_posts_due_however_old(journal, clock):
    town = Town()
    account = Account("new", town)
    posts = [post("older", age=50 * DAY), post("old", age=30 * DAY)]
    adopt(journal, account, posts, START - 40 * DAY, clock)
    assert results(syndicate(posts, [account], journal, clock=clock)) == ["waived", "announced"]


def test_a_waived_post_is_announced_when_it_is_named(journal, clock):
    town = Town()
    account = Account("new", town)
    adopt(journal, account, [post()], None, clock)
    outcomes = syndicate([post()], [account], journal, clock=clock, only_posts=["hello"])
    assert results(outcomes) == ["announced"]


def test_a_backlog_account_announces_all_that_was_there_before_it(journal, clock):
    town = Town()
    account = Account("outbox", town, backlog=True)
    posts = [post(f"p{number}", age=number * 90 * DAY) for number in range(5)]
    outcomes = syndicate(posts, [account], journal, clock=clock)
    assert results(outcomes) == ["announced"] * 5
    assert [message.post for message in town.columns] == ["p4", "p3", "p2", "p1", "p0"]


def test_a_post_that_turns_up_too_old_is_not_announced_unless_it_is_named(run, clock):
    town = Town()
    late = post(age=20 * DAY)
    outcome = run([late], town)[0]
    assert (str(outcome.outcome), outcome.reason) == ("waived", "It is older than 7 days.")
    assert results(run([late], town, only_posts=["hello"])) == ["announced"]


def test_what_was_tried_does_not_grow_too_old(run, clock):
    town = Town()
    town.before.append(Unreachable("for weeks"))
    run([post()], town)
    clock.now += 30 * DAY
    assert results(run([post()], town)) == ["announced"]


def test_a_run_announces_at_most_so_many_posts_the_oldest_first(run):
    town = Town()
    posts = [post(f"p{number}", age=DAY * (1 - number / 10)) for number in range(5)]
    assert results(run(posts, town, max_per_run=2)) == ["announced"] * 2 + ["due"] * 3
    assert results(run(posts, town, max_per_run=2)) == ["unchanged"] * 2 + ["announced"] * 2 + [
        "due"
    ]
    assert town.posts == {f"p{number}": 1 for number in range(4)}


def test_a_refused_post_does_not_use_up_the_run(run):
    town = Town()
    town.before.append(Rejected("no"))
    run([post("a", age=2 * DAY)], town)
    outcomes = run([post("a", age=2 * DAY), post("b")], town, max_per_run=1)
    assert results(outcomes) == ["refused", "announced"]


def test_a_scheduled_post_waits(run):
    town = Town()
    assert run([post(age=-DAY)], town) == ()
    named = run([post(age=-DAY)], town, only_posts=["hello"])
    assert results(named) == ["due"]
    assert town.posts == {}


def test_a_post_goes_only_where_it_is_wanted(run):
    town = Town()
    assert run([post(accounts=("elsewhere",)), post("b", accounts=())], town) == ()
    assert town.posts == {}


def test_nothing_is_claimed_before_the_page_is_live_and_each_page_is_asked_about_once(run, journal):
    town, other = Town(), Town()
    journal.append(Line("other", START - 100 * DAY, START - 100 * DAY))
    asked = []

    def live(announcement):
        asked.append(announcement.post)
        return "It answers 404."

    accounts = (Account("town", town), Account("other", other))
    before = len(journal.read())
    outcomes = run([post()], None, accounts=accounts, live=live)
    assert results(outcomes) == ["due", "due"]
    assert outcomes[0].reason == "It answers 404."
    assert asked == ["hello"]
    assert len(journal.read()) == before + 1  # only how the post looks


def test_a_dry_run_shows_what_would_be_said_and_changes_nothing(run, journal, tmp_path):
    town = Town()
    before = (tmp_path / "syndication" / "ledger.jsonl").read_bytes()
    outcome = run([post()], town, dry_run=True)[0]
    assert str(outcome.outcome) == "would-announce"
    assert outcome.text == "About hello\n\nhttps://blog.example/hello/"
    assert (outcome.length, outcome.limit, outcome.measure) == (40, 200, "code points")
    assert (tmp_path / "syndication" / "ledger.jsonl").read_bytes() == before
    assert town.posts == {}


@pytest.mark.parametrize(
    "renamed",
    [
        post("moved", url="https://blog.example/hello/"),
        post("moved", title="About hello"),
        post("moved", title="Another", aliases=("https://blog.example/hello/",)),
    ],
)
def test_a_renamed_post_keeps_its_slots(run, renamed):
    town = Town()
    run([post()], town)
    outcomes = run([renamed], town)
    assert results(outcomes)[0] in {"unchanged", "edited"}
    assert outcomes[0].url == "https://town.example/1"
    assert town.posts == {"hello": 1}


def test_a_post_is_still_known_after_a_retitling_and_then_a_renaming(run):
    town = Town()
    run([post()], town)
    run([post(title="New title", url="https://blog.example/new-title/")], town)
    run([post("moved", title="Newer", url="https://blog.example/new-title/")], town)
    run([post("again", title="Newer", url="https://blog.example/again/")], town)
    assert town.posts == {"hello": 1}


def test_an_adopted_post_is_still_known_after_a_retitling_and_then_a_renaming(journal, clock):
    town = Town()
    account = Account("new", town)
    adopt(journal, account, [post()], None, clock)
    clock.now += DAY
    moved = {"url": "https://blog.example/moved/", "published": clock.now}
    for seen in (post(**moved), post("moved", **moved | {"title": "New title"})):
        assert results(syndicate([seen], [account], journal, clock=clock)) == ["waived"]


def test_a_post_that_moved_before_another_account_adopts_it_is_no_new_post(run, journal, clock):
    town, account = Town(), Account("other", Town())
    run([post()], town)
    moved = post("moved", title="About hello")
    adopt(journal, account, [moved], None, clock)
    assert results(run([moved], town)) == ["edited"]
    assert town.posts == {"hello": 1}


def test_the_status_knows_a_post_that_has_just_moved(run, journal, clock):
    town = Town()
    run([post()], town)
    moved = post("moved", title="About hello")
    (row,) = statuses(journal, [moved], [Account("town", town)], clock=clock)
    assert (row.post, str(row.standing)) == ("moved", "announced")


def test_a_renaming_that_is_taken_back_changes_nothing(run):
    town = Town()
    run([post()], town)
    run([post("moved", url="https://blog.example/hello/")], town)
    run([post()], town)
    assert town.posts == {"hello": 1}


def test_a_former_id_in_use_again_is_reported_and_not_taken_for_the_old_post(run):
    town = Town()
    run([post()], town)
    moved = post("moved", url="https://blog.example/hello/")
    run([moved], town)
    outcomes = run([moved, post(url="https://blog.example/2/", title="Second")], town)
    assert sorted(results(outcomes)) == ["due", "unchanged"]
    held = next(outcome for outcome in outcomes if outcome.outcome == "due")
    assert held.post == "hello"
    assert "moved" in held.reason


def test_a_changed_message_is_edited_once(run):
    town = Town()
    run([post()], town)
    changed = post(title="Corrected")
    assert results(run([changed], town)) == ["edited"]
    assert results(run([changed], town)) == ["unchanged"]
    assert results(run([post()], town)) == ["edited"]
    assert [identifier for identifier, _ in town.edits] == ["1", "1"]


def test_a_clock_set_back_does_not_make_edits_repeat(run, clock):
    town = Town()
    run([post()], town)
    run([post(title="Two")], town)
    clock.now -= timedelta(hours=3)
    run([post(title="Three")], town)
    assert results(run([post(title="Three")], town)) == ["unchanged"]


def test_a_body_that_changes_without_the_message_changes_nothing(run):
    town = Town()
    run([post()], town)
    assert results(run([post(revision="r2")], town)) == ["unchanged"]
    assert town.edits == []


@pytest.mark.parametrize(
    ("town", "changes"),
    [(Town(edit=False), {}), (Town(), {"corrections": "leave"})],
    ids=["cannot", "leave"],
)
def test_where_it_is_not_edited_the_outcome_says_so(run, town, changes):
    run([post()], town)
    account = Account("town", town, **changes)
    outcome = run([post(title="Other")], town, accounts=[account])[0]
    assert str(outcome.outcome) == "unchanged"
    assert outcome.reason.startswith("Its message has changed since. ")
    assert town.edits == []


def test_a_refused_correction_is_not_tried_again(run):
    town = Town()
    run([post()], town)
    town.before.append(Rejected("It is gone."))
    assert results(run([post(title="Other")], town)) == ["unchanged"]
    again = run([post(title="Other")], town)
    assert (results(again), again[0].reason) == (["unchanged"], "It is gone.")
    assert town.edits == []


def test_a_new_template_does_not_edit_everything_at_once(run):
    town = Town()
    posts = [post(name, age=DAY / (2 + number)) for number, name in enumerate("abc")]
    run(posts, town)
    account = Account("town", town, template="New! {{ title }} {{ url }}")
    first = run(posts, town, accounts=[account], max_per_run=2)
    assert results(first) == ["edited", "edited", "due"]
    assert "at most 2" in first[2].reason
    assert results(run(posts, town, accounts=[account], max_per_run=2))[2] == "edited"
    assert [identifier for identifier, _ in town.edits] == ["1", "2", "3"]


def test_a_lost_correction_is_made_again(run):
    town = Town()
    run([post()], town)
    town.before.append(OutcomeUnknown("lost"))
    assert results(run([post(title="Other")], town)) == ["due"]
    assert results(run([post(title="Other")], town)) == ["edited"]


def test_a_withdrawn_post_is_never_announced_again(run, journal, clock):
    town = Town()
    run([post()], town)
    withdraw(journal, Account("town", town), "hello", clock)
    assert town.columns == [None]
    assert results(run([post()], town)) == ["unchanged"]
    assert town.columns == [None]


def test_every_announcement_of_a_slot_is_withdrawn(run, journal, clock):
    """Two branches had announced it, each for itself."""
    town = Town()
    run([post()], town)
    twin = town.publish(town.columns[0], "another-key")
    attempt = {"attempt": "another-key", "identifier": twin.identifier, "url": twin.url}
    (known,) = (event for event in journal.read() if getattr(event, "identifier", "") == "1")
    journal.append(replace(known, **attempt))
    withdraw(journal, Account("town", town), "hello", clock)
    assert town.columns == [None, None]
    assert results(run([post()], town)) == ["unchanged"]


def test_what_is_not_announced_or_cannot_be_deleted_is_not_withdrawn(run, journal, clock):
    town = Town(withdraw=False)
    run([post()], town)
    account = Account("town", town)
    with pytest.raises(SyndicationError, match="cannot withdraw") as caught:
        withdraw(journal, account, "hello", clock)
    assert caught.value.hint == "Delete it there: https://town.example/1"
    with pytest.raises(SyndicationError, match="is not announced: it is due"):
        withdraw(journal, account, "other", clock)


def test_a_post_that_is_gone_is_told_and_not_deleted_by_itself(run, journal, clock):
    town = Town()
    run([post()], town)
    (outcome,) = run([], town)
    assert (str(outcome.outcome), outcome.url) == ("unchanged", "https://town.example/1")
    assert outcome.reason == "Its post is no longer on the blog."
    assert "litfass withdraw hello --account town" in outcome.hint
    (row,) = statuses(journal, [], [Account("town", town)], clock=clock)
    assert "no longer on the blog" in row.reason
    assert town.posts == {"hello": 1}


def test_an_announcement_that_cannot_be_written_down_is_told_with_its_address(run, journal):
    town = Town()
    append = journal.append
    calls = count()

    def full(*records):
        if next(calls) > 0:
            raise LedgerError("The disk is full.")
        append(*records)

    journal.append = full
    outcome = run([post()], town)[0]
    assert (str(outcome.outcome), outcome.url) == ("in-doubt", "https://town.example/1")
    assert "--published https://town.example/1" in outcome.hint


def test_statuses_show_every_slot(run, journal, clock):
    town = Town()
    posts = [post(), post("old", age=20 * DAY)]
    run(posts, town)
    rows = statuses(journal, posts, [Account("town", town)], clock=clock)
    assert [(row.post, str(row.standing), row.url) for row in rows] == [
        ("old", "waived", ""),
        ("hello", "announced", "https://town.example/1"),
    ]
    gone = statuses(journal, [], [Account("town", town)], clock=clock)
    assert [(row.post, str(row.standing)) for row in gone] == [("hello", "announced")]


def test_a_wrong_name_is_an_error_with_a_suggestion(run):
    with pytest.raises(SyndicationError) as caught:
        run([post()], Town(), only_posts=["helo"])
    assert caught.value.hint == 'Did you mean "hello"?'


class Wall(Town):
    """A town whose columns are lines of a file, so that several processes can paste on them."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def publish(self, message, key):
        with self.path.open("a") as file:
            file.write(f"{message.post}\n")
        return Receipt(key, "https://town.example/")


def _paste(folder, start):
    start.wait()
    posts = [post(f"p{number}") for number in range(15)]
    accounts = [Account(name, Wall(folder / name), backlog=True) for name in ("a", "b")]
    syndicate(posts, accounts, FileJournal(folder / "ledger.jsonl"), clock=lambda: START)


def test_of_several_runs_at_once_each_slot_is_announced_once(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Event()
    workers = [spawn.Process(target=_paste, args=(tmp_path, start)) for _ in range(3)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    for name in ("a", "b"):
        pasted = (tmp_path / name).read_text().split()
        assert sorted(pasted) == sorted(f"p{number}" for number in range(15))


def test_each_outcome_is_reported_when_it_is_known(run):
    heard = []
    outcomes = run([post("a"), post("b")], Town(), report=heard.append)
    assert tuple(heard) == outcomes
