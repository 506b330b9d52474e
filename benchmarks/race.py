"""One run: every contestant at every row, in turn, so that a machine's moods hit all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from benchmarks.builds import Entrant, counted, described, entered
from benchmarks.contestants import Contestant
from benchmarks.measure import Failed, Sample
from benchmarks.report import ROWS, Cell, Report, Tool
from benchmarks.serving import Server, browser, serving
from benchmarks.starts import STARTS, Command, floors, start
from benchmarks.workshop import Workshop

__all__ = ["Plan", "race"]

BUILDS = ("cold", "edit", "nothing", "tag", "title", "post", "template")
"""The rows that are builds, in the order in which each round takes them."""

OURS = "litfass"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured: which rows, how often, with how many posts.

    Rivals take part in those rows only that are also `beside`. `sizes` are the blogs for the row of
    that name; `starts` is how often starting is measured.
    """

    contestants: tuple[Contestant, ...]
    size: int
    runs: int
    rows: tuple[str, ...] = tuple(ROWS)
    beside: tuple[str, ...] = tuple(ROWS)
    sizes: tuple[int, ...] = ()
    starts: int = 20


def race(plan: Plan, workshop: Workshop, blank: Report) -> Iterator[Report]:
    """Yield the report as it grows; the last one is whole. Who fails is named, and left behind.

    Raises Failed when the posts cannot be written.
    """
    run = _Run(plan, workshop)
    for _ in run.steps():
        tools, cells = tuple(run.tools.values()), tuple(run.cells.values())
        yield replace(blank, tools=tools, cells=cells)


@dataclass(slots=True)
class _Run:
    plan: Plan
    workshop: Workshop
    tools: dict[str, Tool] = field(default_factory=dict)
    cells: dict[tuple[str, str, int], Cell] = field(default_factory=dict)
    entrants: list[Entrant] = field(default_factory=list)

    def steps(self) -> Iterator[None]:
        """Go through the plan, and stop for breath after each step."""
        yield from self._enter()
        yield from self._rounds()
        yield from self._servers()
        yield from self._starts()
        yield from self._floor()
        yield from self._sizes()

    def _enter(self) -> Iterator[None]:
        names = [one.name for one in self.plan.contestants]
        posts = self.workshop.posts(names, self.plan.size)
        for contestant in self.plan.contestants:
            try:
                entrant = entered(contestant, self.workshop, posts)
                self.tools[contestant.name] = described(entrant)
                self.entrants.append(entrant)
            except Failed as failure:
                self._left_behind(contestant, failure)
            yield

    def _rounds(self) -> Iterator[None]:
        rows = [row for row in BUILDS if row in self.plan.rows]
        for turn in range(self.plan.runs if rows else 0):
            self.workshop.tell(f"round {turn + 1} of {self.plan.runs}")
            for row in rows:
                for entrant in _rotated(self._taking(row), turn):
                    self._sample(row, entrant.contestant.name, partial(entrant.measure, row))
            yield
        for entrant in self.entrants:
            name = entrant.contestant.name
            self.tools[name] = counted(self.tools[name], entrant)
        yield

    def _servers(self) -> Iterator[None]:
        for entrant in self.entrants:
            ours = entrant.contestant.name == OURS
            rows = ("serve", "browser") if ours else ("serve",)
            wanted = [row for row in rows if row in self.plan.rows]
            if wanted and (ours or "serve" in self.plan.beside):
                self._serve(entrant, wanted)
                yield

    def _serve(self, entrant: Entrant, rows: Sequence[str]) -> None:
        name = entrant.contestant.name
        try:
            entrant.ready()
            with serving(entrant) as server:
                if "serve" in rows:
                    self._repeat("serve", name, server.answered)
                if "browser" in rows:
                    self._watch(server, name)
        except Failed as failure:
            for row in rows:
                self._fail(row, name, self.plan.size, failure)

    def _watch(self, server: Server, name: str) -> None:
        try:
            with browser() as page:
                self._repeat("browser", name, partial(server.shown, page))
        except Failed as failure:
            self._fail("browser", name, self.plan.size, failure)

    def _starts(self) -> Iterator[None]:
        ours = self._ours()
        if ours and "start" in self.plan.rows:
            for _ in range(self.plan.starts):
                self._sample_all("start", STARTS, ours)
            yield

    def _floor(self) -> Iterator[None]:
        ours = self._ours()
        if ours and "floor" in self.plan.rows:
            ours.ready()
            for _ in range(self.plan.runs):
                self._sample_all("floor", floors(ours), ours)
            yield

    def _sizes(self) -> Iterator[None]:
        ours = [one for one in self.plan.contestants if one.name == OURS]
        for contestant in ours:
            for size in self.plan.sizes:
                posts = self.workshop.posts([OURS], size)
                entrant = entered(contestant, self.workshop, posts, place=f"{OURS}-{size}")
                for _ in range(self.plan.runs):
                    self._sample("sizes", OURS, partial(entrant.measure, "cold"), size)
                    yield
                self.workshop.clear(entrant.folder)

    def _sample_all(self, row: str, commands: Mapping[str, Command], entrant: Entrant) -> None:
        for name, command in commands.items():
            self._sample(row, name, partial(start, command, entrant))

    def _repeat(self, row: str, tool: str, measure: Callable[[], Sample]) -> None:
        for _ in range(self.plan.runs):
            self._sample(row, tool, measure)

    def _sample(
        self, row: str, tool: str, measure: Callable[[], Sample], size: int | None = None
    ) -> None:
        """Measure once more; who failed at a row once is not asked again."""
        place = self.plan.size if size is None else size
        cell = self._cell(row, tool, place)
        if cell.problem:
            return
        try:
            sample = measure()
        except Failed as failure:
            self._fail(row, tool, place, failure)
            return
        self.cells[row, tool, place] = replace(cell, samples=(*cell.samples, sample))
        self.workshop.tell(f"  {row:9} {tool:9} {sample.wall:8.3f} s")

    def _fail(self, row: str, tool: str, size: int, failure: Failed) -> None:
        self.workshop.tell(f"  {row:9} {tool:9} failed: {failure}")
        cell = self._cell(row, tool, size)
        self.cells[row, tool, size] = replace(cell, problem=cell.problem or str(failure))

    def _cell(self, row: str, tool: str, size: int) -> Cell:
        return self.cells.get((row, tool, size), Cell(row, tool, size))

    def _left_behind(self, contestant: Contestant, failure: Failed) -> None:
        self.workshop.tell(f"{contestant.title} does not take part: {failure}")
        name = contestant.name
        self.tools[name] = Tool(name, contestant.title, problem=str(failure))

    def _taking(self, row: str) -> list[Entrant]:
        """Return who takes part in a row."""
        beside = row in self.plan.beside
        return [one for one in self.entrants if beside or one.contestant.name == OURS]

    def _ours(self) -> Entrant | None:
        return next((one for one in self.entrants if one.contestant.name == OURS), None)


def _rotated(entrants: Sequence[Entrant], turn: int) -> Iterator[Entrant]:
    """Yield all, each turn beginning with the next: nobody is always first."""
    for place in range(len(entrants)):
        yield entrants[(place + turn) % len(entrants)]
