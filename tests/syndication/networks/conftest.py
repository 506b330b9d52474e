"""Real servers for the networks' tests, installed when they are first needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

SERVERS = Path(__file__).parents[2] / "servers"
INSTALL_SECONDS = 900
STOP_SECONDS = 20


@dataclass(frozen=True)
class Member:
    """An account that was made for a test. `password` is an app password."""

    url: str
    did: str
    handle: str
    password: str

    def ask(self, method, **params):
        """Ask the server directly, without Litfass."""
        answer = httpx.get(f"{self.url}/xrpc/{method}", params=params)
        answer.raise_for_status()
        return answer

    def records(self):
        """Return all posts of the account, newest first: their addresses and what is in them."""
        answer = self.ask(
            "com.atproto.repo.listRecords", repo=self.did, collection="app.bsky.feed.post"
        )
        return [(record["uri"], record["value"]) for record in answer.json()["records"]]


@pytest.fixture(scope="session")
def bluesky_server(tmp_path_factory):
    """Run a real Bluesky server on loopback; give its address."""
    with _running("bluesky", tmp_path_factory.mktemp("bluesky")) as url:
        yield url


@pytest.fixture(scope="session")
def bluesky_members(bluesky_server):
    """Give a function that makes an account on the server."""
    numbers = count(1)

    def member():
        name = f"member{next(numbers)}"
        account = {"handle": f"{name}.test", "email": f"{name}@example.com", "password": name * 2}
        methods = f"{bluesky_server}/xrpc/com.atproto.server"
        made = httpx.post(f"{methods}.createAccount", json=account).json()
        bearer = {"Authorization": f"Bearer {made['accessJwt']}"}
        app = httpx.post(f"{methods}.createAppPassword", json={"name": "l"}, headers=bearer).json()
        return Member(bluesky_server, made["did"], made["handle"], app["password"])

    return member


@pytest.fixture
def member(bluesky_members):
    """Make an account that no other test has."""
    return bluesky_members()


@contextmanager
def _running(name, data):
    """Run a server that stops when its standard input ends; give its address when it is ready."""
    log = data / "errors.txt"
    command = ["node", SERVERS / name / "start.cjs", data]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            cwd=_installed(name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server,
    ):
        ready = server.stdout.readline()
        if not ready:
            _unavailable(name, f"it does not start: {log.read_text('utf-8')[-800:]}")
        yield json.loads(ready)["url"]
        server.stdin.close()
        server.wait(STOP_SECONDS)


def _installed(name):
    """Return the folder where a server's packages are; install them once for each version."""
    if not (shutil.which("node") and shutil.which("npm")):
        _unavailable(name, "it needs Node.js and npm")
    root = os.environ.get("LITFASS_TEST_SERVERS") or Path.home() / ".cache" / "litfass-tests"
    folder = Path(root).absolute() / name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (SERVERS / name / "package.json").read_text("utf-8")
    done = folder / "installed.json"
    with FileLock(folder / "lock"):
        if not done.exists() or done.read_text("utf-8") != wanted:
            (folder / "package.json").write_text(wanted, "utf-8")
            _install(name, folder)
            done.write_text(wanted, "utf-8")
    return folder


def _install(name, folder):
    command = [shutil.which("npm"), "install", "--no-audit", "--no-fund", "--no-package-lock"]
    prefix = Path(shutil.which("node")).resolve().parents[1]
    if (prefix / "include/node/node.h").is_file():  # what compiles needs no download then
        command.append(f"--nodedir={prefix}")
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS, text=True
        )
    except subprocess.CalledProcessError as error:
        _unavailable(name, f"npm cannot install it: {error.stderr[-800:]}")
    except subprocess.TimeoutExpired:
        _unavailable(name, f"npm has not installed it in {INSTALL_SECONDS} seconds")


def _unavailable(name, why):
    """Skip what needs the server, for all to see; fail where it has to be there."""
    message = f"The real {name} server cannot be had: {why}"
    if os.environ.get("LITFASS_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)
