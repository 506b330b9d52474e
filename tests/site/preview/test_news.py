"""Changes are noticed, built and told to those who listen, until the preview ends."""

import asyncio
import http.client
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from litfass.preview.app import Bell, application
from litfass.preview.edition import Edition
from litfass.preview.watch import counts

SCRIPT = b'<script src="/-litfass/preview.js?run='


class TestNews:
    def test_a_change_is_built_and_told(self, blog, run):
        running = run(blog, blog.root)
        with running.news() as news:
            before = next(news)
            blog.write("index.html", "<p>Changed</p>")
            after = next(news)
        assert after["run"] == before["run"]
        assert after["pages"] != before["pages"]
        assert "Changed" in running.get("/").text

    def test_a_change_of_style_sheets_alone_is_told_apart(self, blog, run):
        blog.write("style.css", "a{}")
        with run(blog, blog.root).news() as news:
            before = next(news)
            blog.write("style.css", "b{}")
            after = next(news)
        assert after["pages"] == before["pages"]
        assert after["styles"] != before["styles"]

    def test_a_mistake_is_told_with_its_place_and_the_last_good_page_stays(self, blog, run):
        running = run(blog, blog.root)
        with running.news() as news:
            before = next(news)
            blog.write("index.html", "BROKEN")
            spoilt = next(news)
            page = running.get("/").text
            blog.write("index.html", "<html><body><p>Hello</p></body></html>")
            mended = next(news)
        (problem,) = spoilt["problems"]
        assert problem["path"] == "posts/index.html"
        assert problem["line"] == 3
        assert problem["message"] == "is broken"
        assert problem["hint"] == "Mend it."
        assert spoilt == {**before, "problems": [problem]}
        assert "Hello" in page
        assert mended == before

    def test_all_problems_are_told(self, blog, run):
        blog.write("one.html", "BROKEN")
        blog.write("two.html", "BROKEN")
        with run(blog, blog.root).news() as news:
            problems = next(news)["problems"]
        assert [one["path"] for one in problems] == ["posts/one.html", "posts/two.html"]

    def test_a_first_build_that_fails_is_shown_at_any_address_until_it_is_mended(self, blog, run):
        blog.write("index.html", "BROKEN")
        running = run(blog, blog.root)
        for path in ("/", "/2026/post/", "/nowhere"):
            answer = running.get(path)
            assert answer.status == 503
            assert "posts/index.html:3: is broken" in answer.text
            assert SCRIPT in answer.body
        with running.news() as news:
            assert next(news)["pages"] == "0"
            blog.write("index.html", "<p>Mended</p>")
            assert next(news)["pages"] == "1"
        assert "Mended" in running.get("/").text

    def test_a_bug_is_told_as_one_and_the_preview_goes_on(self, blog, run):
        running = run(blog, blog.root)
        with running.news() as news:
            next(news)
            blog.write("index.html", "BUG")
            (problem,) = next(news)["problems"]
            blog.write("index.html", "<p>Fine</p>")
            assert next(news)["problems"] == []
        assert "ZeroDivisionError: division by <b>zero</b>" in problem["message"]
        assert any("Traceback" in line for line in running.said)

    def test_words_of_a_problem_are_not_html(self, blog, run):
        blog.write("index.html", "BUG")
        assert "<b>zero" not in run(blog, blog.root).get("/").text

    def test_the_terminal_is_told_places_and_hints(self, blog, run):
        blog.write("index.html", "BROKEN")
        assert run(blog, blog.root).said == ["posts/index.html:3: is broken\n  Mend it."]

    def test_the_preview_ends_with_streams_open(self, blog, run):
        running = run(blog, blog.root)
        with running.news() as news:
            next(news)
            running.stop()
            assert list(news) == []


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_word_although_a_page_is_open(blog, way):
    program = (
        "from pathlib import Path; from litfass.preview.server import Preview;"
        "from litfass.preview.edition import Proof;"
        "Preview(lambda *_: Proof(Path('posts')), Path.cwd(), lambda _: None)"
        ".run('127.0.0.1', 0, lambda address: print(address, flush=True))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program], cwd=blog.root, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        address = urlsplit(process.stdout.readline().strip())
        stream = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        stream.request("GET", "/-litfass/events")
        response = stream.getresponse()
        assert response.readline() == b"retry: 500\n"
        process.send_signal(way)
        _, complaints = process.communicate(timeout=20)
        stream.close()
    assert complaints == ""
    assert process.returncode == (0 if way == signal.SIGINT else -signal.SIGTERM)


class Busy:
    """A press that is done when it was looked at three times."""

    edition = Edition()

    def __init__(self) -> None:
        self.looks = 3

    @property
    def pending(self) -> bool:
        self.looks -= 1
        return self.looks > 0


def test_who_asks_while_pages_are_made_is_answered_when_they_are(blog):
    press = Busy()
    answer = asyncio.run(asked(application(press, Bell(), "127.0.0.1"), "/"))
    assert answer == 503  # there is no edition yet; but it was waited for
    assert press.looks == 0


async def asked(app, path: str) -> int:
    """Return the status of an answer."""
    statuses = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message) -> None:
        statuses.append(message.get("status"))

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)
    return statuses[0]


class TestWatch:
    @pytest.mark.parametrize("name", [".one.md.swp", "one.md~", ".#one.md", "4913", ".DS_Store",
                                      "#one.md#", ".git/HEAD", "bundle/.index.md.swx"])  # fmt: skip
    def test_what_editors_leave_for_a_moment_does_not_count(self, name):
        assert not counts(Path(name))

    @pytest.mark.parametrize(
        "name", ["one.md", "bundle/index.md", ".well-known/x", "a b.jpg", "_x"]
    )
    def test_what_a_person_names_counts(self, name):
        assert counts(Path(name))

    def test_a_save_by_renaming_is_noticed(self, blog, run):
        with run(blog, blog.root).news() as news:
            before = next(news)
            blog.write(".new~", "<p>Renamed</p>")
            (blog.root / "posts/.new~").rename(blog.root / "posts/index.html")
            assert next(news)["pages"] != before["pages"]

    def test_the_settings_are_watched(self, blog, run):
        running = run(blog, blog.root)
        with running.news() as news:
            next(news)
            blog.base = "/elsewhere/"
            (blog.root / "litfass.toml").write_text("")
            next(news)
        assert running.get("/elsewhere/").status == 200
