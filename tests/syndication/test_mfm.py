"""What is written for Misskey's markup: as little of it as there can be."""

from __future__ import annotations

import pytest

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.mfm import written


@pytest.mark.parametrize(
    "text",
    [
        "Grüße aus der Werkstatt",
        "\n\nÜber Leser*innen, snake_case und a@b.example\n",
        "C# und F#, 10:30 Uhr, 3 > 2 (oder nicht?)",
        "مرحبا 👨‍👩‍👧 e\u0301",
        "research is not a search for something",
        "",
        "\n\n",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text):
    assert written(Span(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "**fett**",
        "*kursiv*",
        "_kursiv_",
        "a__b__",
        "~~gestrichen~~",
        "`code`",
        "$[x2 groß]",
        r"\(x\)",
        r"\[x\]",
        "<b>fett</b>",
        "<small>klein</small>",
        "[hier](https://x.example)",
        "ein :emoji:",
        "Hallo @channel",
        "Nr. #eins",
        "> Zitat",
        "– mit einem Strich, der zum Hashtag davor gehören könnte",
        "<https://x.example>",
    ],
)
def test_what_would_be_markup_is_told_to_be_plain(text):
    assert written(Span(text)) == f"<plain>{text}</plain>"


def test_lines_around_it_stay_outside():
    """Within, the first and the last end of a line would be lost."""
    assert written(Span("\n\n*a*\n")) == "\n\n<plain>*a*</plain>\n"


def test_what_would_end_it_early_does_not():
    assert written(Span("*a*</plain>*b*")) == "<plain>*a*<\u200b/plain>*b*</plain>"


@pytest.mark.parametrize("button", ["Search", "[search]", "検索", "[検索]"])
def test_a_line_that_would_become_a_button_does_not(button):
    assert written(Span(f"Holz {button}\nWald")) == f"Holz {button}\u200b\nWald"


def test_links_hashtags_and_mentions_are_live():
    link = "https://blog.example/größe_(a)/"
    assert written(Span(link, SpanKind.LINK, link)) == f"<{link}>"
    assert written(Span("#Größe", SpanKind.HASHTAG, "Größe")) == "#Größe"
    handle = "@firma@social.example"
    assert written(Span(handle, SpanKind.MENTION, handle[1:])) == handle


def test_a_mention_that_misskey_would_read_as_another_is_none():
    """Its names are of ASCII: of this one it would make "@firma", who is somebody else."""
    handle = "@firma.ßocial"
    assert written(Span(handle, SpanKind.MENTION, handle[1:])) == f"<plain>{handle}</plain>"
