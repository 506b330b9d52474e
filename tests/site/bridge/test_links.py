"""Receipts become the "also on" links of the next build."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from litfass.bridge.links import also_on
from litfass.model import AlsoOn
from litfass_syndication.ledger import Event, Renamed, Slot, Step, fold

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def published(account: str, url: str, post: str = "hello", step: Step = Step.PUBLISHED) -> Event:
    return Event(Slot(post, account), f"{post}-{account}", step, NOW, url=url)


def test_links_have_the_account_s_label_and_the_order_of_the_settings():
    ledger = fold([published("a", "https://a.example/1"), published("b", "https://b.example/1")])
    assert also_on(ledger, {"b": "Blau", "a": "Mastodon"}) == {
        "hello": (AlsoOn("Blau", "https://b.example/1"), AlsoOn("Mastodon", "https://a.example/1"))
    }


def test_what_is_no_web_address_is_no_link():
    assert also_on(fold([published("outbox", "outbox.html#1")]), {"outbox": "Outbox"}) == {}


def test_what_was_withdrawn_is_no_link():
    url = "https://a.example/1"
    ledger = fold([published("a", url), published("a", url, step=Step.WITHDRAWN)])
    assert also_on(ledger, {"a": "A"}) == {}


def test_an_account_that_is_gone_is_called_by_its_name():
    ledger = fold([published("gone", "https://a.example/1")])
    assert also_on(ledger, {}) == {"hello": (AlsoOn("gone", "https://a.example/1"),)}


def test_a_renamed_post_keeps_its_links_under_all_its_ids():
    renamed = Renamed("new", "old", NOW + timedelta(1))
    links = also_on(fold([published("a", "https://a.example/1", "old"), renamed]), {"a": "A"})
    assert links["new"] == links["old"] == (AlsoOn("A", "https://a.example/1"),)
