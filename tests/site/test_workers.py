"""Work in other processes: the same results in the same order, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from litfass import workers
from litfass.workers import begun, spread

HERE = os.getpid()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_things(jobs):
    things = range(workers.WORTHWHILE * 3)
    assert list(spread(lambda thing: thing * 2, things, jobs)) == [2 * thing for thing in things]


def test_work_is_done_beside_this_process_where_more_than_one_may_work():
    assert begun(os.getpid, 2)() != HERE
    assert begun(os.getpid, 1)() == HERE


def test_work_whose_process_is_killed_is_done_here():
    def work():
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert begun(work, 2)() == "done"


def test_work_whose_process_hangs_is_done_here(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.05)

    def work():
        while os.getpid() != HERE:
            time.sleep(60)
        return "done"

    assert begun(work, 2)() == "done"


def test_an_error_in_the_work_is_raised_here():
    def work():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begun(work, 2)()


ANSWERED = """
import signal
from litfass.workers import WORTHWHILE, begun, spread
signal.signal(signal.SIGTERM, lambda *_: print("stopping"))
for _ in range(20):
    list(spread(abs, range(WORTHWHILE), 2))
assert begun(lambda: signal.getsignal(signal.SIGTERM), 2)() is signal.SIG_DFL
"""


def test_workers_end_whatever_their_first_process_makes_of_being_told_to():
    done = subprocess.run(
        [sys.executable, "-c", ANSWERED], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
