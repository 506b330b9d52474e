"""What the preview shows now, and what changed since."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from litfass.errors import Problem

Touched = frozenset[Path] | None
"""The files that may have changed since the last build; None: any may have."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a good build came to.

    `public` is the folder that it wrote; `base` the path that the blog's addresses begin with,
    "/" or "/blog/"; `changed` the paths of files made or removed; `total` counts files.
    """

    public: Path
    base: str = "/"
    changed: tuple[str, ...] = ()
    total: int = 0
    warnings: tuple[Problem, ...] = ()


_READ = frozenset({".html", ".css", ".xml", ".json", ".txt"})
"""Pages, styles, and what no page calls for."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a browser compares with what it shows.

    `pages` counts the builds that changed more than style sheets, and is 0 until one succeeded;
    `styles` counts those that changed a style sheet, `files` those that changed what a page calls
    for, such as pictures. `run` names this run of the preview.
    After a failed build there are `problems`, and the last good pages stay.
    """

    pages: int = 0
    styles: int = 0
    files: int = 0
    problems: tuple[Problem, ...] = ()
    public: Path = Path()
    base: str = "/"
    run: str = field(default_factory=lambda: secrets.token_hex(4))

    def after(self, proof: Proof) -> Edition:
        """Return the edition that a good build makes of this one."""
        kinds = {PurePosixPath(path).suffix for path in proof.changed}
        first = self.pages == 0
        return replace(
            self,
            pages=self.pages + (first or not kinds <= {".css"}),
            styles=self.styles + (".css" in kinds and not first),
            files=self.files + (not kinds <= _READ and not first),
            problems=(),
            public=proof.public,
            base=proof.base,
        )

    def spoilt(self, problems: tuple[Problem, ...]) -> Edition:
        """Return this edition with what keeps a newer one from being made."""
        return replace(self, problems=problems)

    def marks(self) -> Mapping[str, str]:
        """Return what tells one state of the pages from another."""
        counts = {"pages": self.pages, "styles": self.styles, "files": self.files}
        return {"run": self.run, **{name: str(count) for name, count in counts.items()}}

    def as_json(self) -> str:
        """Return the edition as a browser is told of it, on one line."""
        return json.dumps({**self.marks(), "problems": [asdict(one) for one in self.problems]})
