"""A page is live when its address shows the revision that was built."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from litfass_syndication.announcement import Announcement
from litfass_syndication.http import Connection, Policy
from litfass_syndication.live import Watch, reason_not_live, shown_revision
from litfass_syndication.testing import Fault, Reply, Script, Wire

URL = "https://blog.example/2026/05/gruesse/"
START = datetime(2026, 5, 4, 12, tzinfo=UTC)


def page(revision, picture=""):
    pictured = f'<meta property="og:image" content="{picture}">' if picture else ""
    revised = f'<meta name="litfass:revision" content="{revision}">'
    html = f"<!doctype html><head>{revised}{pictured}</head><p>Hi"
    return Reply(200, html.encode())


def look(*answers):
    wire = Wire(Script(*answers))
    connection = Connection(
        "https://blog.example", transport=wire.transport(), policy=Policy(tries=1)
    )
    return reason_not_live(connection, URL, "abc1"), wire


class TestLooking:
    def test_the_right_revision_is_live(self):
        reason, wire = look(page("abc1"))
        assert reason is None
        assert {one.headers["cache-control"] for one in wire.requests} == {"no-cache"}

    def test_caches_are_asked_only_when_the_server_has_the_page(self):
        """So that none remembers an answer that came too early."""
        assert look(page("abc0"), page("abc1"))[1].requests[0].url == f"{URL}?litfass=abc1"
        assert [one.url for one in look(page("abc1"))[1].requests] == [f"{URL}?litfass=abc1", URL]

    def test_a_cache_that_still_has_the_old_page_is_waited_for(self):
        reason, _ = look(page("abc1"), page("abc0"))
        assert "another version" in reason

    def test_its_preview_picture_must_be_there(self):
        pictured = page("abc1", picture="/bild.jpg")
        reason, wire = look(pictured, pictured, Reply(200))
        assert reason is None
        assert wire.requests[-1].method == "HEAD"
        assert wire.requests[-1].url == "https://blog.example/bild.jpg"
        reason, _ = look(pictured, pictured, Reply(404))
        assert "preview picture https://blog.example/bild.jpg is not live" in reason

    def test_a_server_without_head_requests_is_believed(self):
        pictured = page("abc1", picture="/bild.jpg")
        assert look(pictured, pictured, Reply(405))[0] is None

    def test_a_picture_elsewhere_is_not_ours_to_wait_for(self):
        reason, wire = look(page("abc1", picture="https://cdn.example/bild.jpg"))
        assert reason is None
        assert len(wire.requests) == 2

    def test_it_may_be_behind_a_redirect(self):
        moved = Reply(301, headers={"Location": "https://www.blog.example/2026/05/gruesse/"})
        assert look(moved, page("abc1"), moved, page("abc1"))[0] is None

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (Reply(404), "404"),
            (Reply(500), "500"),
            (Reply(204), "204"),
            (Reply(200), "not show a page that Litfass built"),
            (page("abc0"), "another version"),
            (Reply(301, headers={"Location": "http://blog.example/"}), "points to"),
            (Fault.CONNECT_REFUSED, "cannot be reached"),
            (Fault.READ_TIMEOUT, "in time"),
        ],
    )
    def test_anything_else_is_not_and_says_why(self, answer, words):
        reason, _ = look(answer)
        assert URL in reason
        assert words in reason

    def test_without_a_revision_an_answer_is_enough(self):
        wire = Wire(Script(Reply(200, b"<p>Hi")))
        connection = Connection("https://blog.example", transport=wire.transport())
        assert reason_not_live(connection, URL, "") is None

    @pytest.mark.parametrize(
        ("html", "revision"),
        [
            ('<META content="r1" NAME="litfass:revision" />', "r1"),
            ('<meta name="generator" content="Litfass">', None),
            ('<head></head><body><meta name="litfass:revision" content="r1">', None),
            ("<pre>&lt;meta name='litfass:revision' content='r1'></pre>", None),
            ('<!-- <meta name="litfass:revision" content="r1"> -->', None),
        ],
    )
    def test_only_the_head_tells_the_revision(self, html, revision):
        assert shown_revision(html) == revision


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += timedelta(seconds=seconds)

    @property
    def gone(self):
        return (self.now - START).total_seconds()


def watch(clock, live_after, seconds):
    looks = []

    def look(url, revision):
        looks.append((url, revision, clock.gone))
        return None if clock.gone >= live_after else f"{url} is not there"

    return Watch(look, seconds, clock, clock.sleep), looks


class TestWaiting:
    announcement = Announcement("p", URL, "Grüße", START, "abc1")

    def test_a_live_page_needs_no_wait(self):
        clock = Clock()
        waiting, looks = watch(clock, 0, 300)
        assert waiting(self.announcement) is None
        assert looks == [(URL, "abc1", 0)]

    def test_it_looks_ever_less_often_until_the_page_is_there(self):
        clock = Clock()
        waiting, looks = watch(clock, 60, 300)
        assert waiting(self.announcement) is None
        assert [gone for *_, gone in looks] == [0, 1, 3, 7, 15, 31, 61]

    def test_it_gives_up_at_the_end_of_the_time_with_the_reason(self):
        clock = Clock()
        waiting, looks = watch(clock, 1000, 20)
        assert waiting(self.announcement) == f"{URL} is not there"
        assert looks[-1][2] == 20

    def test_all_pages_together_have_the_time(self):
        clock = Clock()
        waiting, _ = watch(clock, 1000, 20)
        waiting.until_live("https://blog.example/1/", "a")
        assert waiting.until_live("https://blog.example/2/", "b")
        assert clock.gone == 20

    def test_no_time_means_not_to_look(self):
        waiting, looks = watch(Clock(), 1000, 0)
        assert waiting(self.announcement) is None
        assert looks == []
