"""A whole blog on its way to the networks: the program, a web server, Mastodon and Bluesky."""

from __future__ import annotations

import functools
import json
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from PIL import Image

from litfass.cli import main
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "a-token-nobody-may-see"

SETTINGS = """\
[site]
title = "Werkstattbuch"
url = "{site}"
[deploy]
target = "folder"
path = "../live"
[syndication]
max_age_days = 100000
wait_seconds = 5
[accounts.firma]
network = "mastodon"
server = "{mastodon}"
[accounts.blue]
network = "bluesky"
server = "{bluesky}"
handle = "{handle}"
"""

POST = """\
---
id: tor
title: Das Tor ist offen
date: 2026-05-01 10:00
tags: [Holz, Größe & Maß]
summary: {summary}
image: tor.png
image_alt: Ein grünes Tor
---

Kommt herein.
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(folder: Path):
    """Serve a folder that may not be there yet."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def town(tmp_path, member, monkeypatch):
    """Lay out a blog whose two accounts are connected, and return it with its Mastodon."""
    mastodon = MastodonServer(TOKEN)
    with served(tmp_path / "live") as site, listening(mastodon) as address:
        root = tmp_path / "blog"
        post = root / "posts/2026-05-01-tor/index.md"
        post.parent.mkdir(parents=True)
        post.write_text(POST.format(summary="Ab heute jeden Tag."), "utf-8")
        Image.new("RGB", (60, 40), "green").save(post.parent / "tor.png")
        names = {"bluesky": member.url, "handle": member.handle, "mastodon": address}
        (root / "litfass.toml").write_text(SETTINGS.format(site=site, **names), "utf-8")
        monkeypatch.setenv("LITFASS_FIRMA_TOKEN", TOKEN)
        monkeypatch.setenv("LITFASS_BLUE_PASSWORD", member.password)
        yield root, mastodon


def run(capsys, root, *arguments):
    """Run the program; return its exit status and the object that it printed."""
    status = main(["-C", str(root), *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def told(answer):
    return {one["account"]: one["outcome"] for one in answer["messages"]}


def posts_of(member):
    address = f"{member.url}/xrpc/com.atproto.repo.listRecords"
    query = {"repo": member.did, "collection": "app.bsky.feed.post"}
    return httpx.get(address, params=query).json()["records"]


def test_a_post_goes_from_a_file_to_both_networks_once(town, member, capsys):
    root, mastodon = town
    status, answer = run(capsys, root, "publish")
    assert (status, set(told(answer).values())) == (3, {"due"})  # no line is drawn yet
    assert not mastodon.statuses
    for account in ("firma", "blue"):
        assert run(capsys, root, "adopt", account, "--since", "2026-01-01")[0] == 0

    status, rehearsal = run(capsys, root, "syndicate", "--dry-run")
    assert set(told(rehearsal).values()) == {"would-announce"}
    status, answer = run(capsys, root, "publish")
    assert (status, told(answer)) == (0, {"firma": "announced", "blue": "announced"})
    texts = {one["account"]: one["text"] for one in rehearsal["messages"]}
    assert {one["account"]: one["text"] for one in answer["messages"]} == texts

    (there,) = mastodon.statuses.values()
    assert "Das Tor ist offen" in there["content"]
    assert list(mastodon.alts.values()) == ["Ein grünes Tor"]
    (record,) = (one["value"] for one in posts_of(member))
    card = record["embed"]["external"]
    assert card["title"] == "Das Tor ist offen"
    assert card["uri"].endswith("/2026/05/tor/")
    assert card["thumb"]["mimeType"] == "image/png"
    (link,) = (
        facet for facet in record["facets"] if "uri" in facet["features"][0]
    )  # its bytes are the address as it is shown
    start, end = link["index"]["byteStart"], link["index"]["byteEnd"]
    assert record["text"].encode()[start:end].decode().startswith("127.0.0.1")

    status, again = run(capsys, root, "publish")
    assert (status, set(told(again).values())) == (0, {"unchanged"})
    assert len(mastodon.statuses) == len(posts_of(member)) == 1
    page = (root / "../live/2026/05/tor/index.html").read_text("utf-8")
    assert page.count("u-syndication") == 2
    for file in root.rglob("*"):
        if file.is_file():
            assert TOKEN.encode() not in file.read_bytes()
            assert member.password.encode() not in file.read_bytes()


def test_a_correction_reaches_the_network_that_can_take_it(town, capsys):
    root, mastodon = town
    for account in ("firma", "blue"):
        run(capsys, root, "adopt", account, "--since", "2026-01-01")
    run(capsys, root, "publish")
    post = root / "posts/2026-05-01-tor/index.md"
    post.write_text(POST.format(summary="Ab morgen jeden Tag."), "utf-8")
    status, answer = run(capsys, root, "publish")
    assert (status, told(answer)) == (0, {"firma": "edited", "blue": "unchanged"})
    assert len(mastodon.statuses) == 1
    assert "Ab morgen" in next(iter(mastodon.statuses.values()))["content"]


def test_a_page_that_is_not_live_is_not_announced(town, capsys):
    root, mastodon = town
    settings = root / "litfass.toml"
    text = settings.read_text("utf-8").replace("wait_seconds = 5", "wait_seconds = 1")
    settings.write_text(text.replace("../live", "../elsewhere"), "utf-8")
    for account in ("firma", "blue"):
        run(capsys, root, "adopt", account, "--since", "2026-01-01")
    status, answer = run(capsys, root, "publish")
    assert (status, set(told(answer).values())) == (3, {"due"})
    assert not mastodon.statuses
