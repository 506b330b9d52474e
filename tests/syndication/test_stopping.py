"""A run that is told to stop finishes what it has begun, and begins nothing else."""

from __future__ import annotations

from threading import Barrier, Event

from tests.syndication.town import DAY, START, Town, post, results

from litfass_syndication.account import Account
from litfass_syndication.ledger import Line


def test_the_step_in_progress_is_finished_and_no_other_begins(run):
    town, stop = Town(), Event()
    publish = town.publish

    def stopped_meanwhile(message, key):
        stop.set()
        return publish(message, key)

    town.publish = stopped_meanwhile
    posts = [post("a", age=2 * DAY), post("b")]
    outcomes = run(posts, town, stop=stop)
    assert [(one.post, str(one.outcome)) for one in outcomes] == [("a", "announced")]
    assert results(run(posts, town)) == ["unchanged", "announced"]
    assert town.posts == {"a": 1, "b": 1}


def test_nothing_is_claimed_when_it_was_stopped_while_waiting_for_the_page(run, journal):
    town, stop = Town(), Event()
    (outcome,) = run([post()], town, stop=stop, live=lambda _: stop.set())
    assert (str(outcome.outcome), outcome.reason) == ("due", "The run was stopped before.")
    assert town.posts == {}


def test_every_account_speaks_at_once_however_many_there_are(run, journal):
    met = Barrier(11, timeout=10)

    class Meeting(Town):
        def limits(self):
            met.wait()
            return self.capabilities

    accounts = [Account(f"town{number}", Meeting()) for number in range(11)]
    journal.append(*(Line(one.name, START - 9 * DAY, START - 9 * DAY) for one in accounts))
    assert results(run([post()], None, accounts=accounts)) == ["announced"] * 11
