"""What a deployment did, or would do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from litfass.deploy.safety import MARKER
from litfass.model import MANIFEST


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed, or would be: paths in the public folder, sorted.

    `target` is "folder", "git" or "rsync"; `where` names the place for a person, without
    passwords.
    """

    target: str
    where: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        """How many files differ from what was live."""
        return len(self.added) + len(self.changed) + len(self.removed)


def files(folder: Path) -> tuple[str, ...]:
    """Return the paths of all files below a folder, with "/" between their parts, sorted.

    The manifest of the public folder is for us, not for the world.
    """
    paths = (
        Path(root, name).relative_to(folder).as_posix()
        for root, _, names in os.walk(folder, onerror=_complain)
        for name in names
        if name != MANIFEST
    )
    return tuple(sorted(paths))


def ordered(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths of the blog, sorted; our own marks are nobody's news."""
    return tuple(sorted(path for path in paths if path != MARKER))


def _complain(error: OSError) -> None:
    raise error
