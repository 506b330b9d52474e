"""Deploying by rsync, to a path and over ssh to a real server."""

import os
import subprocess
import sys

import pytest

from litfass.deploy import RsyncTarget, deploy
from litfass.errors import DeployError

pytestmark = pytest.mark.server


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".litfass-live"
    }


@pytest.fixture(autouse=True)
def _rsync(need):
    need("rsync")


@pytest.fixture
def live(tmp_path):
    folder = tmp_path / "live"
    folder.mkdir()
    return folder


@pytest.fixture(params=["path", "ssh"])
def target(request, live):
    """A function that makes the settings, for a path and for a server."""
    if request.param == "path":
        return lambda **settings: RsyncTarget("../live", **settings)
    return over_ssh(request.getfixturevalue("sshd"), live)


def over_ssh(sshd, live):
    given = {
        "destination": f"{sshd.user}@127.0.0.1:{live}",
        "port": sshd.port,
        "identity": str(sshd.identity),
        "known_hosts": str(sshd.known_hosts),
    }
    return lambda **settings: RsyncTarget(**(given | settings))


def run(blog, target, *, dry_run=False):
    return deploy(blog.public, target, blog=blog.folder, dry_run=dry_run)


def test_an_empty_folder_gets_everything(blog, live, target):
    done = run(blog, target())
    assert tree(live) == tree(blog.public)
    assert (done.target, done.changed, done.removed) == ("rsync", (), ())
    assert done.added == ("a/b", "a/index.html", "index.html")
    assert str(live) in done.where


def test_the_second_time_says_what_changed_and_keeps_the_times_of_the_rest(blog, live, target):
    run(blog, target())
    os.utime(live / "a/index.html", (1_000_000_000, 1_000_000_000))
    blog.build(index_html="new", a__index_html="a", d__ü="ü", e__f="odd name")
    (blog.public / "two words\t!").write_text("x")
    done = run(blog, target())
    assert (done.changed, done.removed) == (("index.html",), ("a/b",))
    assert done.added[:2] == ("d/ü", "e/f")
    assert len(done.added) == 3
    assert tree(live) == tree(blog.public)
    assert (live / "a/index.html").stat().st_mtime == 1_000_000_000
    assert run(blog, target()).changes == 0


def test_a_dry_run_says_the_same_and_changes_nothing(blog, live, target):
    run(blog, target())
    blog.build(index_html="new", c="c")
    before = tree(live)
    planned = run(blog, target(), dry_run=True)
    assert tree(live) == before
    assert planned == run(blog, target())
    assert planned.removed == ("a/b", "a/index.html")


def test_a_folder_that_is_not_there_yet_is_made_but_not_by_a_dry_run(blog, live, target):
    live.rmdir()
    planned = run(blog, target(), dry_run=True)
    assert planned.added == ("a/b", "a/index.html", "index.html")
    assert not live.exists()
    assert run(blog, target()) == planned
    assert tree(live) == tree(blog.public)


def test_without_delete_old_files_stay(blog, live, target):
    run(blog, target())
    blog.build(index_html="new")
    assert run(blog, target(delete=False)).removed == ()
    assert set(tree(live)) == {"index.html", "a/b", "a/index.html"}


def test_a_folder_that_is_not_ours_is_left_alone(blog, live, target):
    (live / "thesis with spaces.txt").write_text("years of work")
    with pytest.raises(DeployError, match="did not put there") as caught:
        run(blog, target())
    assert ".litfass-live" in caught.value.hint
    assert tree(live) == {"thesis with spaces.txt": "years of work"}
    (live / ".litfass-live").touch()
    assert run(blog, target()).removed == ("thesis with spaces.txt",)


def test_what_arrives_can_be_read_by_a_web_server(blog, live, target):
    (blog.public / "index.html").chmod(0o600)
    (blog.public / "a").chmod(0o700)
    run(blog, target())
    assert (live / "index.html").stat().st_mode & 0o044 == 0o044
    assert (live / "a").stat().st_mode & 0o055 == 0o055


def test_harmless_options_are_passed_on(blog, live, target):
    run(blog, target(options=("--exclude=b", "--compress")))
    assert set(tree(live)) == {"index.html", "a/index.html"}


@pytest.mark.parametrize(
    "option", ["-e", "--rsh=evil", "--rsync-path=evil", "--inplace", "--remove-source-files", "x"]
)
def test_other_options_are_refused(blog, option):
    with pytest.raises(DeployError, match="does not pass"):
        run(blog, RsyncTarget("../live", options=(option,)))


@pytest.mark.parametrize(
    "destination",
    ["", "-e", "-oProxyCommand=x:/y", "me@-oProxyCommand=x:/y", "me@host:", "me@host:/", "host:~",
     ".", "..", "../blog/public", "posts", "/"],
)  # fmt: skip
def test_a_destination_that_would_do_harm_is_refused(blog, destination):
    before = tree(blog.folder)
    with pytest.raises(DeployError, match=r"destination|belongs to the blog"):
        run(blog, RsyncTarget(destination))
    assert tree(blog.folder) == before


def test_a_server_that_is_down_is_said(blog, live, sshd, closed_port):
    with pytest.raises(DeployError, match="Connection refused") as caught:
        run(blog, over_ssh(sshd, live)(port=closed_port))
    assert "Try `ssh` by hand" in caught.value.hint


@pytest.mark.parametrize("what", ["known_hosts", "identity"])
def test_a_host_or_a_key_that_is_not_known_is_refused(blog, live, sshd, what):
    wrong = {"known_hosts": "nothing", "identity": str(sshd.identity.parent / "host")}[what]
    says = r"Host key verification failed|Permission denied"
    with pytest.raises(DeployError, match=says) as caught:
        run(blog, over_ssh(sshd, live)(**{what: wrong}))
    assert "Try `ssh` by hand" in caught.value.hint
    assert tree(live) == {}


def test_a_folder_that_cannot_be_made_is_said(blog, live, sshd):
    (live / "file").touch()
    with pytest.raises(DeployError, match=r"rsync to .* failed") as caught:
        run(blog, over_ssh(sshd, live / "file/deeper")())
    assert caught.value.hint


def test_a_password_is_not_in_the_message(blog, closed_port):
    target = RsyncTarget(f"rsync://me:geheim@127.0.0.1:{closed_port}/module/blog")
    with pytest.raises(DeployError, match="rsync to") as caught:
        run(blog, target)
    assert "geheim" not in str(caught.value) + caught.value.hint


def test_rsync_that_is_not_installed_is_said(blog, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeployError, match="rsync is not installed"):
        run(blog, RsyncTarget("../live"))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a tmpfs")
def test_a_full_disk_leaves_what_was_live(blog, live, sshd):
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(live)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a small disk: a full one is NOT tested")
    try:
        target = over_ssh(sshd, live)()
        run(blog, target)
        before = tree(live)
        blog.build(a__index_html="new", zzz="x" * 300_000)
        with pytest.raises(DeployError) as caught:
            run(blog, target)
        assert "disk full" in caught.value.hint  # the server's own words do not always arrive
        waiting = {path for path in tree(live) if ".~tmp~" in path}
        assert {path: text for path, text in tree(live).items() if path not in waiting} == before
        subprocess.run(["mount", "-o", "remount,size=2m", str(live)], check=True)
        blog.build(a__index_html="new")
        assert run(blog, target).removed == ("a/b", "index.html")
        assert tree(live) == {"a/index.html": "new"}
        assert not list(live.rglob(".~tmp~"))
    finally:
        subprocess.run(["umount", "--lazy", str(live)], check=True)
