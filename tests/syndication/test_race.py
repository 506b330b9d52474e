"""Eight processes announce the same posts at once, and the town hears each of them once."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from functools import partial

import pytest
from tests.syndication.town import START, Town, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.database import Database, parse
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.shared import SharedJournal

SPAWN = multiprocessing.get_context("spawn")
PROCESSES, POSTS, ACCOUNTS = 8, 200, ("red", "green", "blue")
AT_A_TIME = 70  # so that the turns go round


class Column(Town):
    """A network that several processes speak to: each message is a line in its file."""

    def __init__(self, path):
        super().__init__()
        self._path = path

    def publish(self, message, key):
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{message.post}\n".encode())
        os.close(file)
        return self._receipt(key)


def _announce(reopen, folder, start, done):
    posts = [post(f"post-{number:03}") for number in range(POSTS)]
    accounts = [Account(name, Column(folder / name), backlog=True) for name in ACCOUNTS]
    start.wait()
    said = Counter({"due": 1})
    while said["due"]:
        outcomes = syndicate(posts, accounts, reopen(), clock=lambda: START, max_per_run=AT_A_TIME)
        said = Counter(results(outcomes))
    done.put(said)


def race(reopen, folder):
    start, done = SPAWN.Event(), SPAWN.Queue()
    workers = [
        SPAWN.Process(target=_announce, args=(reopen, folder, start, done))
        for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    start.set()
    ends = [done.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    return ends


def check(ends, folder):
    assert [said["in-doubt"] for said in ends] == [0] * PROCESSES
    for name in ACCOUNTS:
        heard = Counter((folder / name).read_text("utf-8").split())
        assert heard == {f"post-{number:03}": 1 for number in range(POSTS)}


def test_over_a_file(tmp_path):
    reopen = partial(FileJournal, tmp_path / "ledger.jsonl")
    check(race(reopen, tmp_path), tmp_path)


def _shared(address, password):
    return SharedJournal(Database(parse(address), Secret(password)))


@pytest.mark.server
def test_over_a_database(tmp_path, postgres):
    from tests.servers.postgres import PASSWORD  # noqa: PLC0415 - psycopg, only where it is needed

    check(race(partial(_shared, postgres.database(), PASSWORD), tmp_path), tmp_path)
