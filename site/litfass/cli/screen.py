"""What a person or a program gets to see: words and tables, or one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from litfass.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console


class Screen:
    """Words for a person go to standard output, what is wrong to standard error.

    For a program (`as_json`), standard output has one JSON object and nothing else. Colours and
    movement are only for terminals; NO_COLOR is respected.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def say(self, text: str = "", style: str = "") -> None:
        """Tell a person something."""
        if not self.as_json:
            self._write(sys.stdout, text, style)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong, each with its place and what to do about it."""
        if self.as_json:
            return
        for problem in problems:
            warning = problem.severity == "warning"
            head = f"{_place(problem)}warning: {problem.message}" if warning else str(problem)
            self._write(sys.stderr, head, "yellow" if warning else "bold red")
            for line in problem.hint.splitlines():
                self._write(sys.stderr, f"  {line}")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a table."""
        if self.as_json:
            return
        rows = [tuple(row) for row in rows]
        if sys.stdout.isatty():
            self._out.print(_rich_table(head, rows))
            return
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for row in (head, *rows):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self._write(sys.stdout, "  ".join(cells).rstrip())

    def result(self, fields: Mapping[str, object]) -> None:
        """Give a program its object."""
        if self.as_json:
            sys.stdout.write(json.dumps(fields, ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def busy(self, doing: str) -> Iterator[None]:
        """Show a person at a terminal that work is going on."""
        if self.as_json or not sys.stderr.isatty():
            yield
            return
        with self._err.status(doing):
            yield

    @staticmethod
    def listed(problems: Iterable[Problem]) -> list[dict[str, object]]:
        """Return problems as programs read them."""
        return [
            {
                "path": problem.path,
                "line": problem.line,
                "message": problem.message,
                "hint": problem.hint,
                "severity": problem.severity,
            }
            for problem in problems
        ]

    def _write(self, stream: TextIO, text: str, style: str = "") -> None:
        if style and stream.isatty():
            console = self._out if stream is sys.stdout else self._err
            console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
        else:
            stream.write(f"{text}\n")

    @cached_property
    def _out(self) -> Console:
        from rich.console import Console  # noqa: PLC0415 - heavy

        return Console(file=sys.stdout)

    @cached_property
    def _err(self) -> Console:
        from rich.console import Console  # noqa: PLC0415 - heavy

        return Console(file=sys.stderr)


def _place(problem: Problem) -> str:
    line = "" if problem.line is None else f":{problem.line}"
    return f"{problem.path}{line}: " if problem.path else ""


def _rich_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Any:
    from rich import box  # noqa: PLC0415 - heavy
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415 - heavy

    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for cell in head:
        table.add_column(Text(cell))
    for row in rows:
        table.add_row(*map(Text, row))
    return table
