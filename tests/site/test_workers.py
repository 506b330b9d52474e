"""Work in other processes: the same results in the same order, whatever becomes of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from litfass import workers
from litfass.workers import spread


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_things(jobs):
    things = range(workers.WORTHWHILE * 3)
    assert list(spread(lambda thing: thing * 2, things, jobs)) == [2 * thing for thing in things]


ANSWERED = """
import signal
from litfass.beside import Beside
from litfass.workers import WORTHWHILE, spread
signal.signal(signal.SIGTERM, lambda *_: print("stopping"))
for _ in range(20):
    list(spread(abs, range(WORTHWHILE), 2))
with Beside({"answer": lambda: signal.getsignal(signal.SIGTERM)}, 2) as beside:
    assert beside.ask("answer")() is signal.SIG_DFL
"""


def test_workers_end_whatever_their_first_process_makes_of_being_told_to():
    done = subprocess.run(
        [sys.executable, "-c", ANSWERED], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
