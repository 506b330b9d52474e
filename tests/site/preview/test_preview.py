"""The preview over real sockets on loopback, with a builder of a few lines instead of a blog's."""

import socket
from pathlib import Path

import pytest

from litfass.digest import digest
from litfass.errors import ContentError, LitfassError
from litfass.preview.app import may_ask_for
from litfass.preview.edition import Edition, Proof
from litfass.preview.pages import media_type, with_script
from litfass.preview.server import listen, origin_of

SCRIPT = b'<script src="/-litfass/preview.js?run='


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

    def test_what_changes_is_not_stored_by_the_browser(self, blog, run):
        blog.write("a.css", "p {}")
        running = run(blog, blog.root)
        paths = ("/", "/404.html", "/nowhere", "/2026/post", "/a.css", "/a.css?v=12345678")
        assert {running.get(path).headers["cache-control"] for path in paths} == {"no-store"}

    def test_a_file_whose_address_has_its_digest_is_kept_until_it_has_another(self, blog, run):
        blog.write("a.css", "p {}")
        address = "/a.css?v=" + digest("p {}")[:8]
        running = run(blog, blog.root)
        assert "immutable" in running.get(address).headers["cache-control"]
        (blog.public / "a.css").write_text("p { color: red }")
        assert running.get(address).headers["cache-control"] == "no-store"
        assert running.get("/a.css?v=").headers["cache-control"] == "no-store"

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
