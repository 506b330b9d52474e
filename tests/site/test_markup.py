"""Markdown becomes the HTML that stands beside it in markup/, whatever was rendered before."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litfass.markup import Markup, first_heading, without_title

PAIRS = sorted((Path(__file__).parent / "markup").glob("*.md"))
MARKUP = Markup()


def language(file: Path) -> str:
    """Return the language that a pair's name ends with, such as quotes.de.md."""
    return file.suffixes[-2][1:] if len(file.suffixes) > 1 else "en"


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def render(markdown: str, spoken: str = "en"):
    return MARKUP.render(markdown, spoken)


@pytest.mark.parametrize("file", PAIRS, ids=lambda file: file.stem)
def test_markdown_becomes_the_html_beside_it(file):
    html = render(text(file), language(file)).html
    assert f"{html}\n" == text(file.with_suffix(".html"))


def test_there_is_a_pair_for_everything():
    assert len(PAIRS) >= 20


def test_nothing_of_a_text_stays_for_the_next():
    fresh = {file: Markup().render(text(file), "en") for file in PAIRS}
    again = {file: render(text(file)) for file in (*PAIRS, *reversed(PAIRS))}
    assert again == fresh


@settings(deadline=None)  # the first one makes the engine
@given(st.text(max_size=200))
def test_any_text_can_be_rendered(markdown):
    rendered = render(markdown)
    assert rendered.words >= 0
    assert len(rendered.lead.splitlines()) <= 1


@pytest.mark.parametrize(
    "html",
    [
        '<label><input type="checkbox"> I agree</label>',
        '<input type="checkbox" aria-label="Agree">',
    ],
)
def test_a_box_that_the_author_wrote_keeps_its_name(html):
    assert html in render(html).html


def test_headings_have_anchors():
    html = render("# Über *uns*\n\n### Q & A\n\n## Ende {#schluss}\n").html
    assert re.findall(r'<h(\d) id="(.*?)"', html) == [
        ("1", "ueber-uns"),
        ("3", "q-a"),
        ("2", "schluss"),
    ]


@pytest.mark.parametrize(
    ("markdown", "lead"),
    [
        ("# Title\n\nThe *first* one,\nin two lines & [linked](a.md).\n\nThe next.",
         "The first one, in two lines & linked."),
        ("One.\n\nTwo.\n\n<!-- more -->\n\nThree.", "One. Two."),
        ("One.\n\n<!--more-->\n\nTwo.", "One."),
        ("![An image alone](a.png)\n\nThen words.", "Then words."),
        ("```python\ncode = 1\n```\n\nAfter code.", "After code."),
        ("A note[^1].\n\n[^1]: Not here.", "A note."),
        ("", ""),
    ],
)  # fmt: skip
def test_the_lead_is_what_stands_before_the_mark_or_the_first_paragraph(markdown, lead):
    assert render(markdown).lead == lead


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("One, two -- three's *four*.", 4),
        ("# Title here\n\n- a\n- b", 4),
        ("Two words\n\n```python\nnot = counted\n```\n", 2),
        ("<div title='no words'>One</div>\n\n<script>var no = 1;</script>", 1),
        ("[TOC]\n\n## One\n", 1),
        ("It's and/or (well-known) a…b e.g. 3.14 snake_case – - & so", 8),
        ("", 0),
    ],
)
def test_words_are_counted_without_code_and_contents(markdown, words):
    assert render(markdown).words == words


def test_references_are_links_and_images_that_are_not_whole_addresses_each_once_in_order():
    rendered = render(
        "![](b.png) [a](a.md#x) [a](a.md#x) [w](https://example.org) [m](mailto:a@example.org) "
        "[p](#part) [s](//example.org) [q](q.md?a=1&b=2) `[no](no.md)`\n\n"
        '<video poster="p.jpg"><source src=v.mp4></video>\n\n'
        '<img srcset="s.png 1x, l.png 2x" src="/s.png">\n\n<!-- <a href="hidden.md"> -->\n'
    )
    assert rendered.references == (
        "b.png", "a.md#x", "q.md?a=1&b=2", "p.jpg", "v.mp4", "s.png", "l.png", "/s.png",
    )  # fmt: skip


def test_references_stand_in_code_that_the_author_wrote_as_html_but_not_in_what_was_coloured():
    rendered = render(
        '```html\n<a href="no.md">\n```\n\n<pre><a href="a.md">a</a></pre>\n\n'
        "```python\nprint('<img src=no.png>')\n```\n\n[b](b.md)\n"
    )
    assert rendered.references == ("a.md", "b.md")


@pytest.mark.parametrize(
    ("markdown", "heading", "rest"),
    [
        ("# Hello\n\nText", "Hello", "\n\nText"),
        ("\n# Hello #\nText", "Hello", "\n\nText"),
        ("Hello\n=====\n\nText", "Hello", "\n\n\nText"),
        ("# Hello {#top}\n", "Hello", "\n"),
        ("#Hello\n\nText", "Hello", "\n\nText"),
        ("    # a comment\n    code", "", "    # a comment\n    code"),
        ("## Hello\n\nText", "", "## Hello\n\nText"),
        ("Text\n\n# Hello", "", "Text\n\n# Hello"),
        ("", "", ""),
    ],
)
def test_a_heading_at_the_very_beginning_is_split_off_and_lines_keep_their_numbers(
    markdown, heading, rest
):
    assert without_title(markdown) == (heading, rest)


@pytest.mark.parametrize(
    ("markdown", "heading"),
    [
        ("Text\n\n## First\n\n# Second", "First"),
        ("```\n# no heading\n```\n\nReally\n------\n", "Really"),
        ("~~~~\n# no\n~~~\n# no\n~~~~\n### Yes ###", "Yes"),
        ("| a | b |\n|---|---|\n", ""),
        ("No heading at all, only #hash in it.", ""),
    ],
)
def test_the_first_heading_of_any_level_is_found_outside_of_code(markdown, heading):
    assert first_heading(markdown) == heading


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ('Plain "as it is"', 'Plain "as it is"'),
        ("*Very* `plain` [words](a.md)", "Very plain words"),
        ("Q & A", "Q & A"),
        ("5 * 3 < 20", "5 * 3 < 20"),
    ],
)
def test_a_line_of_markdown_can_be_had_as_plain_text(line, plain):
    assert MARKUP.plain(line, "en") == plain
