"""What somebody paid for is called an advertisement, first of all and in full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.syndication.test_compose import ROOMS, TEXTS, URL, limited, message

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.errors import SyndicationError
from litfass_syndication.measure import fits

TEMPLATES = st.sampled_from(
    [
        None,
        "{{ url }}",
        "{{ hashtags }} {{ title }} {{ url }}",
        "{{ url }}\n{{ summary }}",
        "{{ title }}",
    ]
)
WORDS = st.sampled_from(["Anzeige", "Advertisement", "إعلان"])


@given(TEXTS, TEXTS, TEXTS, TEMPLATES, WORDS, ROOMS)
def test_whatever_is_said_and_however_little_room_it_stands_first(
    title, summary, own, template, word, room
):
    made = message(
        room,
        template=template,
        title=title,
        summary=summary,
        texts={"town": own},
        tags=("eins", "zwei"),
        disclosure=word,
    )
    assert made.text.startswith(f"{word}:")
    assert fits(made.spans, room)
    assert [span.target for span in made.spans].count(URL) == 1


@given(TEXTS, TEXTS, st.integers(90, 200))
def test_nothing_else_of_a_message_is_another(title, summary, maximum):
    bare = message(limited(maximum), title=title, summary=summary)
    paid = message(limited(maximum + 9), title=title, summary=summary, disclosure="Anzeige")
    if not bare.text.startswith("Anzeige:"):
        assert paid.text.split() == ["Anzeige:", *bare.text.split()]


def test_it_stands_before_an_author_s_own_words():
    made = message(texts={"town": "Lies das!"}, disclosure="Anzeige")
    assert made.text == f"Anzeige: Lies das!\n\n{URL}"
    assert made.disclosure == "Anzeige"


@pytest.mark.parametrize("own", ["Anzeige: Lies das!", "ANZEIGE:\nLies das!"])
def test_where_the_author_has_written_it_already_it_is_not_said_twice(own):
    made = message(texts={"town": own}, disclosure="Anzeige")
    assert made.text == f"Anzeige: Lies das!\n\n{URL}"


def test_a_word_that_only_begins_alike_does_not_pass_for_it():
    made = message(texts={"town": "Anzeigetafel: neu"}, disclosure="Anzeige")
    assert made.text.startswith("Anzeige: Anzeigetafel: neu")


def test_a_message_with_room_for_the_address_but_not_for_it_is_not_sent():
    address = Span(URL, SpanKind.LINK, URL)
    assert message(limited(len(URL))).spans == (address,)
    with pytest.raises(SyndicationError):
        message(limited(len(URL)), disclosure="Anzeige")


def test_a_post_that_becomes_an_advertisement_is_corrected():
    assert message(disclosure="Anzeige").digest != message().digest
