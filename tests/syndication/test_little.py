"""LinkedIn's text: whatever is in it, all of it is shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.little import escaped, plain, written
from litfass_syndication.testing.linkedin import shown


@given(st.text())
@example(r"C:\Werkstatt\(neu) @mia #1 {hashtag|\#|x} ~_*<|>[]")
def test_all_of_a_text_is_shown_as_it_is(text):
    assert shown(escaped(text)) == text == plain(escaped(text))


@pytest.mark.parametrize("mark", r"\|{}@[]()<>#*_~")
def test_a_mark_that_is_not_escaped_would_cut_the_text(mark):
    assert shown(f"vorn {mark} hinten") == "vorn "


@pytest.mark.parametrize(
    ("span", "sent", "read"),
    [
        (Span("#Straße", SpanKind.HASHTAG, "Straße"), r"{hashtag|\#|Straße}", "#Straße"),
        (Span("#a_b", SpanKind.HASHTAG, "a_b"), r"{hashtag|\#|a\_b}", "#a_b"),
        (
            Span("blog.example/…", SpanKind.LINK, "https://blog.example/a_(b)"),
            r"https://blog.example/a\_\(b\)",
            "https://blog.example/a_(b)",
        ),
        (
            Span("@mia@social.example", SpanKind.MENTION, "mia@social.example"),
            r"\@mia\@social.example",
            "@mia@social.example",
        ),
        (
            Span("Mit @[Holz & Co_](urn:li:organization:77)!"),
            r"Mit @[Holz & Co\_](urn:li:organization:77)!",
            "Mit @Holz & Co_!",
        ),
        (
            Span("@[Mia](https://blog.example)"),
            r"\@\[Mia\]\(https://blog.example\)",
            "@[Mia](https://blog.example)",
        ),
    ],
    ids=["hashtag", "underscore", "link", "handle", "mention", "no mention"],
)
def test_each_kind_of_text_is_sent_as_linkedin_has_it(span, sent, read):
    assert written(span) == sent
    assert shown(sent) == read


@pytest.mark.parametrize("sign", [r"\#", "#", "＃"])
def test_a_hashtag_is_read_as_people_write_it(sign):
    assert plain(f"Neu: {{hashtag|{sign}|Holz}}") == "Neu: #Holz"
