"""The posts among each other: order, neighbours, terms, and where every link leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from litfass.errors import Problem, Problems
from litfass.model import Link, Post, StandingPage, Term, TermKind

_ANOTHER = (
    'Give one of them another "slug", "permalink" or alias. Where tags, categories, authors and'
    " series lie is in litfass.toml."
)


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
        links = [post.link for post in self.posts]
        for post, newer, older in zip(self.posts, (None, *links), (*links[1:], None), strict=False):
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
        place = path.casefold()
        if place in owners:
            message = f"has the same address as {owners[place]}: /{path.removesuffix('index.html')}"
            problems.append(Problem(message, _ANOTHER, owner))
        owners.setdefault(place, owner)
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
    named: dict[Term, list[int]] = {}
    for place, post in enumerate(posts):
        for term in post.terms:
            named.setdefault(term, []).append(place)
    spellings: dict[tuple[TermKind, str], list[Term]] = {}
    for term in named:
        spellings.setdefault((term.kind, term.slug), []).append(term)
    kinds: dict[TermKind, list[tuple[Term, tuple[Post, ...]]]] = {
        "tag": [], "category": [], "author": [], "series": [],
    }  # fmt: skip
    for terms in spellings.values():
        places = sorted({place for term in terms for place in named[term]})
        usual = min(terms, key=lambda one: (-len(named[one]), one.name))
        filed = replace(terms[0], name=usual.name)
        kinds[filed.kind].append((filed, tuple(posts[place] for place in places)))
    return {
        kind: tuple(sorted(found, key=lambda one: one[0].slug)) for kind, found in kinds.items()
    }
