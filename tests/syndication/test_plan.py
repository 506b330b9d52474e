"""What is held back, and why, is told; what nobody asked for is not mentioned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.syndication.town import Town

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image
from litfass_syndication.capabilities import ImageLimits
from litfass_syndication.ledger import Event, Line, Slot, Step, fold
from litfass_syndication.plan import Rules, plan

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TOWN = SimpleNamespace(title="Town", name="town", capabilities=Town.capabilities)
LINES = (Line("a", None, NOW - timedelta(days=400)), Line("b", NOW - timedelta(days=5), NOW))

POSTS = st.lists(
    st.builds(
        lambda name, days, accounts: Announcement(
            name,
            f"https://b.example/{name}/",
            name,
            NOW - timedelta(days=days),
            "r",
            accounts=accounts,
        ),
        st.sampled_from("pqrstuvw"),
        st.integers(-3, 30),
        st.sampled_from([None, (), ("a",), ("b",)]),
    ),
    max_size=8,
    unique_by=lambda post: post.post,
)
EVENTS = st.lists(
    st.builds(
        Event,
        st.builds(Slot, st.sampled_from("pqrstuvw"), st.sampled_from("ab")),
        st.sampled_from("12"),
        st.sampled_from(Step),
        st.just(NOW),
    ),
    max_size=8,
)


BENCH = Image(Path("bank.jpg"), "", "image/jpeg", 1080, 1080, "d", "https://b.example/bank.jpg")
GALLERY = SimpleNamespace(
    title="Gallery",
    name="gallery",
    capabilities=replace(
        Town.capabilities,
        images=ImageLimits(("image/jpeg",), ratios=(0.8, 1.91), fetched=True, needed=True),
    ),
)


def held_at_the_gallery(image, *events, **rules):
    post = Announcement("p", "https://b.example/p/", "p", NOW, "r", image=image)
    ledger = fold((*LINES, *events))
    (delivery,) = plan([post], [Account("a", GALLERY)], ledger, Rules(NOW, **rules))
    return delivery.held


@pytest.mark.parametrize("named", [None, frozenset({"p"})])
@pytest.mark.parametrize(
    ("image", "why"),
    [
        (None, "the post has no picture"),
        (replace(BENCH, media_type="image/webp"), "its picture is WEBP, not JPEG"),
        (replace(BENCH, width=3000), "its picture is too wide: 3000 × 1080 pixels"),
        (replace(BENCH, url=""), "its picture has no public address"),
    ],
)
def test_a_post_without_the_picture_that_is_needed_is_not_forced(image, why, named):
    held = held_at_the_gallery(image, named=named)
    assert held.reason == f"Not for Gallery: {why}."
    assert (
        held.hint == "Give the post an `image`: JPEG, between 0.80 and 1.91 times as wide as high."
    )
    assert held.waived
    assert held.unsuited


def test_a_post_with_the_picture_that_is_needed_is_not_held():
    assert held_at_the_gallery(BENCH) is None


def test_what_is_announced_already_needs_no_picture_any_more():
    done = Event(
        Slot("p", "a"), "1", Step.PUBLISHED, NOW, identifier="7", url="https://t.example/7"
    )
    assert held_at_the_gallery(None, done) is None


@given(POSTS, EVENTS, st.integers(0, 4))
def test_every_slot_that_was_asked_for_is_dealt_with_once_and_in_order(posts, events, most):
    accounts = (Account("a", TOWN), Account("b", TOWN))
    ledger = fold((*LINES, *events))
    planned = plan(posts, accounts, ledger, Rules(NOW, max_per_run=most))
    wanted = {
        Slot(post.post, account.name)
        for account in accounts
        for post in posts
        if post.published <= NOW and (post.accounts is None or account.name in post.accounts)
    }
    listed = [delivery.slot for delivery in planned if delivery.announcement]
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted
    for account in accounts:
        dates = [
            d.announcement.published for d in planned if d.announcement and d.account is account
        ]
        assert dates == sorted(dates)


@given(POSTS, EVENTS, st.integers(0, 4))
def test_at_most_so_many_posts_are_new_in_one_run(posts, events, most):
    ledger = fold((*LINES, *events))
    planned = plan(posts, (Account("a", TOWN),), ledger, Rules(NOW, max_per_run=most))
    new = {
        delivery.slot.post
        for delivery in planned
        if not delivery.held and ledger.entry(delivery.slot).standing == "due"
    }
    assert len(new) <= most
