"""A Markdown file becomes a post or a page, with its address; or all that is wrong is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litfass.documents import Rules, read_page, read_post
from litfass.errors import LitfassError
from litfass.markup import Markup
from litfass.model import Picture, Post, Source, StandingPage, Term

MARKUP = Markup()
RULES = Rules(
    language="de",
    zone=ZoneInfo("Europe/Berlin"),
    authors=("Die Werkstatt",),
    site_url="https://example.org/blog/",
    base="/blog/",
    posts="/{year}/{month}/{slug}/",
    pages="/{slug}/",
    terms={
        "tag": "/tags/{slug}/",
        "category": "/categories/{slug}/",
        "author": "/authors/{slug}/",
        "series": "/series/{slug}/",
    },
)
WHOLE = """\
---
id: open-day
title: Open day
date: 2026-05-01 10:00
updated: 2026-05-02 09:30:00 +0000
slug: tag-der-offenen-tuer
tags: [garden, "C++"]
categories: [Events]
authors: [Ada]
series: Spring
summary: We open the gate.
language: en
image: {src: gate.jpg, alt: The gate}
aliases: [/old.html, earlier/]
canonical_url: https://elsewhere.example/open-day
syndicate: [firma]
announce: {firma: Come!}
content_warning: Bees
sponsored: true
mood: bright
---

Come "all" of you: [map](map.md).
"""


def post(text: str, path: str = "posts/2026-05-01-open-day.md", rules: Rules = RULES) -> Post:
    made = read_post(Source(path, text, ""), rules, MARKUP).made
    assert isinstance(made, Post)
    return made


def page(text: str, path: str = "pages/about.md") -> StandingPage:
    made = read_page(Source(path, text, ""), RULES, MARKUP).made
    assert isinstance(made, StandingPage)
    return made


def told(text: str, path: str = "posts/a.md") -> list[tuple[int | None, str]]:
    with pytest.raises(LitfassError) as caught:
        read_post(Source(path, text, ""), RULES, MARKUP)
    problems = caught.value.problems()
    assert all(problem.path == path and problem.hint for problem in problems)
    return [(problem.line, problem.message) for problem in problems]


def test_a_post_has_all_that_its_file_says():
    made = post(WHOLE)
    assert made == replace(
        made,
        id="open-day",
        source="posts/2026-05-01-open-day.md",
        slug="tag-der-offenen-tuer",
        path="2026/05/tag-der-offenen-tuer/index.html",
        url="/blog/2026/05/tag-der-offenen-tuer/",
        permalink="https://example.org/blog/2026/05/tag-der-offenen-tuer/",
        title="Open day",
        published=datetime(2026, 5, 1, 10, tzinfo=timezone(timedelta(hours=2))),
        updated=datetime(2026, 5, 2, 9, 30, tzinfo=UTC),
        language="en",
        summary="We open the gate.",
        tags=(
            Term("tag", "garden", "garden", "/blog/tags/garden/"),
            Term("tag", "C++", "cplusplus", "/blog/tags/cplusplus/"),
        ),
        categories=(Term("category", "Events", "events", "/blog/categories/events/"),),
        authors=(Term("author", "Ada", "ada", "/blog/authors/ada/"),),
        series=Term("series", "Spring", "spring", "/blog/series/spring/"),
        picture=Picture("gate.jpg", "The gate"),
        redirects=("/old.html", "/2026/05/tag-der-offenen-tuer/earlier/"),
        canonical_url="https://elsewhere.example/open-day",
        syndicate=("firma",),
        announce={"firma": "Come!"},
        content_warning="Bees",
        sponsored=True,
        extra={"mood": "bright"},
    )
    assert made.body.references == ("map.md",)
    assert made.body.lead == "Come “all” of you: map."


def test_what_a_post_does_not_say_comes_from_its_file_and_the_settings():
    made = post('# Tag der *offenen* Tür\n\nAlle "dürfen" kommen.\n\n## Weg\n')
    assert made.title == "Tag der offenen Tür"
    assert made.published == datetime(2026, 5, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    assert made.path == "2026/05/open-day/index.html"
    assert made.language == "de"
    assert made.summary == "Alle „dürfen“ kommen."
    assert [term.name for term in made.authors] == ["Die Werkstatt"]


@pytest.mark.parametrize(
    ("text", "title", "html"),
    [
        ("# Hello\n\nText", "Hello", "<p>Text</p>"),
        ("---\ntitle: Hello\n---\n# Hello\n\nText", "Hello", "<p>Text</p>"),
        ("---\ntitle: Hi\n---\n# Hello\n", "Hi", '<h1 id="hello">Hello'),
        ("Text\n\n## Below", "Below", "<p>Text</p>\n<h2"),
        ("Text", "Open day", "<p>Text</p>"),
    ],
)
def test_the_title_is_the_field_or_the_first_heading_or_the_name(text, title, html):
    document = read_post(Source("posts/2026-05-01-open-day.md", text, ""), RULES, MARKUP)
    assert document.made.title == title
    assert document.html.startswith(html)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("posts/2026-05-01-open-day.md", "/blog/2026/05/open-day/"),
        ("posts/2026-05-01-open-day/index.md", "/blog/2026/05/open-day/"),
        ("posts/trips/2026-05-01 Größe.markdown", "/blog/2026/05/groesse/"),
        ("posts/2026-05-01-日本.md", "/blog/2026/05/%E6%97%A5%E6%9C%AC/"),
    ],
)
def test_a_post_is_named_like_its_file_or_folder(path, address):
    assert post("Text", path).url == address


@pytest.mark.parametrize(
    ("permalink", "path", "address"),
    [
        ("/über-uns/", "über-uns/index.html", "/blog/%C3%BCber-uns/"),
        ("/%C3%BCber-uns/", "über-uns/index.html", "/blog/%C3%BCber-uns/"),
        ("about", "about/index.html", "/blog/about/"),
        ("/about.html", "about.html", "/blog/about.html"),
    ],
)
def test_a_permalink_is_below_the_front_page(permalink, path, address):
    made = page(f"---\npermalink: {permalink}\n---\nText")
    assert (made.path, made.url) == (path, address)
    assert made.permalink == f"https://example.org{address}"


def test_a_page_has_no_date_and_a_place_in_the_menu():
    made = page("---\ntitle: About\nmenu: false\norder: 3\n---\nText")
    assert (made.path, made.menu, made.order) == ("about/index.html", False, 3)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("slug: a/b", '"slug" cannot be "a/b"'),
        ("slug: '..'", '"slug" cannot be ".."'),
        ("permalink: /../out/", "leaves the public folder"),
        ("aliases: [/fine/, /a//b/]", "two slashes in a row"),
        ("url: /con/", "cannot be the name of a file"),
    ],
)
def test_an_address_that_cannot_be_is_told_with_its_line(field, message):
    ((line, found),) = told(f"---\ntitle: A\ndate: 2026-05-01\n{field}\n---\nText")
    assert line == 4
    assert message in found


def test_all_that_is_wrong_in_a_file_is_told_together():
    problems = told("---\ndate: yesterday\ndraft: perhaps\nimage: [[]]\n---\nText")
    assert [line for line, _ in problems] == [2, 3, 4]


def test_lists_too_deep_to_be_rendered_are_told_and_the_next_post_is_fine():
    deep = "\n".join("    " * level + "- x" for level in range(300))
    assert told(f"---\ndate: 2026-05-01\n---\n{deep}") == [(None, "is nested too deeply")]
    assert post("Text").body.lead == "Text"


def test_a_post_without_a_date_is_told_how_to_get_one():
    assert told("---\ntitle: A\n---\nText") == [(1, "has no date")]


def test_slips_of_the_pen_are_warned_of_and_kept():
    source = Source("posts/a.md", "---\ndate: 2026-05-01\ntitel: A\n---\n", "")
    document = read_post(source, RULES, MARKUP)
    assert [(one.line, one.severity, one.hint) for one in document.warnings] == [
        (3, "warning", 'Did you mean "title"?')
    ]
    assert document.made.extra == {"titel": "A"}


def test_a_long_lead_is_cut_between_words_for_a_summary():
    made = post("Wort " * 100)
    assert len(made.summary) <= 302
    assert made.summary.endswith("Wort …")


def test_the_digest_covers_everything_and_the_card_what_lists_may_show():
    made = post(WHOLE)
    body = post(WHOLE.replace("of you", "of us"))
    title = post(WHOLE.replace("Open day", "Closed day"))
    extra = post(WHOLE.replace("bright", "dark"))
    assert post(WHOLE) == made
    assert len({made.digest, body.digest, title.digest, extra.digest}) == 4
    assert made.card == body.card
    assert len({made.card, title.card, extra.card}) == 3


def test_rules_that_differ_have_digests_that_differ():
    assert RULES.digest == replace(RULES).digest
    assert RULES.digest != replace(RULES, posts="/{slug}/").digest


@settings(deadline=None)  # the first one makes the engine
@given(st.text(max_size=300))
def test_any_text_is_a_post_or_an_error_of_ours(text):
    try:
        document = read_post(Source("posts/2026-05-01-a.md", text, ""), RULES, MARKUP)
    except LitfassError:
        return
    assert document.made.url.startswith("/blog/2026/05/") or "url" in text or "permalink" in text
