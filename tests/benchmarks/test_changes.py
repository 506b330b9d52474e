"""What is changed between two builds, in every flavour's front matter."""

import pytest

from benchmarks.changes import CHANGES, Blog, number_of, tags_of
from benchmarks.corpus import post_of
from benchmarks.flavours import FLAVOURS, text_of

TEMPLATE = "<article>{{ content }}</article>"


@pytest.fixture(params=["litfass", "pelican"])
def blog(request, tmp_path):
    posts = []
    for number in range(12):
        post = post_of(number, 12)
        posts.append(tmp_path / f"{post.slug}.md")
        posts[-1].write_text(text_of(post, FLAVOURS[request.param]), "utf-8")
    theme = tmp_path / "theme.html"
    theme.write_text(TEMPLATE, "utf-8")
    return Blog(tuple(posts), tmp_path / "post.html", theme)


def made(blog, name, turn=1):
    change = CHANGES[name](blog, turn)
    before = change.file.read_text("utf-8") if change.file.exists() else ""
    change.file.write_text(change.text, "utf-8")
    return change, before


def front(text):
    return text.split("\n---\n", 1)[0]


def test_an_edit_appends_a_word_and_says_where_it_will_be_seen(blog):
    change, before = made(blog, "edit")
    page, mark = change.shown[0]
    assert change.text == f"{before}\n{mark}\n"
    assert page == f"posts/{change.file.stem}/index.html"


def test_each_turn_changes_another_post_around_the_middle(blog):
    files = [made(blog, "edit", turn)[0].file for turn in range(3)]
    assert [number_of(file) for file in files] == [6, 7, 8]


def test_a_tag_more_is_one_that_other_posts_have(blog):
    change, before = made(blog, "tag")
    (new,) = set(tags_of(change.text)) - set(tags_of(before))
    assert any(new in tags_of(post.read_text("utf-8")) for post in blog.posts)
    assert change.shown[0][1] == f"/tags/{new}/"
    assert change.text.split("\n---\n")[1:] == before.split("\n---\n")[1:]


def test_a_title_gets_a_word_more_and_nothing_else_changes(blog):
    change, before = made(blog, "title")
    mark = change.shown[0][1]
    assert front(change.text).splitlines()[1].rstrip('"').endswith(f" {mark}")
    assert change.text.replace(f" {mark}", "") == before


def test_a_new_post_is_newer_than_all_others(blog):
    change, before = made(blog, "post")
    assert not before
    assert change.file not in blog.posts
    assert "\ndate: 2026-" in front(change.text)
    assert ("index.html", f"/posts/{change.file.stem}/") in change.shown


def test_a_template_is_changed_again_without_growing(blog):
    first, _ = made(blog, "template", 1)
    second, _ = made(blog, "template", 2)
    assert first.file == second.file == blog.template
    assert len(first.text) == len(second.text)
    assert second.shown[0][1] in second.text
    assert first.shown[0][1] not in second.text
    assert blog.theme.read_text("utf-8") == TEMPLATE
