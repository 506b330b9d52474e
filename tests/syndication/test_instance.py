"""What servers that speak Mastodon's API say of themselves, and what we make of it."""

from __future__ import annotations

import json

import pytest

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.instance import capabilities_of
from litfass_syndication.measure import fits
from litfass_syndication.testing.mastodon import INSTANCE


def test_the_server_tells_its_own():
    instance = json.loads(json.dumps(INSTANCE))
    instance["configuration"]["statuses"] |= {
        "max_characters": 3000,
        "characters_reserved_per_url": 30,
    }
    instance["configuration"]["media_attachments"]["image_size_limit"] = 1000
    able = capabilities_of(instance)
    assert able.limits == (TextLimit(3000, Measure.GRAPHEMES),)
    assert able.url_length == 30
    assert able.dedupe is Dedupe.KEY
    assert able.images.max_bytes == 1000
    assert able.images.media_types == ("image/jpeg", "image/png", "image/webp")


@pytest.mark.parametrize(
    "version",
    [
        "0.19.1+git-abc",
        "2.7.2 (compatible; Pleroma 2.6.0)",
        "2.7.2 (compatible; Akkoma 3.10.4)",
        "3.5.3 (compatible; Pixelfed 0.12.1)",
    ],
)
def test_kin_keep_no_keys_and_count_whole_links(version):
    able = capabilities_of({"version": version, "max_toot_chars": 5000})
    assert able.dedupe is Dedupe.LOOKUP
    assert able.url_length is None
    assert able.limits == (TextLimit(5000, Measure.CODE_POINTS),)


@pytest.mark.parametrize("version", ["4.5.1", "4.4.0+glitch", "4.3.0-beta.1"])
def test_mastodon_and_its_own_branches_keep_keys(version):
    assert capabilities_of({"version": version}).dedupe is Dedupe.KEY


@pytest.mark.parametrize(
    "strange",
    [
        None,
        [],
        {"configuration": "none", "version": 4},
        {"configuration": {"statuses": {"max_characters": -1}}},
        {"configuration": {"statuses": {"max_characters": True}}},
    ],
)
def test_a_server_that_makes_no_sense_is_treated_with_caution(strange):
    able = capabilities_of(strange)
    assert able.limits == (TextLimit(500, Measure.CODE_POINTS),)
    assert able.dedupe is Dedupe.LOOKUP


@pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "👨‍👩‍👧‍👦", "م", "🇩🇪"])
def test_the_border_is_counted_as_mastodon_does(unit):
    """Each of these is one character to a reader, a link is 23, and a warning counts."""
    able = capabilities_of(INSTANCE)
    link = Span("https://blog.example/" + "x" * 90, SpanKind.LINK, "https://blog.example/")
    for letters, right in ((466, True), (467, True), (468, False)):
        spans = (Span(unit * letters), link)
        assert fits(spans, able, content_warning="x" * 10) is right


def test_a_server_may_take_no_pictures():
    instance = {"configuration": {"statuses": {"max_media_attachments": 0}}}
    assert capabilities_of(instance).images is None
