"""The same work on many things, spread over the processor's cores when there is enough of it."""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 20.0  # seconds that work beside this process may take
THREADS = 2  # more of them stand in each other's way
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


def begun(work: Callable[[], R], jobs: int) -> Callable[[], R]:
    """Begin some work beside this process; return what waits for its result.

    Where only one may work, or the other one brings no result, it is done here when it is asked
    for. The work must not use connections opened before, and is to take seconds at the most.
    """
    if jobs <= 1 or not _forks():
        return work
    result, writing = os.pipe()
    with _unsignalled():
        child = os.fork()
        if not child:
            os.close(result)
            _work_aside(work, writing)
    os.close(writing)

    def finished() -> R:
        with os.fdopen(result, "rb") as pipe:
            # A thread that imports while we fork may leave the child waiting for ever.
            begins, _, _ = select.select((pipe,), (), (), PATIENCE)
            if not begins:
                os.kill(child, signal.SIGKILL)
            content = pipe.read()
        os.waitpid(child, 0)
        return pickle.loads(content) if content else work()  # noqa: S301 - our own child's

    return finished


def ahead(work: Callable[[T], R], things: Sequence[T], jobs: int) -> Callable[[], Iterable[R]]:
    """Begin the work on each thing beside this process, if they are few; return what waits for it.

    If they are many, they are spread when they are asked for. What `begun` and `spread` ask of
    the work holds here, too.
    """
    if 0 < len(things) < WORTHWHILE:
        return begun(lambda: [*map(work, things)], jobs)
    return partial(spread, work, things, jobs)


def _work_aside(work: Callable[[], Any], writing: int) -> NoReturn:
    """Do the work, hand its result over, and end without a trace of what was shared."""
    try:
        _be_on_its_own()
        content = pickle.dumps(work())
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(content)
    finally:
        os._exit(0)


def spread(work: Callable[[T], R], things: Sequence[T], jobs: int) -> Iterator[R]:
    """Return the result of the work on each thing, in their order.

    Processes are forked, so that they share what is in memory already; where the system cannot
    fork safely, all is done here. The work must answer with a value, never with an exception of
    ours, and must not use connections opened before.
    """
    if jobs <= 1 or len(things) < WORTHWHILE or not _forks():
        yield from map(work, things)
        return
    import multiprocessing  # noqa: PLC0415 - heavy

    context = multiprocessing.get_context("fork")
    share = max(1, min(64, len(things) // (jobs * 4)))
    with _unsignalled():
        processes = context.Pool(jobs, _begin, (work, things))
    with processes as pool:
        yield from pool.imap(_step, range(len(things)), chunksize=share)


def side_by_side(work: Callable[[T], R], things: Sequence[T]) -> list[R]:
    """Return the result of the work on each thing, in their order; threads take turns at it.

    It is for work in which the system does most, and lets nobody wait for it.
    """
    if len(things) < WORTHWHILE:
        return [*map(work, things)]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - heavy

    shares = (things[place : place + WORTHWHILE] for place in range(0, len(things), WORTHWHILE))
    with ThreadPoolExecutor(THREADS) as pool:
        done = pool.map(lambda share: [*map(work, share)], shares)
        return [result for results in done for result in results]


@contextmanager
def _unsignalled() -> Iterator[None]:
    """Let signals wait while a process forks, until the one that is new has its own answers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _be_on_its_own() -> None:
    """Answer signals as a worker: Ctrl-C is the first process's affair, and SIGTERM is the end.

    A worker that kept the answers of the process it was forked from would, told to end, only say
    that it is going to stop; and that process would wait for it for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)


def _forks() -> bool:
    """Tell whether forking is safe: macOS has it, but its libraries may crash after it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


_task: tuple[Callable[[Any], Any], Sequence[Any]]


def _begin(work: Callable[[Any], Any], things: Sequence[Any]) -> None:
    """Set the task of a worker process; nothing of it is pickled, for it is forked."""
    global _task  # noqa: PLW0603 - the only way to hand something to a pool's process
    _be_on_its_own()
    _task = (work, things)


def _step(index: int) -> Any:
    work, things = _task
    return work(things[index])
