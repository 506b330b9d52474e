"""The build, as a table of contents: sources → documents → library → items → public folder."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from litfass import output
from litfass.artifacts import Item, Workshop, made
from litfass.cache import Cache, Output
from litfass.connection import Connection, Measure
from litfass.documents import Rules
from litfass.errors import OutputError, Problem, Problems
from litfass.library import Addresses, Library, claim_paths, collect
from litfass.model import AlsoOn, References
from litfass.output import Stage, Staged, stage_for
from litfass.pages import Shape, Site
from litfass.places import places_of
from litfass.program import fingerprint
from litfass.reading import Read, Shelf, read_documents
from litfass.routes import paths, site_of
from litfass.settings import Blog
from litfass.sources import scan
from litfass.theme import Theme
from litfass.workers import spread

FOLDER = ".litfass"

_RACY = 2_000_000_000  # nanoseconds in which a file may change twice and look the same


@dataclass(frozen=True, slots=True)
class Options:
    """How to build. `now` is aware: what is dated later is left out unless `future`.

    `output` and `url` stand in for the settings' own, for the preview. `also_on` are the addresses
    of announcements by post id. `jobs` is how many processes may work at once.
    """

    now: datetime
    drafts: bool = False
    future: bool = False
    force: bool = False
    jobs: int = 1
    output: str = ""
    url: str = ""
    also_on: Mapping[str, tuple[AlsoOn, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `revisions` are by post id: each page carries its own in its head."""

    library: Library
    public: Path
    total: int
    made: tuple[str, ...]
    removed: tuple[str, ...]
    revisions: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def build(blog: Blog, options: Options) -> Built:
    """Build the blog into its public folder.

    Raises LitfassError, mostly Problems with all that is wrong; nothing was written then.
    """
    builder = _Builder(blog, options)
    with builder.alone(), builder.cache() as cache:
        plan = builder.plan(cache)
        stale = builder.stale(plan)
        with plan.shelf:
            staged = builder.make(stale)
        return builder.publish(plan, stale, staged, cache)


def survey(blog: Blog, options: Options) -> Built:
    """Return what a build would do, and write nothing into the public folder."""
    builder = _Builder(blog, options)
    with builder.alone(), builder.cache() as cache:
        plan = builder.plan(cache)
        stale = builder.stale(plan)
        return builder.foresee(plan, stale)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the public folder shall hold, what we know of it, and what to look at in the sources."""

    library: Library
    items: tuple[Item, ...]
    known: Mapping[str, Output]
    shelf: Shelf
    warnings: tuple[Problem, ...]


class _Builder:
    """The steps of one run, in the order of build()."""

    def __init__(self, blog: Blog, options: Options) -> None:
        folder = options.output or blog.settings.build.output
        name = "-".join(part for part in folder.split("/") if part not in ("", ".", FOLDER))
        self._root = blog.root
        self._options = options
        self._settings = blog.settings.build
        self._settled = time.time_ns() - _RACY
        self._site = _bare_site(blog, options)
        self._rules = _rules(blog, self._site)
        self._theme = Theme(blog.root)
        self._public = blog.root / folder
        self._room = blog.root / FOLDER / name
        self._version = fingerprint()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one build at a time work on a public folder."""
        from filelock import FileLock  # noqa: PLC0415 - heavy

        try:
            self._room.parent.mkdir(exist_ok=True)
        except OSError as error:
            hint = "Check the permissions of the blog's folder."
            raise OutputError(f"cannot be made: {error.strerror}", hint, path=FOLDER) from None
        with FileLock(self._room.with_suffix(".lock")):
            yield

    def cache(self) -> Cache:
        """Open the memo table."""
        cache = Cache(self._memo, self._version)
        if self._options.force:
            cache.forget()
        return cache

    def plan(self, cache: Cache) -> _Plan:
        """Read the sources and lay out the public folder. Raises Problems."""
        sources = scan(self._root)
        if not sources.posts:
            raise Problems(
                [Problem("there is no post yet", 'Write one: litfass new "My first post"', "posts")]
            )
        found = read_documents(
            self._root, sources, self._rules, cache, settled=self._settled, jobs=self._options.jobs
        )
        shown = self._shown(found)
        library = collect(shown.posts, shown.pages, places_of(sources, shown))
        shape = self._shape(library)
        measure = Measure(self._root, cache, sources)
        library, references = self._connect(library, shape, found, measure)
        shelf = Shelf(self._root, self._rules, self._memo, self._version, references)
        workshop = Workshop(self._root, self._theme, shape, shelf, self._version, self._settled)
        items = tuple(workshop.items(library, references, self._options.also_on, sources))
        problems = claim_paths((item.path, item.owner) for item in items)
        if problems:
            raise Problems(problems)
        return _Plan(library, items, cache.outputs(), shelf, found.warnings)

    def stale(self, plan: _Plan) -> tuple[Item, ...]:
        """Return the files that do not stand as they should."""
        known = plan.known
        there = output.standing(self._public, known)
        return tuple(
            item
            for item in plan.items
            if item.path not in there or known[item.path] != Output(item.key, there[item.path])
        )

    def make(self, stale: tuple[Item, ...]) -> tuple[Staged, ...]:
        """Make files beside the public folder. Raises Problems; then none of them gets there."""
        self._stage.clear()
        results = tuple(spread(partial(made, self._stage), stale, self._options.jobs))
        problems = tuple(dict.fromkeys(one for one in results if isinstance(one, Problem)))
        if problems:
            self._stage.clear()
            raise Problems(problems)
        return tuple(one for one in results if isinstance(one, Staged))

    def publish(
        self, plan: _Plan, stale: tuple[Item, ...], staged: tuple[Staged, ...], cache: Cache
    ) -> Built:
        """Move what was made into the public folder, and remove what is no longer part of it."""
        now = {item.path for item in plan.items}
        before = output.written(self._public)
        output.keep_manifest(self._public, before | now)
        removed = output.prune(self._public, before - now)
        signatures = self._stage.publish(staged)
        self._stage.clear()
        output.keep_manifest(self._public, now)
        outputs = {item.path: Output(item.key, signatures[item.path]) for item in stale}
        cache.keep_outputs(outputs, plan.known.keys() - now)
        return self._built(plan, tuple(one.path for one in staged if one.place), removed)

    def foresee(self, plan: _Plan, stale: tuple[Item, ...]) -> Built:
        """Say what publish() would do."""
        gone = output.written(self._public) - {item.path for item in plan.items}
        return self._built(plan, tuple(item.path for item in stale), tuple(sorted(gone)))

    @cached_property
    def _stage(self) -> Stage:
        return stage_for(self._public, self._room.with_suffix(".stage"))

    @property
    def _memo(self) -> Path:
        return self._room.with_suffix(".cache")

    def _shown(self, found: Read) -> Read:
        """Return what is to be seen: drafts and future posts only where asked for."""
        drafts, future, now = self._options.drafts, self._options.future, self._options.now
        posts = (
            post for post in found.posts
            if (drafts or not post.draft) and (future or post.published <= now)
        )  # fmt: skip
        pages = (page for page in found.pages if drafts or not page.draft)
        return replace(found, posts=tuple(posts), pages=tuple(pages))

    def _connect(
        self, library: Library, shape: Shape, found: Read, measure: Measure
    ) -> tuple[Library, References]:
        """Find where all links and pictures lead. Raises Problems for those that lead nowhere."""
        sources = {one.source: one.url for one in library.documents}
        places = (
            *paths(library, shape),
            *library.files.values(),
            *self._theme.assets,
        )
        addresses = Addresses(self._site.base, sources, library.files, places, measure.size)
        hidden = {one.source for one in found.documents} - sources.keys()
        connection = Connection(self._root, addresses, hidden)
        posts = tuple(connection.connected(post) for post in library.posts)
        pages = tuple(connection.connected(page) for page in library.pages)
        if connection.problems:
            raise Problems(connection.problems)
        measure.keep()
        if (*posts, *pages) != library.documents:  # some have a picture that is known only now
            library = collect(posts, pages, library.files)
        return library, connection.references

    def _shape(self, library: Library) -> Shape:
        say = partial(self._theme.say, language=self._site.language)
        bare = Shape(
            self._site, self._rules.terms, self._settings.page_size, self._settings.feed_size, say
        )
        return replace(bare, site=site_of(self._site, library, bare))

    def _built(self, plan: _Plan, made: tuple[str, ...], removed: tuple[str, ...]) -> Built:
        shown = {item.path: item.revision for item in plan.items}
        revisions = {post.id: shown[post.path] for post in plan.library.posts}
        return Built(
            plan.library, self._public, len(plan.items), made, removed, revisions, plan.warnings
        )


def _bare_site(blog: Blog, options: Options) -> Site:
    own = blog.settings.site
    own = replace(own, url=options.url or own.url)
    return Site(
        title=own.title,
        url=own.address,
        base=own.base,
        language=own.language,
        author=own.author,
        email=own.email,
        description=own.description,
        timezone=own.timezone,
        copyright=own.copyright,
        extra=own.extra,
    )


def _rules(blog: Blog, site: Site) -> Rules:
    own, shape = blog.settings.site, blog.settings.build
    return Rules(
        language=own.language,
        zone=own.zone,
        authors=(own.author,) if own.author else (),
        site_url=site.url,
        base=site.base,
        posts=shape.permalink,
        pages=shape.page_permalink,
        terms={
            "tag": shape.tag_permalink,
            "category": shape.category_permalink,
            "author": shape.author_permalink,
            "series": shape.series_permalink,
        },
    )
