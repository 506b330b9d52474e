"""The outbox keeps the promises of a network, in a file and on a page."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image, Message, Span, SpanKind
from litfass_syndication.announcer import syndicate
from litfass_syndication.errors import AccountError, Rejected, Unreachable
from litfass_syndication.journal import FileJournal
from litfass_syndication.networks import NAMES, network_class
from litfass_syndication.networks.outbox import Options, Outbox

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "syndication" / "outbox.jsonl"


@pytest.fixture
def outbox(path):
    return Outbox(Options(path), None)


def message(post="hello", *, text="Grüße & mehr ", **changes):
    url = f"https://blog.example/{post}/?a=1&b=2"
    spans = (
        Span(text),
        Span("blog.example/…", SpanKind.LINK, url),
        Span(" "),
        Span("#Straße", SpanKind.HASHTAG, "Straße"),
    )
    return Message(
        **{
            "post": post,
            "account": "outbox",
            "spans": spans,
            "url": url,
            "title": "T",
            "summary": "S",
            "published": START,
        }
        | changes
    )


def entries(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_an_announcement_is_a_line_in_the_file(outbox, path):
    receipt = outbox.publish(message(), "k1")
    assert (receipt.identifier, receipt.url) == ("k1", "outbox.html#k1")
    (entry,) = entries(path)
    assert entry["text"] == "Grüße & mehr blog.example/… #Straße"
    assert entry["length"] == len(entry["text"])
    assert (entry["post"], entry["account"], entry["key"]) == ("hello", "outbox", "k1")


def test_the_same_key_again_changes_nothing(outbox, path):
    assert outbox.publish(message(), "k1") == outbox.publish(message(), "k1")
    assert len(entries(path)) == 1


def test_a_post_stands_once_for_each_account_even_if_the_ledger_was_lost(outbox, path):
    first = outbox.publish(message(), "k1")
    assert outbox.publish(message(text="Neu "), "k2") == first
    outbox.publish(message(account="other"), "k3")
    assert [(entry["key"], entry["text"][:3]) for entry in entries(path)] == [
        ("k1", "Neu"),
        ("k3", "Grü"),
    ]


def test_what_is_there_is_found_and_what_is_not_is_surely_not(outbox):
    outbox.publish(message(), "k1")
    assert outbox.find(message(), "k1", START).receipt.identifier == "k1"
    missing = outbox.find(message("other"), "k2", START)
    assert (missing.receipt, missing.complete) == (None, True)


def test_an_announcement_is_edited_and_withdrawn(outbox, path):
    receipt = outbox.publish(message(), "k1")
    outbox.edit(receipt, message(text="Besser "))
    assert entries(path)[0]["text"].startswith("Besser")
    outbox.withdraw(receipt)
    outbox.withdraw(receipt)
    assert entries(path) == []
    with pytest.raises(Rejected, match="no longer"):
        outbox.edit(receipt, message())


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.open = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_shows_what_was_said_newest_first(outbox, path, tmp_path):
    picture = tmp_path / "media" / "a b.png"
    image = Image(picture, 'Ein "Bild"', "image/png", 40, 30, "d")
    outbox.publish(message("old", published=datetime(2025, 1, 1, tzinfo=UTC)), "k1")
    outbox.publish(message("new", image=image, language="de", content_warning="Lärm <b>"), "k2")
    page = path.with_suffix(".html").read_text("utf-8")
    reader = Reader(page)
    assert reader.open == []
    assert [attrs["id"] for tag, attrs in reader.tags if tag == "article"] == ["k2", "k1"]
    links = [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert links == ["https://blog.example/new/?a=1&b=2", "https://blog.example/old/?a=1&b=2"]
    (shown,) = [attrs for tag, attrs in reader.tags if tag == "img"]
    assert (shown["src"], shown["alt"]) == ("../media/a%20b.png", 'Ein "Bild"')
    assert "Lärm &lt;b&gt;" in page
    assert "http" not in page.partition("<main>")[0]


@pytest.mark.parametrize("content", ["not json", '{"v": 1}', "[]"])
def test_a_damaged_file_is_left_alone_and_nothing_is_announced(outbox, path, content):
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(Unreachable, match="cannot be read") as caught:
        outbox.publish(message(), "k1")
    assert caught.value.hint
    assert path.read_text("utf-8") == content


def test_a_fresh_blog_announces_all_its_posts_to_the_outbox_once(outbox, path, tmp_path):
    posts = [
        Announcement(f"p{n}", f"https://b.example/{n}/", f"P{n}", START.replace(year=2020 + n), "r")
        for n in range(5)
    ]
    journal = FileJournal(tmp_path / "ledger.jsonl")
    accounts = [Account("outbox", outbox, backlog=True)]
    for _ in range(2):
        syndicate(posts, accounts, journal, clock=lambda: START)
    assert [entry["post"] for entry in entries(path)] == ["p0", "p1", "p2", "p3", "p4"]
    (tmp_path / "ledger.jsonl").unlink()
    syndicate(posts, accounts, FileJournal(tmp_path / "ledger.jsonl"), clock=lambda: START)
    assert len(entries(path)) == 5
    corrected = [dataclasses.replace(posts[0], title="Anders"), *posts[1:]]
    outcomes = syndicate(corrected, accounts, journal, clock=lambda: START)
    assert [str(outcome.outcome) for outcome in outcomes] == ["edited"] + ["unchanged"] * 4
    assert entries(path)[0]["text"].startswith("Anders")


def test_networks_are_found_by_name_and_misspelt_names_get_a_suggestion():
    assert "outbox" in NAMES
    assert network_class("outbox") is Outbox
    with pytest.raises(AccountError, match='There is no network "outbocks"') as caught:
        network_class("outbocks")
    assert 'Did you mean "outbox"?' in caught.value.hint
