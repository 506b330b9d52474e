"""A build that is killed leaves whole files, and the next one makes the bytes of a clean one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.site.desk import BUILD, NOW, SITE, Desk, Files, files, picture, post, settings

from litfass.build import Options
from litfass.settings import open_blog
from litfass.update import update

ALL = bool(os.environ.get("LITFASS_ALL_CRASHES"))
LITFASS = (sys.executable, "-c", "from litfass.cli import main; raise SystemExit(main())")

_EVENTS = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.truncate", "sqlite3.connect"}
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CALLS = (
    "write,pwrite64,?sendfile,?copy_file_range,ftruncate,?rename,?renameat,?renameat2,"
    "?unlink,?unlinkat,?mkdir,?mkdirat,?rmdir,fsync,fdatasync,?utimensat"
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A blog to build, what stands in its public folder before, and what shall stand there.

    `before` brings it to the point where the build begins that is going to be killed; `undo` takes
    back what was edited.
    """

    before: Callable[[Desk], object]
    undo: Callable[[Desk], object]
    old: Files
    new: Files


def first(desk: Desk) -> None:
    """Write a small blog."""
    desk.write("litfass.toml", settings(SITE, BUILD))
    for number in range(1, 5):
        name = f"posts/{number}.md"
        desk.write(name, post(f"Titel {number}", f"2026-05-0{number}", "Text.", tags="[Holz]"))
    desk.write("static/bild.svg", picture(3))
    desk.write("static/alt.txt", "geht\n")
    desk.write("posts/1.md", post("Titel 1", "2026-05-01", "![](/bild.svg)", aliases="[/alt/]"))


def edited(desk: Desk) -> None:
    """Change a post and the theme, add one of each, remove one of each."""
    desk.write("posts/1.md", post("Titel 1", "2026-05-01", "Neuer Text.", tags="[Leim]"))
    desk.write("posts/2.md", None)
    desk.write("posts/5.md", post("Titel 5", "2026-05-05"))
    desk.write("static/bild.svg", picture(17))
    desk.write("static/alt.txt", None)
    desk.write("static/neu.txt", "neu\n")
    desk.write("templates/_footer.html", "unten")


def undone(desk: Desk) -> None:
    """Take back what `edited` did."""
    for path in ("posts/5.md", "static/neu.txt", "templates/_footer.html"):
        desk.write(path, None)
    first(desk)


def reworded(desk: Desk) -> None:
    """Change the texts of two posts, which is all that a build then looks at."""
    desk.write(
        "posts/1.md", post("Titel 1", "2026-05-01", "![](/bild.svg) Neu.", aliases="[/alt/]")
    )
    desk.write("posts/3.md", post("Titel 3", "2026-05-03", "Text. Neu.", tags="[Holz]"))


def retitled(desk: Desk) -> None:
    """Change a title, which takes more than a look at the post."""
    desk.write("posts/3.md", post("Anders", "2026-05-03", "Text.", tags="[Holz]"))


def built_and(edit: Callable[[Desk], object], desk: Desk) -> None:
    """Build the small blog, then change it."""
    first(desk)
    desk.build()
    edit(desk)


EDITS = {"next": edited, "text": reworded, "title": retitled}


@pytest.fixture(scope="module", params=["first", *EDITS])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A blog that was never built, or one that was built and then changed."""
    desk = Desk(tmp_path_factory.mktemp("scene"))
    first(desk)
    fresh = desk.clean().files
    if request.param == "first":
        return Scene(first, first, {}, fresh)
    edit = EDITS[request.param]
    edit(desk)
    return Scene(partial(built_and, edit), undone, fresh, desk.clean().files)


@contextmanager
def table(scene: Scene, place: Path) -> Iterator[Desk]:
    """Lay out the blog of the scene."""
    desk = Desk(place)
    scene.before(desk)
    yield desk
    shutil.rmtree(place)


def whole(scene: Scene, public: Path) -> bool:
    """Tell whether each file is what it was or what it will be, and none of both is missing."""
    there = {path: content for path, content in files(public).items() if "manifest" not in path}
    mixed = {path for path, content in there.items()
             if content not in (scene.old.get(path), scene.new.get(path))}  # fmt: skip
    missing = (scene.old.keys() & scene.new.keys()) - there.keys() - {".litfass-manifest"}
    return not mixed and not missing


def recovers(scene: Scene, desk: Desk, *, back: bool) -> None:
    """Build again, with the edit or taken `back`, and compare with a clean build."""
    assert whole(scene, desk.public)
    if back:
        scene.undo(desk)
    assert desk.build().files == (scene.old if back and scene.old else scene.new)


def sample(steps: Sequence[str], most: int) -> list[tuple[str, int]]:
    """Return some steps of each kind, evenly, all where that is asked for: kind and number."""
    kinds: dict[str, list[int]] = {}
    for number, kind in enumerate(steps, 1):
        kinds.setdefault(kind, []).append(number)
    return [
        (kind, number)
        for kind, numbers in kinds.items()
        for number in numbers[:: 1 if ALL else -(-len(numbers) // most)]
    ]


def build_until(root: Path, nth: int, end: signal.Signals, log: int) -> None:
    """Build, writing down what is done to the disk, and send oneself a signal before the nth."""
    done = count(1)

    def hook(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & _WRITES
        if writes or event in _EVENTS:
            os.write(log, f"{event}\n".encode())
            if next(done) == nth:
                os.kill(os.getpid(), end)

    sys.addaudithook(hook)
    update(open_blog(root), Options(now=NOW))


@contextmanager
def building(
    root: Path, nth: int, end: signal.Signals = signal.SIGKILL
) -> Iterator[tuple[BaseProcess, BinaryIO]]:
    """Start a build that gets a signal before its nth step; what it writes down can be read."""
    read, write = os.pipe()
    child = get_context("fork").Process(target=build_until, args=(root, nth, end, write))
    child.start()
    os.close(write)
    try:
        with os.fdopen(read, "rb") as log:
            yield child, log
    except BaseException:
        child.kill()
        raise
    finally:
        child.join()


def killed(root: Path, nth: int) -> list[str]:
    """Kill a build before its nth step; return the steps that it began."""
    with building(root, nth) as (child, log):
        steps = log.read().decode().split()
    assert child.exitcode == (-signal.SIGKILL if len(steps) == nth else 0)
    return steps


def test_killed_before_any_step_it_recovers(scene, tmp_path, record_testsuite_property):
    with table(scene, tmp_path / "blog") as desk:
        steps = killed(desk.root, 0)
    assert {"open", "os.rename", "os.mkdir", "sqlite3.connect"} <= set(steps)
    points = sample(steps, 2)
    record_testsuite_property("steps", f"{len(points)} of {len(steps)}")
    for kind, nth in points:
        for back in (False, True):
            with table(scene, tmp_path / "blog") as desk:
                assert killed(desk.root, nth)[-1] == kind
                recovers(scene, desk, back=back)


def traced(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a build under strace."""
    quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        ["strace", "-f", "-qq", "-e", "signal=none", *options, *LITFASS, "-C", root, "build"],
        capture_output=True, text=True, check=False, env=quiet,
    )  # fmt: skip


def calls(scene: Scene, place: Path) -> list[str]:
    """Return the system calls of a whole build that change files."""
    with table(scene, place) as desk:
        log = place.with_name("calls")
        if traced(desk.root, "-o", str(log), "-e", f"trace={_CALLS}").returncode:
            pytest.skip("strace may not trace here")
        return re.findall(r"^(?:\d+ +)?(\w+)\(", log.read_text(errors="replace"), re.MULTILINE)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_killed_at_any_system_call_it_recovers(scene, tmp_path, record_testsuite_property):
    """Also amid the writing of a file, and in what the cache's database does."""
    known = calls(scene, tmp_path / "blog")
    assert len(known) > 40
    points = sample(known, 1)
    record_testsuite_property("calls", f"{len(points)} of {len(known)}")
    ends = []
    for number, (name, nth) in enumerate(points):
        with table(scene, tmp_path / "blog") as desk:
            inject = f"inject={name}:signal=KILL:when={known[:nth].count(name)}"
            end = traced(desk.root, "-o", os.devnull, "-e", f"trace={name}", "-e", inject)
            ends.append(end.returncode)
            recovers(scene, desk, back=number % 2 == 1)
    # How many pages of its file SQLite writes is not the same each time: a kill may come too late.
    assert ends.count(-signal.SIGKILL) + ends.count(0) == len(ends)
    assert ends.count(0) <= len(ends) // 10


def test_two_builds_at_once_make_one_whole_blog(tmp_path):
    """Whoever comes second waits; both succeed."""
    desk = Desk(tmp_path / "blog")
    first(desk)
    for edit in (first, edited, undone):
        edit(desk)
        both = [
            subprocess.Popen(
                [*LITFASS, "-C", desk.root, "build"],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for _ in range(2)
        ]
        said = [one.communicate()[0] for one in both]
        assert [one.returncode for one in both] == [0, 0], said
        assert files(desk.public) == desk.clean().files


def test_a_build_waits_while_another_one_is_at_work(tmp_path):
    """The first one is halted at its work, and goes on when the second one has been waiting."""
    desk = Desk(tmp_path)
    first(desk)
    begun = killed(desk.root, 0).index("sqlite3.connect") + 1
    edited(desk)
    with building(desk.root, begun, signal.SIGSTOP) as (early, _):
        os.waitid(os.P_PID, early.pid, os.WSTOPPED | os.WNOWAIT)
        with building(desk.root, 0) as (late, _):
            late.join(1)
            assert late.is_alive()
            os.kill(early.pid, signal.SIGCONT)
    assert (early.exitcode, late.exitcode) == (0, 0)
    assert files(desk.public) == desk.clean().files


def test_a_build_does_not_wait_for_one_that_was_killed(tmp_path):
    desk = Desk(tmp_path)
    first(desk)
    assert len(killed(desk.root, 30)) == 30
    assert desk.build().files == desk.clean().files
