"""Notice when something that a blog is made of changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from litfass.errors import LitfassError
from litfass.preview.edition import Touched
from litfass.settings import FILE

FOLDERS = ("posts", "pages", "static", "templates")

_APPEARANCES = (EVENT_TYPE_CREATED, EVENT_TYPE_DELETED, EVENT_TYPE_MOVED)
_CHANGES = (*_APPEARANCES, EVENT_TYPE_MODIFIED, EVENT_TYPE_CLOSED)

# What editors and file managers leave behind for a moment: Vim, Emacs, JetBrains, macOS, git.
_PASSING = (
    "*~", ".*.sw?", ".*.swpx", "4913", ".#*", "#*#", "*___jb_tmp___", "*___jb_old___", ".DS_Store",
    ".goutputstream-*", ".git", ".litfass", "__pycache__",
)  # fmt: skip


@contextmanager
def watching(
    root: Path, changed: Callable[[Touched], None], *, also: tuple[Path, ...] = ()
) -> Iterator[None]:
    """Call `changed` whenever a source of the blog in `root` does, or a file in `also`.

    It is told which files may have changed, as far as that is known.
    Output, caches and the passing files of editors do not count. Raises LitfassError when the
    system allows no more watches.
    """
    observer = Observer()
    observer.daemon = True
    observer.start()
    try:
        _Sources(observer, root, changed).watch(also)
        yield
    except OSError as error:
        raise LitfassError(
            f"The blog's folder cannot be watched: {error.strerror or error}.",
            "On Linux, allow more: sudo sysctl fs.inotify.max_user_watches=524288",
        ) from error
    finally:
        observer.stop()
        observer.join()


def counts(path: Path) -> bool:
    """Tell whether a path below a watched folder has a name that a person would give a file."""
    return not any(fnmatch(part, one) for part in path.parts for one in _PASSING)


class _Changes(FileSystemEventHandler):
    """Passes on what changes under a folder."""

    def __init__(self, folder: Path, changed: Callable[[Touched], None]) -> None:
        self._folder = folder
        self._changed = changed

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass the event on when it is a change; reading and touching a folder are none."""
        if event.event_type not in _CHANGES:
            return
        if event.is_directory and event.event_type not in _APPEARANCES:
            return
        touched = frozenset(path for path in _paths(event) if counts(self._below(path)))
        if touched:
            self._changed(None if event.is_directory else touched)

    def _below(self, path: Path) -> Path:
        return path.relative_to(self._folder) if path.is_relative_to(self._folder) else path


def _paths(event: FileSystemEvent) -> tuple[Path, ...]:
    """Return the one path of an event, or both of a move."""
    return tuple(Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)


class _Sources(FileSystemEventHandler):
    """Watches the source folders, and the blog's folder itself for those that come and go.

    Not the blog's folder with all that is in it: environments and repositories there may hold
    more folders than the system can watch.
    """

    def __init__(
        self, observer: BaseObserver, root: Path, changed: Callable[[Touched], None]
    ) -> None:
        self._observer = observer
        self._root = root
        self._changed = changed
        self._watches: dict[str, ObservedWatch] = {}

    def watch(self, also: tuple[Path, ...]) -> None:
        self._observer.schedule(self, str(self._root), recursive=False)
        for folder in also:
            self._watch_all(folder)
        for name in FOLDERS:
            self._watch_folder(name)

    def dispatch(self, event: FileSystemEvent) -> None:
        """Notice the settings, and source folders that appear or vanish."""
        if event.event_type not in _CHANGES:
            return
        names = {path.name for path in _paths(event)}
        arrivals = names.intersection(FOLDERS) if event.event_type in _APPEARANCES else ()
        for name in arrivals:
            self._watch_folder(name)
        if arrivals or FILE in names:
            self._changed(None)

    def _watch_folder(self, name: str) -> None:
        earlier = self._watches.pop(name, None)
        if earlier is not None:
            with suppress(KeyError):  # its folder is gone, and the watch may be with it
                self._observer.unschedule(earlier)
        if (self._root / name).is_dir():
            self._watches[name] = self._watch_all(self._root / name)

    def _watch_all(self, folder: Path) -> ObservedWatch:
        changes = _Changes(folder, self._changed)
        return self._observer.schedule(changes, str(folder), recursive=True)
