"""Whatever a line or a server does to an announcement, it is announced once, or told as a doubt.

Every fault is tried on every kind of network, over real sockets, on the request that makes an
announcement public. The table of what becomes of it stands in docs/decisions/0008-the-promise.md;
run this file as a program (`python -m tests.whole.test_faults`) to write it anew.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.syndication.town import START, Clock, post
from tests.whole.proxy import Proxy, answered
from tests.whole.towns import KINDS, TOKEN, town
from tests.whole.wall import Options as WallOptions
from tests.whole.wall import Wall

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.desk import settle
from litfass_syndication.http import Connection, Policy
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line, Slot
from litfass_syndication.network import Secret
from litfass_syndication.networks.bluesky import Bluesky
from litfass_syndication.networks.bluesky import Options as BlueskyOptions
from litfass_syndication.networks.mastodon import Mastodon
from litfass_syndication.networks.mastodon import Options as MastodonOptions
from litfass_syndication.networks.pleroma import Options as PleromaOptions
from litfass_syndication.networks.pleroma import Pleroma
from litfass_syndication.testing.listening import listening

RECORD = Path(__file__).parents[2] / "docs/decisions/0008-the-promise.md"
PATIENT = Policy(tries=2, most_bytes=100_000)
BRISK = replace(PATIENT, read=1.0, whole=1.0)
HTML = b"<!doctype html><title>Welcome</title><p>Sign in to the hotel's network."
SOON, LATER = timedelta(seconds=5), timedelta(minutes=5)


def no_tls(passage):
    passage.read(1)
    passage.say(answered(400))


def unread(passage):
    passage.read(1)  # before that, a client may find that it was never connected
    passage.reset()


def half_read(passage):
    passage.read(40)
    passage.reset()


def lost_answer(passage):
    passage.ask(passage.read())
    passage.reset()


def half_an_answer(passage):
    answer = passage.ask(passage.read())
    passage.say(answer[: len(answer) - 10])


def late(passage):
    """The server is busy: it does its work when we no longer wait, and have looked once."""
    request = passage.read()
    passage.released.wait(10)
    passage.ask(request)


def endless(passage):
    passage.ask(passage.read())
    passage.say(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(40):
        passage.say(b" " * 10_000)


def trickling(passage):
    passage.ask(passage.read())
    passage.say(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not passage.released.wait(0.05):
        passage.say(b" ")


def instead(answer):
    """The server does nothing, and somebody answers."""

    def fault(passage):
        passage.read()
        passage.say(answer)

    return fault


def after(answer):
    """The server does its work, and somebody else answers."""

    def fault(passage):
        passage.ask(passage.read())
        passage.say(answer)

    return fault


def in_circles(passage):
    path = passage.read().split(b" ")[1].decode()
    passage.say(answered(307, b"", f"Location: {path}"))


class Fault(NamedTuple):
    """What happens; `act` None: nobody listens. With `tls` we are made to speak TLS to it.

    `policy` is how patient we are then.
    """

    name: str
    act: Callable | None
    tls: bool = False
    policy: Policy = PATIENT


def _statuses():
    for status in (500, 502, 503, 504):
        yield Fault(f"{status}, nothing was done", instead(answered(status, HTML)))
        yield Fault(f"{status}, it was done", after(answered(status, HTML)))


FAULTS = (
    Fault("no connection", None),
    Fault("no TLS", no_tls, tls=True),
    Fault("broken off before the request is read", unread),
    Fault("broken off in the middle of the request", half_read),
    Fault("broken off before the answer", lost_answer),
    Fault("broken off in the middle of the answer", half_an_answer),
    Fault("no answer in time, and done much later", late, policy=BRISK),
    Fault("an answer without an end", endless),
    Fault("an answer that trickles", trickling, policy=BRISK),
    Fault("429", instead(answered(429))),
    Fault("429, for a second", instead(answered(429, b"", "Retry-After: 1"))),
    Fault("429, for an hour", instead(answered(429, b"", "Retry-After: 3600"))),
    *_statuses(),
    Fault("200 with HTML, nothing was done", instead(answered(200, HTML))),
    Fault("200 with HTML, it was done", after(answered(200, HTML))),
    Fault("200 with broken JSON, it was done", after(answered(200, b'{"id": "1", "ur'))),
    Fault("204 without a body, it was done", after(answered(204))),
    Fault("401", instead(answered(401, b'{"error": "AuthenticationRequired"}'))),
    Fault("422", instead(answered(422, b'{"error": "Too rude"}'))),
    Fault("redirected in circles", in_circles),
)


class Blog:
    """One post, one account on a town behind a proxy, and a ledger."""

    def __init__(self, there, folder, proxy):
        self.town = there
        self.address = f"http://{proxy.address}"
        self.clock = Clock()
        self.journal = FileJournal(Path(folder) / "ledger.jsonl")
        self.journal.append(Line("town", None, START))

    def run(self, *, title="About hello", tls=False, policy=PATIENT):
        """Announce; return the outcome. Never twice."""
        address = self.address.replace("http:", "https:") if tls else self.address
        account = Account("town", self._network(address, policy))
        (outcome,) = syndicate([post(title=title)], [account], self.journal, clock=self.clock)
        assert max(self.town.posts.values(), default=0) <= 1, "it was announced twice"
        return outcome

    def settle(self):
        """Tell what a person sees who looks there."""
        url = "https://town.example/1" if self.town.posts else None
        settle(self.journal, Slot("hello", "town"), url, self.clock)

    def _network(self, address, policy):
        secret = Secret(TOKEN)
        terms = {"secrets": (secret,), "policy": policy, "sleep": lambda _: None}
        http = Connection(address, "town", **terms)
        match self.town.network:
            case "mastodon":
                return Mastodon(MastodonOptions(address, secret), http)
            case "pleroma":
                return Pleroma(PleromaOptions(address, secret), http)
            case "bluesky":
                return Bluesky(BlueskyOptions("werkstatt.example", secret, address), http)
            case _:
                return Wall(WallOptions(address), http)


@contextmanager
def before(server):
    with listening(server) as address:
        proxy = Proxy(address)
        try:
            yield proxy
        finally:
            proxy.close()


@cache
def publishing(kind):
    """Return the number of the connection on which an announcement is made public."""
    numbers = []
    there = town(kind, START)

    def watched(request):
        numbers.append(there.publishes(request))
        return there.server(request)

    with before(watched) as proxy, tempfile.TemporaryDirectory() as folder:
        assert Blog(there, folder, proxy).run().outcome == "announced"
    return numbers.index(True) + 1


@cache
def tried(fault, kind):
    """Return what becomes of an announcement that meets the fault, run by run."""
    there, begins = town(kind, START), publishing(kind)
    with before(there.server) as proxy, tempfile.TemporaryDirectory() as folder:
        blog = Blog(there, folder, proxy)
        proxy.strike(fault.act, 1 if fault.tls else begins)
        first = blog.run(tls=fault.tls, policy=fault.policy)
        proxy.heal()
        blog.clock.now += SOON
        soon = blog.run()
        proxy.release()
        blog.clock.now += LATER
        later = blog.run()
        if later.outcome == "in-doubt":
            assert "litfass settle hello town" in later.hint
            blog.settle()
        changed = blog.run(title="Said politely")
        assert changed.outcome in {"announced", "unchanged", "edited"}
        assert there.posts == {"hello": 1}
    return told(first, soon, later)


def told(*outcomes):
    words = dict.fromkeys(str(one.outcome).replace("-", " ") for one in outcomes)
    end = ["a person settles it"] if outcomes[-1].outcome == "in-doubt" else []
    return " → ".join([*(word for word in words if word != "unchanged"), *end])


def table():
    """Return what becomes of each fault on each kind of network, in Markdown."""
    head = (f"| | {' | '.join(KINDS)} |", "|---" * (len(KINDS) + 1) + "|")
    rows = (
        f"| {fault.name} | {' | '.join(tried(fault, kind) for kind in KINDS)} |" for fault in FAULTS
    )
    return "\n".join((*head, *rows))


TABLE = re.compile(r"^\| \| key .*(\n\|.*)*", re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_nothing_is_announced_twice_or_lost_unsaid(fault, kind):
    assert tried(fault, kind)


def test_the_record_shows_what_becomes_of_each_fault():
    assert TABLE.search(RECORD.read_text("utf-8"))[0] == table()


if __name__ == "__main__":
    RECORD.write_text(TABLE.sub(lambda _: table(), RECORD.read_text("utf-8")), "utf-8")
