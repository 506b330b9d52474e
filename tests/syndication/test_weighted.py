"""X's own way to count, held against the cases that it published."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.measure import count, fits
from litfass_syndication.weighted import links, weight

CASES = json.loads((Path(__file__).parent / "networks/specs/twitter-text.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "expected"), CASES["weights"].values(), ids=CASES["weights"])
def test_a_text_weighs_what_x_says(text, expected):
    assert weight(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES["links"].values(), ids=CASES["links"])
def test_a_link_is_what_x_says(text, expected):
    assert [link.url for link in links(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Grüße", 5),
        ("A\u0308", 1),  # one letter in NFC
        ("x\u0323\u0323", 3),  # no letter for it in NFC
        ("شجرة", 4),
        ("한국", 4),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏿", 2),
        ("🇩🇪🇦🇹", 4),
        ("1️⃣", 2),
        ("❤\ufe0e", 4),  # shown as text: the heart and the sign that says so
        ("„Ja“", 4),
        ("…", 2),
        ("example.com", 23),
        ("README.md and setup.cfg", 23 + len(" and setup.cfg")),
        ("https://blog.example/a", 22),  # no such domain: no link
        ("https://BLOG.de/Straßen?a=ü", 24),  # the letter ends the query
    ],
)
def test_letters_emoji_and_links_have_their_weights(text, expected):
    assert weight(text) == expected


@pytest.mark.parametrize(
    "letter",
    ["a", "ü", "ش", "語", "👩‍👩‍👧‍👦", "e\u0323\u0302"],
    ids=["a", "ü", "ش", "語", "family", "ệ"],
)
@pytest.mark.parametrize(("beside", "right"), [(-1, True), (0, True), (1, False)])
def test_it_fits_up_to_the_limit_and_not_beyond(letter, beside, right):
    able = Capabilities((TextLimit(280, Measure.WEIGHTED),), Dedupe.LOOKUP)
    address = "https://blog.example.org/" + "lang/" * 40
    link = Span(address, SpanKind.LINK, address)
    room = 280 - 23 - 1 + beside
    text = letter * (room // weight(letter)) + "x" * (room % weight(letter))
    assert fits((Span(f"{text} "), link), able) is right


@given(st.text(alphabet="aü語👩‍👧🏽🇩🇪\u0301\ufe0f\u20e31#@. /:-_()?ht", max_size=40))
def test_a_text_weighs_no_less_than_nothing_and_the_same_in_any_form(text):
    assert weight(text) >= 0
    assert weight(unicodedata.normalize("NFD", text)) == weight(text)
    assert count(text, Measure.WEIGHTED) == weight(text)


@pytest.mark.parametrize("text", ["a." * 20_000, "http://a.com/" + "(a" * 10_000, "-." * 20_000])
def test_a_strange_text_is_counted_soon(text):
    assert weight(text) >= 23 or "(" not in text
