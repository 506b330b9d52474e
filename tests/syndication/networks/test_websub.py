"""WebSub, against a hub and a blog that answer as theirs do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.announcer import syndicate
from litfass_syndication.errors import Unauthorised, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.networks.websub import Options, WebSub
from litfass_syndication.outcome import Result
from litfass_syndication.testing import KEY, NOW, Reply, Wire, listening, plain_message
from litfass_syndication.testing.quiet import QuietContract

HUB = "https://hub.example/hub"
HOME = "https://blog.example/"
FEEDS = tuple(f"{HOME}{name}" for name in ("feed.xml", "feed.json"))
DAY = timedelta(days=1)


class Town:
    """A blog whose feeds have `posts`, by address, and a hub that keeps what it is told."""

    def __init__(self, *posts, feeds=FEEDS):
        self.posts = dict.fromkeys(posts, NOW)
        self.feeds = feeds
        self.pings = []

    def __call__(self, request):
        if request.method == "POST":
            assert request.headers["content-type"] == "application/x-www-form-urlencoded"
            self.pings.append(dict(parse_qsl(request.content.decode(), strict_parsing=True)))
            return Reply(204)
        if request.url not in self.feeds:
            return Reply(404)
        items = [
            {"url": url, "date_published": moment.isoformat()} for url, moment in self.posts.items()
        ]
        written = json.dumps({"items": items})
        return Reply(200, (written if request.path.endswith("json") else f"<{written}>").encode())

    @property
    def told(self):
        return [ping["hub.url"] for ping in self.pings]


def hub(town, feeds=FEEDS, fault=None):
    wire = Wire(town, lambda request: request.method == "POST", fault)
    return WebSub(Options(HUB, feeds), wire.connection(HUB))


class TestWebSub(QuietContract):
    network = WebSub
    options = Options(HUB, FEEDS[:1])
    server = HUB

    def counterpart(self):
        return Town(plain_message().url)

    def publishes(self, request):
        return request.method == "POST"


def test_each_feed_is_told_of_under_both_names_that_hubs_know():
    town = Town(plain_message().url)
    receipt = hub(town).publish(plain_message(), KEY)
    assert receipt.identifier == plain_message().url
    assert town.pings == [
        {"hub.mode": "publish", "hub.url": feed, "hub.topic": feed} for feed in FEEDS
    ]


def test_several_posts_change_the_feeds_once():
    first, other = plain_message(), plain_message(url=f"{HOME}other/")
    town = Town(first.url, other.url)
    network = hub(town)
    network.publish(first, KEY)
    network.publish(other, f"{KEY}-2")
    assert town.told == list(FEEDS)
    town.posts[f"{HOME}third/"] = NOW
    network.publish(plain_message(url=f"{HOME}third/"), f"{KEY}-3")
    assert town.told == [*FEEDS, *FEEDS]


def test_the_hub_is_not_told_before_the_feeds_have_the_post():
    town = Town(f"{HOME}old/")
    town.posts = {f"{HOME}old/": NOW - DAY}
    with pytest.raises(Unreachable, match=r"feed\.json is not up to date") as caught:
        hub(town, FEEDS[1:]).publish(plain_message(), KEY)
    assert caught.value.hint
    assert not town.pings


def test_a_feed_that_a_cache_still_has_is_waited_for():
    town, asked = Town(), []

    def counterpart(request):
        asked.append(request.url)
        if len(asked) == 3:
            town.posts = {plain_message().url: NOW}
        return town(request)

    town.posts = {f"{HOME}old/": NOW - DAY}
    network = WebSub(Options(HUB, FEEDS[1:]), Wire(counterpart).connection(HUB))
    network.publish(plain_message(), KEY)
    assert town.told == [FEEDS[1]]
    assert asked == [FEEDS[1]] * 3 + [HUB]


def test_a_post_too_old_for_the_feeds_is_not_waited_for():
    town = Town(f"{HOME}new/")
    hub(town).publish(plain_message(published=NOW - DAY), KEY)
    assert town.told == list(FEEDS)


def test_a_feed_that_is_not_there_yet_is_waited_for():
    with pytest.raises(Unreachable, match="404"):
        hub(Town(feeds=())).publish(plain_message(), KEY)


def test_a_post_that_is_gone_is_told_once_the_feeds_have_it_no_more():
    town = Town(plain_message().url)
    receipt = hub(town).publish(plain_message(), KEY)
    with pytest.raises(Unreachable, match="not up to date"):
        hub(town, FEEDS[1:]).withdraw(receipt)
    town.posts, town.pings = {}, []
    hub(town).withdraw(receipt)
    assert town.told == list(FEEDS)


def test_a_hub_that_does_not_know_the_feed_is_a_matter_of_settings():
    with pytest.raises(Unauthorised, match="no such topic") as caught:
        hub(Town(plain_message().url), fault=Reply(400, b"no such topic")).publish(
            plain_message(), KEY
        )
    assert "name the hub" in caught.value.hint


def test_the_blog_names_its_hub():
    assert WebSub.signs(Options()).hubs == ("https://pubsubhubbub.appspot.com/",)
    assert WebSub.signs(Options(HUB)).hubs == (HUB,)


@pytest.mark.server
def test_a_run_over_a_real_wire_tells_once_and_not_again(tmp_path):
    town = Town()
    journal = FileJournal(tmp_path / "ledger.jsonl")
    with listening(town) as address:
        town.feeds = (f"{address}/feed.xml", f"{address}/feed.json")
        posts = [
            Announcement(name, f"{address}/{name}/", name, NOW, "r") for name in ("one", "two")
        ]
        town.posts = {post.url: NOW for post in posts}

        def run(posts):
            options = Options(f"{address}/hub", town.feeds)
            account = Account("hub", WebSub(options, Connection(options.server)), backlog=True)
            outcomes = syndicate(posts, [account], journal, clock=lambda: NOW)
            return [outcome.outcome for outcome in outcomes]

        assert run(posts) == [Result.ANNOUNCED] * 2
        assert town.told == list(town.feeds)
        assert run(posts) == [Result.UNCHANGED] * 2
        assert run([replace(posts[0], title="Eins"), posts[1]]) == [Result.EDITED, Result.UNCHANGED]
        assert len(town.told) == 4
        del town.posts[posts[0].url]
        assert run(posts[1:]) == [Result.UNCHANGED, Result.EDITED]
        assert len(town.told) == 6
