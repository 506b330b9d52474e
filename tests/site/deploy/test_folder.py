"""Deploying to a folder."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from litfass.deploy import FolderTarget, deploy
from litfass.deploy import exchange as exchange_module
from litfass.errors import DeployError

TARGET = FolderTarget("../live")


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".litfass-live"
    }


def siblings(folder: Path) -> set[str]:
    return {path.name for path in folder.parent.iterdir()}


def run(blog, target=TARGET, *, dry_run=False):
    return deploy(blog.public, target, blog=blog.folder, dry_run=dry_run)


@pytest.fixture
def live(tmp_path):
    return tmp_path / "live"


def test_a_new_folder_gets_everything(blog, live):
    done = run(blog)
    assert tree(live) == tree(blog.public)
    assert done.added == ("a/b", "a/index.html", "index.html")
    assert (done.target, done.where, done.changed, done.removed) == ("folder", str(live), (), ())
    assert siblings(live) == {"blog", "live"}


def test_the_second_time_says_what_changed_and_keeps_the_times_of_the_rest(blog, live):
    run(blog)
    os.utime(live / "a/index.html", (1_000_000_000, 1_000_000_000))
    blog.build(index_html="new", a__index_html="a", c="c")
    done = run(blog)
    assert (done.added, done.changed, done.removed) == (("c",), ("index.html",), ("a/b",))
    assert tree(live) == tree(blog.public)
    assert (live / "a/index.html").stat().st_mtime == 1_000_000_000


def test_nothing_changed_leaves_the_very_same_folder(blog, live):
    run(blog)
    inode = live.stat().st_ino
    assert run(blog).changes == 0
    assert live.stat().st_ino == inode


def test_a_change_of_one_byte_of_equal_length_and_time_is_seen(blog, live):
    run(blog)
    (blog.public / "a/b").write_text("c")
    os.utime(blog.public / "a/b", ns=((live / "a/b").stat().st_mtime_ns,) * 2)
    assert run(blog).changed == ("a/b",)


def test_a_file_where_a_folder_was_and_the_reverse(blog, live):
    run(blog)
    blog.build(a="now a file", index_html__x="now a folder")
    run(blog)
    assert tree(live) == {"a": "now a file", "index.html/x": "now a folder"}


def test_a_dry_run_says_the_same_and_writes_nothing(blog, live):
    planned = run(blog, dry_run=True)
    assert not live.exists()
    assert planned == run(blog)
    blog.build(index_html="new")
    before = tree(live)
    planned = run(blog, dry_run=True)
    assert (tree(live), siblings(live)) == (before, {"blog", "live"})
    assert planned == run(blog)


def test_a_symbolic_link_stays_one_and_what_it_leads_to_is_swapped(blog, live, tmp_path):
    real = tmp_path / "disk"
    real.mkdir()
    live.symlink_to(real)
    run(blog)
    assert live.is_symlink()
    assert tree(real) == tree(blog.public)


def test_the_folder_keeps_its_permissions(blog, live):
    live.mkdir()
    live.chmod(0o2775)
    run(blog)
    assert live.stat().st_mode & 0o7777 == 0o2775


@pytest.mark.parametrize(
    "path",
    ["", ".", "..", "public", "public/live", "posts", "posts/live", ".git", ".litfass/x", "static"],
)
def test_the_blog_is_never_its_own_target(blog, path):
    before = tree(blog.folder)
    with pytest.raises(DeployError, match="belongs to the blog itself"):
        run(blog, FolderTarget(path))
    assert tree(blog.folder) == before


def test_a_folder_that_is_not_ours_is_left_alone_until_it_is_marked(blog, live):
    live.mkdir()
    (live / "thesis.txt").write_text("years of work")
    with pytest.raises(DeployError, match="did not put there") as caught:
        run(blog)
    assert ".litfass-live" in caught.value.hint
    assert tree(live) == {"thesis.txt": "years of work"}
    (live / ".litfass-live").touch()
    assert run(blog).removed == ("thesis.txt",)


def test_a_file_in_the_way_is_an_error(blog, live):
    live.write_text("a file")
    with pytest.raises(DeployError, match="live"):
        run(blog)
    assert live.read_text() == "a file"


def test_a_parent_that_cannot_be_made_is_an_error(blog, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DeployError, match="cannot deploy"):
        run(blog, FolderTarget("../file/live"))


def test_a_loop_of_symbolic_links_is_an_error(blog, live):
    live.symlink_to(live)
    with pytest.raises(DeployError, match="cannot deploy"):
        run(blog)


@pytest.mark.parametrize("empty", [True, False])
def test_nothing_built_is_not_deployed_as_an_empty_blog(blog, live, empty):
    run(blog)
    blog.build()
    if empty:
        blog.public.mkdir()
    with pytest.raises(DeployError, match="nothing to deploy"):
        run(blog)
    assert "index.html" in tree(live)


def test_what_a_crashed_run_left_is_swept_and_a_running_one_is_not(blog, live):
    crashed, running = live.parent / ".live.litfass-1", live.parent / ".live.litfass-2"
    for room in (crashed, running):
        (room / "new").mkdir(parents=True)
        (room / "lock").touch()
    with FileLock(running / "lock"):
        run(blog)
    assert siblings(live) == {"blog", "live", running.name}


def test_without_an_exchange_call_two_renames_do_it(blog, live, monkeypatch):
    run(blog)
    blog.build(index_html="new")
    monkeypatch.setattr(exchange_module, "_exchange_at_once", lambda *_: False)
    run(blog)
    assert tree(live) == {"index.html": "new"}
    assert siblings(live) == {"blog", "live"}


def test_when_the_second_rename_fails_the_old_folder_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange_module, "_exchange_at_once", lambda *_: False)
    live = tmp_path / "live"
    live.mkdir()
    (live / "index.html").write_text("old")
    with pytest.raises(OSError, match="No such file"):
        exchange_module.exchange(tmp_path / "missing", live)
    assert tree(live) == {"index.html": "old"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the swap may take two steps")
def test_a_reader_never_sees_a_mix_or_a_missing_folder(blog, live):
    """A reader holds the folder as a server does, and reads two files that belong together."""
    blog.build(one="0", two="0")
    run(blog)
    seen, done = [], threading.Event()

    def look() -> tuple[str, str]:
        folder = os.open(live, os.O_RDONLY | os.O_DIRECTORY)
        try:
            return tuple(_read_at(folder, name) for name in ("one", "two"))
        except FileNotFoundError:
            return ("gone", "with the old folder") if _is_removed(folder) else ("missing", "!")
        finally:
            os.close(folder)

    def watch() -> None:
        while not done.is_set():
            seen.append(look())

    reader = threading.Thread(target=watch)
    reader.start()
    try:
        for number in range(1, 60):
            blog.build(one=str(number), two=str(number))
            run(blog)
    finally:
        done.set()
        reader.join()
    whole = [pair for pair in seen if pair != ("gone", "with the old folder")]
    assert len(set(whole)) > 5
    assert all(one == two for one, two in whole)


def _read_at(folder: int, name: str) -> str:
    with open(name, encoding="utf-8", opener=lambda n, f: os.open(n, f, dir_fd=folder)) as file:
        return file.read()


def _is_removed(folder: int) -> bool:
    """Say whether the folder that is held open is one that was swapped out."""
    return ".litfass-" in str(Path(f"/proc/self/fd/{folder}").readlink())


@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
def test_a_full_disk_leaves_what_was_live(blog, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a small disk: a full one is NOT tested")
    try:
        run(blog, FolderTarget("../disk/live"))
        before = tree(disk / "live")
        blog.build(index_html="new", zzz="x" * 300_000)
        with pytest.raises(DeployError, match="No space left") as caught:
            run(blog, FolderTarget("../disk/live"))
        assert "unchanged" in caught.value.hint
        assert tree(disk / "live") == before
        assert {path.name for path in disk.iterdir()} == {"live"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)
