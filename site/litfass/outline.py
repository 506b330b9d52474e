"""The library in outline: what a build has to remember so that the next one need not read it all.

It tells which files were seen and how posts stand among each other, not what is in them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any, Self

from litfass.library import Library
from litfass.model import Body, Post, StandingPage, Term, TermKind
from litfass.sources import Found, Signature

Filed = Mapping[TermKind, tuple[tuple[Term, tuple[int, ...]], ...]]


@dataclass(frozen=True, slots=True)
class Outline:
    """A blog as it was built.

    `law` stands for settings and options, `sources` has the signature of each file; it holds
    from `since` until `until` (seconds since the epoch), as then a post of the future appears.
    `posts` are the sources of those shown, newest first, and `terms` has places among them.
    `pages` are the standing pages in their order, `accounts` the names that posts mention.
    """

    law: str
    since: float
    until: float
    sources: Mapping[str, Signature]
    posts: tuple[str, ...]
    pages: tuple[str, ...]
    terms: Filed
    accounts: tuple[str, ...]

    @classmethod
    def of(
        cls,
        law: str,
        library: Library,
        waiting: Iterable[Post] | None,
        sources: Mapping[str, Signature],
    ) -> Self:
        """Return the outline of a library.

        `waiting` are the posts whose time has not come, None where posts wait for nothing.
        """
        place = {id(post): place for place, post in enumerate(library.posts)}
        mentioned = (
            name
            for post in library.posts
            if post.syndicate or post.announce
            for name in mentions(post)
        )
        newest = _moment(library.posts[0]) if library.posts else -math.inf
        return cls(
            law,
            -math.inf if waiting is None else newest,
            min(map(_moment, waiting or ()), default=math.inf),
            sources,
            tuple(post.source for post in library.posts),
            tuple(page.source for page in library.pages),
            {
                kind: tuple(
                    (term, tuple(place[id(post)] for post in posts)) for term, posts in filed
                )
                for kind, filed in library.terms.items()
            },
            tuple(dict.fromkeys(mentioned)),
        )

    def note(self) -> tuple[Any, ...]:
        """Return the outline as plain values, but for its sources."""
        terms = {
            kind: tuple((astuple(term), places) for term, places in filed)
            for kind, filed in self.terms.items()
        }
        return self.law, self.since, self.until, self.posts, self.pages, terms, self.accounts

    @classmethod
    def from_note(cls, note: tuple[Any, ...], sources: Mapping[str, Signature]) -> Self:
        """Return the outline again."""
        law, since, until, posts, pages, terms, accounts = note
        filed: dict[TermKind, tuple[tuple[Term, tuple[int, ...]], ...]] = {
            kind: tuple((Term(*term), places) for term, places in found)
            for kind, found in terms.items()
        }
        return cls(law, since, until, sources, posts, pages, filed, accounts)

    def changed(self, law: str, now: float, sources: Mapping[str, Signature]) -> list[str] | None:
        """Return which files changed; None when more than that is another.

        That is so when settings changed, files came or went, or a post's time has come.
        """
        if law != self.law or not self.since <= now < self.until:
            return None
        if sources == self.sources:
            return []
        if sources.keys() != self.sources.keys():
            return None
        return [path for path, signature in sources.items() if signature != self.sources[path]]


@dataclass(frozen=True, slots=True)
class Edits:
    """What was edited since a build: the blog as it was, and the documents that changed.

    `seen` has the signatures of files that look another than they did, changed or not.
    """

    outline: Outline
    seen: dict[str, Signature]
    paths: tuple[str, ...]

    @property
    def found(self) -> tuple[Found, ...]:
        """The files that changed."""
        return tuple(Found(path, self.seen[path]) for path in self.paths)


def _moment(post: Post) -> float:
    return post.published.timestamp()


def mentions(post: Post) -> tuple[str, ...]:
    """Return the names of accounts that a post mentions."""
    return tuple(dict.fromkeys((*(post.syndicate or ()), *post.announce)))


def face(document: Post | StandingPage) -> Post | StandingPage:
    """Return a document without its text: what all other pages may know of it."""
    return replace(document, digest="", body=Body("", document.body.references))
