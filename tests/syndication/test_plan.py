"""What is held back, and why, is told; what nobody asked for is not mentioned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement
from litfass_syndication.ledger import Event, Line, Slot, Step, fold
from litfass_syndication.plan import Rules, plan

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TOWN = SimpleNamespace(title="Town", name="town")
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
