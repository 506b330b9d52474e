"""What servers that speak Mastodon's API say of themselves, and what we make of it."""

from __future__ import annotations

import json

import pytest

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.instance import refined, software_of
from litfass_syndication.measure import fits
from litfass_syndication.networks.mastodon import Mastodon
from litfass_syndication.testing.mastodon import INSTANCE

STOCK = Mastodon.capabilities
GOTOSOCIAL = "https://codeberg.org/superseriousbusiness/gotosocial"


def test_the_server_tells_its_own():
    instance = json.loads(json.dumps(INSTANCE))
    instance["configuration"]["statuses"] |= {
        "max_characters": 3000,
        "characters_reserved_per_url": 30,
    }
    instance["configuration"]["media_attachments"]["image_size_limit"] = 1000
    able = refined(STOCK, instance)
    assert able.limits == (TextLimit(3000, Measure.GRAPHEMES),)
    assert able.url_length == 30
    assert able.images.max_bytes == 1000
    assert able.images.media_types == ("image/jpeg", "image/png", "image/webp")


def test_what_pleroma_says_at_the_top_is_read_there():
    instance = {"max_toot_chars": 5000, "upload_limit": 1000, "description_limit": 99}
    able = refined(STOCK, instance)
    assert able.limits[0].maximum == 5000
    assert (able.images.max_bytes, able.images.max_alt) == (1000, 99)


@pytest.mark.parametrize(
    ("version", "source", "software"),
    [
        ("4.5.1", "", "mastodon"),
        ("4.4.0+glitch", "https://github.com/glitch-soc/mastodon", "mastodon"),
        ("4.3.0-beta.1", "", "mastodon"),
        ("4.0.15+hometown-1.1.1", "", "mastodon"),
        ("0.19.1+git-abc", "", "gotosocial"),
        ("3.5.3+0.19.1-git-abc", "", "gotosocial"),
        ("4.4.0", GOTOSOCIAL, "gotosocial"),
        ("2.7.2 (compatible; Pleroma 2.6.0)", "", "pleroma"),
        ("2.7.2 (compatible; Akkoma 3.10.4)", "", "pleroma"),
        ("3.5.3 (compatible; Pixelfed 0.12.1)", "", "pixelfed"),
        ("4.0.0 (compatible; Mitra 2.18.0)", "", ""),
        ("4.0.0 (not true; really snac/2.52)", "", ""),
        ("3.5.3+0.2.0", "", ""),
        ("takahe/0.10.1", "", ""),
        ("", "", ""),
    ],
)
def test_a_server_is_known_by_what_it_says_of_itself(version, source, software):
    """Whatever is not surely Mastodon is not taken for it: it may keep no keys."""
    assert software_of({"version": version, "source_url": source}) == software


def test_misskey_is_known_by_how_it_says_that_it_has_none():
    said = {"error": {"message": "Unknown API endpoint.", "code": "UNKNOWN_API_ENDPOINT"}}
    assert software_of(said) == "misskey"


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        {"error": "Not found"},
        {"configuration": "none", "version": 4},
        {"configuration": {"statuses": {"max_characters": -1}}},
        {"configuration": {"statuses": {"max_characters": True}}},
        {"configuration": {"statuses": {"characters_reserved_per_url": 0}}},
    ],
)
def test_what_makes_no_sense_leaves_everything_as_declared(strange):
    assert software_of(strange) == ""
    assert refined(STOCK, strange) == STOCK


@pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "👨‍👩‍👧‍👦", "م", "🇩🇪"])
def test_the_border_is_counted_as_mastodon_does(unit):
    """Each of these is one character to a reader, a link is 23, and a warning counts."""
    able = refined(STOCK, INSTANCE)
    link = Span("https://blog.example/" + "x" * 90, SpanKind.LINK, "https://blog.example/")
    for letters, right in ((466, True), (467, True), (468, False)):
        spans = (Span(unit * letters), link)
        assert fits(spans, able, content_warning="x" * 10) is right


def test_a_server_may_take_no_pictures():
    instance = {"configuration": {"statuses": {"max_media_attachments": 0}}}
    assert refined(STOCK, instance).images is None
