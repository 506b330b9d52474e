"""The pages that list posts: the front page and those behind it, terms, the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from litfass.library import Library, by_year
from litfass.model import Post, Term, TermKind
from litfass.pages import FeedLink, Head, Kind, Page, Shape, feed_links, listing
from litfass.urls import output_path

Years = tuple[tuple[int, tuple[Post, ...]], ...]

_PLURALS: Mapping[TermKind, str] = {
    "tag": "tags", "category": "categories", "author": "authors", "series": "all_series",
}  # fmt: skip


def index_pages(posts: Sequence[Post], shape: Shape) -> Iterator[Page]:
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


def _index_page(
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
    depends = {"the posts on it": _cards(posts), "the pages around it": f"{newer} {older}"}
    context = {"posts": tuple(posts), "number": number, "newer_url": newer, "older_url": older}
    return listing(f"{folder}index.html", "index.html", head, depends, lambda: context)


def term_pages(library: Library, shape: Shape) -> Iterator[Page]:
    """Return a page for each term, and one for each kind that lists its terms."""
    for kind, filed in library.terms.items():
        for term, posts in filed:
            yield _term(term, posts, shape)
        overview = overview_of(kind, shape)
        if filed and overview:
            yield _term_overview(
                kind, tuple((term, len(posts)) for term, posts in filed), overview, shape
            )


def _term(term: Term, posts: Sequence[Post], shape: Shape) -> Page:
    folder = term.url.removeprefix(shape.site.base)
    title = f"{shape.site.title}: {term.name}"
    feeds = feed_links(title, term.url) if term.kind == "tag" else ()
    head = _list_head("term", folder, term.name, shape, feeds=feeds)
    depends = {"its name": repr(term), "the posts on it": _cards(posts)}
    path = output_path("/" + folder)
    return listing(
        path, "term.html", head, depends, lambda: {"term": term, "years": by_year(posts)},
        f'the {term.kind} "{term.name}"',
    )  # fmt: skip


def overview_of(kind: TermKind, shape: Shape) -> str:
    """Return the folder of the page that lists all terms of a kind: what stands before {slug}."""
    return shape.terms[kind].split("{", 1)[0].lstrip("/")


def _term_overview(
    kind: TermKind, terms: tuple[tuple[Term, int], ...], folder: str, shape: Shape
) -> Page:
    head = _list_head("terms", folder, shape.say(_PLURALS[kind]), shape)
    depends = {"its terms, and how many posts each has": repr(terms)}
    context = {"kind": kind, "terms": terms}
    owner = f"the list of all {_PLURALS[kind].removeprefix('all_')}"
    return listing(f"{folder}index.html", "terms.html", head, depends, lambda: context, owner)


def archive_pages(library: Library, shape: Shape) -> Iterator[Page]:
    """Return the archive as a whole and by year."""
    years = library.years()
    if not years:
        return
    yield _archive("archive/", shape.say("archive"), years, None, shape)
    for year, posts in years:
        title = shape.say("archive_of", year=year)
        yield _archive(f"archive/{year}/", title, ((year, posts),), year, shape)


def _archive(folder: str, title: str, years: Years, year: int | None, shape: Shape) -> Page:
    head = _list_head("archive", folder, title, shape)
    depends = {"the posts on it": "".join(_cards(posts) for _, posts in years)}
    context = {"years": years, "year": year}
    return listing(f"{folder}index.html", "archive.html", head, depends, lambda: context)


def _cards(posts: Sequence[Post]) -> str:
    return "".join([post.card for post in posts])


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
