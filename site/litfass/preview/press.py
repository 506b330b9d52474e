"""The press: builds when asked, never two at once, and keeps what came of it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from litfass.errors import LitfassError, Problem
from litfass.preview.edition import Edition, Proof

QUIET = 0.015
"""Seconds without a further change after which a burst of saves is over."""
LONGEST = 0.3
"""Seconds after which a burst that does not end is built all the same."""


class Press:
    """Turns orders into editions, and calls `printed` in its own thread for each new one."""

    def __init__(
        self,
        builder: Callable[[], Proof],
        announce: Callable[[str], None],
        printed: Callable[[], None],
    ) -> None:
        self.edition = Edition()
        self._builder = builder
        self._announce = announce
        self._printed = printed
        self._ordered = threading.Event()
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

    def order(self) -> None:
        """Ask for a build; orders that come together are one."""
        self._ordered.set()

    def print_edition(self) -> None:
        """Build once, now, and tell about it if that changed anything."""
        edition, words = self._attempt()
        if edition != self.edition:
            self.edition = edition
            for line in words:
                self._announce(line)
            self._printed()

    def _attempt(self) -> tuple[Edition, tuple[str, ...]]:
        """Return the next edition, and what to say. Whatever goes wrong becomes its problems."""
        began = time.perf_counter()
        try:
            proof = self._builder()
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
            self.print_edition()

    def _next_order(self) -> bool:
        """Wait for an order, and for the end of the burst that it belongs to."""
        self._ordered.wait()
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
