"""What a program takes: wall time, processor time and memory, of all its processes together.

Memory is the proportional set size (PSS) of the whole tree of processes, looked at every 20 ms:
a page that forked processes share counts once. Linux tells it in /proc; elsewhere it is unknown.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

__all__ = ["Failed", "Sample", "at_rest", "cpu_of", "free_of_noise", "run", "started", "tree_of"]

INTERVAL = 0.02
RESTRAINT = 9
"""Looking may take one part of so many of the time between: large programs are slow to look at."""

ENOUGH = 3
"""Looks that a peak needs: of a program that ends at once nothing is known but its beginning."""

PROC = Path("/proc")

_SURROUNDINGS = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""A developer's shell may keep Python from remembering what it compiled; a writer's does not."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: seconds, seconds of all processors, and bytes at the peak.

    Processor time and memory are None where they are unknown or not asked for.
    """

    wall: float
    cpu: float | None = None
    memory: int | None = None


class Failed(Exception):
    """A contestant cannot do it; the message says what it said last."""


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], log: Path
) -> Sample:
    """Run a command to its end and measure it. Raises Failed when it fails."""
    begun = time.perf_counter()
    process = started(command, folder, environment, log)
    watch = _Watch(process.pid)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = watch.end()
    if process.returncode != 0:
        raise Failed(f"exit status {process.returncode}: {last_words(log)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, peak or None)


def started(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    *,
    apart: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a command that writes to a log; `apart`, it can be ended with all that it starts.

    Raises Failed when there is no such program.
    """
    with log.open("wb") as said:
        try:
            return subprocess.Popen(
                command,
                cwd=folder,
                env={**_SURROUNDINGS, **environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=apart,
            )
        except OSError as error:
            raise Failed(f"{command[0]} cannot be started: {error.strerror}") from error


def free_of_noise() -> None:
    """Let the disk finish what was written before, so that nobody pays for another."""
    os.sync()


def last_words(log: Path, lines: int = 3) -> str:
    """Return the end of what a program said, in one line."""
    said = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    return " ⏎ ".join([line for line in said if line][-lines:])[-300:]


def tree_of(process: int) -> Iterator[int]:
    """Yield a process and all that it started, and they, as far as they live."""
    yield process
    with suppress(OSError):
        for thread in (PROC / str(process) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from tree_of(int(child))


def cpu_of(process: int) -> int:
    """Return the clock ticks that a tree of processes has used; those that ended count, too."""
    return sum(_ticks(one) for one in tree_of(process))


def at_rest(process: int) -> bool:
    """Tell whether every thread of a tree of processes waits for something to happen."""
    return all(_sleeps(one) for one in tree_of(process))


def _sleeps(process: int) -> bool:
    try:
        threads = (PROC / str(process) / "task").iterdir()
        states = [(one / "stat").read_text().rpartition(") ")[2][:1] for one in threads]
    except OSError:  # it ended: something happens
        return False
    return not {"R", "D"} & set(states)


def _ticks(process: int) -> int:
    try:
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime: man 5 proc, less two


def _proportional_set(process: int) -> int:
    """Return a process's share of memory in bytes, or 0 when it is gone."""
    try:
        rollup = (PROC / str(process) / "smaps_rollup").read_bytes()
    except OSError:
        return 0
    _, found, rest = rollup.partition(b"\nPss:")
    return int(rest.split(None, 1)[0]) * 1024 if found else 0


class _Watch(Thread):
    """Looks at the memory of a tree of processes until it is told to end."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._over = Event()
        self._peak = 0
        self._looks = 0

    def run(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            begun = time.perf_counter()
            self._peak = max(self._peak, sum(map(_proportional_set, tree_of(self._process))))
            self._looks += 1
            pause = max(INTERVAL, RESTRAINT * (time.perf_counter() - begun))

    def end(self) -> int:
        """Return the peak in bytes; 0 when too little could be seen of it."""
        self._over.set()
        self.join()
        return self._peak if self._looks >= ENOUGH else 0
