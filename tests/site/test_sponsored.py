"""What somebody paid for says so wherever it is shown, before anything else of it."""

from __future__ import annotations

import json

import feedparser
import pytest

POST = "---\ntitle: Hobel\ndate: 2026-05-01\ntags: [Holz]\nsponsored: {paid}\n{more}---\n\nText\n"
LISTS = ("index.html", "archive/index.html", "archive/2026/index.html", "tags/holz/index.html")
PAGE = "2026/05/hobel/index.html"


@pytest.fixture
def pages(blog, built):
    def made(paid="true", more="", **files):
        post = POST.format(paid=paid, more=more)
        root = blog({"posts/hobel.md": post, **files})
        built(root)
        return lambda path: (root / "public" / path).read_text("utf-8")

    return made


def test_its_own_page_says_so_before_the_title(pages):
    article = pages()(PAGE).partition("<article")[2]
    before, _, _ = article.partition("<h1")
    assert '<strong class="sponsored">Anzeige</strong>' in before


@pytest.mark.parametrize("path", LISTS)
def test_every_list_says_so_before_the_title(pages, path):
    main = pages()(path).partition("<main")[2]
    assert "Anzeige" in main[: main.index("Hobel")]


@pytest.mark.parametrize("path", [*LISTS, PAGE, "feed.xml", "feed.json", "atom.xml"])
def test_nothing_is_called_so_that_nobody_paid_for(pages, path):
    assert "Anzeige" not in pages("false")(path)


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml", "tags/holz/feed.xml"])
def test_feeds_say_so_in_the_title(pages, path):
    (entry,) = feedparser.parse(pages()(path)).entries
    assert entry.title == "Anzeige: Hobel"


def test_the_json_feed_says_so_in_the_title_and_in_the_post_s_language(pages):
    feed = json.loads(pages(more="language: en\n")("feed.json"))
    assert [item["title"] for item in feed["items"]] == ["Advertisement: Hobel"]


def test_the_card_that_networks_make_says_so(pages):
    assert '<meta property="og:title" content="Anzeige: Hobel">' in pages()(PAGE)


def test_a_page_that_stands_says_so_too(pages):
    page = {"pages/partner.md": "---\ntitle: Partner\nsponsored: true\n---\n\nText\n"}
    article = pages(**page)("partner/index.html").partition("<article")[2]
    assert "Anzeige" in article[: article.index("<h1")]


def test_a_new_word_for_it_makes_feeds_anew(blog, built):
    root = blog({"posts/hobel.md": POST.format(paid="true", more="")})
    built(root)
    words = root / "templates/translations/de.toml"
    words.parent.mkdir(parents=True)
    words.write_text('sponsored = "Werbung"\n', "utf-8")
    built(root)
    assert "Werbung: Hobel" in (root / "public/feed.json").read_text("utf-8")
