"""What came out of a run, as data: written as JSON, read again for tables and charts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

from benchmarks.measure import Sample

__all__ = ["ROWS", "Cell", "Measure", "Report", "Spread", "Tool", "read", "write"]

Measure = Literal["wall", "cpu", "memory"]

ROWS: Mapping[str, str] = {
    "cold": "Cold build: output and caches deleted",
    "edit": "New process after one body edit",
    "nothing": "New process, nothing changed",
    "tag": "One tag added to one post",
    "title": "One title changed",
    "post": "One post added",
    "template": "Template of the post page changed",
    "serve": "Dev server: saved → new HTML answered",
    "browser": "Dev server: HTML answered → browser shows it",
    "sizes": "Cold builds by size",
    "start": "Starting",
    "floor": "The floor: what is not ours to save",
}
"""What is measured, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of what was measured, and how far it went."""

    middle: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Cell:
    """The samples of one row and one tool, of a blog of `size` posts.

    A problem says why there are none, or not all of them.
    """

    row: str
    tool: str
    size: int
    samples: tuple[Sample, ...] = ()
    problem: str = ""

    def spread(self, measure: Measure) -> Spread | None:
        """Return what was measured; None when nothing was."""
        values = [getattr(sample, measure) for sample in self.samples]
        known = [value for value in values if value is not None]
        return Spread(median(known), min(known), max(known)) if known else None


@dataclass(frozen=True, slots=True)
class Tool:
    """Who took part, in which version; `pages` counts HTML files after a cold build."""

    name: str
    title: str
    version: str = ""
    pages: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `memory` says which measure of memory was taken; the date is ISO 8601."""

    date: str
    size: int
    runs: int
    machine: Mapping[str, str]
    corpus: Mapping[str, str]
    tools: tuple[Tool, ...] = ()
    cells: tuple[Cell, ...] = ()
    memory: str = "PSS of all processes together"
    format: int = field(default=1)

    def cell(self, row: str, tool: str, size: int | None = None) -> Cell | None:
        """Return the cell of a row and a tool, of the run's size unless another is wanted."""
        wanted = (row, tool, self.size if size is None else size)
        return next((one for one in self.cells if (one.row, one.tool, one.size) == wanted), None)

    def middle(self, row: str, tool: str, measure: Measure) -> float | None:
        """Return the median of a cell, if there is one."""
        cell = self.cell(row, tool)
        spread = cell.spread(measure) if cell else None
        return spread.middle if spread else None


def write(report: Report, path: Path) -> None:
    """Write the report, so that a run that is broken off leaves a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(asdict(report), indent=1, ensure_ascii=False) + "\n", "utf-8")
    beside.replace(path)


def read(path: Path) -> Report:
    """Read a report that `write` wrote."""
    fields = json.loads(path.read_text("utf-8"))
    fields["tools"] = tuple(Tool(**tool) for tool in fields["tools"])
    fields["cells"] = tuple(_cell(cell) for cell in fields["cells"])
    return Report(**fields)


def _cell(fields: dict[str, object]) -> Cell:
    samples = fields.pop("samples")
    assert isinstance(samples, list)  # noqa: S101 - for the type checker; write() wrote it
    return Cell(**fields, samples=tuple(Sample(**one) for one in samples))  # type: ignore[arg-type]
