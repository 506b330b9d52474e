"""A report to show and to judge, with numbers that are easy to reckon with."""

from benchmarks.measure import Sample
from benchmarks.report import Cell, Report, Tool

MIB = 1024 * 1024
SIZE = 10_000


def cell(row, tool, *walls, size=SIZE, problem=""):
    """Each second of wall time takes two of the processors, and 100 MiB."""
    samples = tuple(Sample(wall, wall * 2, round(wall * 100 * MIB)) for wall in walls)
    return Cell(row, tool, size, samples, problem)


REPORT = Report(
    date="2026-02-03T04:05:06+00:00",
    size=SIZE,
    runs=3,
    machine={"processor": "Abacus <2>", "cores": "2", "python": "3.11.7"},
    corpus={"posts": "ours", "rivals": "ours"},
    tools=(
        Tool("litfass", "Litfass", "0.1.0", 11_062),
        Tool("hugo", "Hugo", "0.168.0", 11_061),
        Tool("pelican", "Pelican", problem="pip failed: no space"),
    ),
    cells=(
        cell("cold", "litfass", 2.0, 2.5, 2.25),
        cell("cold", "hugo", 5.0, 4.5, 9.0),
        cell("edit", "litfass", 0.25),
        cell("edit", "hugo", 5.0),
        cell("serve", "hugo", problem="it never answered"),
        cell("sizes", "litfass", 1.0, size=1_000),
        cell("sizes", "litfass", 11.0, size=10_000),
        cell("start", "python", 0.010),
        cell("start", "version", 0.050),
    ),
)
