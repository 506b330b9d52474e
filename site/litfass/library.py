"""The posts among each other: order, neighbours, terms, and where every link leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import unquote

from litfass.errors import Problem, Problems
from litfass.links import locate
from litfass.model import Link, Picture, Post, StandingPage, Target, Term, TermKind
from litfass.urls import output_path, quote

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The posts before and after: `previous` is the older one."""

    previous: Link | None
    next: Link | None


@dataclass(frozen=True, slots=True)
class Library:
    """All that is published: posts (newest first), standing pages, and what they share.

    `terms` are by kind and in the order of their names, each with its posts. `files` maps media of
    the posts' folders and `static/` to the path where they come out.
    """

    posts: tuple[Post, ...]
    pages: tuple[StandingPage, ...]
    terms: Mapping[TermKind, tuple[tuple[Term, tuple[Post, ...]], ...]]
    files: Mapping[str, str]

    @property
    def documents(self) -> tuple[Post | StandingPage, ...]:
        """Return posts and standing pages."""
        return (*self.posts, *self.pages)

    def neighbours(self) -> Iterator[tuple[Post, Neighbours]]:
        """Return each post with the one before and the one after."""
        for index, post in enumerate(self.posts):
            newer = self.posts[index - 1].link if index else None
            older = self.posts[index + 1].link if index + 1 < len(self.posts) else None
            yield post, Neighbours(older, newer)

    def years(self) -> tuple[tuple[int, tuple[Post, ...]], ...]:
        """Return the posts by year, newest first."""
        return by_year(self.posts)


def by_year(posts: Iterable[Post]) -> tuple[tuple[int, tuple[Post, ...]], ...]:
    """Return posts, given newest first, by the year of their date."""
    years = groupby(posts, key=lambda post: post.published.year)
    return tuple((year, tuple(group)) for year, group in years)


def collect(
    posts: Iterable[Post], pages: Iterable[StandingPage], files: Mapping[str, str]
) -> Library:
    """Set posts and pages in order. Raises Problems when two posts have one id."""
    ordered = tuple(sorted(posts, key=lambda post: (-post.published.timestamp(), post.id)))
    standing = tuple(
        sorted(pages, key=lambda page: (page.order, page.title.casefold(), page.source))
    )
    problems = tuple(_twins(ordered))
    if problems:
        raise Problems(problems)
    return Library(ordered, standing, _filed(ordered), files)


def claim_paths(claims: Iterable[tuple[str, str]]) -> tuple[Problem, ...]:
    """Return a problem for each path that two claim; each claim is a path and who wants it.

    Two paths that differ only in case are one file on many machines.
    """
    owners: dict[str, str] = {}
    problems = []
    for path, owner in claims:
        first = owners.setdefault(path.casefold(), owner)
        if first != owner:
            address = "/" + path.removesuffix("index.html")
            hint = 'Give one of them another "slug" or "permalink".'
            problems.append(Problem(f"has the same address as {first}: {address}", hint, owner))
    return tuple(problems)


def _twins(posts: Sequence[Post]) -> Iterator[Problem]:
    first: dict[str, Post] = {}
    for post in posts:
        other = first.setdefault(post.id, post)
        if other is not post:
            hint = "Each post needs its own: a copied post's id must be changed or removed."
            yield Problem(f'has the same "id" as {other.source}: {post.id}', hint, post.source)


def _filed(posts: Sequence[Post]) -> dict[TermKind, tuple[tuple[Term, tuple[Post, ...]], ...]]:
    """Return the posts under each term; a term is called what most posts call it."""
    filed: dict[tuple[TermKind, str], list[Post]] = {}
    names: dict[tuple[TermKind, str], Counter[str]] = {}
    terms: dict[tuple[TermKind, str], Term] = {}
    for post in posts:
        for term in post.terms:
            place = (term.kind, term.slug)
            filed.setdefault(place, []).append(post)
            names.setdefault(place, Counter())[term.name] += 1
            terms.setdefault(place, term)
    kinds: dict[TermKind, list[tuple[Term, tuple[Post, ...]]]] = {
        "tag": [], "category": [], "author": [], "series": [],
    }  # fmt: skip
    for place, term in terms.items():
        name = min(names[place], key=lambda one: (-names[place][one], one))
        kinds[term.kind].append((replace(term, name=name), tuple(filed[place])))
    return {
        kind: tuple(sorted(found, key=lambda one: one[0].slug)) for kind, found in kinds.items()
    }


class Addresses:
    """Where every reference leads.

    `sources` maps a Markdown file to its url; `files` a media or static file to the path where it
    comes out; `paths` are all paths of the public folder. `size` measures an image of the blog.
    """

    def __init__(
        self,
        base: str,
        sources: Mapping[str, str],
        files: Mapping[str, str],
        paths: Iterable[str],
        size: Callable[[str], Size | None],
    ) -> None:
        self._base = base
        self._sources = sources
        self._files = files
        self._from_path = {path: source for source, path in files.items()}
        self._paths = frozenset(paths)
        self._size = size

    def find(self, reference: str, source: str) -> Target | None:
        """Return where a reference of a file leads, or None when it leads nowhere."""
        place, suffix = locate(reference, source)
        if place.startswith("/"):
            return self._at_root(place, suffix)
        if place in self._sources:
            return Target(self._sources[place] + suffix)
        if place in self._files:
            return self._file(self._files[place], place, suffix)
        return None

    def picture(self, picture: Picture, source: str) -> Picture | None:
        """Return a post's picture with its address and size, or None when it leads nowhere."""
        if "://" in picture.src or picture.src.startswith("//"):
            return picture
        target = self.find(picture.src, source)
        if target is None:
            return None
        return replace(picture, src=target.url, width=target.width, height=target.height)

    def _at_root(self, place: str, suffix: str) -> Target | None:
        place = unquote(place)
        for start in dict.fromkeys(("/", self._base)):  # with the blog's own folder or without
            if not place.startswith(start):
                continue
            address = "/" + place[len(start) :]
            path = _path_of(address)
            if path in self._from_path:
                return self._file(path, self._from_path[path], suffix)
            if path in self._paths:
                return Target(self._base + quote(address.lstrip("/")) + suffix)
        return None

    def _file(self, path: str, source: str, suffix: str) -> Target:
        size = self._size(source)
        return Target(self._base + quote(path) + suffix, *(size or (None, None)))


def _path_of(address: str) -> str:
    """Return the path that answers an address: a file itself, or a folder's index."""
    if address.endswith("/"):
        return address[1:] + "index.html"
    if "." in address.rsplit("/", 1)[-1]:
        return address[1:]
    return output_path(address)
