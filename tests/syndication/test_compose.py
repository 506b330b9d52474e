"""Every message fits all limits of its account, with the address whole and no character broken."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image, Span, SpanKind
from litfass_syndication.capabilities import Capabilities, Dedupe, ImageLimits, Measure, TextLimit
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, SyndicationError
from litfass_syndication.measure import count, fits, graphemes, length, shortened

URL = "https://blog.example/2026/11/straßenbau-in-der-nacht/"
NETWORK = SimpleNamespace(name="town", title="Town")
BLUESKY = Capabilities(
    (TextLimit(300, Measure.GRAPHEMES), TextLimit(3000, Measure.BYTES)),
    Dedupe.IDENTIFIER,
    short_links=True,
)
MASTODON = Capabilities(
    (TextLimit(500, Measure.CODE_POINTS),),
    Dedupe.KEY,
    url_length=23,
    short_mentions=True,
    counts_content_warning=True,
)
UNBOUND = Capabilities((TextLimit(None, Measure.GRAPHEMES),), Dedupe.NONE)

FAMILY = "👩‍👩‍👧‍👦"
PIECES = st.sampled_from(
    [
        *("Straße", "größer", "e\u0301", "مرحبا", "हिन्दी", "한국어", "日本語。", "a"),
        *(FAMILY, "🏳️‍🌈", "🇩🇪", "👍🏽", "1️⃣", "\u200d", "\u0600", "\ufdd0"),
        *(" ", "\n", ". ", "! "),
        *("#Tag", "@me@town.example", "https://x.example/a_(b)"),
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=150).map("".join))


def announcement(**changes):
    defaults = {
        "post": "strassenbau",
        "url": URL,
        "title": "Straßenbau in der Nacht",
        "published": datetime(2026, 11, 1, tzinfo=UTC),
        "revision": "r",
        "summary": "",
    }
    return Announcement(**defaults | changes)


def message(capabilities=UNBOUND, *, template=None, hashtags=3, **changes):
    account = Account("town", NETWORK, hashtags=hashtags)
    if template is not None:
        account = dataclasses.replace(account, template=template)
    return compose(announcement(**changes), account, capabilities)


def limited(maximum, measure=Measure.GRAPHEMES, **changes):
    return dataclasses.replace(UNBOUND, limits=(TextLimit(maximum, measure),), **changes)


ROOMS = st.one_of(
    st.just(BLUESKY),
    st.just(MASTODON),
    st.builds(limited, st.integers(150, 400), st.sampled_from(Measure)),
)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=4), ROOMS)
@example("t", FAMILY * 400, ["open source"], BLUESKY)
@example("t", "👍🏽" * 400, [], BLUESKY)
def test_every_message_fits_every_limit_and_has_the_address_once(title, summary, tags, room):
    made = message(room, title=title, summary=summary, tags=tuple(tags))
    assert fits(made.spans, room)
    assert made.text == "".join(span.text for span in made.spans)
    addresses = [span for span in made.spans if span.target == URL]
    assert len(addresses) == 1
    assert addresses[0].text == ("blog.example/2026/11/straßenbau…" if room.short_links else URL)
    assert "\ufdd0" not in made.text
    assert "\ufdd1" not in made.text


@given(st.lists(PIECES, min_size=30, max_size=200).map("".join), st.integers(80, 200))
def test_a_text_is_never_cut_inside_of_a_character(summary, maximum):
    made = message(limited(maximum), title="", summary=summary)
    kept = made.text.removesuffix(URL).removesuffix("\n\n").removesuffix("…")
    whole = graphemes(message(title="", summary=summary).text)
    starts = (graphemes(kept), graphemes(kept.removesuffix(" ")))  # "…" stands apart from a link
    assert any(start == whole[: len(start)] for start in starts)


@pytest.mark.parametrize("character", [FAMILY, "e\u0301", "👍🏽", "🇩🇪", "हि"])
@pytest.mark.parametrize("measure", list(Measure))
def test_wherever_the_room_ends_a_text_of_one_character_is_cut_between_two(character, measure):
    for spare in range(3, 90):
        room = limited(count(URL, measure) + spare, measure)
        text = message(room, title="", summary=character * 100).text.removesuffix(URL)
        kept = text.removesuffix("\n\n").removesuffix("…")
        assert kept == character * (len(kept) // len(character))


@given(TEXTS, st.integers(0, 60))
def test_a_hashtag_is_whole_or_gone(title, spare):
    made = message(limited(len(URL) + 60 + spare), title=title, tags=("eins", "zwei drei", "vier"))
    ours = [span.text for span in made.spans if span.text in {"#Eins", "#ZweiDrei", "#Vier"}]
    assert ours == ["#Eins", "#ZweiDrei", "#Vier"][: len(ours)]


@given(TEXTS, st.integers(1, 100))
def test_alternative_text_fits_and_is_never_cut_inside_of_a_character(alt, maximum):
    image = Image(Path("a.png"), alt, "image/png", 1, 1, "d")
    limits = ImageLimits(("image/png",), max_alt=maximum)
    made = message(dataclasses.replace(UNBOUND, images=limits), image=image)
    assert len(made.image.alt) <= maximum


def test_title_summary_address_and_hashtags_in_their_order():
    made = message(summary="Ein Satz.", tags=("Straßen Bau", "open source"))
    assert made.text == (
        f"Straßenbau in der Nacht\n\nEin Satz.\n\n{URL}\n\n#StraßenBau #OpenSource"
    )
    assert [(span.kind, span.target) for span in made.spans if span.kind is not SpanKind.PLAIN] == [
        (SpanKind.LINK, URL),
        (SpanKind.HASHTAG, "StraßenBau"),
        (SpanKind.HASHTAG, "OpenSource"),
    ]


def test_hashtags_go_one_by_one_before_the_text_is_touched():
    whole = message(summary="Ein Satz.", tags=("eins", "zwei", "drei"))
    room = limited(len(whole.text) - 1)
    assert message(room, summary="Ein Satz.", tags=("eins", "zwei", "drei")).text == (
        whole.text.removesuffix(" #Drei")
    )


def test_a_long_text_ends_with_a_sentence_when_that_uses_half_of_the_room():
    summary = "Am 3. Mai kam Dr. Weiß, z. B. um zu sehen. Dann ging er wieder nach Hause zurück."
    made = message(limited(len(URL) + 62), title="", summary=summary)
    assert made.text == f"Am 3. Mai kam Dr. Weiß, z. B. um zu sehen.\n\n{URL}"


def test_a_long_text_ends_with_a_word_and_an_ellipsis_otherwise():
    summary = "Kurz. Danach kommt ein langer Satz, der nicht aufhören will und kein Ende hat"
    made = message(limited(len(URL) + 40), title="", summary=summary)
    assert made.text == f"Kurz. Danach kommt ein langer Satz…\n\n{URL}"


def test_a_text_without_spaces_is_cut_between_characters():
    made = message(limited(len(URL) + 7), title="", summary="日本語" * 20)
    assert made.text == f"日本語日…\n\n{URL}"


def test_a_link_in_the_text_is_kept_whole_or_left_out():
    other = "https://other.example/a-long-address"
    text = {"town": f"Seht {other} und mehr davon, viel mehr."}
    assert other in message(limited(120), texts=text).text
    made = message(limited(len(URL) + 20), texts=text)
    assert made.text == f"Seht…\n\n{URL}"


def test_an_ellipsis_keeps_its_distance_from_a_link():
    text = {"town": "Seht https://other.example/a-long-address, undnochvielmehrdavon"}
    made = message(limited(len(URL) + 50), texts=text)
    assert made.text == f"Seht https://other.example/a-long-address …\n\n{URL}"


def test_a_hashtag_that_ends_inside_of_a_character_is_none():
    made = message(title="#Tag👍🏽 #Tag🏽")
    assert [span.text for span in made.spans if span.kind is SpanKind.HASHTAG] == ["#Tag"]


def test_the_authors_own_words_replace_title_and_summary():
    made = message(summary="Weg", texts={"town": "Kommt alle!"}, tags=("bau",))
    assert made.text == f"Kommt alle!\n\n{URL}\n\n#Bau"
    assert message(texts={"elsewhere": "Nein"}).text.startswith("Straßenbau")


def test_the_authors_own_address_hashtags_and_mentions_are_theirs():
    own = f"Lest {URL.rstrip('/')}, @me@town.example! #Nacht"
    made = message(texts={"town": own}, tags=("bau",))
    assert [(str(span.kind), span.text) for span in made.spans] == [
        ("plain", "Lest "),
        ("link", URL),
        ("plain", ", "),
        ("mention", "@me@town.example"),
        ("plain", "! "),
        ("hashtag", "#Nacht"),
    ]


def test_an_address_is_added_where_the_template_has_none():
    assert message(template="Neu: {{ title }}").text == f"Neu: Straßenbau in der Nacht\n\n{URL}"


def test_a_template_may_put_things_anywhere():
    made = message(template="{{ hashtags }} {{ url }} – {{ title|upper }}", tags=("a b",))
    assert made.text == f"#AB {URL} – STRASSENBAU IN DER NACHT"


def test_text_is_text_and_not_markup():
    assert message(title="Q & A <3 {{ 7 * 7 }}").text.startswith("Q & A <3 {{ 7 * 7 }}\n")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("Hallo\n{% if %}", "line 2"),
        ("{{ titel }}", "'titel' is undefined"),
        ("{{ title.__class__.__mro__ }}", "account town"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)
def test_a_template_that_does_not_work_names_its_account(template, words):
    with pytest.raises(AccountError, match=words) as caught:
        message(template=template)
    assert "hashtags" in caught.value.hint


def test_a_network_without_hashtags_gets_none():
    made = message(dataclasses.replace(UNBOUND, hashtags=False), tags=("bau",))
    assert made.text == f"Straßenbau in der Nacht\n\n{URL}"


def test_no_room_for_the_address_is_an_error_that_says_so():
    with pytest.raises(SyndicationError, match=r"at most 20 graphemes: not even the address"):
        message(limited(20))


def test_a_content_warning_takes_room_where_it_counts():
    room = dataclasses.replace(limited(100), counts_content_warning=True)
    made = message(room, summary="wort " * 30, content_warning="x" * 30)
    assert count(made.text, Measure.GRAPHEMES) <= 70
    assert made.content_warning == "x" * 30


def test_images_stay_away_from_networks_that_take_none():
    image = Image(Path("a.png"), "Ein Bild der Straße bei Nacht", "image/png", 1, 1, "d")
    assert message(image=image).image is None
    taking = dataclasses.replace(UNBOUND, images=ImageLimits(("image/png",), max_alt=20))
    assert message(taking, image=image).image.alt == "Ein Bild der Straße…"


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        (FAMILY, Measure.GRAPHEMES, 1),
        (FAMILY, Measure.CODE_POINTS, 7),
        (FAMILY, Measure.UTF16, 11),
        (FAMILY, Measure.BYTES, 25),
        ("e\u0301", Measure.GRAPHEMES, 1),
        ("a\r\nb", Measure.GRAPHEMES, 3),
        ("ß", Measure.BYTES, 2),
    ],
)
def test_each_measure_counts_in_its_own_way(text, measure, expected):
    assert count(text, measure) == expected


def test_where_markup_counts_a_text_fits_as_it_is_written():
    """Each star is two there, and the message stays as a person reads it."""
    room = dataclasses.replace(limited(200), written=lambda span: span.text.replace("*", "**"))
    made = message(room, summary="*" * 200)
    assert made.text.endswith(f"*…\n\n{URL}")
    assert 199 <= length(made.spans, room.limits[0], room) <= 200
    assert count(made.text, Measure.GRAPHEMES) < 150


@given(st.text(max_size=40), st.integers(0, 40), st.sampled_from(list(Measure)))
def test_a_shortened_text_fits_as_it_is_written(text, maximum, measure):
    limit = TextLimit(maximum, measure)
    short = shortened(text, limit, lambda text: text.replace("a", "aa"))
    assert count(short.replace("a", "aa"), measure) <= maximum
    if short != text:
        begun = short.removesuffix("…")
        assert text.startswith(begun)
        assert graphemes(text)[: len(graphemes(begun))] == graphemes(begun)


def test_mastodon_counts_links_as_23_and_leaves_hosts_out_of_mentions():
    spans = (
        Span(URL, SpanKind.LINK, URL),
        Span(" "),
        Span("@me@town.example", SpanKind.MENTION, "me@town.example"),
    )
    assert length(spans, MASTODON.limits[0], MASTODON) == 23 + 1 + 3


APART = dataclasses.replace(UNBOUND, link_apart=True, hashtags=False)
HEADED = dataclasses.replace(APART, heading=TextLimit(40, Measure.CODE_POINTS))
ONE_LINE = dataclasses.replace(limited(40, Measure.CODE_POINTS), link_apart=True, one_line=True)


def test_an_address_beside_the_text_is_not_added_to_it():
    assert message(APART, summary="Ein Satz.").text == "Straßenbau in der Nacht\n\nEin Satz."
    assert message(APART, template="{{ url }}\n{{ title }}").text == "Straßenbau in der Nacht"


def test_an_address_that_the_author_wrote_stays_beside_the_other_one():
    made = message(APART, texts={"town": f"Auf {URL} steht es."})
    assert [span.text for span in made.spans] == ["Auf ", URL, " steht es."]


@pytest.mark.parametrize("letter", ["e", "ü", "م", FAMILY, "e\u0301", "🎉"])
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_heading_is_cut_only_where_it_is_too_long(letter, over):
    room = 40 + over
    title = letter * (room // len(letter)) + "." * (room % len(letter))
    heading, _, rest = message(HEADED, title=title, summary="Ein Satz.").text.partition("\n\n")
    assert (heading == title) == (over <= 0)
    assert len(heading) <= 40
    assert rest == "Ein Satz."


def test_the_authors_first_line_is_the_heading():
    own = "Kommt alle zu uns, denn es wird großartig, ganz bestimmt!\n\nEs gibt *Kuchen*.\n\nImmer."
    made = message(HEADED, texts={"town": own}, summary="Weg")
    assert made.text == "Kommt alle zu uns, denn es wird…\n\nEs gibt *Kuchen*.\n\nImmer."


def test_a_heading_is_no_markup():
    """Its escapes would be seen; those of the rest count."""
    written = dataclasses.replace(HEADED, written=lambda span: span.text.replace("*", "**"))
    title = "*" * 40
    assert message(written, title=title, summary="s").text == f"{title}\n\ns"


def test_hashtags_and_address_may_follow_a_heading():
    headed = dataclasses.replace(UNBOUND, heading=HEADED.heading)
    made = message(headed, tags=("bau",))
    assert made.text == f"Straßenbau in der Nacht\n\n{URL}\n\n#Bau"


def test_where_there_is_room_for_one_line_it_is_the_title():
    assert message(ONE_LINE, summary="Ein Satz.").text == "Straßenbau in der Nacht"
    own = {"town": "Kommt alle!\n\nEs gibt Kuchen."}
    assert message(ONE_LINE, texts=own).text == "Kommt alle!"


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=4), st.integers(1, 90))
def test_a_heading_and_a_line_always_fit(title, summary, tags, most):
    limit = TextLimit(most, Measure.CODE_POINTS)
    headed = dataclasses.replace(limited(200), heading=limit, link_apart=True)
    made = message(headed, title=title, summary=summary, tags=tuple(tags))
    assert fits(made.spans, headed)
    assert len(made.text.partition("\n")[0]) <= most
    line = dataclasses.replace(ONE_LINE, limits=(limit,))
    made = message(line, title=title, summary=summary, tags=tuple(tags))
    assert fits(made.spans, line)
    assert "\n" not in made.text
