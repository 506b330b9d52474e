"""References in a post find their place in the blog, and their address on a page."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.links import line_of, link, locate, references
from litfass.model import Target


@pytest.mark.parametrize(
    ("reference", "place", "suffix"),
    [
        ("other.md", "posts/trips/other.md", ""),
        ("./other.md#part", "posts/trips/other.md", "#part"),
        ("../other.md?a=1#part", "posts/other.md", "?a=1#part"),
        ("gate.jpg", "posts/trips/gate.jpg", ""),
        ("with%20space.jpg", "posts/trips/with space.jpg", ""),
        ("100%.png", "posts/trips/100%.png", ""),
        ("/images/x.png", "/images/x.png", ""),
        ("/2026/05/other/", "/2026/05/other/", ""),
        ("?a=1", "posts/trips/here.md", "?a=1"),
        ("../../../etc/passwd", "../etc/passwd", ""),
    ],
)
def test_a_reference_is_seen_from_the_folder_of_its_file_or_from_the_root(reference, place, suffix):
    assert locate(reference, "posts/trips/here.md") == (place, suffix)


@pytest.mark.parametrize(
    ("reference", "place", "suffix"),
    [
        ("{% post_url 2026-05-01-other %}", "posts/2026-05-01-other.md", ""),
        (
            "{%- post_url trips/2026-05-01-other -%}#part",
            "posts/trips/2026-05-01-other.md",
            "#part",
        ),
        ("{{ site.baseurl }}{% post_url 2026-05-01-other %}", "posts/2026-05-01-other.md", ""),
        ("{% link _posts/2026-05-01-other.md %}", "posts/2026-05-01-other.md", ""),
        ("{% link about.md %}", "pages/about.md", ""),
        ("{% link assets/plan.pdf %}", "/assets/plan.pdf", ""),
        ("{{ site.baseurl }}/images/x.png", "/images/x.png", ""),
        ("{{site.url}}{{site.baseurl}}/images/x.png", "/images/x.png", ""),
        ("{{ '/images/x.png' | relative_url }}", "/images/x.png", ""),
        ('{{ "/images/x.png" | absolute_url }}', "/images/x.png", ""),
    ],
)
def test_references_of_jekyll_are_understood(reference, place, suffix):
    assert locate(reference, "posts/here.md") == (place, suffix)


@pytest.mark.parametrize(
    ("reference", "place", "suffix"),
    [
        ("{filename}other.md", "posts/trips/other.md", ""),
        ("{filename}/other.md#part", "posts/other.md", "#part"),
        ("{filename}/pages/about.md", "pages/about.md", ""),
        ("|filename|/other.md", "posts/other.md", ""),
        ("{static}/images/x.png", "/images/x.png", ""),
        ("{static}x.png", "posts/trips/x.png", ""),
        ("{attach}x.png", "posts/trips/x.png", ""),
        ("{filename}/images/x.png", "/images/x.png", ""),
    ],
)
def test_references_of_pelican_are_understood(reference, place, suffix):
    assert locate(reference, "posts/trips/here.md") == (place, suffix)


@given(st.text(max_size=40))
def test_any_reference_has_a_place(reference):
    place, suffix = locate(reference, "posts/here.md")
    assert place
    assert suffix == "" or suffix[0] in "?#"


TARGETS = {
    "other.md#part": Target("/blog/other/#part"),
    "a.md?x=1&y=2": Target("/blog/a/?x=1&y=2"),
    "gate.jpg": Target("/blog/gate.jpg", 1200, 800),
    "small.jpg": Target("/blog/small.jpg", 300, 200),
    "plan.svg": Target("/blog/plan.svg"),
}


IMAGE = '<img alt="The width" src="gate.jpg">'
SHOWN = '<img alt="The width" src="/blog/gate.jpg" width="1200" height="800">'
SET = '<img src="gate.jpg" srcset="small.jpg 300w, gate.jpg 1200w" width="9">'
SHOWN_SET = (
    '<img src="/blog/gate.jpg" srcset="/blog/small.jpg 300w, /blog/gate.jpg 1200w" width="9">'
)
CODE = '<code>&lt;a href="other.md#part"&gt;</code>'


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ('<a href="other.md#part">', '<a href="/blog/other/#part">'),
        ('<a id="x" href="a.md?x=1&amp;y=2">', '<a id="x" href="/blog/a/?x=1&amp;y=2">'),
        ("<a href=other.md#part rel=me>", '<a href="/blog/other/#part" rel=me>'),
        ('<a href="unknown.md">', '<a href="unknown.md">'),
        (CODE, CODE),
        ('<!-- <img src="gate.jpg"> -->', '<!-- <img src="gate.jpg"> -->'),
        (IMAGE, SHOWN),
        ('<img src="gate.jpg" width="300">', '<img src="/blog/gate.jpg" width="300">'),
        ('<img src="gate.jpg"/>', '<img src="/blog/gate.jpg" width="1200" height="800"/>'),
        ('<img src="plan.svg">', '<img src="/blog/plan.svg">'),
        (SET, SHOWN_SET),
        ('<video poster="small.jpg"></video>', '<video poster="/blog/small.jpg"></video>'),
    ],
)
def test_references_become_addresses_and_images_get_their_size(html, linked):
    assert link(html, TARGETS) == linked


def test_all_images_but_the_first_are_loaded_when_they_come_near():
    html = '<img src="a.png"><p><img src="https://example.org/b.png"><img loading="eager" src="c">'
    assert link(html, {}) == (
        '<img src="a.png"><p><img src="https://example.org/b.png" loading="lazy" decoding="async">'
        '<img loading="eager" src="c" decoding="async">'
    )


@given(st.text(alphabet=st.sampled_from("<>a imgsrchef=\"'/&;-!"), max_size=80))
def test_html_without_a_known_reference_stays_as_it_is(html):
    assert (
        link(html, {"nowhere": Target("/")}).replace(' loading="lazy" decoding="async"', "") == html
    )


@given(st.text(max_size=30).filter(lambda text: text.strip() == text))
def test_what_is_linked_is_what_was_referred_to(reference):
    html = f'<a href="{escape(reference)}">'
    for found in references(html):
        assert link(html, {found: Target("/there/")}) == '<a href="/there/">'


SOURCE = """\
---
title: About gate.jpg
image: cover.jpg
---

We speak of other.md, and then
[link to it](other.md#part), with
![the gate](gate.jpg "Title") and <img src='raw.png'>

[later]: later.md
And [angles](<with space.md>), [query](a.md?x=1&amp;y=2).
"""


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ("cover.jpg", 3),
        ("other.md#part", 7),
        ("gate.jpg", 8),
        ("raw.png", 8),
        ("later.md", 10),
        ("with space.md", 11),
        ("a.md?x=1&y=2", 11),
        ("other.md", 6),
        ("nowhere.md", None),
    ],
)
def test_a_reference_is_found_in_its_source(reference, line):
    assert line_of(SOURCE, reference) == line
