"""Starting up, and the floor: what a Python program cannot go below."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.builds import Entrant
from benchmarks.measure import Sample, run

__all__ = ["STARTS", "floors", "start"]

Command = tuple[str | Path, ...]

_LITFASS = Path(sys.executable).with_name("litfass")
_FLOOR = Path(__file__).with_name("floor.py")

STARTS: Mapping[str, Command] = {
    "python": (sys.executable, "-c", "pass"),
    "version": (_LITFASS, "--version"),
    "help": (_LITFASS, "--help"),
}
"""The interpreter of our own virtual environment, and the same with us."""


def start(command: Command, entrant: Entrant) -> Sample:
    """Return what it takes to start and end."""
    return run(command, entrant.folder, {}, entrant.log)


def floors(entrant: Entrant) -> Mapping[str, Command]:
    """Return what to run for the floor of a blog that is built."""
    sources = sorted(map(str, entrant.blog.posts))
    listing = entrant.log.with_suffix(".posts")
    listing.write_text("\n".join(sources), "utf-8")
    everything = entrant.log.with_suffix(".files")
    everything.write_text("\n".join(map(str, _files(entrant))), "utf-8")
    jobs = str(os.cpu_count() or 1)  # as many processes as `litfass build` uses
    return {
        "python": STARTS["python"],
        "stat": (sys.executable, _FLOOR, "stat", everything),
        "markdown": (sys.executable, _FLOOR, "markdown", listing, jobs),
    }


def _files(entrant: Entrant) -> Iterator[Path]:
    """Yield all that a build reads or has written, but its cache."""
    for file in sorted(entrant.folder.rglob("*")):
        if file.is_file() and ".litfass" not in file.parts:
            yield file
