"""A contestant at its blog: cold builds, changes, and builds after them."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.changes import CHANGES, Blog, Change
from benchmarks.contestants import Contestant
from benchmarks.measure import Failed, Sample, free_of_noise, last_words, run
from benchmarks.report import Tool
from benchmarks.workshop import Workshop, blog_of

__all__ = ["Entrant", "entered"]

_COLD: Mapping[str, str] = {}


@dataclass(slots=True)
class Entrant:
    """A contestant with its tool installed and its blog laid out.

    It remembers what the last build was allowed to use, and what was changed since: a build that
    is measured begins where the one before it ended.
    """

    contestant: Contestant
    program: tuple[str | Path, ...]
    folder: Path
    blog: Blog
    log: Path
    turns: int = 0
    _built: Mapping[str, str] | None = field(default=None)

    @property
    def output(self) -> Path:
        """The folder of its pages."""
        return self.folder / self.contestant.output

    def measure(self, row: str) -> Sample:
        """Return what one build of a row takes. Raises Failed, also when a change is not shown."""
        if row == "cold":
            return self._cold()
        self.ready()
        change = self.change(row) if row in CHANGES else None
        sample = self._build(self.contestant.warm)
        if change:
            self._must_show(change)
        return sample

    def ready(self) -> None:
        """See to it that all is built, with what a cache may keep."""
        if self._built != self.contestant.warm:
            self._build(self.contestant.warm)

    def change(self, row: str) -> Change:
        """Change the blog as the row says: another post each time."""
        self.turns += 1
        change = CHANGES[row](self.blog, self.turns)
        change.file.parent.mkdir(parents=True, exist_ok=True)
        change.file.write_text(change.text, "utf-8")
        return change

    def empty(self) -> None:
        """Delete the output, but nothing that a cache keeps."""
        self._built = None
        _delete(self.output)

    def pages(self) -> int:
        """Return how many HTML files there are."""
        return sum(1 for _ in self.output.rglob("*.html"))

    def version(self) -> str:
        """Return what the tool says that it is."""
        run((*self.program, *self.contestant.version), self.folder, {}, self.log)
        number = re.search(r"\d+(\.\d+)+", last_words(self.log, 1))
        return number[0] if number else ""

    def serve(self, port: int) -> list[str]:
        """Return the command that serves the blog."""
        given = (part.format(port=port) for part in self.contestant.serve)
        return [*map(str, self.program), *given]

    def _cold(self) -> Sample:
        self.empty()
        for name in self.contestant.leftovers:
            _delete(self.folder / name)
        sample = self._build(_COLD)
        if self.pages() <= len(self.blog.posts):
            raise Failed(f"{self.pages()} pages for {len(self.blog.posts)} posts")
        return sample

    def _build(self, warm: Mapping[str, str]) -> Sample:
        free_of_noise()
        command = (*self.program, *self.contestant.build)
        sample = run(command, self.folder, {**self._own_cache(), **warm}, self.log)
        self._built = warm
        return sample

    def _own_cache(self) -> Mapping[str, str]:
        """Return where Hugo may keep what it would else keep in the home folder."""
        return {"HUGO_CACHEDIR": str(self.folder / ".cache")}

    def _must_show(self, change: Change) -> None:
        for page, text in change.shown:
            file = self.output / page
            if not file.exists() or text not in file.read_text("utf-8"):
                raise Failed(f"{page} does not show the change")


def entered(contestant: Contestant, workshop: Workshop, posts: Path, place: str = "") -> Entrant:
    """Return a contestant ready to run. Raises Failed when it cannot be installed."""
    tool = workshop.tool(contestant)
    folder = workshop.blog(contestant, tool, posts, place=place)
    name = place or contestant.name
    program = _program(contestant, tool)
    return Entrant(contestant, program, folder, blog_of(contestant, folder), workshop.log(name))


def described(entrant: Entrant) -> Tool:
    """Return who it is. Raises Failed when it does not even tell its version."""
    contestant = entrant.contestant
    return Tool(contestant.name, contestant.title, entrant.version())


def counted(tool: Tool, entrant: Entrant) -> Tool:
    """Return the tool with the number of its pages."""
    return replace(tool, pages=entrant.pages())


def _program(contestant: Contestant, tool: Path) -> tuple[str | Path, ...]:
    """Return the program's command: its paths are inside the tool's folder."""
    if contestant.name == "litfass":
        return (Path(sys.executable).with_name("litfass"),)
    return tuple(_found(part, tool) for part in contestant.program)


def _found(part: str, tool: Path) -> str | Path:
    if "/" not in part:
        return part
    found = next(tool.glob(part), None)
    if found is None:
        raise Failed(f"{part} was not installed")
    return found.resolve() if "node_modules" in part else found


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
