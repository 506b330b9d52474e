"""The same work on many things, spread over the processor's cores when there is enough of it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_STOPPING = (signal.SIGINT, signal.SIGTERM)
WORTHWHILE = 48  # things to do, below which starting processes costs more than it saves


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nobody look for garbage meanwhile.

    A build makes a hundred thousand values that stay, and next to none that refer in circles; the
    collector would look at all of them again and again, and copy pages shared with workers.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def spread(work: Callable[[T], R], things: Sequence[T], jobs: int) -> Iterator[R]:
    """Return the result of the work on each thing, in their order.

    Processes are forked, so that they share what is in memory already; where the system cannot
    fork safely, all is done here. The work must answer with a value, never with an exception of
    ours, and must not use connections opened before.
    """
    if jobs <= 1 or len(things) < WORTHWHILE or not forks():
        yield from map(work, things)
        return
    import multiprocessing  # noqa: PLC0415 - heavy

    context = multiprocessing.get_context("fork")
    share = max(1, min(64, len(things) // (jobs * 4)))
    with unsignalled():
        processes = context.Pool(jobs, _begin, (work, things))
    with processes as pool:
        yield from pool.imap(_step, range(len(things)), chunksize=share)


@contextmanager
def unsignalled() -> Iterator[None]:
    """Let signals wait while a process forks, until the one that is new has its own answers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def be_on_its_own() -> None:
    """Answer signals as a worker: Ctrl-C is the first process's affair, and SIGTERM is the end.

    A worker that kept the answers of the process it was forked from would, told to end, only say
    that it is going to stop; and that process would wait for it for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)


def forks() -> bool:
    """Tell whether forking is safe: macOS has it, but its libraries may crash after it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


_task: tuple[Callable[[Any], Any], Sequence[Any]]


def _begin(work: Callable[[Any], Any], things: Sequence[Any]) -> None:
    """Set the task of a worker process; nothing of it is pickled, for it is forked."""
    global _task  # noqa: PLW0603 - the only way to hand something to a pool's process
    be_on_its_own()
    _task = (work, things)


def _step(index: int) -> Any:
    work, things = _task
    return work(things[index])
