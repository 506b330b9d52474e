"""What must be reached, as data, and whether it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.report import Measure, Report

__all__ = ["GOALS", "Goal", "Kind", "Verdict", "judge"]

FULL = 10_000
"""The size of blog that the goals are stated for, where a size matters."""

OURS = "litfass"
MIB = 1024 * 1024


class Kind(StrEnum):
    """What a limit limits: a value, its ratio or distance to another, or its spread over sizes."""

    VALUE = "value"
    RATIO = "ratio"
    DISTANCE = "distance"
    EVENNESS = "evenness"


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit for our own tool, or for `tool`.

    Ratio and distance are to the same measure of the cell `beside`. With a `size`, the goal is
    stated for blogs of that size; with another, the verdict is only a hint.
    """

    title: str
    row: str
    limit: float
    kind: Kind = Kind.VALUE
    measure: Measure = "wall"
    tool: str = OURS
    beside: tuple[str, str] = ("", "")
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured for a goal; None when it was not. `stated` tells whether the size fits."""

    goal: Goal
    measured: float | None
    stated: bool

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached, as far as is known."""
        return None if self.measured is None else self.measured <= self.goal.limit


def _peer(title: str, row: str, limit: float, peer: str) -> Goal:
    return Goal(title, row, limit, Kind.RATIO, beside=(row, peer), size=FULL)


def _start(title: str, tool: str) -> Goal:
    return Goal(title, "start", 0.060, Kind.DISTANCE, tool=tool, beside=("start", "python"))


GOALS = (
    _peer("cold build, beside Hugo", "cold", 0.5, "hugo"),
    _peer("cold build, beside Eleventy", "cold", 0.7, "eleventy"),
    _peer("cold build, beside Pelican", "cold", 0.2, "pelican"),
    Goal("one body edit", "edit", 0.4, size=FULL),
    _peer("one body edit, beside Hugo", "edit", 1 / 75, "hugo"),
    Goal("nothing changed", "nothing", 0.25, size=FULL),
    Goal("one tag added", "tag", 1.0, size=FULL),
    Goal("one title changed", "title", 1.0, size=FULL),
    Goal("one post added", "post", 1.0, size=FULL),
    Goal(
        "template changed, beside our cold build",
        "template",
        0.25,
        Kind.RATIO,
        beside=("cold", OURS),
        size=FULL,
    ),
    Goal("saved → new HTML, 1,000 posts", "serve", 0.1, size=1_000),
    Goal("saved → new HTML, 10,000 posts", "serve", 0.2, size=FULL),
    Goal("new HTML → browser", "browser", 0.1),
    Goal("peak memory", "cold", 250 * MIB, measure="memory", size=FULL),
    Goal("cost per post, largest beside smallest", "sizes", 1.2, Kind.EVENNESS, measure="cpu"),
    _start("litfass --version, more than python", "version"),
    _start("litfass --help, more than python", "help"),
)


def judge(report: Report, goals: tuple[Goal, ...] = GOALS) -> tuple[Verdict, ...]:
    """Return the verdict on each goal."""
    return tuple(
        Verdict(goal, _MEASURED[goal.kind](report, goal), goal.size in (None, report.size))
        for goal in goals
    )


def cost_per_post(report: Report, measure: Measure) -> dict[int, float]:
    """Return what a post of a cold build takes, by the size of the blog."""
    spreads = {
        cell.size: cell.spread(measure)
        for cell in report.cells
        if (cell.row, cell.tool) == ("sizes", OURS)
    }
    return {size: spread.middle / size for size, spread in sorted(spreads.items()) if spread}


def _value(report: Report, goal: Goal) -> float | None:
    return report.middle(goal.row, goal.tool, goal.measure)


def _ratio(report: Report, goal: Goal) -> float | None:
    own, other = _pair(report, goal)
    return own / other if own is not None and other else None


def _distance(report: Report, goal: Goal) -> float | None:
    own, other = _pair(report, goal)
    return own - other if own is not None and other is not None else None


def _evenness(report: Report, goal: Goal) -> float | None:
    costs = cost_per_post(report, goal.measure).values()
    return max(costs) / min(costs) if len(costs) > 1 else None


def _pair(report: Report, goal: Goal) -> tuple[float | None, float | None]:
    return _value(report, goal), report.middle(*goal.beside, goal.measure)


_MEASURED: dict[Kind, Callable[[Report, Goal], float | None]] = {
    Kind.VALUE: _value,
    Kind.RATIO: _ratio,
    Kind.DISTANCE: _distance,
    Kind.EVENNESS: _evenness,
}
