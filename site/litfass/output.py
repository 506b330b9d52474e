"""The public folder: each file appears whole or not at all, and only what we wrote is removed."""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from litfass.errors import OutputError
from litfass.model import MANIFEST
from litfass.sources import Signature, signature

_STAGE = ".litfass-stage"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file on its way: where it will be, and where it waits. None: it stands there already."""

    path: str
    place: str | None


def stage_for(public: Path, folder: Path) -> Stage:
    """Return a stage at `folder`, or on the disk of the public folder where that is another one.

    So a full disk is found out while files are made, and moving them is never a copy.
    """
    is_new = not public.exists()
    there = next(one for one in (public, *public.parents) if one.exists())
    if there.stat().st_dev != folder.parent.stat().st_dev:
        return Stage(public / _STAGE, public)
    return Stage(folder, public, is_whole=is_new)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where files wait until all of them are made, on the disk of the public folder.

    Files of several processes may be staged at once; one whose folder is new waits in a folder of
    its own, which only has to be moved, for making one is what takes most time. Where there is no
    public folder yet, the stage becomes it, whole. Raises OutputError when one cannot be
    written; the public folder is then as it was.
    """

    folder: Path
    public: Path
    is_whole: bool = False

    @property
    def base(self) -> Path:
        """The folder that the manifest has to lie in before anything is moved."""
        return self.folder if self.is_whole else self.public

    def write(self, path: str, content: bytes) -> Staged:
        """Stage a file's content, unless it stands in the public folder already."""
        if _holds(f"{self.public}/{path}", content):
            return Staged(path, None)
        with _explained(path):
            place = self._place(path)
            with open(place, "wb") as file:  # noqa: PTH123 - ten thousand of them
                file.write(content)
        return Staged(path, place)

    def copy(self, path: str, source: Path) -> Staged:
        """Stage a copy of a file; it keeps the time of its source."""
        with _explained(path):
            if _same(self.public / path, source):
                return Staged(path, None)
            place = self._place(path)
            shutil.copyfile(source, place)
            status = source.stat()
            os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
        return Staged(path, place)

    def publish(self, staged: Sequence[Staged]) -> dict[str, Signature]:
        """Move all staged files into the public folder, and return the signature of each."""
        if self.is_whole:
            with _explained(str(self.public)):
                self.public.parent.mkdir(parents=True, exist_ok=True)
                self.folder.rename(self.public)
        return dict(map(self._published, staged))

    def _published(self, one: Staged) -> tuple[str, Signature]:
        target = f"{self.public}/{one.path}"
        with _explained(one.path):
            if one.place and not self.is_whole:
                self._move(one.place, target)
            return one.path, signature(os.stat(target))  # noqa: PTH116 - ten thousand of them

    def clear(self) -> None:
        """Throw away what still waits."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _place(self, path: str) -> str:
        """Return where a file waits; its folder is there."""
        folder, _, name = path.rpartition("/")
        if self.is_whole:
            _make_folder(f"{self.folder}/{folder}")
            return f"{self.folder}/{path}"
        waiting = f"{self.folder}/{blake2b(path.encode(), digest_size=12).hexdigest()}"
        if not folder or os.path.isdir(f"{self.public}/{folder}"):  # noqa: PTH112
            _make_folder(str(self.folder))
            return waiting
        _make_folder(waiting)
        return f"{waiting}/{name}"

    def _move(self, place: str, target: str) -> None:
        """Move a file, with the folder that it waits in if that is still to come."""
        waiting, folder = place.rpartition("/")[0], target.rpartition("/")[0]
        if waiting != str(self.folder):
            with suppress(OSError):  # another file was the first in it
                os.rename(waiting, folder)  # noqa: PTH104
                return
        try:
            os.replace(place, target)  # noqa: PTH105 - ten thousand of them
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            _make_room(Path(target), self.public)
            os.replace(place, target)  # noqa: PTH105


def _make_folder(folder: str) -> None:
    """Make a folder, unless it is there."""
    try:
        os.mkdir(folder)  # noqa: PTH102 - ten thousand of them
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103


def strayed(public: Path, outputs: Mapping[str, Signature]) -> frozenset[str]:
    """Return which files do not stand as they were written, by path."""
    found = []
    stat, folder = os.stat, f"{public}/"  # ten thousand of them: pathlib would take its time
    for path, known in outputs.items():
        try:
            status = stat(folder + path)
        except (OSError, ValueError):  # a damaged memory may hold names that no file has
            found.append(path)
            continue
        if (status.st_size, status.st_mtime_ns, status.st_ino) != known:
            found.append(path)
    return frozenset(found)


def written(public: Path) -> frozenset[str]:
    """Return the paths that we wrote into the public folder, by its manifest."""
    try:
        lines = (public / MANIFEST).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(line for line in lines if _is_inside(line))


def is_tidy(public: Path, paths: Collection[str]) -> bool:
    """Tell whether the manifest names just these paths, and is the only one there."""
    return written(public) == paths and not (public / f"{MANIFEST}.new").exists()


def keep_manifest(public: Path, paths: Collection[str]) -> None:
    """Write down what we wrote, in the folder itself, where no loss of a cache reaches it."""
    text = "\n".join(sorted(paths)) + "\n"
    place = public / MANIFEST
    beside = public / f"{MANIFEST}.new"
    with _explained(MANIFEST):
        public.mkdir(parents=True, exist_ok=True)
        if place.is_file() and place.read_bytes() == text.encode():
            beside.unlink(missing_ok=True)  # a build that was killed may have left it
            return
        beside.write_bytes(text.encode())
        beside.replace(place)


def prune(public: Path, paths: Collection[str]) -> tuple[str, ...]:
    """Remove files and the folders that become empty; return what was there."""
    removed = []
    for path in sorted(paths):
        with suppress(FileNotFoundError, NotADirectoryError), _explained(path):
            (public / path).unlink()
            removed.append(path)
        _remove_empty((public / path).parent, public)
    return tuple(removed)


def _remove_empty(folder: Path, public: Path) -> None:
    while folder != public and folder.is_relative_to(public):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def require_room(public: Path, paths: Iterable[str], ours: Collection[str]) -> None:
    """See to it that new files can be moved in, before the first one is: all of them, or none.

    `ours` are the files that we wrote. Raises OutputError for what is in the way and not ours.
    """
    if not public.is_dir():
        return
    folders: set[str] = set()
    for path in (one for one in paths if one not in ours):
        parents = [path[:end] for end, sign in enumerate(path) if sign == "/"]
        blocked = any(
            parent not in ours and (public / parent).is_file()
            for parent in parents
            if parent not in folders
        )
        folders.update(parents)
        if blocked or _holds_foreign(public, path, ours):
            raise _blocked(path)


def _holds_foreign(public: Path, path: str, ours: Collection[str]) -> bool:
    """Tell whether a folder stands where a file shall be, with something in it that is not ours."""
    target = public / path
    if not target.is_dir():
        return False
    inside = (one for one in target.rglob("*") if not one.is_dir())
    return any(one.relative_to(public).as_posix() not in ours for one in inside)


def _blocked(path: str) -> OutputError:
    hint = "Something that Litfass did not write is in the way. Move it out of the public folder."
    return OutputError("cannot be written", hint, path=path)


def _make_room(target: Path, public: Path) -> None:
    """Make the folder of a file. Raises OutputError for what stands there and is not ours."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            target.rmdir()
    except OSError:
        raise _blocked(target.relative_to(public).as_posix()) from None


def _holds(target: str, content: bytes) -> bool:
    """Tell whether a file stands there with this very content."""
    try:
        if os.stat(target).st_size != len(content):  # noqa: PTH116 - ten thousand of them
            return False
        with open(target, "rb") as file:  # noqa: PTH123
            return file.read() == content
    except OSError:
        return False


def _same(target: Path, source: Path) -> bool:
    filecmp.clear_cache()  # it goes by size and time
    try:
        return target.stat().st_size == source.stat().st_size and filecmp.cmp(
            target, source, shallow=False
        )
    except (FileNotFoundError, NotADirectoryError):
        return False


def _is_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn an operating system's refusal into an OutputError that names the file."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "The public folder was left as it was.")
        raise OutputError(f"cannot be written: {error.strerror}", hint, path=path) from None


_HINTS = {
    errno.ENOSPC: "Make room on the disk and build again. The public folder was left as it was.",
    errno.EACCES: "Check the permissions of the public folder.",
}
