"""An edit makes those files anew that show it, and no others.

The blog has sixty posts, five a month of 2025, from `01` in January to `60` in December; ten on a
page, so `page/1/` has the oldest ten and the front page the newest; the feeds have the newest
twenty. What the files are that each edit makes is worked out from what the pages show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.site.desk import SITE, Desk, picture, post, settings

from litfass.model import AlsoOn

ALL = range(1, 61)
SHAPE = {"page_size": 10, "feed_size": 20}
BODY = "Der erste Satz.\n\nUnd mehr."
FEEDS = ["feed.xml", "atom.xml", "feed.json"]
HOLZ = range(3, 61, 3)  # twenty posts: as many as a feed has
NUT = (11, 12, 13)
FIELDS = {
    **{number: {"tags": "[Holz]"} for number in HOLZ},
    11: {"series": "Nut"},
    12: {"series": "Nut", "tags": "[Holz]"},
    13: {"series": "Nut"},
    20: {"image": "/bild.svg"},
}


def name(number: int) -> str:
    return f"posts/{number:02}.md"


def written(number: int, body: str = BODY, **fields: str) -> str:
    """Return a post of the blog, with some fields that are others."""
    date = f"2025-{(number - 1) // 5 + 1:02}-{(number - 1) % 5 + 1:02}"
    own = {"title": f"Titel {number}", "date": date} | FIELDS.get(number, {})
    return post(**own | fields, body=body)


def page(*numbers: int) -> set[str]:
    """Return the posts' own pages."""
    return {f"2025/{(number - 1) // 5 + 1:02}/{number:02}/index.html" for number in numbers}


def lists(number: int) -> set[str]:
    """Return the pages that list a post: by ten, by year, by whoever wrote it, by its terms."""
    ten = (number - 1) // 10 + 1
    by_ten = f"page/{ten}/index.html" if ten <= 5 else "index.html"
    own = {"authors/die-werkstatt/index.html", "archive/index.html", "archive/2025/index.html"}
    terms = {"tags/holz/index.html"} if number in HOLZ else set()
    series = {"series/nut/index.html"} if number in NUT else set()
    return {by_ten} | own | terms | series


FRONT = {"index.html", *(f"page/{number}/index.html" for number in range(1, 6))}
DATED = {"archive/index.html", "archive/2025/index.html"}
TERMS = {"tags/holz/index.html", "series/nut/index.html", "authors/die-werkstatt/index.html"}
OVERVIEWS = {"tags/index.html", "series/index.html", "authors/index.html"}
HTML = page(*ALL) | FRONT | DATED | TERMS | OVERVIEWS | {"404.html", "info/index.html"}
MAIN = set(FEEDS)
HOLZ_FEEDS = {f"tags/holz/{one}" for one in FEEDS}
ALL_FEEDS = MAIN | HOLZ_FEEDS


def write(number: int, body: str = BODY, **fields: str) -> Callable[[Desk], None]:
    return lambda desk: desk.write(name(number), written(number, body, **fields))


def put(path: str, text: str | None) -> Callable[[Desk], None]:
    return lambda desk: desk.write(path, text)


def site(**values: str) -> Callable[[Desk], None]:
    return put("litfass.toml", settings(SITE | values, SHAPE))


def shape(**values: object) -> Callable[[Desk], None]:
    return put("litfass.toml", settings(SITE, SHAPE | values))


def template(path: str, text: str) -> Callable[[Desk], None]:
    return put(f"templates/{path}", text)


def announced(number: int) -> Callable[[Desk], None]:
    def edit(desk: Desk) -> None:
        also_on = {f"{number:02}.md": (AlsoOn("Mastodon", "https://m.example/1"),)}
        desk.options = replace(desk.options, also_on=also_on)

    return edit


def clock(day: datetime) -> Callable[[Desk], None]:
    def edit(desk: Desk) -> None:
        desk.options = replace(desk.options, now=day)

    return edit


def touch(desk: Desk) -> None:
    for number in ALL:
        desk.age(name(number))
    desk.age("static/x.txt")


class Edit(NamedTuple):
    """What is done, what has to be made anew for it, and what goes."""

    do: Callable[[Desk], None]
    made: Iterable[str] = ()
    removed: Iterable[str] = ()


NEW_TAG = {"tags/leim/index.html", *(f"tags/leim/{one}" for one in FEEDS)}
EXTENDED = (
    '{% extends "default/post.html" %}{% block head %}{% include "_note.html" %}{% endblock %}'
)

EDITS = {
    "nothing": Edit(lambda _: None),
    "a touch of every file": Edit(touch),
    "the body of an old post": Edit(write(7, BODY + " Neu."), page(7)),
    "the body of a new post": Edit(write(58, BODY + " Neu."), page(58) | MAIN),
    "the body of an old post with a tag": Edit(write(6, BODY + " Neu."), page(6) | HOLZ_FEEDS),
    "the first words, which are its summary": Edit(write(7, "Neu."), page(7) | lists(7)),
    "the title of an old post": Edit(write(7, title="Neu"), page(6, 7, 8) | lists(7)),
    "the title of the newest post": Edit(
        write(60, title="Neu"), page(59, 60) | lists(60) | ALL_FEEDS
    ),
    "the title of a part of a series": Edit(
        write(11, title="Neu"), page(10, *NUT) | lists(11)
    ),
    "a tag more": Edit(
        write(7, tags="[Leim]"), page(7) | lists(7) | NEW_TAG | {"tags/index.html", "sitemap.xml"}
    ),
    "a tag that others have": Edit(
        write(7, tags="[Holz]"),
        page(7) | lists(7) | {"tags/holz/index.html", "tags/index.html"} | HOLZ_FEEDS,
    ),
    "a category": Edit(
        write(7, category="Bank"),
        page(7) | lists(7) | {"categories/bank/index.html", "categories/index.html", "sitemap.xml"},
    ),
    "a series that grows": Edit(
        write(14, series="Nut"),
        page(*NUT, 14) | lists(14) | {"series/nut/index.html", "series/index.html"},
    ),
    "an alias": Edit(write(7, aliases="[/alt/]"), page(7) | {"alt/index.html"}),
    "another address": Edit(
        write(7, slug="neu"),
        {"2025/02/neu/index.html", "sitemap.xml"} | page(6, 8) | lists(7),
        page(7),
    ),
    "another day": Edit(
        write(7, date="2025-02-02T12:00:00Z"), page(7) | lists(7) | {"sitemap.xml"}
    ),
    "an update": Edit(write(7, updated="2025-02-09"), page(7) | lists(7) | {"sitemap.xml"}),
    "a picture for a post": Edit(write(7, image="/bild.svg"), page(7) | lists(7)),
    "a field of its own": Edit(write(7, mood="heiter"), page(7) | lists(7)),
    "a picture of the same size": Edit(
        put("static/bild.svg", picture(3) + "<!-- neu -->"), {"bild.svg"}
    ),
    "a picture of another size": Edit(
        put("static/bild.svg", picture(5)), {"bild.svg"} | page(20) | lists(20)
    ),
    "a static file": Edit(put("static/x.txt", "2"), {"x.txt"}),
    "a static file more": Edit(put("static/y.txt", "1"), {"y.txt"}),
    "a static file less": Edit(put("static/x.txt", None), (), {"x.txt"}),
    "a new post": Edit(
        put(name(61), post("Neu", "2025-12-28", BODY)),
        {"2025/12/61/index.html", "index.html", "authors/die-werkstatt/index.html",
         "authors/index.html", "sitemap.xml"} | page(60) | DATED | MAIN,
    ),
    "a scheduled post whose day comes": Edit(
        clock(datetime(2026, 12, 2, tzinfo=UTC)),
        {"2026/12/scheduled/index.html", "archive/2026/index.html", "archive/index.html",
         "index.html", "authors/die-werkstatt/index.html", "authors/index.html", "sitemap.xml"}
        | page(60) | MAIN,
    ),
    "a draft more": Edit(put(name(61), post("Neu", "2025-12-28", BODY, draft="true"))),
    "an old post less": Edit(
        put(name(7), None),
        {"authors/die-werkstatt/index.html", "authors/index.html", "sitemap.xml"}
        | page(6, 8) | DATED | FRONT - {"page/5/index.html"},
        page(7) | {"page/5/index.html"},
    ),
    "a receipt": Edit(announced(7), page(7)),
    "the body of a page": Edit(put("pages/info.md", "# Info\n\nNeu.\n"), {"info/index.html"}),
    "a page's place in the menu": Edit(put("pages/info.md", "# Anders\n\nWir.\n"), HTML),
    "a page in no menu": Edit(
        put("pages/neu.md", "---\nmenu: false\n---\n\n# Neu\n"), {"neu/index.html", "sitemap.xml"}
    ),
    "the posts' template": Edit(template("post.html", EXTENDED), page(*ALL)),
    "what the posts' template includes": Edit(template("_series.html", "neu"), page(*ALL)),
    "a card of the lists": Edit(template("_post_card.html", "neu"), FRONT),
    "the lists by year": Edit(template("_years.html", "neu"), DATED | TERMS),
    "the foot of all pages": Edit(template("_footer.html", "neu"), HTML),
    "the template of no page": Edit(template("redirect.html", "neu")),
    "the style": Edit(
        template("assets/style.css", "a { color: tan }"), HTML | {"assets/style.css"}
    ),
    "a word of the theme": Edit(template("translations/en.toml", 'posts = "Viele"\n'), HTML),
    "a word of another language": Edit(template("translations/de.toml", 'tags = "Worte"\n')),
    "the copyright": Edit(site(copyright="frei"), HTML),
    "the blog's title": Edit(site(title="Neu"), HTML | ALL_FEEDS),
    "the author": Edit(
        site(author="Neu"),
        HTML - {"authors/die-werkstatt/index.html"} | {"authors/neu/index.html", "sitemap.xml"}
        | ALL_FEEDS,
        {"authors/die-werkstatt/index.html"},
    ),
    "the size of a page": Edit(
        shape(page_size=30),
        {"index.html", "page/1/index.html", "sitemap.xml"},
        {f"page/{number}/index.html" for number in range(2, 6)},
    ),
    "the size of the feeds": Edit(shape(feed_size=10), ALL_FEEDS),
    "where to deploy": Edit(
        put("litfass.toml", settings(SITE, SHAPE) + '[deploy]\ntarget = "folder"\npath = "x"\n')
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The blog of sixty posts, built once; each edit is taken back by the next test's."""
    desk = Desk(tmp_path_factory.mktemp("sixty"))
    desk.write("litfass.toml", settings(SITE, SHAPE))
    desk.write("static/x.txt", "1")
    desk.write("static/bild.svg", picture(3))
    desk.write("templates/_note.html", "")
    desk.write("pages/info.md", "# Info\n\nWir.\n")
    desk.write("posts/scheduled.md", post("Später", "2026-12-01", BODY))
    for number in ALL:
        desk.write(name(number), written(number))
    return desk


@pytest.fixture
def desk(shelf: Desk) -> Desk:
    """The blog as it was at first, and built."""
    before = {one: one.read_text() for one in sources(shelf.root)}
    options = shelf.options
    assert not shelf.build().problems
    yield shelf
    shelf.options = options
    for one in sources(shelf.root) - before.keys():
        one.unlink()
    for one, text in before.items():
        if not one.exists() or one.read_text() != text:
            shelf.write(one.relative_to(shelf.root).as_posix(), text)


def sources(root: Path) -> set[Path]:
    """Return the files that an author writes."""
    folders = ("posts", "pages", "static", "templates")
    return {root / "litfass.toml"} | {
        one for folder in folders for one in (root / folder).rglob("*") if one.is_file()
    }


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_makes_what_shows_it(desk, edit):
    edit.do(desk)
    built = desk.build().built
    assert set(built.made) == set(edit.made)
    assert set(built.removed) == set(edit.removed)
    assert len(built.made) == len(set(built.made))


def test_the_table_knows_every_page_of_the_blog(desk):
    found = desk.build().files
    assert {path for path in found if path.endswith(".html")} == HTML
    assert {path for path in found if path.endswith(("feed.xml", "atom.xml", "feed.json"))} == (
        ALL_FEEDS
    )
