"""A message in Tumblr's blocks: each part in its place, and the links where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.npf import PICTURE, beyond, blocks, layout, links, tags
from litfass_syndication.pictures import Upload
from litfass_syndication.testing import picture, plain_message

URL = "https://a.example/b"
PNG = Upload(b"", "image/png", 64, 48)


def texts(*spans):
    """Return the text blocks of a message."""
    made = blocks(plain_message(spans=spans), None)
    return [block for block in made if block["type"] == "text"]


def link(text, target=URL):
    return Span(text, SpanKind.LINK, target)


def hashtag(name):
    return Span(f"#{name}", SpanKind.HASHTAG, name)


def test_paragraphs_are_blocks_and_the_title_is_a_heading():
    title = plain_message().title
    assert texts(Span(f"{title}\n\nEins\nzwei\n\n\nDrei")) == [
        {"type": "text", "text": title, "subtype": "heading1"},
        {"type": "text", "text": "Eins\nzwei"},
        {"type": "text", "text": "Drei"},
    ]


def test_a_first_line_of_ones_own_is_no_heading():
    assert texts(Span("Kommt alle!")) == [{"type": "text", "text": "Kommt alle!"}]


def test_hashtags_at_the_end_are_tags_and_not_text():
    spans = (Span("Text\n\n"), hashtag("Bau"), Span(" "), hashtag("Straße"))
    assert texts(*spans) == [{"type": "text", "text": "Text"}]
    assert tags(plain_message(spans=spans)) == "Bau,Straße"


def test_a_hashtag_in_a_sentence_stays_there_and_is_a_tag_as_well():
    spans = (Span("Zur "), hashtag("Nacht"), Span("! Ja, zur "), hashtag("Nacht"))
    assert texts(*spans)[0]["text"] == "Zur #Nacht! Ja, zur #Nacht"
    assert tags(plain_message(spans=spans)) == "Nacht"


def test_tags_are_no_longer_and_no_more_than_tumblr_takes():
    spans = (hashtag("a" * 140), hashtag("b" * 141), *(hashtag(f"n{n}") for n in range(40)))
    taken = tags(plain_message(spans=spans)).split(",")
    assert taken[:2] == ["a" * 140, "n0"]
    assert len(taken) == 30


@pytest.mark.parametrize("before", ["", "ü", "🎉", "👩‍👩‍👧‍👦", "e\u0301", "مرحبا "])
def test_a_link_is_where_it_is_in_code_points(before):
    (block,) = texts(Span(before), link("b", URL), Span(" da"))
    (mark,) = block["formatting"]
    assert block["text"][mark["start"] : mark["end"]] == "b"
    assert (mark["type"], mark["url"]) == ("link", URL)


@given(st.lists(st.tuples(st.text("ab \n🎉", max_size=8), st.booleans()), max_size=8))
def test_each_link_is_marked_wherever_paragraphs_end(parts):
    spans = [link("link", f"{URL}{n}") if kind else Span(t) for n, (t, kind) in enumerate(parts)]
    found = [
        (block["text"][mark["start"] : mark["end"]], mark["url"])
        for block in texts(*spans)
        for mark in block.get("formatting", ())
    ]
    assert found == [("link", span.target) for span in spans if span.kind is SpanKind.LINK]


def test_text_picture_and_link_in_their_order(tmp_path):
    message = plain_message(spans=(Span("Text"),), image=picture(tmp_path))
    text, image, card = blocks(message, PNG)
    assert text["text"] == "Text"
    assert image == {
        "type": "image",
        "media": [{"type": "image/png", "identifier": PICTURE, "width": 64, "height": 48}],
        "alt_text": "Eine Hobelbank",
    }
    assert card == {
        "type": "link",
        "url": message.url,
        "title": message.title,
        "description": message.summary,
    }


def test_a_card_is_as_short_as_those_that_tumblr_makes():
    message = plain_message(title="t" * 141, summary="s" * 140)
    card = blocks(message, None)[-1]
    assert card["title"] == "t" * 139 + "…"
    assert card["description"] == "s" * 140


def test_a_card_does_not_say_again_what_the_text_says():
    summary = "Was wir gebaut haben."
    said = plain_message(spans=(Span(f"Titel\n\n{summary}"),), summary=summary)
    assert "description" not in blocks(said, None)[-1]
    assert "description" not in blocks(plain_message(summary=""), None)[-1]


def test_a_content_warning_folds_up_all_that_comes_after_it():
    message = plain_message(spans=(Span("Text"),), content_warning="Späne")
    made = blocks(message, None)
    assert [block.get("text") for block in made] == ["Späne", "Text", None]
    (rows,) = layout(message, len(made))
    assert rows["display"] == [{"blocks": [0]}, {"blocks": [1]}, {"blocks": [2]}]
    assert rows["truncate_after"] == 0
    assert layout(plain_message(), 2) == []


def test_a_post_leads_to_its_source_its_link_and_the_links_in_its_text():
    content = [
        {
            "type": "text",
            "text": f"Da: {URL}/1.",
            "formatting": [{"type": "link", "url": f"{URL}/2"}],
        },
        {"type": "link", "url": f"https://href.li/?{URL}/3"},
        {"type": "image", "media": [{"url": "https://64.media.tumblr.example/a.png"}]},
    ]
    post = {"source_url": "https://t.umblr.com/redirect?z=https%3A%2F%2Fa.example%2Fb%2F4&t=x"}
    assert [*links({**post, "content": content})] == [f"{URL}/{n}" for n in (4, 2, 1, "1.", 3)]
    assert [*links({"content": None})] == []


@pytest.mark.parametrize("address", [URL, "https://t.umblr.com/redirect?t=x", "https://[broken"])
def test_what_is_no_redirect_leads_where_it_says(address):
    assert beyond(address) == address
