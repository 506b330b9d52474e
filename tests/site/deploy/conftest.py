"""A small blog to deploy, and real servers on loopback to deploy it to."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest


def write(folder: Path, **contents: str) -> Path:
    """Write files by name, "__" for "/" and "_html" for ".html"."""
    for name, text in contents.items():
        path = folder / name.replace("__", "/").replace("_html", ".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Blog:
    """A blog's folder; `public` is what is built."""

    folder: Path
    public: Path

    def git(self, *arguments: str) -> str:
        """Run git in the blog's folder; return what it says."""
        return git(self.folder, *arguments)

    def build(self, **contents: str) -> None:
        """Make the public folder have these files and no others."""
        shutil.rmtree(self.public, ignore_errors=True)
        write(self.public, **contents)


@pytest.fixture
def blog(tmp_path):
    folder = tmp_path / "blog"
    write(folder, posts__hello="Hello")
    blog = Blog(folder, folder / "public")
    blog.build(index_html="<h1>Grüße</h1>", a__index_html="a", a__b="b")
    return blog


@dataclass(frozen=True)
class Remote:
    """A bare git repository to push to."""

    folder: Path

    @property
    def address(self) -> str:
        return self.folder.as_uri()

    def git(self, *arguments: str) -> str:
        """Run git in it; return what it says."""
        return git(self.folder, *arguments)

    def tip(self, branch: str = "gh-pages") -> str:
        return self.git("rev-parse", branch)

    def commits(self, branch: str = "gh-pages") -> int:
        return int(self.git("rev-list", "--count", branch))

    def published(self, branch: str = "gh-pages") -> dict[str, str]:
        """Return what is on the branch, text by path."""
        names = self.git("ls-tree", "-r", "-z", "--name-only", branch).split("\0")
        return {name: self.git("show", f"{branch}:{name}") for name in names if name}


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """A machine where git knows nobody's name and no settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def remote(tmp_path, nobody):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    return Remote(tmp_path / "remote.git")


@pytest.fixture
def repository(blog, remote):
    """The blog as a git repository with work in progress."""
    blog.git("init", "-q", "-b", "main")
    blog.git("remote", "add", "origin", remote.address)
    (blog.folder / ".gitignore").write_text("/public/\n*.html\n")
    blog.git("add", ".")
    blog.git("commit", "-q", "-m", "Start")
    (blog.folder / "staged").write_text("x")
    blog.git("add", "staged")
    (blog.folder / "untracked").write_text("x")
    return blog


@dataclass(frozen=True)
class Sshd:
    """A running ssh server that lets one key in."""

    port: int
    user: str
    identity: Path
    known_hosts: Path

    @property
    def command(self) -> str:
        """What GIT_SSH_COMMAND needs to be."""
        return (
            f"ssh -o BatchMode=yes -i {self.identity} "
            f"-o UserKnownHostsFile={self.known_hosts} -o IdentitiesOnly=yes"
        )


@pytest.fixture(scope="session")
def need():
    """A function that finds a program; without it the test is skipped, or fails where it must."""

    def find(program: str) -> str:
        path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
        if path is None:
            required = os.environ.get("LITFASS_REQUIRE_SERVERS") == "1"
            missing = pytest.fail if required else pytest.skip
            missing(f"{program} is not installed: this way of deploying is NOT tested")
        return path

    return find


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def closed_port():
    """A port on which nothing listens."""
    return free_port()


def wait_for(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        with closing(socket.socket()) as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail(f"sshd did not start (exit status {server.poll()})")


@pytest.fixture(scope="session")
def sshd(tmp_path_factory, need):
    program = need("sshd")
    room = tmp_path_factory.mktemp("sshd")
    for key in ("host", "user"):
        command = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(room / key)]
        subprocess.run(command, check=True)
    shutil.copy(room / "user.pub", room / "authorized")
    port = free_port()
    config = room / "config"
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {room}/host\nPidFile none\n"
        f"AuthorizedKeysFile {room}/authorized\nStrictModes no\nUsePAM no\n"
        "PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    host = (room / "host.pub").read_text().rsplit(maxsplit=1)[0]
    (room / "known").write_text(f"[127.0.0.1]:{port} {host}\n")
    with (room / "log").open("w") as log:
        server = subprocess.Popen([program, "-D", "-e", "-f", str(config)], stderr=log)
    try:
        wait_for(port, server)
        user = os.environ.get("USER") or subprocess.check_output(["id", "-un"], text=True).strip()
        yield Sshd(port, user, room / "user", room / "known")
    finally:
        server.terminate()
        server.wait(timeout=10)
