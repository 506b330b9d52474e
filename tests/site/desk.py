"""A blog under edits, for the tests of incremental builds.

A desk sees the generator as its users do: files go in, `build` is called, files come out. Nothing
here knows how the memory of earlier builds works; it may only be damaged, lost and cut short.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from unittest import mock

from litfass.brief import Options
from litfass.brief import Outcome as Done
from litfass.errors import LitfassError
from litfass.settings import open_blog
from litfass.update import update

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MEMORY = ".litfass"

SITE = {"title": "Werkstattbuch", "url": "https://blog.example/", "author": "Die Werkstatt"}
BUILD = {"page_size": 2}

_ONE_TICK = 4_102_444_800 * 10**9  # nanoseconds: 2100, so that no file ever seems to lie still
_LONG_AGO = 1_600_000_000 * 10**9
_LATER = 60  # seconds, in which the files of the desk come to rest

Files = Mapping[str, bytes]


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, hidden ones too."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """Return when each file was changed, and which file on the disk it is."""
    found = {
        one.relative_to(folder).as_posix(): one.stat() for one in folder.rglob("*") if one.is_file()
    }
    return {path: (status.st_mtime_ns, status.st_ino) for path, status in found.items()}


def post(title: str = "Titel", date: str = "2026-05-01", body: str = "Text.", **fields: str) -> str:
    """Return a post's file; fields are YAML."""
    head = {"title": title, "date": date} | fields
    return "\n".join(
        ["---", *(f"{name}: {value}" for name, value in head.items()), "---", "", body, ""]
    )


def picture(width: int, height: int = 4) -> str:
    """Return a drawing; two of the same number of digits have the same size on the disk."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'


def settings(site: Mapping[str, object] = SITE, shape: Mapping[str, object] = BUILD) -> str:
    """Return a `litfass.toml`."""
    tables = {"site": site, "build": shape}
    return "\n".join(
        f"[{table}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())
        for table, values in tables.items()
    )


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did: all files of the public folder, or what was wrong."""

    files: Files
    problems: tuple[str, ...] = ()
    built: Done | None = None


class Desk:
    """A blog, and what its author does to it.

    A restless desk writes all its files in one tick of the clock: what changes keeps its size and
    time. On a still one each change has its own time, and lies still before the next build.
    """

    def __init__(self, root: Path, *, restless: bool = False) -> None:
        self.root = root
        self.public = root / "public"
        self.restless = restless
        self.options = Options(now=NOW)
        self._tick = count()

    def write(self, path: str, text: str | None) -> None:
        """Write a file in place, or remove it."""
        place = self.root / path
        if text is None:
            place.unlink(missing_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        self.age(path)

    def age(self, path: str, at: int | None = None) -> None:
        """Set the time of a file (nanoseconds); by itself it is the desk's next tick."""
        tick = _ONE_TICK if self.restless else _LONG_AGO + next(self._tick) * 10**9
        os.utime(self.root / path, ns=(tick, tick if at is None else at))

    def build(self, **options: object) -> Outcome:
        """Build into the public folder, as an author does."""
        return self._build(replace(self.options, **options))

    def clean(self, **options: object) -> Outcome:
        """Build into a new folder, without any memory."""
        outcome = self._build(replace(self.options, **options, output="clean"))
        shutil.rmtree(self.root / "clean", ignore_errors=True)
        for left in (self.root / MEMORY).glob("clean*"):
            left.unlink()
        return outcome

    def memory(self) -> list[Path]:
        """Return the files that builds leave for the next one."""
        return sorted(one for one in (self.root / MEMORY).rglob("*") if one.is_file())

    def forget(self) -> None:
        """Lose all that builds remember."""
        shutil.rmtree(self.root / MEMORY, ignore_errors=True)

    def _build(self, options: Options) -> Outcome:
        folder = self.root / (options.output or "public")
        try:
            with _later(0 if self.restless else _LATER):
                built = update(open_blog(self.root), options)
        except LitfassError as error:
            return Outcome(files(folder), tuple(map(str, error.problems())))
        return Outcome(files(folder), (), built)


@contextmanager
def _later(seconds: int) -> Iterator[None]:
    """Let the machine's clock be ahead of the files: nothing was changed just now."""
    now, exactly = time.time, time.time_ns
    with (
        mock.patch("time.time", side_effect=lambda: now() + seconds),
        mock.patch("time.time_ns", side_effect=lambda: exactly() + seconds * 10**9),
    ):
        yield
