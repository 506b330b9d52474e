"""What can go wrong, said for the person who has to mend it.

LitfassError(message, hint)              what happened; what to do about it
├── ContentError(path, line)             posts/hello.md:3: "date" is not a date: "yesterday"
├── SettingsError(path, key)             litfass.toml: unknown key "titel"; did you mean "title"?
├── ThemeError(template, line)           templates/post.html:7: unknown variable "pots"
├── OutputError(path)                    the public folder cannot be written
├── LedgerUnusable                       what was announced where cannot be read or written
├── DeployError                          what was live is still live
└── Problems(problems)                   all that one run found, together
    └── UsageError                       what was asked for cannot be meant
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where.

    `path` is relative to the blog's folder, or empty; `line` counts from 1, or is None.
    """

    message: str
    hint: str = ""
    path: str = ""
    line: int | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}" if place else self.message


class LitfassError(Exception):
    """Something that a person can mend; shown without a traceback."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def problems(self) -> tuple[Problem, ...]:
        """Return what to show: one problem, or all that were found together."""
        return (Problem(self.message, self.hint),)


class _Located(LitfassError):
    """An error in a file."""

    def __init__(
        self, message: str, hint: str = "", *, path: str = "", line: int | None = None
    ) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line

    def problems(self) -> tuple[Problem, ...]:
        """Return the error with its place."""
        return (Problem(self.message, self.hint, self.path, self.line),)


class ContentError(_Located):
    """A post or page that cannot be read as one."""


class SettingsError(_Located):
    """`litfass.toml` is missing or says something that it cannot mean."""


class ThemeError(_Located):
    """A template that does not parse or asks for something that is not there."""


class OutputError(_Located):
    """A file that could not be written: disk full, no permission."""


class LedgerUnusable(LitfassError):
    """The ledger cannot be read or written; nothing is announced without it."""


class DeployError(LitfassError):
    """A deployment that did not happen; what was live is still live."""


class Problems(LitfassError):
    """All that one run found, so that they are mended in one go."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._problems = tuple(problems)
        errors = sum(problem.severity == "error" for problem in self._problems)
        super().__init__(f"{errors} problem{'' if errors == 1 else 's'}")

    def problems(self) -> tuple[Problem, ...]:
        """Return them all, in the order in which they were found."""
        return self._problems


class UsageError(Problems):
    """What the command line says cannot be meant, or is not enough; all that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
