"""The library becomes pages: which there are, what each shows, and what each depends on.

A page's `depends` are digests and short texts that together stand for everything it shows, the
theme apart; two equal ones make equal bytes. They are cheap, so that ten thousand pages can be
compared in a moment; the context itself is only made for a page that is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urljoin

from litfass.feeds import MEDIA_TYPES, Feed, FeedFormat
from litfass.library import Library, Neighbours, by_year
from litfass.model import AlsoOn, Link, Picture, Post, StandingPage, Target, Term, TermKind
from litfass.sitemap import SitemapEntry
from litfass.urls import output_path

Kind = Literal["post", "index", "term", "terms", "archive", "page", "404", "redirect"]
FEED_FILES: Mapping[FeedFormat, str] = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
FEED_NAMES: Mapping[FeedFormat, str] = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}

_LEGAL = frozenset({"impressum", "datenschutz", "imprint", "legal", "privacy", "agb"})
_PLURALS: Mapping[TermKind, str] = {
    "tag": "tags", "category": "categories", "author": "authors", "series": "all_series",
}  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Page:
    """A page to render: `context` is asked only then; `document` is whose body it shows."""

    path: str
    template: str
    head: Head
    depends: tuple[str, ...]
    context: Callable[[], Mapping[str, Any]]
    document: Post | StandingPage | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A feed to render."""

    path: str
    feed: Feed
    depends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the settings and the theme decide about pages.

    `terms` are the permalink patterns by kind; `say` translates into the blog's language.
    """

    site: Site
    terms: Mapping[TermKind, str]
    page_size: int
    feed_size: int
    say: Callable[..., str]


References = Mapping[str, Mapping[str, Target]]


def site_of(bare: Site, library: Library, shape: Shape) -> Site:
    """Return the site with its menus and feeds."""
    shown = [page for page in library.pages if page.menu]
    lists = [Link(shape.say("archive"), bare.base + "archive/")] if library.posts else []
    if library.terms["tag"] and (overview := _overview("tag", shape)):
        lists.append(Link(shape.say("tags"), bare.base + overview))
    feeds = tuple(
        FeedLink(f"{bare.title} ({FEED_NAMES[form]})", bare.base + name, MEDIA_TYPES[form])
        for form, name in FEED_FILES.items()
    )
    return replace(
        bare,
        menu=(*lists, *(page.link for page in shown if page.slug not in _LEGAL)),
        footer=tuple(page.link for page in shown if page.slug in _LEGAL),
        feeds=feeds,
    )


def pages(
    library: Library,
    shape: Shape,
    references: References,
    also_on: Mapping[str, tuple[AlsoOn, ...]],
) -> Iterator[Page]:
    """Return all pages that templates make."""
    series = _series(library)
    for post, neighbours in library.neighbours():
        yield _post(
            post, neighbours, series.get(post.id), references, also_on.get(post.id, ()), shape
        )
    for document in library.pages:
        yield _standing(document, references, shape)
    yield from _index(library.posts, shape)
    yield from _terms(library, shape)
    yield from _archives(library, shape)
    yield _not_found(shape)
    yield from _redirects(library, shape)


def feeds(library: Library, shape: Shape, references: References) -> Iterator[FeedPage]:
    """Return the feeds of the blog and of each tag."""
    yield from _feeds("", shape.site.title, library.posts, shape, references)
    for term, posts in library.terms["tag"]:
        folder = term.url.removeprefix(shape.site.base)
        yield from _feeds(folder, f"{shape.site.title}: {term.name}", posts, shape, references)


def paths(library: Library, shape: Shape) -> Iterator[str]:
    """Return the paths of all that is made, wherever links lead: what a link may lead to."""
    yield from (page.path for page in pages(library, shape, {}, {}))
    yield from (feed.path for feed in feeds(library, shape, {}))
    yield from ("sitemap.xml", "robots.txt")


def sitemap(made: Sequence[Page]) -> tuple[SitemapEntry, ...]:
    """Return what search engines are told of: every page with an address of its own."""
    return tuple(
        SitemapEntry(page.head.permalink, page.head.updated or page.head.published)
        for page in made
        if not page.head.noindex
    )


def term_feeds(term: Term, shape: Shape) -> tuple[FeedLink, ...]:
    """Return the links to a tag's feeds."""
    if term.kind != "tag":
        return ()
    return tuple(
        FeedLink(
            f"{shape.site.title}: {term.name} ({FEED_NAMES[form]})",
            term.url + name,
            MEDIA_TYPES[form],
        )
        for form, name in FEED_FILES.items()
    )


SeriesPlace = tuple[Term, int, int, tuple[Link, ...]]


def _series(library: Library) -> dict[str, SeriesPlace]:
    """Return the place in a series by post id: term, position, total, all parts in order."""
    places: dict[str, SeriesPlace] = {}
    for term, posts in library.terms["series"]:
        parts = posts[::-1]
        links = tuple(post.link for post in parts)
        for number, post in enumerate(parts, 1):
            places[post.id] = (term, number, len(parts), links)
    return places


def _post(  # noqa: PLR0913 - all that a post's page shows
    post: Post,
    neighbours: Neighbours,
    series: SeriesPlace | None,
    references: References,
    also_on: tuple[AlsoOn, ...],
    shape: Shape,
) -> Page:
    head = Head(
        kind="post",
        url=post.url,
        permalink=post.canonical_url or post.permalink,
        title=post.title,
        language=post.language,
        description=post.summary,
        image=_whole(post.picture, shape.site),
        published=post.published,
        updated=post.updated,
        noindex=post.draft,
    )
    depends = (
        post.digest,
        post.card,
        repr(neighbours),
        repr(series) if series else "",
        repr(also_on) if also_on else "",
        _linked(post, references),
    )

    def context() -> Mapping[str, Any]:
        around = {"previous": neighbours.previous, "next": neighbours.next}
        return {"post": post, **around, "also_on": also_on, "series": series}

    return Page(post.path, "post.html", head, depends, context, post)


def _standing(document: StandingPage, references: References, shape: Shape) -> Page:
    head = Head(
        kind="page",
        url=document.url,
        permalink=document.canonical_url or document.permalink,
        title=document.title,
        language=document.language,
        description=document.summary,
        image=_whole(document.picture, shape.site),
        noindex=document.draft,
    )
    depends = (document.digest, _linked(document, references))
    return Page(document.path, "page.html", head, depends, lambda: {"document": document}, document)


def _linked(document: Post | StandingPage, references: References) -> str:
    """Stand for where a document's links lead."""
    targets = references.get(document.source)
    return repr(targets) if targets else ""


def _index(posts: Sequence[Post], shape: Shape) -> Iterator[Page]:
    """Return the front page and the pages behind it, numbered from the oldest.

    So a page once full never changes again when posts are added; the front page shows what is
    not on a numbered page yet, at least a whole page's worth where there is one.
    """
    size, base = shape.page_size, shape.site.base
    full = max(0, len(posts) // size - 1)
    oldest_first = posts[::-1]
    newest = oldest_first[full * size :][::-1]
    yield _index_page("", newest, None, None, _numbered(full, base), shape)
    for number in range(1, full + 1):
        shown = oldest_first[(number - 1) * size : number * size][::-1]
        newer = base if number == full else _numbered(number + 1, base)
        yield _index_page(
            f"page/{number}/", shown, number, newer, _numbered(number - 1, base), shape
        )


def _numbered(number: int, base: str) -> str | None:
    return f"{base}page/{number}/" if number else None


def _index_page(  # noqa: PLR0913 - what an index page shows
    folder: str,
    posts: Sequence[Post],
    number: int | None,
    newer: str | None,
    older: str | None,
    shape: Shape,
) -> Page:
    title = shape.say("page_number", number=number) if number else shape.site.title
    head = _list_head(
        "index", folder, title, shape, description="" if number else shape.site.description
    )
    depends = (*(post.card for post in posts), str(number), str(newer), str(older))
    shown = tuple(posts)
    context = {"posts": shown, "number": number, "newer_url": newer, "older_url": older}
    return Page(f"{folder}index.html", "index.html", head, depends, lambda: context)


def _list_head(
    kind: Kind,
    folder: str,
    title: str,
    shape: Shape,
    *,
    description: str = "",
    feeds: tuple[FeedLink, ...] = (),
) -> Head:
    site = shape.site
    return Head(
        kind=kind, url=site.base + folder, permalink=site.url + folder, title=title,
        language=site.language, description=description, feeds=feeds,
    )  # fmt: skip


def _terms(library: Library, shape: Shape) -> Iterator[Page]:
    for kind, filed in library.terms.items():
        for term, posts in filed:
            yield _term(term, posts, shape)
        overview = _overview(kind, shape)
        if filed and overview:
            yield _term_overview(
                kind, tuple((term, len(posts)) for term, posts in filed), overview, shape
            )


def _term(term: Term, posts: Sequence[Post], shape: Shape) -> Page:
    folder = term.url.removeprefix(shape.site.base)
    head = _list_head("term", folder, term.name, shape, feeds=term_feeds(term, shape))
    depends = (term.name, *(post.card for post in posts))
    path = output_path("/" + folder)
    return Page(path, "term.html", head, depends, lambda: {"term": term, "years": by_year(posts)})


def _overview(kind: TermKind, shape: Shape) -> str:
    """Return the folder of the page that lists all terms of a kind: what stands before {slug}."""
    return shape.terms[kind].split("{", 1)[0].lstrip("/")


def _term_overview(
    kind: TermKind, terms: tuple[tuple[Term, int], ...], folder: str, shape: Shape
) -> Page:
    head = _list_head("terms", folder, shape.say(_PLURALS[kind]), shape)
    return Page(
        f"{folder}index.html",
        "terms.html",
        head,
        (repr(terms),),
        lambda: {"kind": kind, "terms": terms},
    )


def _archives(library: Library, shape: Shape) -> Iterator[Page]:
    years = library.years()
    if not years:
        return
    depends = tuple(post.card for post in library.posts)
    head = _list_head("archive", "archive/", shape.say("archive"), shape)
    yield Page(
        "archive/index.html", "archive.html", head, depends, lambda: {"years": years, "year": None}
    )
    for year, posts in years:
        yield _year(year, posts, shape)


def _year(year: int, posts: tuple[Post, ...], shape: Shape) -> Page:
    folder = f"archive/{year}/"
    head = _list_head("archive", folder, shape.say("archive_of", year=year), shape)
    context = {"years": ((year, posts),), "year": year}
    return Page(
        f"{folder}index.html",
        "archive.html",
        head,
        tuple(post.card for post in posts),
        lambda: context,
    )


def _not_found(shape: Shape) -> Page:
    site = shape.site
    head = Head(
        "404",
        site.base + "404.html",
        site.url + "404.html",
        shape.say("not_found"),
        site.language,
        noindex=True,
    )
    return Page("404.html", "404.html", head, (), dict)


def _redirects(library: Library, shape: Shape) -> Iterator[Page]:
    for document in library.documents:
        for alias in document.redirects:
            yield _redirect(alias, document, shape)


def _redirect(alias: str, document: Post | StandingPage, shape: Shape) -> Page:
    head = Head(
        "redirect",
        shape.site.base + alias.lstrip("/"),
        document.permalink,
        document.title,
        document.language,
        noindex=True,
    )
    target = document.link
    return Page(
        output_path(alias), "redirect.html", head, (repr(target),), lambda: {"target": target}
    )


def _feeds(
    folder: str, title: str, posts: Sequence[Post], shape: Shape, references: References
) -> Iterator[FeedPage]:
    site = shape.site
    shown = tuple(posts[: shape.feed_size])
    depends = (
        title,
        *(part for post in shown for part in (post.digest, post.card, _linked(post, references))),
    )
    for form, name in FEED_FILES.items():
        feed = Feed(
            path=folder + name, format=form, url=site.url + folder + name, home=site.url + folder,
            title=title, description=site.description, language=site.language, author=site.author,
            email=site.email, posts=shown,
        )  # fmt: skip
        yield FeedPage(folder + name, feed, depends)


def _whole(picture: Picture | None, site: Site) -> Picture | None:
    """Return a picture with its whole address, as networks want it."""
    return replace(picture, src=urljoin(site.url, picture.src)) if picture else None
