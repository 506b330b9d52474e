"""A process beside this one runs errands; whatever becomes of it, there is a result."""

from __future__ import annotations

import os
import signal
import time

import pytest

from litfass import beside
from litfass.beside import Beside

HERE = os.getpid()


def only_there(act):
    """Return an errand that acts in the other process, and is done here."""

    def errand():
        if os.getpid() != HERE:
            act()
        return "done"

    return errand


def test_errands_are_run_by_another_process_where_more_than_one_may_work():
    with Beside({"where": os.getpid}, 2) as other:
        assert other.ask("where")() == other.ask("where")() != HERE
    with Beside({"where": os.getpid}, 1) as other:
        assert other.ask("where")() == HERE


def test_results_can_be_taken_in_any_order_and_be_of_any_size():
    with Beside({"repeat": bytes.__mul__}, 2) as other:
        results = [other.ask("repeat", b"%d" % number, 300_000) for number in range(4)]
        assert [one() for one in reversed(results)] == [b"%d" % n * 300_000 for n in (3, 2, 1, 0)]


def test_what_was_known_when_the_process_began_needs_no_way_to_it():
    known = [lambda: "cannot be pickled"]
    with Beside({"look": lambda place: known[place]()}, 2) as other:
        assert other.ask("look", 0)() == "cannot be pickled"


@pytest.mark.parametrize("act", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os._exit(0)])
def test_errands_of_a_process_that_dies_are_run_here(act):
    with Beside({"die": only_there(act), "where": os.getpid}, 2) as other:
        died, after = other.ask("die"), other.ask("where")
        assert died() == "done"
        assert after() == HERE
        assert other.ask("where")() == HERE


def test_an_errand_whose_process_hangs_is_run_here(monkeypatch):
    monkeypatch.setattr(beside, "PATIENCE", 0.05)
    with Beside({"hang": only_there(lambda: time.sleep(60))}, 2) as other:
        assert other.ask("hang")() == "done"


def test_an_error_in_an_errand_is_raised_where_it_was_asked():
    with Beside({"divide": divmod, "where": os.getpid}, 2) as other:
        with pytest.raises(ZeroDivisionError):
            other.ask("divide", 1, 0)()
        assert other.ask("where")() != HERE


def test_no_process_is_left_behind():
    with Beside({"hang": only_there(lambda: time.sleep(60)), "where": os.getpid}, 2) as other:
        child = other.ask("where")()
        other.ask("hang")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
