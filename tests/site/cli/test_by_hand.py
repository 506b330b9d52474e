"""A place where a person posts, from `connect` to `settle`."""

from __future__ import annotations

import json

import pytest
from PIL import Image

PLACE = (
    "connect", "manual", "--name", "xing", "--set", "title=XING", "--set", "limit=420",
    "--set", "address=https://xing.example/new?url={url}", "--since", "2020-01-01",
)  # fmt: skip
NEWS = "---\nid: news\ntitle: {}\ndate: 2026-01-02\n---\nWe open.\n"
ADDRESS = "https://xing.example/1"


@pytest.fixture
def xing(litfass, begun, add):
    """Give the blog one post, and a place to post by hand."""
    for path in (begun / "posts").glob("*.md"):
        path.unlink()
    add(NEWS.format("News"), "posts/news.md")
    said = litfass(*PLACE)
    assert "xing is connected: XING" in said.out
    return begun


def waiting(litfass):
    return litfass("status", "--json").json["waiting"]


@pytest.mark.parametrize("command", ["publish", "syndicate"])
def test_what_waits_is_no_failure(litfass, xing, command):
    said = litfass(command)
    assert said.status == 0
    assert "✎ News · xing · waiting\n  Post it at XING yourself.\n" in said.out
    assert "1 waiting for you" in said.out
    assert litfass(command).status == 0
    assert '"xing"' not in _events(xing)


def _events(blog):
    ledger = (blog / "syndication/ledger.jsonl").read_text("utf-8").splitlines()
    return "\n".join(line for line in ledger if '"event": "line"' not in line)


def test_a_rehearsal_shows_the_text_and_writes_no_page(litfass, xing):
    said = litfass("syndicate", "--dry-run", "--account", "xing")
    assert "  │ News\n" in said.out
    assert " of 420 graphemes" in said.out
    assert not (xing / "syndication/manual.html").exists()


def test_the_text_stands_alone_and_ready_to_copy(litfass, xing):
    said = litfass("status")
    assert said.status == 0
    edge = "─" * 60
    before, text, after = said.out.split(f"{edge}\n")
    assert text == "News\n\nWe open.\n\nhttps://blog.example/2026/01/news/\n"
    assert "news" in before.lower()
    assert "Post it at https://xing.example/new?url=https%3A%2F%2Fblog.example%2F2026" in before
    assert "litfass settle news xing" in after
    assert "litfass settle news xing --never" in after


def test_programs_read_the_text_and_where_it_goes(litfass, xing):
    (one,) = waiting(litfass)
    assert one["text"].startswith("News\n")
    assert one["address"].startswith("https://xing.example/new?url=https%3A")
    known = {"post": "news", "account": "xing", "place": "XING", "limit": 420, "outdated": False}
    assert one.items() >= known.items()
    (slot,) = (
        slot for slot in litfass("status", "--json").json["slots"] if slot["account"] == "xing"
    )
    assert slot["standing"] == "waiting"


def test_the_page_follows_what_is_done(litfass, xing):
    litfass("publish")
    page = xing / "syndication/manual.html"
    assert "1 text waits for you." in page.read_text("utf-8")
    assert f"Look at {page}" in litfass("publish").out
    assert str(page) in litfass("status").out
    litfass("settle", "news", "xing")
    assert "No texts wait for you." in page.read_text("utf-8")
    assert f"Look at {page}" not in litfass("publish").out


def test_a_picture_is_named_as_the_author_knows_it(litfass, xing):
    Image.new("RGB", (64, 48)).save(xing / "static/bench.png")
    shown = NEWS.format("News").replace("date:", "image: /bench.png\nimage_alt: A bench\ndate:")
    (xing / "posts/news.md").write_text(shown, "utf-8")
    (one,) = waiting(litfass)
    assert (one["image"], one["alt"]) == ("static/bench.png", "A bench")
    said = litfass("status").out
    assert "With the picture static/bench.png\n  Its description: A bench" in said


@pytest.mark.browser
def test_a_click_copies_the_text_alone(litfass, xing, browser):
    litfass("publish")
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((xing / "syndication/manual.html").as_uri())
    page.click("text=Copy the text")
    page.wait_for_selector("text=Copied")
    text = "News\n\nWe open.\n\nhttps://blog.example/2026/01/news/"
    assert page.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.browser
def test_where_copying_is_forbidden_the_text_is_selected(litfass, xing, browser):
    litfass("publish")
    page = browser.new_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject()")
    page.goto((xing / "syndication/manual.html").as_uri())
    page.click("text=Copy the text")
    page.wait_for_selector("text=Selected")
    assert page.evaluate("getSelection().toString()").startswith("News\n\nWe open.")


@pytest.mark.parametrize("name", ["news", "posts/news.md", "news.md"])
def test_what_a_person_posted_is_written_down_once(litfass, xing, name):
    said = litfass("settle", name, "xing", "--url", ADDRESS)
    assert said.status == 0
    assert "news on xing is settled: announced." in said.out
    assert "News\n\nWe open.\n" in said.out
    assert waiting(litfass) == []
    again = litfass("settle", name, "xing")
    assert again.status == 1
    assert "is announced" in again.err
    assert _events(xing).count('"xing"') == 1


def test_a_page_links_to_where_it_was_posted(litfass, xing):
    litfass("settle", "news", "xing", "--published", ADDRESS, "--json")
    litfass("build")
    page = (xing / "public/2026/01/news/index.html").read_text("utf-8")
    assert f'href="{ADDRESS}"' in page
    assert "XING" in page


def test_a_corrected_post_is_out_of_date_until_it_is_settled_again(litfass, xing):
    litfass("settle", "news", "xing", "--url", ADDRESS)
    (xing / "posts/news.md").write_text(NEWS.format("Better news"), "utf-8")
    said = litfass("publish")
    assert said.status == 0
    assert "The text at XING is now out of date." in said.out
    shown = litfass("status").out
    assert f"The text there is now out of date: {ADDRESS}" in shown
    assert "Better news\n\nWe open." in shown
    assert litfass("settle", "news", "xing", "--json").json == {
        "post": "news", "account": "xing", "standing": "announced", "url": "",
    }  # fmt: skip
    assert waiting(litfass) == []
    (slot,) = (
        slot for slot in litfass("status", "--json").json["slots"] if slot["account"] == "xing"
    )
    assert slot["url"] == ADDRESS


def test_what_shall_not_be_posted_waits_no_longer(litfass, xing):
    assert litfass("settle", "news", "xing", "--never", "--json").json["standing"] == "waived"
    assert waiting(litfass) == []
    assert litfass("syndicate", "--json").status == 0
    named = litfass("syndicate", "--dry-run", "--post", "news", "--account", "xing", "--json").json
    assert [one["outcome"] for one in named["messages"]] == ["waiting"]


def test_what_was_taken_down_is_told(litfass, xing):
    litfass("settle", "news", "xing", "--url", ADDRESS)
    assert "litfass settle news xing --missing" in litfass("withdraw", "news").out
    assert litfass("settle", "news", "xing", "--missing", "--json").json["standing"] == "withdrawn"
    assert waiting(litfass) == []


def test_what_has_no_address_is_told_without_one(litfass, xing):
    assert litfass("settle", "news", "outbox", "--published", "--json").json == {
        "post": "news", "account": "outbox", "standing": "announced", "url": "",
    }  # fmt: skip


def test_elsewhere_a_person_has_to_say_what_they_saw(litfass, xing):
    said = litfass("settle", "news", "outbox")
    assert said.status == 2
    assert "--published" in said.err


def test_accounts_count_what_waits(litfass, xing):
    accounts = {one["name"]: one for one in litfass("accounts", "--json").json["accounts"]}
    assert accounts["xing"]["waiting"] == 1
    assert accounts["xing"]["identity"] == "XING"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('title = "A"\naddress = "xing.example"', "web address"),
        ('title = "A"\naddress = "https://a.example/{link}"', "{link}"),
        ('title = "A"\nlimit = 0', "1 or more"),
        ('title = "A"\nmeasure = "words"', "graphemes"),
        ("limit = 5", '"title" is missing'),
    ],
)
def test_settings_that_cannot_be_meant_are_told(litfass, begun, add, settings, told):
    add(f'\n[accounts.xing]\nnetwork = "manual"\n{settings}\n')
    said = litfass("check", "--json")
    assert said.status == 1
    assert told in json.dumps(said.json["problems"], ensure_ascii=False).replace('\\"', '"')
