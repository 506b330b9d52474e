"""`python -m benchmarks`: measure, show, and keep what came out."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.chart import chart
from benchmarks.contestants import CONTESTANTS
from benchmarks.machine import machine
from benchmarks.measure import Failed
from benchmarks.race import OURS, Plan, race
from benchmarks.report import ROWS, Report, read, write
from benchmarks.workshop import HERE, RIVALS, Workshop

FOLDER = HERE.parent / ".benchmarks"
RESULTS = HERE / "results"
NAMES = tuple(contestant.name for contestant in CONTESTANTS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked for; 1 when Litfass itself failed at something."""
    args = _parser().parse_args(arguments)
    try:
        report, out = (read(args.show), args.show) if args.show else _measured(args)
    except Failed as failure:
        sys.exit(f"benchmarks: {failure}")
    _print(report)
    picture: Path = args.chart or out.with_suffix(".svg")
    picture.write_text(chart(report), "utf-8")
    print(f"{out}\n{picture}")
    return int(_failed(report))


def _measured(args: Namespace) -> tuple[Report, Path]:
    """Measure, and write the report after each step: one that is broken off is not lost."""
    begun = datetime.now(UTC)
    out: Path = args.out or _fresh(f"{begun:%Y-%m-%d}-{args.size}")
    blank = Report(
        date=begun.isoformat(timespec="seconds"),
        size=args.size,
        runs=args.runs,
        machine=machine(args.folder),
        corpus=_origin(args),
    )
    report = blank
    for report in race(_plan(args), _workshop(args), blank):
        write(report, out)
    return report, out


def _plan(args: Namespace) -> Plan:
    return Plan(
        contestants=tuple(one for one in CONTESTANTS if one.name in args.only),
        size=args.size,
        runs=args.runs,
        rows=tuple(args.rows),
        beside=tuple(args.beside),
        sizes=tuple(args.sizes),
    )


def _workshop(args: Namespace) -> Workshop:
    maker: Path | None = args.corpus
    rivals: Path = args.rivals or RIVALS
    if maker and maker.is_dir():
        rivals = args.rivals or maker / "rivals"
        maker /= "make_corpus.py"
    if maker and not maker.exists():
        raise Failed(f"there is no program {maker}")
    return Workshop(args.folder.resolve(), rivals, maker)


def _origin(args: Namespace) -> Mapping[str, str]:
    """Return whose posts and settings these are: only results of the same can be compared."""
    given = {True: "given", False: "ours"}
    return {"posts": given[bool(args.corpus)], "rivals": given[bool(args.rivals or args.corpus)]}


def _fresh(name: str) -> Path:
    """Return where to keep a report: no other is written over."""
    names = (f"{name}-{number}" if number > 1 else name for number in count(1))
    return next(path for path in (RESULTS / f"{one}.json" for one in names) if not path.exists())


def _failed(report: Report) -> bool:
    tools = any(tool.problem for tool in report.tools if tool.name == OURS)
    return tools or any(cell.problem for cell in report.cells if cell.tool == OURS)


def _print(report: Report) -> None:
    from rich.console import Console  # noqa: PLC0415 - heavy

    from benchmarks.table import shown  # noqa: PLC0415 - with it

    Console().print(shown(report))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    add = parser.add_argument
    add("--size", type=_positive, default=1000, metavar="N", help="posts: 1000")
    add("--runs", type=_positive, default=3, metavar="N", help="measurements of each kind: 3")
    add("--only", nargs="+", choices=NAMES, default=NAMES, metavar="TOOL", help=", ".join(NAMES))
    add("--rows", nargs="+", choices=ROWS, default=ROWS, metavar="ROW", help=", ".join(ROWS))
    add("--beside", nargs="+", choices=ROWS, default=ROWS, metavar="ROW", help="rivals' rows: all")
    add("--sizes", nargs="+", type=_positive, default=(), metavar="N", help="blogs of these sizes")
    add("--corpus", type=Path, metavar="PATH", help="what writes the posts, not ours")
    add("--rivals", type=Path, metavar="DIR", help="the rivals' settings and templates, not ours")
    add("--folder", type=Path, default=FOLDER, metavar="DIR", help=f"to work in: {FOLDER.name}")
    add(
        "--out", type=Path, metavar="FILE", help="the report, not benchmarks/results/DATE-SIZE.json"
    )
    add("--chart", type=Path, metavar="FILE", help="the picture, not beside the report")
    add("--show", type=Path, metavar="FILE", help="show an earlier report; measure nothing")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
