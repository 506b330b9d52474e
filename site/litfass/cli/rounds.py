"""`litfass publish --every`: round after round, without cron, until somebody stops it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from litfass.cli.exits import Exit
from litfass.cli.opening import now
from litfass.cli.screen import Screen
from litfass.cli.stopping import Stop
from litfass.errors import LitfassError, Problem


def keep(every: float, one_round: Callable[[], str], stop: Stop, screen: Screen) -> Exit:
    """Do a round every so many seconds; tell of one in a line, if it has something to tell.

    A mistake in the blog ends no more than its round, and is told once. Being stopped between two
    rounds is the ordinary end.
    """
    gc.enable()  # this process stays
    told: tuple[Problem, ...] = ()
    with stop.heeded(screen.say):
        while True:
            begun = time.monotonic()
            line, problems = _done(one_round)
            cut_short = stop.is_set()
            if problems != told:
                screen.problems(problems)
            if line:
                screen.say(f"{now().astimezone():%Y-%m-%d %H:%M} · {line}")
            told = problems
            if cut_short:
                return stop.status
            if stop.wait(max(0.0, every - (time.monotonic() - begun))):
                return Exit.DONE


def _done(one_round: Callable[[], str]) -> tuple[str, tuple[Problem, ...]]:
    try:
        return one_round(), ()
    except LitfassError as error:
        return "", error.problems()
