"""A process that is killed at any system call announces nothing twice, and loses nothing unsaid.

Each call that reaches the ledger or a network is tried; with `LITFASS_EVERY_CRASH=1` every other
call as well, such as those to the cache and the lock files. `--log-cli-level=INFO` tells how many.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import pytest
from tests.whole.killer import CALLS, CAN_TEAR, TEARABLE
from tests.whole.towns import ENVIRON, KINDS, town

from litfass_syndication.testing.listening import listening

_log = logging.getLogger(__name__)

HOUSE = Path(__file__).parents[2]
EVERY = os.environ.get("LITFASS_EVERY_CRASH") == "1"
TELLING = {"write", "fsync", "sendto", "recvfrom"}
KILLERS = 2
KILLED = -9
SOON, LATER, AT_LAST = 1, 300, 600  # seconds; a server may be busy for one minute

POST = "---\nid: {name}\ntitle: {title}\ndate: {day}\n---\nHello.\n"
SETTINGS = """\
[site]
title = "Werkstattbuch"
url = "https://blog.example"
[build]
permalink = "/{{slug}}/"
[syndication]
wait_seconds = 0
{account}
"""

pytestmark = pytest.mark.skipif(not CALLS, reason="killing at system calls needs Linux and ptrace")


class Ended(NamedTuple):
    """How the program ended: its exit status (negative for a signal), words, system calls."""

    status: int
    said: str
    points: list[str]


class Killer:
    """A program that runs the program, and kills it where it is told to."""

    def __init__(self):
        command = [sys.executable, "-m", "tests.whole.killer"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, cwd=HOUSE, **pipes)

    def __call__(self, folder, *argv, **order):
        said = str(folder / "said.txt")
        order |= {"folder": str(folder), "argv": argv, "said": said, "environ": ENVIRON}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Ended(answer["status"], answer["said"], answer["points"])

    def stop(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@pytest.fixture(scope="module")
def killers():
    free = SimpleQueue()
    all_of_them = [Killer() for _ in range(KILLERS)]
    for one in all_of_them:
        free.put(one)
    yield free
    for one in all_of_them:
        one.stop()


@pytest.fixture(scope="module")
def blog(killers, tmp_path_factory):
    """Lay out a blog with a warm cache, so that a run has few calls to other things."""
    root = tmp_path_factory.mktemp("blog")
    (root / "posts").mkdir()
    write(root, "About a")
    (root / "litfass.toml").write_text(SETTINGS.format(account=""), "utf-8")
    killer = killers.get()
    assert killer(root, "status").status == 0
    killers.put(killer)
    return root


def write(root, title):
    day = datetime.now(UTC) - timedelta(hours=1)
    text = POST.format(name="a", title=title, day=day.isoformat(timespec="minutes"))
    (root / "posts/a.md").write_text(text, "utf-8")


@dataclass
class Case:
    """A blog of its own, a town of its own, and the program in it."""

    root: Path
    town: object
    killer: Killer

    def __call__(self, *argv, **order):
        ended = self.killer(self.root, *argv, **order)
        assert max(self.town.posts.values(), default=0) <= 1, "it was announced twice"
        return ended

    def to_the_end(self, since=0):
        """Run, settle what a person has to settle as she is told, and run again."""
        assert self("syndicate", later=since + SOON).status in {0, 4}
        later = self("syndicate", "--json", later=since + LATER)
        assert later.status in ({0, 4} if self.town.kind == "none" else {0})
        if later.status == 4:
            self.settle(json.loads(later.said)["messages"])
        assert self("syndicate", later=since + AT_LAST).status == 0
        assert self.town.posts == {"a": 1}

    def settle(self, messages):
        hints = " ".join(one["hint"] for one in messages)
        published, missing = re.findall(r"`litfass (settle \S+ \S+ --.*?)`", hints)
        told = published.replace("URL", "https://wall.example/1") if self.town.posts else missing
        assert self(*told.split(), later=LATER).status == 0


@contextmanager
def case(blog, place, kind, killers):
    there = town(kind)
    shutil.copytree(blog, place)
    killer = killers.get()
    try:
        with listening(there.server) as address:
            settings = SETTINGS.format(account=there.account(address))
            (place / "litfass.toml").write_text(settings, "utf-8")
            yield Case(place, there, killer)
    finally:
        killers.put(killer)


class Crash(NamedTuple):
    """Where the program is killed: before the call of this name and number, or halfway through."""

    call: str
    number: int
    when: str


def crashes(points):
    numbers = Counter()
    for call in points:
        numbers[call] += 1
        if EVERY or call in TELLING:
            yield Crash(call, numbers[call], "before")
        if CAN_TEAR and call in TEARABLE:
            yield Crash(call, numbers[call], "halfway")


class Scenario(NamedTuple):
    """What leads to the run that is killed, when it runs, and what must be true at the end.

    `begin` is told the calls of a first run, for it may kill one itself.
    """

    begin: Callable[[Case, list[str]], None]
    end: Callable[[Case], None]
    later: int = 0
    kinds: tuple[str, ...] = KINDS
    argv: tuple[str, ...] = ("syndicate",)


def nothing(case, calls):
    """Begin with a post that nobody has heard of."""


def a_lost_answer(case, calls):
    """Kill the first run when what makes the post public was sent, and nothing came back yet."""
    sent = ["sendto", calls.count("sendto")]
    assert case("syndicate", kill=sent, when="after").status == KILLED
    patient = time.monotonic() + 5
    while not case.town.posts:  # the server is still at it
        assert time.monotonic() < patient, "nothing arrived"
        time.sleep(0.01)


def a_correction(case, calls):
    assert case("syndicate").status == 0
    write(case.root, "Corrected")


def corrected(case):
    assert case("syndicate", later=SOON).status == 0
    assert json.loads(case("syndicate", "--json").said)["messages"][0]["outcome"] == "unchanged"
    assert case.town.posts == {"a": 1}
    assert "Corrected" in case.town.texts[0]


def announced(case, calls):
    assert case("syndicate").status == 0


def withdrawn(case):
    assert case("withdraw", "a").status == 0
    assert case("syndicate", later=SOON).status == 0
    assert case.town.posts == {}


SCENARIOS = {
    "announcing": Scenario(nothing, Case.to_the_end),
    "resuming": Scenario(
        a_lost_answer,
        lambda case: case.to_the_end(LATER),
        later=LATER,
        kinds=("key", "identifier", "lookup"),
    ),
    "correcting": Scenario(a_correction, corrected, kinds=("key",)),
    "withdrawing": Scenario(
        announced, withdrawn, kinds=("key", "identifier"), argv=("withdraw", "a")
    ),
}
CASES = [(kind, name) for name, scenario in SCENARIOS.items() for kind in scenario.kinds]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_it_may_be_killed_anywhere(kind, name, killers, blog, tmp_path):
    scenario = SCENARIOS[name]

    def prepared(place):
        return case(blog, tmp_path / place, kind, killers)

    with prepared("first") as one:
        calls = one("syndicate", count=True).points
    with prepared("whole") as one:
        scenario.begin(one, calls)
        points = one(*scenario.argv, count=True, later=scenario.later).points

    def tried(crash):
        with prepared("-".join(map(str, crash))) as one:
            scenario.begin(one, calls)
            order = {"kill": crash[:2], "when": crash.when, "later": scenario.later}
            killed = one(*scenario.argv, **order).status == KILLED
            # How many parts an answer comes in, and what the cache does, is not always the same.
            assert killed or crash.call not in {"write", "fsync", "sendto"}, crash
            scenario.end(one)

    chosen = list(crashes(points))
    with ThreadPoolExecutor(KILLERS) as pool:
        assert len(list(pool.map(tried, chosen))) == len(chosen) > 0
    _log.info("%s, %s: killed at %d places of %d calls", kind, name, len(chosen), len(points))
