"""Posts and pages of a blog: those that changed are read, the others are remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from litfass.cache import Cache, Remembered
from litfass.documents import Document, Rules, read_page, read_post
from litfass.errors import LitfassError, Problem, Problems
from litfass.links import link
from litfass.markup import Markup
from litfass.model import Post, StandingPage, Target
from litfass.records import decode, encode
from litfass.sources import Found, Sources, read
from litfass.urls import absolute_html
from litfass.workers import spread

_NEVER = (0, 0, 0)  # a signature that no file has
_BATCH = 512  # documents whose bodies are in memory together


@dataclass(frozen=True, slots=True)
class Read:
    """All posts and pages of a blog, drafts and future ones included, and what to look at in them."""

    posts: tuple[Post, ...]
    pages: tuple[StandingPage, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    found: Found
    digest: str
    document: Document | None
    problems: tuple[Problem, ...] = ()


def read_documents(
    root: Path, sources: Sources, rules: Rules, cache: Cache, *, settled: int, jobs: int
) -> Read:
    """Return the blog's posts and pages. Raises Problems with all that is wrong in any of them.

    A file that changed after `settled` (nanoseconds) may change again without showing it: it is
    not taken to be known by its signature the next time.
    """
    before = cache.documents()
    law = rules.digest
    known = {
        found.path: before[found.path]
        for found in sources.documents
        if found.path in before and _still(before[found.path], found, law)
    }
    made = {path: decode(one.record) for path, one in known.items()}
    stale = [found for found in sources.documents if found.path not in made]
    warnings = _read_all(root, stale, rules, cache, before, made, settled=settled, jobs=jobs)
    cache.keep_documents({}, before.keys() - {found.path for found in sources.documents})
    if stale:
        cache.forget_bodies()
    ordered = [made[found.path] for found in sources.documents]
    return Read(
        tuple(one for one in ordered if isinstance(one, Post)),
        tuple(one for one in ordered if isinstance(one, StandingPage)),
        warnings,
    )


def _still(one: Remembered, found: Found, law: str) -> bool:
    return one.signature == found.signature and one.rules == law


def _read_all(  # noqa: PLR0913 - a step of read_documents, set apart
    root: Path,
    stale: Sequence[Found],
    rules: Rules,
    cache: Cache,
    before: Mapping[str, Remembered],
    made: dict[str, Post | StandingPage],
    *,
    settled: int,
    jobs: int,
) -> tuple[Problem, ...]:
    """Read what changed into `made`, a batch at a time, and return the warnings."""
    reader = _Reader(root, rules, {path: one for path, one in before.items() if one.rules == rules.digest})
    problems: list[Problem] = []
    fresh: dict[str, Remembered] = {}
    bodies: dict[str, str] = {}
    for result in spread(reader.read, stale, jobs):
        problems += result.problems
        if result.document is None:
            continue
        made[result.found.path] = result.document.made
        if not result.problems:
            fresh[result.found.path] = _remembered(result, rules.digest, settled)
        bodies[result.document.made.body.digest] = result.document.html
        if len(bodies) >= _BATCH:
            _keep(cache, fresh, bodies)
    _keep(cache, fresh, bodies)
    if any(problem.severity == "error" for problem in problems):
        raise Problems(problems)
    return tuple(problems)


def _remembered(result: _Result, law: str, settled: int) -> Remembered:
    assert result.document is not None  # noqa: S101 - its caller looked
    made = result.document.made
    signature = result.found.signature if result.found.signature[1] < settled else _NEVER
    return Remembered(signature, law, result.digest, made.body.digest, encode(made))


def _keep(cache: Cache, fresh: dict[str, Remembered], bodies: dict[str, str]) -> None:
    if fresh or bodies:
        cache.keep_documents(fresh, ())
        cache.keep_bodies({key: html for key, html in bodies.items() if html})
        fresh.clear()
        bodies.clear()


class _Reader:
    """Reads one file after the other with one Markdown engine."""

    def __init__(self, root: Path, rules: Rules, before: Mapping[str, Remembered]) -> None:
        self._root = root
        self._rules = rules
        self._before = before

    @cached_property
    def _markup(self) -> Markup:
        return Markup()

    def read(self, found: Found) -> _Result:
        """Return what became of a file, or what is wrong with it."""
        try:
            source = read(self._root, found.path)
            known = self._before.get(found.path)
            if known and known.digest == source.digest:
                return _Result(found, source.digest, Document(decode(known.record), ""))
            make = read_post if found.path.startswith("posts/") else read_page
            document = make(source, self._rules, self._markup)
        except LitfassError as error:
            return _Result(found, "", None, error.problems())
        return _Result(found, source.digest, document, document.warnings)


class Shelf:
    """The bodies of posts and pages, from the cache, or made again where it has lost one."""

    def __init__(
        self, root: Path, rules: Rules, place: Path, version: str, references: Mapping[str, Mapping[str, Target]]
    ) -> None:
        self._root = root
        self._rules = rules
        self._place = place
        self._version = version
        self._references = references

    @cached_property
    def _cache(self) -> Cache:
        """A connection of this process's own: first used after it was forked."""
        return Cache(self._place, self._version)

    @cached_property
    def _markup(self) -> Markup:
        return Markup()

    def content(self, document: Post | StandingPage) -> str:
        """Return a body's HTML with all its links leading where they should."""
        html = self._cache.body(document.body.digest)
        if html is None:
            make = read_post if isinstance(document, Post) else read_page
            html = make(read(self._root, document.source), self._rules, self._markup).html
        return link(html, self._references.get(document.source, {}))

    def contents(self, posts: Iterable[Post]) -> dict[str, str]:
        """Return bodies as feeds want them: by digest, with whole addresses only."""
        return {post.body.digest: absolute_html(self.content(post), post.permalink) for post in posts}

    def close(self) -> None:
        """Let go of the cache."""
        with self._cache:
            pass
