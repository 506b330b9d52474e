"""Ctrl-C and SIGTERM, while announcing: what is begun is finished, and nothing else begins."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from litfass.cli.exits import Exit

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_EXITS = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED}


class Stop(Event):
    """A wish to stop; whoever waits with `wait` waits no longer then."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Exit.DONE

    @contextmanager
    def heeded(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Take signals as a wish; a second one ends the program at once, and leaves a doubt."""

        def heed(number: int, frame: FrameType | None) -> None:
            del frame
            if self.is_set():
                os._exit(self.status)
            self.status = _EXITS[signal.Signals(number)]
            self.set()
            tell("Stopping; what is begun is finished first …")

        before = {number: signal.signal(number, heed) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, former in before.items():
                signal.signal(number, former)
