"""Images that say nothing to those who cannot see them."""

from __future__ import annotations

import pytest

from litfass.alternatives import images_without_alt

HEAD = "---\ntitle: A\ndate: 2026-01-01\n---\n\n"
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"


@pytest.fixture
def found(blog, built):
    """Return who finds them in the body of a post."""

    def find(body: str, head: str = HEAD):
        root = blog({"posts/a.md": head + body, "posts/x.svg": DRAWING})
        return tuple(images_without_alt(root, built(root).library.posts))

    return find


def test_an_image_without_words_is_told_with_its_line(found):
    (problem,) = found("Look:\n\n![](x.svg)\n")
    assert str(problem) == 'posts/a.md:8: the image "x.svg" has no alternative text'
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    "body",
    [
        "![A kite](x.svg)",
        "    ![](x.svg)",
        "`![](x.svg)`",
        "```\n![](x.svg)\n```",
        '<img src="x.svg" alt="" role="presentation">',
    ],
)
def test_what_says_something_or_is_no_image_is_left_alone(found, body):
    assert found(body) == ()


def test_the_same_image_is_told_once(found):
    assert len(found("![](x.svg) ![](x.svg)")) == 1


@pytest.mark.parametrize(("alt", "problems"), [("", 1), ("image_alt: A kite\n", 0)])
def test_the_picture_of_a_post_needs_words_too(found, alt, problems):
    head = HEAD.replace("title: A\n", f"title: A\nimage: x.svg\n{alt}")
    assert len(found("Text\n", head)) == problems
