"""The pages of a blog as values: what each shows, and what it depends on.

`depends` are digests and short texts that together stand for everything a page shows, the theme
apart; two equal ones make equal bytes. They are cheap, so that ten thousand pages can be compared
in a moment; head and context are only made for a page that is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from litfass.feeds import MEDIA_TYPES, Feed, FeedFormat
from litfass.model import Link, Picture, Post, StandingPage, TermKind
from litfass.sitemap import SitemapEntry

Depends = Mapping[str, str]
"""What a page is made from, by what it is called when it changes: "its text", "the post before"."""

Kind = Literal["post", "index", "term", "terms", "archive", "page", "404", "redirect"]
FEED_FILES: Mapping[FeedFormat, str] = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
FEED_NAMES: Mapping[FeedFormat, str] = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page's head names it."""

    title: str
    url: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Site:
    """The blog as its templates know it; `base` begins every link, `url` is the whole address."""

    title: str
    url: str
    base: str
    language: str
    author: str = ""
    email: str = ""
    description: str = ""
    timezone: str = "UTC"
    copyright: str = ""
    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What a template knows of the page it makes: `page`."""

    kind: Kind
    url: str
    permalink: str
    title: str
    language: str
    description: str = ""
    revision: str = ""
    feeds: tuple[FeedLink, ...] = ()
    image: Picture | None = None
    published: datetime | None = None
    updated: datetime | None = None
    noindex: bool = False
    sponsored: bool = False


Shown = tuple[Head, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: `show` returns its head and context, and is asked only then.

    `document` is whose body it shows, `owner` whose page it is, in words; `entry` is what the
    sitemap says of it, unless search engines are to leave it alone.
    """

    path: str
    template: str
    language: str
    depends: Depends
    show: Callable[[], Shown]
    owner: str
    document: Post | StandingPage | None = None
    entry: SitemapEntry | None = None


def listing(
    path: str,
    template: str,
    head: Head,
    depends: Depends,
    context: Callable[[], Mapping[str, Any]],
    owner: str = "",
) -> Page:
    """Return a page that shows no document's body; its head is part of what it depends on."""
    entry = None if head.noindex else SitemapEntry(head.permalink)
    owner = owner or f"the {head.kind} page {head.url}"
    return Page(
        path, template, head.language, {"its head": repr(head), **depends},
        lambda: (head, context()), owner, entry=entry,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A feed to render."""

    path: str
    feed: Feed
    depends: Depends


@dataclass(frozen=True, slots=True)
class Shape:
    """What the settings and the theme decide about pages.

    `terms` are the permalink patterns by kind; `say` translates into the blog's language. `hubs`
    are named in the blog's feeds.
    """

    site: Site
    terms: Mapping[TermKind, str]
    page_size: int
    feed_size: int
    say: Callable[..., str]
    hubs: tuple[str, ...] = ()


def feed_links(title: str, url: str) -> tuple[FeedLink, ...]:
    """Return the links to the feeds that lie at a url, the blog's or a tag's."""
    return tuple(
        FeedLink(f"{title} ({FEED_NAMES[form]})", url + name, MEDIA_TYPES[form])
        for form, name in FEED_FILES.items()
    )
