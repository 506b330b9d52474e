"""What became of a post's mentions: kept as the identifier of its announcement. Pure.

The page, what it said then, and each address that it linked to behind a mark:

    https://blog.example/p/ 5f3a… +https://a.example/ -https://b.example/ 2https://c.example/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TOLD, UNASKED, REFUSED = "+", "-", "x"
MOST = 4
"""How often a page that does not answer is tried, over as many runs; a digit marks how often."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a page in one state has mentioned: the mark of each address."""

    source: str
    digest: str
    marks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, identifier: str) -> Mentions:
        """Return what an identifier says."""
        source, digest, *marked = (*identifier.split(" "), "", "")
        return cls(source, digest, {one[1:]: one[0] for one in marked if one})

    @property
    def identifier(self) -> str:
        """The identifier that says so."""
        marked = (f"{mark}{target}" for target, mark in self.marks.items())
        return " ".join((self.source, self.digest, *marked))

    @property
    def told(self) -> tuple[str, ...]:
        """Whom we have told, and who would want to know of a change."""
        return tuple(target for target, mark in self.marks.items() if mark == TOLD)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who did not answer, and is tried again."""
        return tuple(target for target, mark in self.marks.items() if is_waiting(mark))


def is_waiting(mark: str) -> bool:
    """Tell whether a mark is that of somebody who is tried again."""
    return mark.isdecimal() and int(mark) < MOST


def failed(mark: str) -> str:
    """Return the mark of somebody who did not answer once more."""
    return str(min(MOST, int(mark) + 1)) if mark.isdecimal() else "1"
