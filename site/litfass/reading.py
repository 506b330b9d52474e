"""Posts and pages of a blog: those that changed are read, the others are remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import NamedTuple, Self

from litfass.bodies import Bodies, Place
from litfass.cache import Cache, Linked, Remembered
from litfass.digest import digest
from litfass.documents import Document, Rules, read_page, read_post
from litfass.errors import LitfassError, Problem, Problems
from litfass.frontmatter import head
from litfass.links import link
from litfass.markup import Markup
from litfass.model import Post, Source, StandingPage, Target
from litfass.records import decode, decode_links
from litfass.sources import Found, Sources, read, still
from litfass.urls import absolute_html
from litfass.workers import WORTHWHILE, spread
from litfass.yaml_fields import read_yaml

_RECENT = 256  # bodies that a process keeps for feeds, ten kilobytes each
_BATCH = 512  # documents that are handed to the cache together


@dataclass(frozen=True, slots=True)
class Read:
    """All posts and pages of a blog, drafts and future ones too, and what to look at in them."""

    posts: tuple[Post, ...]
    pages: tuple[StandingPage, ...]
    warnings: tuple[Problem, ...]

    @property
    def documents(self) -> tuple[Post | StandingPage, ...]:
        """Return posts and standing pages."""
        return (*self.posts, *self.pages)


class Result(NamedTuple):
    """What became of a file: a record, and where its body is unless that is known already.

    Plain values, because they travel between processes. `digest` is the file's, `head` that of its
    front matter as it is written; `body` is that of the HTML, and `place` where this was put.
    """

    found: Found
    digest: str
    head: str
    record: bytes
    body: str
    place: Place | None
    problems: tuple[Problem, ...]


Few = Callable[[Sequence[Found]], Callable[[], Iterable[Result]]]
"""Begins to read a few files; returns what brings the results."""


def read_documents(  # noqa: PLR0913 - all that decides how
    root: Path,
    sources: Sources,
    rules: Rules,
    memo: Cache,
    few: Few,
    *,
    settled: int,
    jobs: int,
) -> Read:
    """Return the blog's posts and pages. Raises Problems with all that is wrong in any of them.

    Many files are read by as many processes as there may be `jobs`, only a `few` as told. A file
    that changed after `settled` (nanoseconds) may change again without showing it: it is not taken
    to be known by its signature the next time.
    """
    before = memo.documents()
    law = rules.digest
    wanted = sources.documents
    known = {path: one for path, one in before.items() if one.rules == law}
    fresh = {
        path: one
        for path, signature in wanted
        if (one := known.get(path)) and one.signature == signature
    }
    stale = [found for found in wanted if found.path not in fresh]
    if 0 < len(stale) < WORTHWHILE:
        reading = few(stale)
    else:
        reading = partial(spread, Reader(root, rules, memo.bodies, known).read, stale, jobs)
    made = {path: decode(one.record) for path, one in fresh.items()}
    memory = _Memory(memo, law, settled)
    problems: list[Problem] = []
    for result in reading():
        problems += result.problems
        if result.record:
            made[result.found.path] = decode(result.record)
            memory.keep(result)
    memory.close(before.keys() - {found.path for found in wanted})
    if any(problem.severity == "error" for problem in problems):
        raise Problems(problems)
    ordered = [made[found.path] for found in wanted]
    return Read(
        tuple(one for one in ordered if isinstance(one, Post)),
        tuple(one for one in ordered if isinstance(one, StandingPage)),
        tuple(problems),
    )


def get_ready(language: str) -> None:
    """Bring in what reading needs: that takes longer than to read a post."""
    read_yaml("title: Ready")
    _markup().render("```python\nready = True\n```\n", language)


@cache
def _markup() -> Markup:
    """Return the engines of this process."""
    return Markup()


def remember(
    results: Collection[Result], rules: Rules, cache: Cache, settled: int
) -> dict[str, Post | StandingPage]:
    """Return what files became, by path, and remember it; nothing if one is worth a word."""
    if any(result.problems for result in results):
        return {}
    memory = _Memory(cache, rules.digest, settled)
    for result in results:
        memory.keep(result)
    memory.flush()
    return {result.found.path: decode(result.record) for result in results}


class _Memory:
    """Hands what was read to the cache, a batch at a time."""

    def __init__(self, cache: Cache, law: str, settled: int) -> None:
        self._cache = cache
        self._law = law
        self._settled = settled
        self._fresh: dict[str, Remembered] = {}
        self._bodies: dict[str, Place] = {}

    def keep(self, result: Result) -> None:
        """Remember a document, unless there is a warning that has to be given again."""
        found = result.found
        if not result.problems:
            signature = still(found.signature, self._settled)
            self._fresh[found.path] = Remembered(
                signature, self._law, result.digest, result.head, result.body, result.record
            )
        if result.place:
            self._bodies[result.body] = result.place
        if len(self._fresh) >= _BATCH:
            self.flush()

    def close(self, gone: Collection[str]) -> None:
        """Remember the rest, and forget documents that are gone."""
        self.flush()
        self._cache.keep_documents({}, gone)
        self._cache.forget_bodies()

    def flush(self) -> None:
        """Hand over what was kept so far."""
        self._cache.keep_documents(self._fresh)
        self._cache.keep_bodies(self._bodies)
        self._fresh, self._bodies = {}, {}


class Reader:
    """Reads one file after the other, and puts the bodies aside."""

    def __init__(
        self, root: Path, rules: Rules, bodies: Bodies, before: Mapping[str, Remembered]
    ) -> None:
        self._root = root
        self._rules = rules
        self._bodies = bodies
        self._before = before

    def read(self, found: Found) -> Result:
        """Return what became of a file, or what is wrong with it."""
        try:
            source = read(self._root, found.path)
            known = self._before.get(found.path)
            if known and known.digest == source.digest:
                return Result(found, source.digest, known.head, known.record, known.body, None, ())
            document = _made(source, self._rules, _markup())
        except LitfassError as error:
            return Result(found, "", "", b"", "", None, error.problems())
        made = document.made
        return Result(
            found,
            source.digest,
            digest(head(source.text)),
            document.record,
            made.body.digest,
            self._bodies.add(document.html),
            document.warnings,
        )


def _made(source: Source, rules: Rules, markup: Markup) -> Document:
    make = read_post if source.path.startswith("posts/") else read_page
    return make(source, rules, markup)


class Shelf:
    """The bodies of posts and pages, from the cache, or made again where it has lost one.

    A context manager: at its end it lets go of the cache.
    """

    def __init__(
        self,
        root: Path,
        rules: Rules,
        place: Path,
        version: str,
        links: Mapping[str, Linked],
    ) -> None:
        self._root = root
        self._rules = rules
        self._place = place
        self._version = version
        self._links = links
        self._recent: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if "_cache" in vars(self):
            self._cache.close()

    def apart(self) -> Shelf:
        """Return the same shelf with a connection of its own, for another time or thread."""
        return Shelf(self._root, self._rules, self._place, self._version, self._links)

    @cached_property
    def _cache(self) -> Cache:
        """A connection of this process's own: first used after it was forked."""
        return Cache(self._place, self._version)

    def content(self, document: Post | StandingPage) -> str:
        """Return a body's HTML with all its links leading where they should."""
        html = self._cache.body(document.body.digest)
        if html is None:
            html = _made(read(self._root, document.source), self._rules, _markup()).html
        return link(html, self._targets(document))

    def edition(self, post: Post) -> str:
        """Stand for what `contents` has of a post, without reading it."""
        linked = self._links.get(post.source)
        return f"{post.body.digest}{linked.digest if linked else ''}"

    def contents(self, posts: Iterable[Post]) -> dict[str, str]:
        """Return bodies as feeds want them: by digest, with whole addresses only."""
        return {post.body.digest: self._whole(post) for post in posts}

    def _whole(self, post: Post) -> str:
        """Return a body with whole addresses; the next feed may want it, too."""
        if post.source not in self._recent:
            if len(self._recent) >= _RECENT:
                self._recent.pop(next(iter(self._recent)))
            self._recent[post.source] = absolute_html(self.content(post), post.permalink)
        return self._recent[post.source]

    def _targets(self, document: Post | StandingPage) -> Mapping[str, Target]:
        linked = self._links.get(document.source)
        return decode_links(linked.record)[0] if linked else {}
