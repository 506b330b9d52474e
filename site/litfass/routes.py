"""The library becomes pages: which there are, in which order, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from litfass.feeds import Feed
from litfass.library import Library, Neighbours
from litfass.lists import archive_pages, index_pages, overview_of, term_pages
from litfass.model import AlsoOn, Link, Picture, Post, References, StandingPage, Term
from litfass.pages import FEED_FILES, FeedPage, Head, Kind, Page, Shape, Site, feed_links
from litfass.sitemap import SitemapEntry
from litfass.urls import output_path

_LEGAL = frozenset({"impressum", "datenschutz", "imprint", "legal", "privacy", "agb"})


def site_of(bare: Site, library: Library, shape: Shape) -> Site:
    """Return the site with its menus and feeds."""
    shown = [page for page in library.pages if page.menu]
    lists = [Link(shape.say("archive"), bare.base + "archive/")] if library.posts else []
    if library.terms["tag"] and (overview := overview_of("tag", shape)):
        lists.append(Link(shape.say("tags"), bare.base + overview))
    return replace(
        bare,
        menu=(*lists, *(page.link for page in shown if page.slug not in _LEGAL)),
        footer=tuple(page.link for page in shown if page.slug in _LEGAL),
        feeds=feed_links(bare.title, bare.base),
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
    yield from _others(library, shape)


def _others(library: Library, shape: Shape) -> Iterator[Page]:
    """Return the pages that show no document's body."""
    yield from index_pages(library.posts, shape)
    yield from term_pages(library, shape)
    yield from archive_pages(library, shape)
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
    yield from (document.path for document in library.documents)
    yield from (page.path for page in _others(library, shape))
    yield from (feed.path for feed in feeds(library, shape, {}))
    yield from ("sitemap.xml", "robots.txt")


def sitemap(made: Sequence[Page]) -> tuple[SitemapEntry, ...]:
    """Return what search engines are told of: every page with an address of its own."""
    return tuple(
        SitemapEntry(page.head.permalink, page.head.updated or page.head.published)
        for page in made
        if not page.head.noindex
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


def _post(
    post: Post,
    neighbours: Neighbours,
    series: SeriesPlace | None,
    references: References,
    also_on: tuple[AlsoOn, ...],
    shape: Shape,
) -> Page:
    head = _head("post", post, shape, post.published, post.updated)
    depends = (
        post.digest,
        post.card,
        *((neighbours.previous.title, neighbours.previous.url) if neighbours.previous else ("",)),
        *((neighbours.next.title, neighbours.next.url) if neighbours.next else ("",)),
        repr(series) if series else "",
        repr(also_on) if also_on else "",
        _linked(post, references),
    )

    def context() -> Mapping[str, Any]:
        around = {"previous": neighbours.previous, "next": neighbours.next}
        return {"post": post, **around, "also_on": also_on, "series": series}

    return Page(post.path, "post.html", head, depends, context, post)


def _standing(document: StandingPage, references: References, shape: Shape) -> Page:
    head = _head("page", document, shape)
    depends = (document.digest, _linked(document, references))
    return Page(document.path, "page.html", head, depends, lambda: {"document": document}, document)


def _head(
    kind: Kind,
    document: Post | StandingPage,
    shape: Shape,
    published: datetime | None = None,
    updated: datetime | None = None,
) -> Head:
    """Return the head of a document's own page: all of it comes from the document."""
    return Head(
        kind=kind,
        url=document.url,
        permalink=document.canonical_url or document.permalink,
        title=document.title,
        language=document.language,
        description=document.summary,
        image=_whole(document.picture, shape.site),
        published=published,
        updated=updated,
        noindex=document.draft,
    )


def _linked(document: Post | StandingPage, references: References) -> str:
    """Stand for where a document's links lead."""
    targets = references.get(document.source)
    return repr(targets) if targets else ""


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
