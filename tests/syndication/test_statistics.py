"""Links that carry UTM parameters: counted as they are sent, and the post's own all the same."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from hypothesis import given
from tests.syndication.test_compose import BLUESKY, MASTODON, ROOMS, TEXTS, URL, announcement

from litfass_syndication.account import Account
from litfass_syndication.adoption import matched
from litfass_syndication.announcement import Receipt
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.compose import compose
from litfass_syndication.measure import fits, length
from litfass_syndication.network import Posted

PARAMETERS = {"utm_source": "town", "utm_medium": "social"}
TAGGED = f"{URL}?utm_source=town&utm_medium=social"
ACCOUNT = Account("town", SimpleNamespace(name="town", title="Town"), utm=PARAMETERS)
X = Capabilities((TextLimit(280, Measure.WEIGHTED),), Dedupe.LOOKUP)


def message(room, **changes):
    return compose(announcement(**changes), ACCOUNT, room)


@given(TEXTS, TEXTS, TEXTS, ROOMS)
def test_every_message_fits_with_them_and_links_to_the_post_once(title, summary, own, room):
    made = message(room, title=title, summary=summary, texts={"town": own})
    assert fits(made.spans, room)
    assert [span.target for span in made.spans].count(TAGGED) == 1
    assert made.url == TAGGED


def test_where_a_link_is_written_out_they_are_seen_and_where_it_is_short_they_are_not():
    (whole,) = [span for span in message(MASTODON).spans if span.target]
    (short,) = [span for span in message(BLUESKY).spans if span.target]
    assert (whole.text, whole.target) == (TAGGED, TAGGED)
    assert (short.text, short.target) == ("blog.example/2026/11/straßenbau…", TAGGED)


def test_where_every_link_counts_alike_they_cost_nothing():
    post = announcement(url="https://example.org/straßenbau/")  # X knows links by their domains
    for room in (MASTODON, X):
        bare, tagged = (compose(post, one, room) for one in (replace(ACCOUNT, utm={}), ACCOUNT))
        limit = room.limits[0]
        assert length(tagged.spans, limit, room) == length(bare.spans, limit, room)


def test_the_post_s_address_in_an_author_s_own_words_carries_them_too():
    made = message(MASTODON, texts={"town": f"Lies {URL} heute!"})
    assert made.text == f"Lies {TAGGED} heute!"


def test_an_announcement_with_them_is_known_again_on_the_network():
    posted = Posted(Receipt("1", "https://town.example/1"), (TAGGED,))
    assert matched([posted], [announcement()]) == ({"strassenbau": posted}, 0)
