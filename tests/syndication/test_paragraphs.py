"""A message becomes HTML that says no more and no less, and knows which page it is of."""

from __future__ import annotations

from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.announcement import Article, Span, SpanKind
from litfass_syndication.paragraphs import body, body_with_original, original_of, paragraphs
from litfass_syndication.testing import plain_message

URL = 'https://blog.example/größe/?a=1&b="2"'


def message(*spans, **changes):
    return plain_message(spans=spans, url=URL, **changes)


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_a_text_is_read_as_it_was_written(text):
    html = paragraphs(message(Span(text)))
    assert unescape(html.removeprefix("<p>").removesuffix("</p>")) == unescape(escape(text))
    assert html.count("<") == (2 if text else 0)


def test_an_empty_line_begins_a_paragraph_and_another_a_line():
    html = paragraphs(message(Span("eins\nzwei\n\n\ndrei\n\n")))
    assert html == "<p>eins<br>zwei</p>\n<p>drei</p>"


def test_links_lead_where_they_should_and_only_that_to_the_page_is_marked():
    other = Span("dort", SpanKind.LINK, "https://other.example/?a&b")
    html = paragraphs(message(other, Span(" "), Span(URL, SpanKind.LINK, URL)))
    assert '<a href="https://other.example/?a&amp;b">dort</a>' in html
    assert original_of(html) == URL


def test_an_article_is_of_the_page_below_it_not_of_one_that_it_quotes():
    quoted = body_with_original(plain_message(article=Article("e", lambda: "<p>So.</p>")))
    copy = body_with_original(message(article=Article("e", lambda: quoted)))
    assert original_of(copy) == URL


@pytest.mark.parametrize(
    "html",
    [
        f"<a href='{plain_message().url}' rel='nofollow' class='litfass-original'>x</a>",
        f'<A HREF="{plain_message().url}" target="_blank" class="a litfass-original b">x</A>',
    ],
)
def test_servers_write_attributes_as_they_like(html):
    assert original_of(html) == plain_message().url


@pytest.mark.parametrize("html", ["", "<a class='litfass-original'>", "<a href='https://a/'>x</a>"])
def test_what_says_nothing_is_of_no_page(html):
    assert original_of(html) == ""


def test_a_content_warning_is_the_first_line():
    html = body(message(Span("Text"), content_warning="<Späne>"))
    assert html == "<p><strong>&lt;Späne&gt;</strong></p><p>Text</p>"
