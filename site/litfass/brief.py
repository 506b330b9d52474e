"""What a build is asked for, and what it answers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from litfass import program
from litfass.cache import Cache
from litfass.digest import digest
from litfass.errors import OutputError, Problem
from litfass.library import Library
from litfass.lock import locked
from litfass.model import AlsoOn, Signs
from litfass.settings import Blog

if TYPE_CHECKING:
    from litfass.reading import Shelf

FOLDER = ".litfass"

_RACY = 2_000_000_000  # nanoseconds in which a file may change twice and look the same


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `now` is aware: what is dated later is left out unless `future`.

    `output` and `url` stand in for the settings' own, for the preview. `also_on` are the addresses
    of announcements by post id, `signs` what accounts want the blog to carry. `jobs` is how many
    processes may work at once. Whoever wants to `explain` is told why each file was made.
    """

    now: datetime
    drafts: bool = False
    future: bool = False
    force: bool = False
    jobs: int = 1
    output: str = ""
    url: str = ""
    also_on: Mapping[str, tuple[AlsoOn, ...]] = field(default_factory=dict)
    explain: bool = False
    signs: Signs = field(default_factory=Signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a build did: paths of the public folder.

    `accounts` are the names of accounts that posts mention; `reasons` tell by path why a file was
    made, where that was asked for.
    """

    public: Path
    total: int
    made: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    accounts: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built(Outcome):
    """What a build of the whole blog did, and from what.

    `revisions` are by post id: each page carries its own in its head. `shelf` has
    the posts' bodies.
    """

    library: Library
    revisions: Mapping[str, str]
    shelf: Shelf = field(repr=False, compare=False)


class Brief:
    """A blog and how to build it, with all places and times that follow from that."""

    def __init__(self, blog: Blog, options: Options) -> None:
        folder = options.output or blog.settings.build.output
        name = "-".join(part for part in folder.split("/") if part not in ("", ".", FOLDER))
        room = blog.root / FOLDER / name
        self.blog = blog
        self.root = blog.root
        self.options = options
        self.settings = blog.settings.build
        self.settled = time.time_ns() - _RACY
        self.public = blog.root / folder
        self.stage = room.with_suffix(".stage")
        self.memo = room.with_suffix(".cache")
        self.lock = room.with_suffix(".lock")
        self.version = program.fingerprint()

    @property
    def law(self) -> str:
        """Stand for all that decides what is built, apart from the blog's files and the clock."""
        settings, options = self.blog.settings, self.options
        shown = (options.drafts, options.future, options.url)
        wanted = (*shown, dict(options.also_on), options.signs)
        return digest(repr((settings.site, settings.build, wanted, program.theme())))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one build at a time work on a public folder."""
        try:
            self.lock.parent.mkdir(exist_ok=True)
        except OSError as error:
            hint = "Check the permissions of the blog's folder."
            raise OutputError(f"cannot be made: {error.strerror}", hint, path=FOLDER) from None
        with locked(self.lock):
            yield

    def cache(self) -> Cache:
        """Open the memo table."""
        cache = Cache(self.memo, self.version)
        if self.options.force:
            cache.forget()
        return cache
