"""A PostgreSQL of the tests' own, on loopback, as Debian's package "postgresql" has it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

USER = "litfass"
PASSWORD = "Pa55word-that:nobody@may/see"

_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server: its port on loopback."""

    port: int

    def database(self, *, encoding="UTF8"):
        """Make a database that no other test has; return its address, without the password."""
        name = f"blog{next(_numbers)}"
        self.ask(f"CREATE DATABASE {name} ENCODING {encoding} TEMPLATE template0 LOCALE 'C'")
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def ask(self, query, address=""):
        """Ask the server, or one of its databases, without Litfass."""
        address = address or f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(address, password=PASSWORD, autocommit=True) as connection:
            answer = connection.execute(query)
            return answer.fetchall() if answer.description else None

    def hang_up(self, address):
        """Break all connections to a database, as a restart of the server does."""
        self.ask(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
            f"WHERE datname = '{address.rpartition('/')[2]}'"
        )

    def wait_for_a_queue(self, address):
        """Wait until somebody waits for a lock."""
        while not self.ask("SELECT 1 FROM pg_locks WHERE NOT granted", address):
            pass

    def close(self, address, *, closed=True):
        """Break all connections to a database, and let nobody in again."""
        name = address.rpartition("/")[2]
        self.ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {not closed}")
        self.hang_up(address)


@contextmanager
def running():
    """Start a server for as long as it is needed; skip, or fail, where it cannot be had."""
    programs = _programs()
    if programs is None:
        lack("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="litfass-postgres-"))
    try:
        yield from _started(programs, folder)
    finally:
        shutil.rmtree(folder)


def lack(reason):
    """Skip what needs a server, or fail where servers are required."""
    if os.environ.get("LITFASS_REQUIRE_SERVERS"):
        pytest.fail(reason)
    pytest.skip(reason)


def _programs():
    """Return the folder of the newest server's programs."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda path: int(path.parts[-3]), default=None)
    return newest and newest.parent


def _started(programs, folder):
    def run(program, *arguments):
        command = [programs / program, "--pgdata", folder / "data", *arguments]
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False,
            **owner,
        )  # fmt: skip
        if done.returncode:
            lack(f"PostgreSQL does not start:\n{(folder / 'log').read_text('utf-8', 'replace')}")

    owner = _owner()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    (folder / "password").write_text(PASSWORD, "utf-8")
    (folder / "password").chmod(0o644)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    with (folder / "log").open("wb") as log:
        run(
            "initdb", "--username", USER, "--pwfile", folder / "password", "--auth=scram-sha-256",
            "--encoding=UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        run("pg_ctl", "--wait", "--options", f"{options} -c fsync=off", "start")
        try:
            yield Server(port)
        finally:
            run("pg_ctl", "--wait", "--mode=immediate", "stop")


def _owner():
    """Return as whom to run it: the server refuses root, for whom Debian's package has a user."""
    if os.geteuid():
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        lack("PostgreSQL is not run by root, and there is no user postgres.")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
