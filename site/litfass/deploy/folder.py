"""Deploy to a folder: built beside it, then swapped in whole.

A web server that serves the folder shows the old blog until it shows the new one. What is in the
folder is replaced, so it must be empty, new, or marked as ours (`.litfass-live`).
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from litfass.deploy.exchange import exchange
from litfass.deploy.report import Deployment, files, ordered
from litfass.deploy.safety import MARKER, MARKER_TEXT, refuse_sources, refuse_strangers
from litfass.deploy.settings import FolderTarget
from litfass.errors import DeployError


def deploy_to_folder(
    public: Path, settings: FolderTarget, *, blog: Path, dry_run: bool
) -> Deployment:
    """Make the folder equal to the public folder, in one step.

    Files that did not change keep their time, so browsers need not fetch them again. A symbolic
    link is followed, and what it leads to is swapped. Raises DeployError; then the folder is what
    it was.
    """
    live = blog / settings.path
    try:
        live = (blog / Path(settings.path).expanduser()).resolve()
        refuse_sources(live, blog, public)
        refuse_strangers(str(live), {path.name for path in live.iterdir()} if live.exists() else ())
        deployment = _compare(public, live)
        if deployment.changes and not dry_run:
            _replace(live, public, frozenset(deployment.changed))
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        raise DeployError(
            f"cannot deploy to {live}: {_reason(error)}",
            "What was live is unchanged. Is there room on the disk, and may you write beside "
            f"{live.name}/? If it is a mount point, deploy into a folder inside it.",
        ) from error
    return deployment


def _compare(public: Path, live: Path) -> Deployment:
    new, old = set(files(public)), set(files(live)) if live.is_dir() else set()
    changed = (p for p in new & old if not filecmp.cmp(public / p, live / p, shallow=False))
    return Deployment("folder", str(live), ordered(new - old), ordered(changed), ordered(old - new))


def _replace(live: Path, public: Path, changed: frozenset[str]) -> None:
    live.parent.mkdir(parents=True, exist_ok=True)
    _sweep(live)
    with _workroom(live) as room:
        new = room / "new"
        _furnish(new, public, live, changed)
        if live.is_dir():
            shutil.copymode(live, new)
            exchange(new, live)
        else:
            new.rename(live)


def _furnish(new: Path, public: Path, live: Path, changed: frozenset[str]) -> None:
    """Copy what is to be live; unchanged files from what is live now, for their times."""
    new.mkdir()
    for path in files(public):
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        stands = path not in changed and (live / path).is_file()
        shutil.copy2((live if stands else public) / path, new / path)
    (new / MARKER).write_text(MARKER_TEXT, encoding="utf-8")


@contextmanager
def _workroom(live: Path) -> Iterator[Path]:
    """Give a folder beside the live one, on the same file system, and take it away again.

    It is locked as long as we live: so the next run knows a crashed run's from a running one's.
    """
    room = Path(tempfile.mkdtemp(prefix=_prefix(live), dir=live.parent))
    try:
        with FileLock(room / "lock"):
            yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _sweep(live: Path) -> None:
    """Take away what crashed runs left beside the live folder."""
    for room in tuple(live.parent.iterdir()):
        if room.name.startswith(_prefix(live)) and (room / "lock").is_file():
            with suppress(Timeout, OSError), FileLock(room / "lock", blocking=False):
                shutil.rmtree(room, ignore_errors=True)


def _prefix(live: Path) -> str:
    return f".{live.name}.litfass-"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
