"""One blog with an account on every network: shown before, announced at once, and never again."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import parse_qs, unquote_plus

import pytest
from PIL import Image
from tests.syndication.networks.test_publishing import served
from tests.whole.neighbours import SILENT, Neighbour, neighbourhood

from litfass.cli import main
from litfass_syndication.networks import NAMES

# On Python 3.11 and 3.12, Apprise imports what 3.13 no longer has.
pytestmark = [pytest.mark.server, pytest.mark.filterwarnings("ignore:'imghdr'")]

POSTS = ("hobelbank", "drehbank", "werkzeugkiste")
SECONDS = 25  # until it is plain that an account waits for another; a request waits for 30

SETTINGS = """\
[site]
title = "Werkstattbuch"
url = "{home}"
language = "de"
[syndication]
max_age_days = 100000
wait_seconds = 10
"""

POST = """\
---
id: {name}
title: Die {title}
slug: {name}
date: 2026-05-0{day} 10:00
tags: [Holz]
summary: Wir haben eine {title} gebaut.
image: bild.jpg
image_alt: Eine {title} aus Buche
---

Sie ist fertig. {links}
"""


# What asks by POST, as a rehearsal may.
ASKING = {
    ("misskey", "/api/meta"),
    ("misskey", "/api/endpoints"),
    ("reddit", "/api/v1/access_token"),
}
# What makes public names only what an earlier request has made.
INDIRECT = {"buttondown", "instagram", "threads"}


@dataclass
class Town:
    """A blog at `root`, live at `home`, and its accounts with their counterparts, by network."""

    root: Path
    home: str
    neighbours: dict[str, Neighbour]

    def write(self):
        """Write the blog down: its settings, and three posts with pictures."""
        neighbours = self.neighbours.values()
        tables = "".join(one.table() for one in neighbours)
        self.root.mkdir()
        (self.root / "litfass.toml").write_text(SETTINGS.format(home=self.home) + tables, "utf-8")
        links = " ".join(f"[Vorbild]({one.page})" for one in neighbours if one.page)
        for day, name in enumerate(POSTS, 1):
            post = self.root / f"posts/2026-05-0{day}-{name}/index.md"
            post.parent.mkdir(parents=True)
            text = POST.format(name=name, title=name.capitalize(), day=day, links=links)
            post.write_text(text, "utf-8")
            Image.new("RGB", (640, 480), (60 * day, 120, 40)).save(post.parent / "bild.jpg")

    def leaks(self, content):
        """Return what is secret and shows: whole secrets, and tokens in secret addresses."""
        secrets = [value for one in self.neighbours.values() for value in one.secrets.values()]
        tokens = {part for each in secrets for part in re.split("[/:@]", each) if len(part) > 11}
        return [each for each in (*secrets, *tokens) if each.encode() in content]


@pytest.fixture
def town(tmp_path, monkeypatch):
    """Lay out the blog and build it."""
    root = tmp_path / "blog"
    with served(root / "public") as home, neighbourhood(home) as neighbours:
        there = Town(root, home, {one.network: one for one in neighbours})
        there.write()
        for one in neighbours:
            for name, secret in one.environment().items():
                monkeypatch.setenv(name, secret)
        assert main(["-C", str(root), "build"]) == 0
        yield there


@pytest.fixture
def screen(town, capsys):
    """Return the program as a person sees it: what it printed."""

    def ran(*arguments):
        capsys.readouterr()
        assert main(["-C", str(town.root), *arguments]) == 0
        return capsys.readouterr().out

    return ran


@pytest.fixture
def run(town, capsys):
    """Return the program: its exit status, and what it printed. No secret is ever in that."""

    def ran(*arguments):
        capsys.readouterr()
        status = main(["-C", str(town.root), *arguments, "--json"])
        out, err = capsys.readouterr()
        assert not town.leaks((out + err).encode())
        return status, json.loads(out)

    return ran


def outcomes(answer):
    """Return which outcome each post has on each account."""
    told = {name: {} for name in NAMES}
    for message in answer["messages"]:
        told[message["account"]][message["post"]] = message["outcome"]
    return told


def everywhere(outcome):
    """Return what is told when all posts have an outcome, but wait where a person posts them."""
    usual = {name: dict.fromkeys(POSTS, outcome) for name in NAMES}
    return usual | {"manual": dict.fromkeys(POSTS, "waiting")}


def words(request):
    """Return what a request says, in whatever form it is written."""
    return unquote_plus(request.content.decode(errors="replace")).casefold()


def named(neighbour):
    """Return how often each post was told of: for a hub's sake, each feed."""
    if neighbour.network == "websub":
        return Counter(parse_qs(words(one))["hub.url"][0] for one in neighbour.told)
    said = neighbour.asked if neighbour.network in INDIRECT else neighbour.told
    return Counter(post for one in said for post in POSTS if post in words(one))


def test_a_rehearsal_shows_every_message_and_sends_none(town, run):
    status, answer = run("syndicate", "--dry-run")
    assert (status, outcomes(answer)) == (0, everywhere("would-announce"))
    assert len(answer["messages"]) == len(NAMES) * len(POSTS)
    for message in answer["messages"]:
        assert message["post"] in message["text"].casefold(), message["account"]
    for name, neighbour in town.neighbours.items():
        changing = {
            (name, one.path) for one in neighbour.asked if one.method not in {"GET", "HEAD"}
        }
        assert changing <= ASKING
        assert not neighbour.told
    assert not (town.root / "syndication").exists()


def test_a_person_sees_every_message_in_a_rehearsal(run, screen):
    """Why a message is held back is told once where many share it."""
    _, answer = run("syndicate", "--dry-run")
    lines = screen("syndicate", "--dry-run")
    for message in answer["messages"]:
        text = "".join(f"  │ {line}".rstrip() + "\n" for line in message["text"].split("\n"))
        text = "  The whole article, with a link to the original.\n" if message["whole"] else text
        head = f"Die {message['post'].capitalize()} · {message['account']} · {message['outcome']}\n"
        why = "".join(f"  {line}\n" for line in (message["reason"], message["hint"]) if line)
        assert f"{head}{text}" in lines or f"{head}{why}{text}" in lines
    whole = {one["account"] for one in answer["messages"] if one["whole"]}
    assert whole == {"devto", "wordpress"}


def test_every_network_is_told_of_every_post_once_and_never_again(town, run):
    status, answer = run("syndicate")
    assert (status, outcomes(answer)) == (0, everywhere("announced"))
    missed = {(one["account"], one["reason"]) for one in answer["messages"] if one["reason"]}
    assert missed == {
        ("manual", "Post it at Forum yourself."),
        ("webmention", "1 of 1 linked pages told."),
    }
    heard = [one for name, one in town.neighbours.items() if name not in SILENT]
    for neighbour in heard:
        told = named(neighbour)
        assert {*told.values()} == {1}, neighbour.network
        assert len(neighbour.told) == len(told), neighbour.network
        assert neighbour.network == "websub" or {*told} == {*POSTS}, neighbour.network
    outbox = (town.root / "syndication/outbox.jsonl").read_text("utf-8")
    assert len(outbox.splitlines()) == len(POSTS)

    before = [len(one.told) for one in heard]
    status, answer = run("syndicate")
    assert (status, outcomes(answer)) == (0, everywhere("unchanged"))
    assert [len(one.told) for one in heard] == before
    assert (town.root / "syndication/outbox.jsonl").read_text("utf-8") == outbox


def test_all_accounts_speak_at_the_same_time(town, run):
    """Whoever publishes first waits for all the others to come to it: one by one, none would."""
    gate = Barrier(len(NAMES) - len(SILENT), timeout=SECONDS)
    for neighbour in town.neighbours.values():
        neighbour.gate = gate
    status, answer = run("syndicate")
    assert not gate.broken
    assert (status, outcomes(answer)) == (0, everywhere("announced"))


def test_what_a_person_posts_is_shown_and_settled(town, run):
    run("syndicate")
    page = (town.root / "syndication/manual.html").read_text("utf-8")
    for post in POSTS:
        assert post.capitalize() in page
        settled = run("settle", post, "manual", "--published", f"https://forum.example/{post}")
        assert settled[0] == 0
    status, answer = run("syndicate")
    assert (status, {*outcomes(answer)["manual"].values()}) == (0, {"unchanged"})


def test_no_secret_is_written_down(town, run):
    run("syndicate")
    run("build")
    files = [path for path in town.root.rglob("*") if path.is_file()]
    assert town.root / "syndication/ledger.jsonl" in files
    assert not [(path, leak) for path in files for leak in town.leaks(path.read_bytes())]
