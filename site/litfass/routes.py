"""The library becomes pages: which there are, in which order, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from litfass.feeds import Feed
from litfass.library import Library, Neighbours
from litfass.lists import archive_pages, index_pages, overview_of, term_pages
from litfass.model import AlsoOn, Link, Picture, Post, StandingPage, Term
from litfass.pages import (
    FEED_FILES,
    FeedPage,
    Head,
    Kind,
    Page,
    Shape,
    Shown,
    Site,
    feed_links,
    listing,
)
from litfass.sitemap import SitemapEntry
from litfass.urls import output_path

_LEGAL = frozenset({"impressum", "datenschutz", "imprint", "legal", "privacy", "agb"})


def site_of(shape: Shape, pages: Sequence[StandingPage], *, archive: bool, tags: bool) -> Site:
    """Return the site with its menus and feeds; whether it has an archive and tags is told."""
    bare = shape.site
    shown = [page for page in pages if page.menu]
    lists = [Link(shape.say("archive"), bare.base + "archive/")] if archive else []
    if tags and (overview := overview_of("tag", shape)):
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
    linked: Mapping[str, str],
    also_on: Mapping[str, tuple[AlsoOn, ...]],
) -> Iterator[Page]:
    """Return the pages of all documents. `linked` stands for where each source's links lead."""
    series = _series(library)
    for post, neighbours in library.neighbours():
        yield post_page(
            post,
            neighbours,
            series.get(post.id),
            linked.get(post.source, ""),
            also_on.get(post.id, ()),
            shape,
        )
    for document in library.pages:
        yield standing_page(document, linked.get(document.source, ""), shape)


def lists(library: Library, shape: Shape) -> Iterator[Page]:
    """Return the pages that show no document's body."""
    yield from index_pages(library.posts, shape)
    yield from term_pages(library, shape)
    yield from archive_pages(library, shape)
    yield _not_found(shape)
    yield from _redirects(library, shape)


def feeds(library: Library, shape: Shape, linked: Mapping[str, str]) -> Iterator[FeedPage]:
    """Return the feeds of the blog and of each tag."""
    yield from feeds_of("", shape.site.title, library.posts, shape, linked)
    for term, posts in library.terms["tag"]:
        yield from tag_feeds(term, posts, shape, linked)


def tag_feeds(
    term: Term, posts: Sequence[Post], shape: Shape, linked: Mapping[str, str]
) -> Iterator[FeedPage]:
    """Return the feeds of a tag; of its posts, newest first, only as many as a feed has count."""
    folder = term.url.removeprefix(shape.site.base)
    return feeds_of(folder, f"{shape.site.title}: {term.name}", posts, shape, linked)


def paths(library: Library, listing: Iterable[Page], shape: Shape) -> Iterator[str]:
    """Return the paths of all that is made, wherever links lead: what a link may lead to."""
    yield from (document.path for document in library.documents)
    yield from (page.path for page in listing)
    yield from (feed.path for feed in feeds(library, shape, {}))
    yield from ("sitemap.xml", "robots.txt")


SeriesPlace = tuple[Term, int, int, tuple[Link, ...]]


def _series(library: Library) -> dict[str, SeriesPlace]:
    """Return the place in a series by post id: term, position, total, all parts in order."""
    places: dict[str, SeriesPlace] = {}
    for term, posts in library.terms["series"]:
        places |= series_places(term, posts)
    return places


def series_places(term: Term, posts: Sequence[Post]) -> dict[str, SeriesPlace]:
    """Return the places in one series, whose posts are given newest first."""
    parts = posts[::-1]
    links = tuple(post.link for post in parts)
    return {post.id: (term, number, len(parts), links) for number, post in enumerate(parts, 1)}


def post_page(
    post: Post,
    neighbours: Neighbours,
    series: SeriesPlace | None,
    linked: str,
    also_on: tuple[AlsoOn, ...],
    shape: Shape,
) -> Page:
    """Return the page of a post."""
    depends = {
        "its text": post.digest,
        "its title, date, tags or picture": post.card,
        "the post before it": _named(neighbours.previous),
        "the post after it": _named(neighbours.next),
        "its series": repr(series) if series else "",
        "where it was announced": repr(also_on) if also_on else "",
        "where its links lead": linked,
    }

    def show() -> Shown:
        head = _head("post", post, shape, post.published, post.updated)
        around = {"previous": neighbours.previous, "next": neighbours.next}
        return head, {"post": post, **around, "also_on": also_on, "series": series}

    entry = _entry(post, post.updated or post.published)
    return Page(post.path, "post.html", post.language, depends, show, post.source, post, entry)


def standing_page(document: StandingPage, linked: str, shape: Shape) -> Page:
    """Return the page of a document that is not a post."""
    depends = {"its text": document.digest, "where its links lead": linked}

    def show() -> Shown:
        return _head("page", document, shape), {"document": document}

    return Page(
        document.path, "page.html", document.language, depends, show, document.source, document,
        _entry(document),
    )  # fmt: skip


def _named(link: Link | None) -> str:
    return f"{link.title}\0{link.url}" if link else ""


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
        sponsored=document.sponsored,
    )


def _entry(document: Post | StandingPage, modified: datetime | None = None) -> SitemapEntry | None:
    if document.draft:
        return None
    return SitemapEntry(document.canonical_url or document.permalink, modified)


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
    return listing("404.html", "404.html", head, {}, dict)


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
    depends = {"where it leads": repr(target)}
    return listing(
        output_path(alias), "redirect.html", head, depends, lambda: {"target": target},
        document.source,
    )  # fmt: skip


def feeds_of(
    folder: str, title: str, posts: Sequence[Post], shape: Shape, linked: Mapping[str, str]
) -> Iterator[FeedPage]:
    """Return the feeds that lie in a folder, in each format; the newest posts come first.

    Only those of the whole blog name hubs: nobody tells hubs of a tag's.
    """
    site = shape.site
    shown = tuple(_disclosed(post, shape) for post in posts[: shape.feed_size])
    parts = (
        part
        for one in shown
        for part in (one.digest, one.card, one.title, linked.get(one.source, ""))
    )
    hubs = () if folder else shape.hubs
    depends = {"its title": title, "the posts in it": "".join(parts)}
    depends |= {"the hubs that it names": repr(hubs)} if hubs else {}
    for form, name in FEED_FILES.items():
        feed = Feed(
            path=folder + name, format=form, url=site.url + folder + name, home=site.url + folder,
            title=title, description=site.description, language=site.language, author=site.author,
            email=site.email, posts=shown, hubs=hubs,
        )  # fmt: skip
        yield FeedPage(folder + name, feed, depends)


def _disclosed(post: Post, shape: Shape) -> Post:
    """Return a post as a feed shows it: a title alone, too, says of an advertisement that it is."""
    if not post.sponsored:
        return post
    return replace(post, title=f"{shape.say('sponsored', language=post.language)}: {post.title}")


def _whole(picture: Picture | None, site: Site) -> Picture | None:
    """Return a picture with its whole address, as networks want it."""
    return replace(picture, src=urljoin(site.url, picture.src)) if picture else None
