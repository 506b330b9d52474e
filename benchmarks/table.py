"""A report in the terminal: a table a row, then the goals, then who failed and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.goals import MIB, OURS, Goal, Kind, Verdict, cost_per_post, judge
from benchmarks.report import ROWS, Cell, Report, Spread

__all__ = ["limit_of", "shown", "times"]

_NONE = "–"
_ALONE = ("start", "floor", "sizes")
"""Rows in which nobody is beside us."""

_WIDTHS = {"least–most": 13, "CPU ms/post": 11}


def shown(report: Report) -> Group:
    """Return the whole report, to be printed."""
    return Group(*_parts(report))


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Text(_heading(report))
    yield _tools(report)
    for row, title in ROWS.items():
        cells = [cell for cell in report.cells if cell.row == row]
        if cells:
            yield _row(report, title, cells)
    yield _goals(report)
    yield from _problems(report)


def _heading(report: Report) -> str:
    machine = report.machine
    return (
        f"{report.size:,} posts, medians of {report.runs} (least to most), {report.date[:10]}\n"
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}\n"
        f"Memory: {report.memory}\n"
    )


def _tools(report: Report) -> Table:
    table = _table("Contestants", "version", "HTML pages")
    for tool in report.tools:
        table.add_row(tool.title, tool.version or _NONE, f"{tool.pages:,}" if tool.pages else _NONE)
    return table


def _row(report: Report, title: str, cells: list[Cell]) -> Table:
    table = _table(title, "wall s", "least–most", "CPU s", "MiB", _last_column(cells[0].row))
    titles = {tool.name: tool.title for tool in report.tools}
    for cell in cells:
        name = titles.get(cell.tool, cell.tool)
        if cell.row == "sizes":
            name = f"{cell.size:,} posts"
        table.add_row(name, *_numbers(report, cell))
    return table


def _last_column(row: str) -> str:
    if row == "sizes":
        return "CPU ms/post"
    return "" if row in _ALONE else "× ours"


def _numbers(report: Report, cell: Cell) -> Iterator[str]:
    wall, cpu, memory = cell.spread("wall"), cell.spread("cpu"), cell.spread("memory")
    if wall is None:
        yield "failed"
        return
    yield seconds(wall.middle)
    yield f"{seconds(wall.least)}–{seconds(wall.most)}"
    yield seconds(cpu.middle) if cpu else _NONE
    yield f"{memory.middle / MIB:,.0f}" if memory else _NONE
    yield _per_post(cell) if cell.row == "sizes" else times(report, cell, wall)


def _per_post(cell: Cell) -> str:
    cpu = cell.spread("cpu")
    return f"{cpu.middle / cell.size * 1000:.2f}" if cpu else _NONE


def times(report: Report, cell: Cell, wall: Spread) -> str:
    """Return how many times ours a cell takes."""
    ours = report.middle(cell.row, OURS, "wall")
    if cell.row in _ALONE or cell.tool == OURS or not ours:
        return ""
    return f"{wall.middle / ours:.1f}"


def seconds(value: float) -> str:
    """Return seconds with as many digits as they deserve."""
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004 - two digits before


def _goals(report: Report) -> Table:
    table = _table("Goals", "at most", "measured", "", width=44)
    verdicts = judge(report)
    for verdict in verdicts:
        limit, measured = limit_of(verdict.goal, verdict.goal.limit), _NONE
        if verdict.measured is not None:
            measured = limit_of(verdict.goal, verdict.measured)
        table.add_row(verdict.goal.title, limit, measured, _verdict(verdict))
    if not all(verdict.stated for verdict in verdicts):
        table.caption = "In brackets: the goal is stated for a blog of another size."
    return table


def limit_of(goal: Goal, value: float) -> str:
    """Return a value in the words of a goal: a ratio, MiB, or milliseconds."""
    if goal.kind in (Kind.RATIO, Kind.EVENNESS):
        return f"{value:.3f} ×"
    if goal.measure == "memory":
        return f"{value / MIB:,.0f} MiB"
    return f"{value * 1000:,.0f} ms"


def _verdict(verdict: Verdict) -> Text:
    if verdict.reached is None:
        return Text("not measured", style="dim")
    word, style = ("reached", "green") if verdict.reached else ("missed", "red")
    return Text(word, style=style) if verdict.stated else Text(f"({word})", style="dim")


def _problems(report: Report) -> Iterator[Text]:
    for tool in report.tools:
        if tool.problem:
            yield Text(f"{tool.title} did not take part: {tool.problem}", style="yellow")
    for cell in report.cells:
        if cell.problem:
            yield Text(f"{cell.tool} failed at {cell.row!r}: {cell.problem}", style="yellow")
    costs = cost_per_post(report, "memory")
    if len(costs) > 1:
        yield Text(f"Memory grows by {_slope(report):.1f} KiB a post.")


def _slope(report: Report) -> float:
    """Return the KiB that each post adds to the peak, from the smallest blog to the largest."""
    peaks = {size: cost * size for size, cost in cost_per_post(report, "memory").items()}
    small, large = min(peaks), max(peaks)
    return (peaks[large] - peaks[small]) / (large - small) / 1024


def _table(title: str, *columns: str, width: int = 12) -> Table:
    """Return a table whose columns stand below those of the others."""
    table = Table(
        title=Text(f"\n{title}", style="bold"),
        title_justify="left",
        caption_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    table.add_column("", min_width=width)
    for column in columns:
        table.add_column(column, justify="right", min_width=_WIDTHS.get(column, 7))
    return table
