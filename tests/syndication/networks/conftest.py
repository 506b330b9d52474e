"""Real servers for the networks' tests, installed when they are first needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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


@dataclass(frozen=True)
class Guest:
    """An account on a Matrix server, made for a test, with a room of its own."""

    url: str
    user: str
    token: str
    room: str

    def ask(self, method, path, **rest):
        """Ask the server directly, without Litfass."""
        return _matrix(self.url, self.token, method, path, **rest)

    def events(self):
        """Return the messages in the room, oldest first."""
        query = {"dir": "f", "limit": 100, "filter": '{"types": ["m.room.message"]}'}
        chunk = self.ask("GET", f"/rooms/{self.room}/messages", params=query)["chunk"]
        return [event for event in chunk if event["content"]]


def _matrix(url, token, method, path, **rest):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.request(method, f"{url}/_matrix/client/v3{path}", headers=headers, **rest)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture(scope="session")
def matrix_server(tmp_path_factory):
    """Run a real Matrix server on loopback; give its address."""
    with _running("synapse", tmp_path_factory.mktemp("synapse")) as url:
        yield url


@pytest.fixture(scope="session")
def matrix_guests(matrix_server):
    """Give a function that makes an account on the server, and a public room for it."""
    numbers = count(1)

    def guest(**room):
        name = f"guest{next(numbers)}"
        account = {"username": name, "password": name * 2, "auth": {"type": "m.login.dummy"}}
        made = _matrix(matrix_server, "", "POST", "/register", json=account)
        token = made["access_token"]
        wanted = {"preset": "public_chat", "room_alias_name": name, **room}
        here = _matrix(matrix_server, token, "POST", "/createRoom", json=wanted)
        return Guest(matrix_server, made["user_id"], token, here["room_id"])

    return guest


@pytest.fixture
def guest(matrix_guests):
    """Make an account and a room that no other test has."""
    return matrix_guests()


@pytest.fixture(scope="session")
def mfm_parser(tmp_path_factory):
    """Give a function that reads a note as Misskey's own parser does: kinds and what is in them."""
    with _running("mfm", tmp_path_factory.mktemp("mfm")) as url:

        def read(text):
            answer = httpx.post(url, json=text)
            answer.raise_for_status()
            return [tuple(each) for each in answer.json()]

        yield read


def _served(name):
    """Return a fixture that runs a real server of tests/servers/, and gives its address."""

    @pytest.fixture(scope="session")
    def served(tmp_path_factory):
        with _running(name, tmp_path_factory.mktemp(name)) as url:
            yield url

    return served


micropub_site = _served("micropub")
mentioned_site = _served("webmention")
websub_hub = _served("websub")
wordpress_site = _served("wordpress")


@contextmanager
def _running(name, data):
    """Run a server that stops when its standard input ends; give its address when it is ready."""
    log = data / "errors.txt"
    program, folder = _installed(name)
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [*program, data],
            cwd=folder,
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
    """Return how to start a server, and where; install its packages once for each version."""
    package, install, program = _KINDS[(SERVERS / name / "start.py").exists()]
    root = os.environ.get("LITFASS_TEST_SERVERS") or Path.home() / ".cache" / "litfass-tests"
    folder = Path(root).absolute() / name
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (SERVERS / name / package).read_text("utf-8")
    done = folder / "installed.json"
    with FileLock(folder / "lock"):
        if not done.exists() or done.read_text("utf-8") != wanted:
            (folder / package).write_text(wanted, "utf-8")
            for command in install(name, folder):
                _install(name, command, folder)
            done.write_text(wanted, "utf-8")
    return program(name, folder), folder


def _npm(name, folder):
    del folder
    if not (shutil.which("node") and shutil.which("npm")):
        _unavailable(name, "it needs Node.js and npm")
    command = [shutil.which("npm"), "install", "--no-audit", "--no-fund", "--no-package-lock"]
    prefix = Path(shutil.which("node")).resolve().parents[1]
    if (prefix / "include/node/node.h").is_file():  # what compiles needs no download then
        command.append(f"--nodedir={prefix}")
    return [command]


def _pip(name, folder):
    """Install into an environment of the server's own: it wants other versions than we do."""
    del name
    make = [sys.executable, "-m", "venv", "--clear", folder / "environment"]
    pip = [_python(folder), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    return [make, [*pip, "--requirement", folder / "requirements.txt"]]


def _python(folder):
    return folder / "environment/bin/python"


# By whether a server is a program in Python.
_KINDS = {
    False: ("package.json", _npm, lambda name, _: ["node", SERVERS / name / "start.cjs"]),
    True: (
        "requirements.txt",
        _pip,
        lambda name, folder: [_python(folder), SERVERS / name / "start.py"],
    ),
}


def _install(name, command, folder):
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS, text=True
        )
    except subprocess.CalledProcessError as error:
        _unavailable(name, f"it cannot be installed: {error.stderr[-800:]}")
    except subprocess.TimeoutExpired:
        _unavailable(name, f"it is not installed within {INSTALL_SECONDS} seconds")


def _unavailable(name, why):
    """Skip what needs the server, for all to see; fail where it has to be there."""
    message = f"The real {name} server cannot be had: {why}"
    if os.environ.get("LITFASS_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)
