"""`litfass init` and `litfass new`."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from litfass.settings import open_blog


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_blog_builds_and_checks_without_a_word(litfass, tmp_path, language):
    assert litfass("init", "blog", "--language", language).status == 0
    built = litfass("-C", "blog", "build")
    assert (built.status, built.err) == (0, "")
    checked = litfass("-C", "blog", "check")
    assert (checked.status, checked.out) == (0, "All is well.\n")


def test_a_german_blog_speaks_german(litfass, tmp_path):
    litfass("init", "blog", "--language", "de")
    assert open_blog(tmp_path / "blog").settings.site.language == "de"
    assert (tmp_path / "blog/pages/impressum.md").is_file()
    assert "für" in (tmp_path / "blog/pages/datenschutz.md").read_text("utf-8")
    (post,) = (tmp_path / "blog/posts").iterdir()
    assert post.name.endswith("-willkommen.md")


@pytest.mark.parametrize(
    "text", ['Ein "Blog"', "Back\\slash", "Ünïcode – ½", "tab\tand\nline", "#"]
)
def test_title_and_author_come_out_as_they_were_said(litfass, tmp_path, text):
    assert litfass("init", "blog", "--title", text, "--author", text).status == 0
    site = open_blog(tmp_path / "blog").settings.site
    assert (site.title, site.author) == (text, text)


def test_an_address_makes_it_wait_for_the_page_to_be_live(litfass, tmp_path):
    litfass("init", "blog", "--url", "https://w.example/blog")
    settings = open_blog(tmp_path / "blog").settings
    assert (settings.site.url, settings.syndication.wait_seconds) == ("https://w.example/blog", 300)


def test_an_address_that_is_none_is_refused_before_anything_is_written(litfass, tmp_path):
    said = litfass("init", "blog", "--url", "w.example")
    assert said.status == 1
    assert "is not a whole address" in said.err
    assert not (tmp_path / "blog").exists()


def test_a_folder_in_use_is_left_alone(litfass, tmp_path):
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog/letter.txt").write_text("dear", "utf-8")
    said = litfass("init", "blog")
    assert said.status == 1
    assert "blog is not empty" in said.err
    assert [one.name for one in (tmp_path / "blog").iterdir()] == ["letter.txt"]


def test_an_empty_folder_will_do(litfass, tmp_path):
    (tmp_path / "blog").mkdir()
    assert litfass("init", "blog").status == 0


def test_secrets_and_what_is_built_are_not_for_the_repository(litfass, begun):
    ignored = (begun / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets.toml", "/public/", "/.litfass/"} <= set(ignored)
    assert not any("ledger.jsonl" in line for line in ignored if not line.startswith("#"))


def test_it_tells_programs_what_it_wrote(litfass, tmp_path):
    said = litfass("init", "blog", "--json").json
    assert said.keys() == {"directory", "files"}
    assert all((tmp_path / "blog" / path).is_file() for path in said["files"])


def test_a_new_post_is_ready_to_be_written(litfass, begun):
    path = litfass("new", 'Größe:  "Übermut" & mehr').out.strip()
    assert re.fullmatch(r"posts/\d{4}-\d\d-\d\d-[a-z-]+\.md", path)
    text = (begun / path).read_text("utf-8")
    assert re.search(r"^id: [a-z][a-z2-7]{9}$", text, re.MULTILINE)
    title = re.search(r"^title: (.*)$", text, re.MULTILINE)
    assert json.loads(title[1]) == 'Größe: "Übermut" & mehr'
    date = re.search(r"^date: (.*)$", text, re.MULTILINE)
    assert datetime.fromisoformat(date[1]).tzinfo
    assert litfass("build").status == 0


def test_two_posts_have_two_ids(litfass, begun):
    ids = {litfass("new", title, "--json").json["id"] for title in ("One", "Two")}
    assert len(ids) == 2


def test_a_post_is_never_overwritten(litfass, begun):
    path = begun / litfass("new", "Once").out.strip()
    path.write_text("my words", "utf-8")
    said = litfass("new", "Once")
    assert said.status == 1
    assert "exists already" in said.err
    assert path.read_text("utf-8") == "my words"


def test_a_post_begun_as_a_draft_is_not_built(litfass, begun):
    litfass("new", "Secret plans", "--draft")
    litfass("build")
    assert not list(begun.glob("public/**/secret-plans"))
    litfass("build", "--drafts")
    assert list(begun.glob("public/**/secret-plans"))


@pytest.mark.parametrize("title", ["", "  "])
def test_a_post_needs_a_title(litfass, begun, title):
    assert litfass("new", title).status == 1


def test_a_title_without_a_letter_makes_a_file_all_the_same(litfass, begun):
    path = litfass("new", "🎉").out.strip()
    assert (begun / path).is_file()
    assert litfass("build").status == 0
