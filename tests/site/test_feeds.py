"""The blog as feed readers want it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.feeds import Feed, identity, render
from litfass.model import Body, Picture, Post, Term

BERLIN = timezone(timedelta(hours=2))
FORMATS = ("rss", "atom", "json")
CONTENT = '<p>Grüße &amp; „Küsse“ <a href="https://blog.example/x/">x</a> ]]> 🎉</p>'
RSS_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"

JSON_FEED = json.loads(Path(__file__).with_name("json_feed.schema.json").read_text("utf-8"))
MOMENT = JSON_FEED["$defs"]["moment"]


def term(kind, name):
    return Term(kind, name, name.lower(), f"/{kind}/{name.lower()}/")


def post(**fields) -> Post:
    given = {
        "id": "gruesse",
        "source": "posts/2026-05-01-hello.md",
        "slug": "hello",
        "path": "2026/05/hello/index.html",
        "url": "/2026/05/hello/",
        "permalink": "https://blog.example/2026/05/hello/",
        "title": "Grüße & <Küsse>",
        "published": datetime(2026, 5, 1, 0, 30, tzinfo=BERLIN),
        "language": "de",
        "summary": "Kurz: 1 < 2 & „so“",
        "body": Body("digest"),
        "digest": "",
        "card": "",
    }
    return Post(**(given | fields))


def feed(kind, *posts, **fields) -> Feed:
    given = {
        "path": f"feed.{kind}",
        "format": kind,
        "url": f"https://blog.example/feed.{kind}",
        "home": "https://blog.example/",
        "title": "Werkstatt & Buch",
        "description": "Was <wir> tun",
        "language": "de",
        "author": "Ä. Beispiel",
        "email": "mail@blog.example",
        "icon": "https://blog.example/icon.png",
        "posts": posts,
    }
    return Feed(**(given | fields))


def rendered(kind, *posts, **fields) -> bytes:
    return render(feed(kind, *posts, **fields), {"digest": CONTENT})


def read(kind, *posts, **fields):
    """Return the feed as feedparser reads it."""
    parsed = feedparser.parse(rendered(kind, *posts, **fields), sanitize_html=False)
    assert not parsed.bozo
    return parsed


def read_json(*posts, **fields):
    document = json.loads(rendered("json", *posts, **fields))
    jsonschema.validate(document, JSON_FEED)
    return document


FULL = post(
    updated=datetime(2026, 5, 2, 12, 0, 0, 999999, tzinfo=UTC),
    tags=(term("tag", "Python"), term("tag", "Ölfarbe")),
    categories=(term("category", "Technik"), term("category", "Python")),
    authors=(term("author", "Erste"), term("author", "Zweite")),
    picture=Picture("/2026/05/hello/bild.JPG", "Ein Bild", 640, 480),
)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_reader_finds_the_whole_post(kind):
    (entry,) = read(kind, FULL).entries
    assert entry.title == "Grüße & <Küsse>"
    assert entry.content[0].value == CONTENT
    assert entry.content[0].type == "text/html"
    assert entry.link == FULL.permalink
    assert [tag.term for tag in entry.tags] == ["Technik", "Python", "Ölfarbe"]
    assert entry.published_parsed[:5] == (2026, 4, 30, 22, 30)
    assert entry.media_content[0]["url"] == "https://blog.example/2026/05/hello/bild.JPG"
    assert entry.media_content[0]["type"] == "image/jpeg"
    assert (entry.media_content[0]["width"], entry.media_content[0]["height"]) == ("640", "480")
    assert "Erste" in {author.name for author in entry.authors}


def test_a_summary_is_html_in_rss_and_text_in_atom():
    assert read("rss", FULL).entries[0].summary == "Kurz: 1 &lt; 2 &amp; „so“"
    assert read("atom", FULL).entries[0].summary == FULL.summary


def test_rss_names_every_author_and_gives_the_picture_as_an_enclosure():
    item = ET.fromstring(rendered("rss", FULL)).find("channel/item")
    creators = item.findall("{http://purl.org/dc/elements/1.1/}creator")
    assert [creator.text for creator in creators] == ["Erste", "Zweite"]
    assert item.find("author") is None
    assert item.find("enclosure").attrib == {
        "url": "https://blog.example/2026/05/hello/bild.JPG",
        "length": "0",
        "type": "image/jpeg",
    }


def test_atom_gives_each_post_one_address_and_its_authors_pages():
    entry = ET.fromstring(rendered("atom", FULL)).find(f"{ATOM}entry")
    assert [link.attrib for link in entry.findall(f"{ATOM}link")] == [{"href": FULL.permalink}]
    pages = [author.findtext(f"{ATOM}uri") for author in entry.findall(f"{ATOM}author")]
    assert pages == ["https://blog.example/author/erste/", "https://blog.example/author/zweite/"]


def test_json_says_all_of_it():
    assert read_json(FULL)["items"] == [
        {
            "id": "tag:blog.example,2026:gruesse",
            "url": FULL.permalink,
            "title": FULL.title,
            "summary": FULL.summary,
            "image": "https://blog.example/2026/05/hello/bild.JPG",
            "date_published": "2026-04-30T22:30:00+00:00",
            "date_modified": "2026-05-02T12:00:00+00:00",
            "authors": [
                {"name": "Erste", "url": "https://blog.example/author/erste/"},
                {"name": "Zweite", "url": "https://blog.example/author/zweite/"},
            ],
            "tags": ["Technik", "Python", "Ölfarbe"],
            "content_html": CONTENT,
        }
    ]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_the_feed_says_what_and_whose_it_is(kind):
    about = read(kind, FULL).feed
    assert about.title == "Werkstatt & Buch"
    assert about.subtitle == "Was <wir> tun"
    assert about.language == "de"
    assert about.link == "https://blog.example/"
    links = {(link.rel, link.href, link.type) for link in about.links}
    assert ("self", f"https://blog.example/feed.{kind}", f"application/{kind}+xml") in links
    assert "mail@blog.example" in about.author


def test_json_says_what_and_whose_it_is():
    about = read_json()
    assert about.pop("items") == []
    assert about == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Werkstatt & Buch",
        "home_page_url": "https://blog.example/",
        "feed_url": "https://blog.example/feed.json",
        "description": "Was <wir> tun",
        "icon": "https://blog.example/icon.png",
        "language": "de",
        "authors": [{"name": "Ä. Beispiel"}],
    }


def test_every_date_is_strictly_what_its_format_asks_for():
    rss = ET.fromstring(rendered("rss", FULL))
    for place, moment in (("lastBuildDate", FULL.updated), ("item/pubDate", FULL.published)):
        text = rss.findtext(f"channel/{place}")
        assert parsedate_to_datetime(text) == moment.replace(microsecond=0)
        assert text == f"{moment.astimezone(UTC):%a, %d %b %Y %H:%M:%S} +0000"
    atom = ET.fromstring(rendered("atom", FULL))
    assert atom.findtext(f"{ATOM}updated") == atom.findtext(f"{ATOM}entry/{ATOM}updated")
    for place in ("updated", f"entry/{ATOM}updated", f"entry/{ATOM}published"):
        jsonschema.validate(atom.findtext(f"{ATOM}{place}"), MOMENT)
    assert atom.findtext(f"{ATOM}entry/{ATOM}published") == "2026-04-30T22:30:00+00:00"


def test_the_feed_is_as_new_as_its_newest_change():
    old = post(published=datetime(2020, 1, 1, tzinfo=UTC), updated=datetime(2026, 7, 1, tzinfo=UTC))
    assert read("atom", FULL, old).feed.updated == "2026-07-01T00:00:00+00:00"


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_the_order_is_that_of_the_posts(kind):
    posts = [post(title=str(number), id=str(number)) for number in range(5)]
    assert [entry.title for entry in read(kind, *posts).entries] == list("01234")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_blog_with_nothing_to_say_has_valid_feeds(kind):
    bare = {"title": "", "description": "", "author": "", "email": "", "icon": ""}
    if kind == "json":
        assert read_json(**bare)["title"] == "https://blog.example/"
        return
    parsed = read(kind, **bare)
    assert parsed.entries == []
    assert parsed.feed.title == "https://blog.example/"
    assert parsed.feed.updated_parsed[:3] == (1970, 1, 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_feed_gives_the_same_bytes_in_utf8(kind):
    assert rendered(kind, FULL) == rendered(kind, FULL)
    assert "Küsse".encode() in rendered(kind, FULL)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"id": "gruesse"}, "tag:blog.example,2026:gruesse"),
        ({"id": "zwei Wörter"}, "tag:blog.example,2026:zwei%20W%C3%B6rter"),
        ({"id": "https://old.example/?p=12"}, "https://old.example/?p=12"),
        ({"id": "urn:uuid:1234"}, "urn:uuid:1234"),
        ({"id": "2026-05-01-hello.md"}, "https://blog.example/2026/05/hello/"),
        ({"id": "posts/2026-05-01-hello.md"}, "https://blog.example/2026/05/hello/"),
    ],
)
def test_readers_tell_a_post_by_its_own_id_else_by_its_permalink(own, expected):
    assert identity(post(**own)) == expected
    guid = ET.fromstring(rendered("rss", post(**own))).find("channel/item/guid")
    assert guid.text == expected
    assert guid.get("isPermaLink") == ("true" if expected == post().permalink else "false")
    assert read("atom", post(**own)).entries[0].id == expected
    assert read_json(post(**own))["items"][0]["id"] == expected


def test_a_post_with_an_id_is_the_same_after_it_moved_and_was_redated():
    moved = replace(
        FULL, permalink="https://blog.example/neu/", published=datetime(2031, 1, 1, tzinfo=UTC)
    )
    assert identity(moved) == identity(FULL)


def test_a_post_in_another_language_than_the_feed_says_so():
    english = post(language="en")
    for kind in ("rss", "atom"):
        root = ET.fromstring(rendered(kind, english, post()))
        said = [element.text for element in root.iter("{http://purl.org/dc/elements/1.1/}language")]
        assert said == ["en"]
    assert [item.get("language") for item in read_json(english, post())["items"]] == ["en", None]


def test_a_picture_elsewhere_keeps_its_address_and_an_unknown_kind_is_no_enclosure():
    far = post(picture=Picture("https://cdn.example/a.webp?x=1"))
    item = ET.fromstring(rendered("rss", far)).find("channel/item")
    assert item.find("enclosure").get("url") == "https://cdn.example/a.webp?x=1"
    odd = post(picture=Picture("/a.tiff"))
    assert ET.fromstring(rendered("rss", odd)).find("channel/item/enclosure") is None


def test_a_post_without_authors_is_by_the_feeds_author():
    assert read("rss", post()).entries[0].author == "Ä. Beispiel"
    assert b"creator" not in rendered("rss", post(), author="")


anything = st.text(st.characters())
"""With control characters and lone surrogates."""


@pytest.mark.parametrize("kind", FORMATS)
@given(words=st.tuples(anything, anything, anything), content=anything)
def test_no_text_breaks_a_feed(kind, words, content):
    title, summary, name = words
    odd = post(
        title=title,
        summary=f"1{summary}",
        id=f"x{title}",
        tags=(term("tag", f"t{name}"),),
        authors=(term("author", f"a{name}"),),
    )
    made = feed(kind, odd, title=title, description=summary, author=name)
    once = render(made, {"digest": f"<p>{content}"})
    assert once == render(made, {"digest": f"<p>{content}"})
    if content.isprintable():
        assert content_of(kind, once) == f"<p>{content}"


def content_of(kind, document) -> str:
    """Return the first post's content, read strictly."""
    if kind == "json":
        jsonschema.validate(json.loads(document), JSON_FEED)
        return json.loads(document)["items"][0]["content_html"]
    path = f"channel/item/{RSS_CONTENT}" if kind == "rss" else f"{ATOM}entry/{ATOM}content"
    return ET.fromstring(document).findtext(path)


HUBS = ("https://hub.example/", "https://other.example/hub?a=1&b=2")


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_hubs_are_named_beside_the_feeds_own_address(kind):
    root = ET.fromstring(rendered(kind, post(), hubs=HUBS))
    links = [
        (link.get("rel"), link.get("href"))
        for link in (root if kind == "atom" else root[0]).findall(f"{ATOM}link")
    ]
    assert [href for rel, href in links if rel == "hub"] == list(HUBS)
    assert [href for rel, href in links if rel == "self"] == [feed(kind).url]
    assert not read(kind, post(), hubs=HUBS).bozo
    assert b"hub" not in rendered(kind, post())


def test_json_names_hubs_as_its_version_has_it():
    document = read_json(post(), hubs=HUBS)
    assert document["hubs"] == [{"type": "WebSub", "url": hub} for hub in HUBS]
    assert "hubs" not in read_json(post())
