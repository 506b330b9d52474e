"""The preview over real sockets on loopback, with a builder of a few lines instead of a blog's."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from litfass.errors import ContentError, LitfassError, Problem, Problems
from litfass.preview.app import may_ask_for
from litfass.preview.edition import Edition, Proof
from litfass.preview.pages import media_type, with_script
from litfass.preview.server import listen, origin_of
from litfass.preview.watch import counts

SCRIPT = b'<script src="/-litfass/preview.js"'


@dataclass
class Copyist:
    """A builder that copies `posts/` into the public folder, as pages, when it changed."""

    root: Path
    base: str = "/"
    origins: list[str] = field(default_factory=list)

    @property
    def public(self) -> Path:
        return self.root / ".litfass" / "preview"

    def write(self, name: str, content: str) -> None:
        path = self.root / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def __call__(self, origin: str) -> Proof:
        self.origins.append(origin)
        sources = sorted(path for path in (self.root / "posts").rglob("*") if path.is_file())
        texts = {path: path.read_bytes() for path in sources}
        broken = [path.name for path, text in texts.items() if b"BROKEN" in text]
        if broken:
            raise Problems(Problem("is broken", "Mend it.", f"posts/{one}", 3) for one in broken)
        if any(b"BUG" in text for text in texts.values()):
            raise ZeroDivisionError("division by <b>zero</b>")
        return Proof(self.public, self.base, tuple(self._changed(texts)), len(texts))

    def _changed(self, texts):
        for source, text in texts.items():
            path = self.public / source.relative_to(self.root / "posts")
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != text:
                path.write_bytes(text)
                yield path.name


@pytest.fixture
def blog(tmp_path) -> Copyist:
    blog = Copyist(tmp_path / "blog")
    blog.write("index.html", "<html><body><p>Hello</p></body></html>")
    blog.write("404.html", "<html><body>Nothing here</body></html>")
    blog.write("2026/post/index.html", "<p>Grüße</p>")
    return blog


class TestPages:
    def test_a_folder_answers_with_its_index(self, blog, run):
        answer = run(blog, blog.root).get("/2026/post/")
        assert answer.status == 200
        assert "Grüße" in answer.text

    def test_the_builder_is_told_the_address_that_browsers_use(self, blog, run):
        running = run(blog, blog.root)
        assert running.address == f"http://127.0.0.1:{running.port}/"
        assert blog.origins == [running.address.rstrip("/")]

    def test_an_address_without_its_slash_leads_to_the_folder(self, blog, run):
        answer = run(blog, blog.root).get("/2026/post")
        assert answer.status in (302, 307)
        assert answer.headers["location"].endswith("/2026/post/")

    def test_an_unknown_address_shows_the_blogs_own_page_for_that(self, blog, run):
        answer = run(blog, blog.root).get("/nowhere/")
        assert answer.status == 404
        assert "Nothing here" in answer.text

    def test_pages_carry_the_script_and_their_files_do_not(self, blog, run):
        answer = run(blog, blog.root).get("/")
        assert answer.body.index(SCRIPT) < answer.body.index(b"</body>")
        assert SCRIPT not in (blog.public / "index.html").read_bytes()

    def test_only_pages_carry_the_script(self, blog, run):
        contents = {"feed.xml": "<rss></rss>", "a.css": "</body>", "a.txt": "</body>"}
        for name, content in contents.items():
            blog.write(name, content)
        running = run(blog, blog.root)
        assert {name: running.get(f"/{name}").text for name in contents} == contents

    def test_nothing_is_stored_by_the_browser(self, blog, run):
        running = run(blog, blog.root)
        paths = ("/", "/404.html", "/nowhere", "/-litfass/preview.js", "/2026/post")
        assert {running.get(path).headers["cache-control"] for path in paths} == {"no-store"}

    @pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                                      "/2026/../../secret.txt", "//secret.txt", "/..%5csecret.txt",
                                      "/%00", "/link.txt", "/inside/secret.txt"])  # fmt: skip
    def test_no_address_leaves_the_folder(self, blog, run, path):
        running = run(blog, blog.root)
        (blog.public.parent / "secret.txt").write_text("secret")
        (blog.public / "link.txt").symlink_to(blog.public.parent / "secret.txt")
        (blog.public / "inside").symlink_to(blog.public.parent)
        answer = running.get(path)
        assert answer.status == 404
        assert "secret" not in answer.text

    def test_pages_are_only_read(self, blog, run):
        running = run(blog, blog.root)
        assert running.get("/", method="POST").status == 405
        assert running.get("/", method="HEAD").status == 200

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("page.html", "text/html; charset=utf-8"),
            ("style.css", "text/css; charset=utf-8"),
            ("theme.js", "text/javascript; charset=utf-8"),
            ("feed.json", "application/json; charset=utf-8"),
            ("atom.xml", "application/xml; charset=utf-8"),
            ("icon.svg", "image/svg+xml; charset=utf-8"),
            ("photo.avif", "image/avif"),
            ("font.woff2", "font/woff2"),
            ("CNAME", "application/octet-stream"),
        ],
    )
    def test_files_have_their_true_type(self, blog, run, name, kind):
        blog.write(name, "x")
        assert run(blog, blog.root).get(f"/{name}").headers["content-type"] == kind

    def test_types_do_not_depend_on_the_system(self):
        assert media_type("SCRIPT.JS") == "text/javascript"

    def test_a_page_without_an_end_carries_the_script_at_its_end(self):
        assert with_script(b"<p>Hi", Edition()).startswith(b"<p>Hi" + SCRIPT)

    def test_the_script_stands_before_the_last_end_of_a_body(self):
        page = with_script(b"<pre>&lt;</body></pre></BODY></html>", Edition())
        assert page.startswith(b"<pre>&lt;</body></pre>" + SCRIPT)


class TestFolderOfTheBlog:
    def test_the_root_leads_to_the_blogs_folder(self, blog, run):
        blog.base = "/blog/"
        running = run(blog, blog.root)
        assert running.address.endswith("/blog/")
        for path in ("/", "/blog"):
            assert running.get(path).headers["location"] == "/blog/"

    def test_pages_are_found_under_it_only(self, blog, run):
        blog.base = "/blog/"
        running = run(blog, blog.root)
        assert "Grüße" in running.get("/blog/2026/post/").text
        outside = running.get("/2026/post/")
        assert outside.status == 404
        assert "Nothing here" in outside.text


class TestHosts:
    @pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "[::1]:8000"])
    def test_this_machines_names_are_answered(self, blog, run, host):
        assert run(blog, blog.root).get("/", host=host).status == 200

    @pytest.mark.parametrize("path", ["/", "/-litfass/events", "/-litfass/preview.js"])
    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.5"])
    def test_foreign_names_are_refused_with_an_explanation(self, blog, run, host, path):
        answer = run(blog, blog.root).get(path, host=f"{host}:8000")
        assert answer.status == 421
        assert host in answer.text
        assert "--host" in answer.text

    def test_a_name_that_was_asked_for_is_answered(self):
        assert may_ask_for("blog.local", "blog.local")
        assert not may_ask_for("blog.local", "127.0.0.1")

    def test_who_listens_everywhere_answers_to_numbers_but_not_to_names(self):
        assert may_ask_for("192.168.1.5", "0.0.0.0")
        assert may_ask_for("fe80::1", "::")
        assert not may_ask_for("evil.example", "0.0.0.0")


class TestDoor:
    def test_a_taken_port_is_an_error_that_names_another(self):
        with listen("127.0.0.1", 0) as door:
            port = door.getsockname()[1]
            with pytest.raises(LitfassError, match=f"Port {port} is taken") as caught:
                listen("127.0.0.1", port)
        assert f"--port {port + 1}" in caught.value.hint

    def test_an_address_of_another_machine_is_an_error(self):
        with pytest.raises(LitfassError, match="can listen"):
            listen("192.0.2.1", 0)

    def test_a_number_that_is_no_port_is_an_error(self):
        with pytest.raises(LitfassError, match="70000 is not a port"):
            listen("127.0.0.1", 70000)

    def test_an_ipv6_address_is_written_in_brackets(self):
        if not socket.has_ipv6:
            pytest.skip("this machine has no IPv6")
        with listen("::1", 0) as door:
            assert origin_of("::1", door).startswith("http://[::1]:")

    def test_everywhere_is_opened_as_this_machine(self):
        with listen("127.0.0.1", 0) as door:
            assert origin_of("0.0.0.0", door).startswith("http://localhost:")


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
        "Preview(lambda _: Proof(Path('posts')), Path.cwd(), lambda _: None)"
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


class TestEdition:
    def test_the_first_good_build_counts_although_it_changed_nothing(self):
        assert Edition().after(Proof(Path())).pages == 1

    def test_a_build_that_changes_nothing_leaves_the_marks(self):
        edition = Edition().after(Proof(Path()))
        assert edition.after(Proof(Path())).marks() == edition.marks()

    def test_another_run_has_other_marks(self):
        assert Edition().marks() != Edition().marks()

    def test_an_error_without_a_place_is_shown_too(self):
        error = ContentError("is odd")
        assert '"line": null' in Edition().spoilt(error.problems()).as_json()
