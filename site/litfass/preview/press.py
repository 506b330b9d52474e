"""The press: builds when asked, never two at once, and keeps what came of it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from litfass.errors import LitfassError, Problem
from litfass.preview.edition import Edition, Proof, Touched

QUIET = 0.015
"""Seconds without a further change after which a burst of saves is over."""
LONGEST = 0.3
"""Seconds after which a burst that does not end is built all the same."""
LEISURE = 0.4
"""Seconds without an order after which all is looked at, in case a change went unnoticed."""


class Press:
    """Turns orders into editions, and calls `printed` in its own thread for each new one.

    `pending` tells that an order is not printed yet. What is told to have been touched is all
    that is looked at first; a look at everything follows at leisure.
    """

    def __init__(
        self,
        builder: Callable[[Touched], Proof],
        announce: Callable[[str], None],
        printed: Callable[[], None],
    ) -> None:
        self.edition = Edition()
        self.pending = False
        self._builder = builder
        self._announce = announce
        self._printed = printed
        self._ordered = threading.Event()
        self._orders = threading.Lock()
        self._touched: Touched = frozenset()
        self._sure = True
        self._stopped = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take orders, earlier ones too; at the end the build that is running is finished."""
        thread = threading.Thread(target=self._work, name="litfass-press", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped = True
            self._ordered.set()
            thread.join()

    def order(self, touched: Touched = None) -> None:
        """Ask for a build; orders that come together are one."""
        with self._orders:
            before = self._touched
            self._touched = None if touched is None or before is None else before | touched
            self.pending = True
            self._ordered.set()

    def print_edition(self, touched: Touched = None) -> None:
        """Build once, now, and tell about it if that changed anything."""
        edition, words = self._attempt(touched)
        if edition != self.edition:
            self.edition = edition
            for line in words:
                self._announce(line)
            self._printed()

    def _attempt(self, touched: Touched) -> tuple[Edition, tuple[str, ...]]:
        """Return the next edition, and what to say. Whatever goes wrong becomes its problems."""
        began = time.perf_counter()
        try:
            proof = self._builder(touched)
        except LitfassError as error:
            problems = error.problems()
            return self.edition.spoilt(problems), tuple(map(_said, problems))
        except Exception as error:  # noqa: BLE001 - a bug in a build must not end the preview
            return self.edition.spoilt((_bug(error),)), (traceback.format_exc(),)
        files = f"{len(proof.changed)} of {proof.total} files changed"
        words = f"{files if proof.changed else 'All is well'}, {time.perf_counter() - began:.2f} s"
        return self.edition.after(proof), (words, *map(_said, proof.warnings))

    def _work(self) -> None:
        while self._next_order():
            touched = self._taken()
            self.print_edition(touched)
            self._sure = touched is None
            with self._orders:
                self.pending = self._ordered.is_set()

    def _taken(self) -> Touched:
        """Return what the orders so far say; they are about to be printed."""
        with self._orders:
            touched, self._touched = self._touched, frozenset()
            return touched

    def _next_order(self) -> bool:
        """Wait for an order, and for the end of the burst that it belongs to."""
        if not self._ordered.wait(None if self._sure else LEISURE):
            self._touched = None
            return not self._stopped
        latest = time.monotonic() + LONGEST
        while not self._stopped and time.monotonic() < latest:
            self._ordered.clear()
            if not self._ordered.wait(QUIET):
                break
        return not self._stopped


def _said(problem: Problem) -> str:
    return f"{problem}\n  {problem.hint}" if problem.hint else str(problem)


def _bug(error: Exception) -> Problem:
    return Problem(
        f"Litfass itself is at fault: {type(error).__name__}: {error}",
        "Please report it; the terminal shows where it happened. The preview goes on.",
    )
