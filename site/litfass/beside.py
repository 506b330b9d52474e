"""A process beside this one, which runs errands for it, one after the other.

It is begun before anybody knows what there will be to do, so that it has brought in what takes
long to import by the time that it is asked.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn, Self

from litfass.workers import be_on_its_own, forks, unsignalled

Errand = Callable[..., Any]

PATIENCE = 20.0  # seconds that an errand may take
_LENGTH = 8  # bytes that say how many follow


class Beside:
    """A process that knows some errands. A context manager: at its end the process ends, too.

    Where only one may work, where the system cannot fork, or the process brings no result, an
    errand is run here when its result is asked for. Errands must not use connections opened
    before, nor what changes after the process was begun.
    """

    def __init__(self, errands: Mapping[str, Errand], jobs: int) -> None:
        self._errands = errands
        self._wanted = jobs > 1 and forks()
        self._child = 0
        self._asking = self._hearing = -1
        self._asked = 0
        self._answers: list[bytes] = []

    def __enter__(self) -> Self:
        if not self._wanted:
            return self
        orders, self._asking = os.pipe()
        self._hearing, answers = os.pipe()
        with unsignalled():
            self._child = os.fork()
            if not self._child:
                os.close(self._asking)
                os.close(self._hearing)
                self._serve(orders, answers)
        os.close(orders)
        os.close(answers)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._child:
            self._end()
            os.close(self._asking)
            os.close(self._hearing)
            os.waitpid(self._child, 0)
            self._child = 0

    def ask(self, errand: str, *things: Any) -> Callable[[], Any]:
        """Have an errand run with some things, which are pickled; return what brings its result."""
        here = partial(self._errands[errand], *things)
        if not self._child:
            return here
        with suppress(BrokenPipeError):
            _send(self._asking, pickle.dumps((errand, things)))
        self._asked += 1
        return partial(self._result, self._asked, here)

    def _result(self, number: int, here: Callable[[], Any]) -> Any:
        while len(self._answers) < number:
            self._answers.append(self._answer())
        content, self._answers[number - 1] = self._answers[number - 1], b""
        return pickle.loads(content) if content else here()  # noqa: S301 - our own child's

    def _answer(self) -> bytes:
        # A thread that imports while we fork may leave the child waiting for ever.
        line = select.poll()
        line.register(self._hearing, select.POLLIN)
        if not line.poll(PATIENCE * 1000):
            self._end()
        return _receive(self._hearing)

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)

    def _serve(self, orders: int, answers: int) -> NoReturn:
        """Run errands, and end without a trace of what was shared."""
        try:
            be_on_its_own()
            while order := _receive(orders):
                _send(answers, self._run(order))
        finally:
            os._exit(0)

    def _run(self, order: bytes) -> bytes:
        """Return an errand's result; nothing if it fails, so that it fails where it was asked."""
        try:
            errand, things = pickle.loads(order)  # noqa: S301 - our own
            return pickle.dumps(self._errands[errand](*things))
        except Exception:  # noqa: BLE001 - whatever it is
            return b""


def _send(pipe: int, content: bytes) -> None:
    content = len(content).to_bytes(_LENGTH) + content
    while content:
        content = content[os.write(pipe, content) :]


def _receive(pipe: int) -> bytes:
    """Return what was sent; nothing when nobody is there any more."""
    length = int.from_bytes(_read(pipe, _LENGTH))
    return _read(pipe, length)


def _read(pipe: int, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(pipe, length - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)
