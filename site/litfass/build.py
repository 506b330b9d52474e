"""The build, as a table of contents: sources → documents → library → items → public folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from litfass import output, routes
from litfass.addresses import Addresses
from litfass.artifacts import Item, Workshop, all_made, made
from litfass.brief import Brief, Built, Options
from litfass.cache import Cache, Linked
from litfass.connection import Connection, Measure
from litfass.errands import Runner
from litfass.errors import Problem, Problems
from litfass.explanation import reasons
from litfass.library import Library, claim_paths, collect
from litfass.outline import Outline
from litfass.output import Stage, Staged, stage_for
from litfass.pages import Page, Shape
from litfass.places import places_of
from litfass.reading import Read, Shelf, read_documents
from litfass.rules import rules_of
from litfass.settings import Blog
from litfass.shaping import bare_site, shape_of
from litfass.sources import Signature, Sources, scan, settled
from litfass.theme import Theme
from litfass.workers import spread, undisturbed

__all__ = ["Built", "Options", "build", "build_all", "survey"]


def build(blog: Blog, options: Options) -> Built:
    """Build the blog into its public folder.

    Raises LitfassError, mostly Problems with all that is wrong; nothing was written then.
    """
    brief = Brief(blog, options)
    with brief.alone(), undisturbed(), brief.cache() as cache, _runner(brief, cache) as runner:
        return build_all(brief, cache, scan(blog.root), runner)


def build_all(brief: Brief, cache: Cache, sources: Sources, runner: Runner) -> Built:
    """Build the whole blog, as build() does, for who has the lock and the cache."""
    builder = _Builder(brief, cache, runner)
    plan = builder.plan(cache, sources)
    stale = builder.stale(plan)
    with plan.shelf:
        staged = builder.make(stale)
    return builder.publish(plan, stale, staged, cache)


def survey(blog: Blog, options: Options) -> Built:
    """Return what a build would do, and write nothing into the public folder."""
    brief = Brief(blog, options)
    with brief.alone(), undisturbed(), brief.cache() as cache, _runner(brief, cache) as runner:
        builder = _Builder(brief, cache, runner)
        plan = builder.plan(cache, scan(blog.root))
        return builder.foresee(plan, builder.stale(plan), cache)


def _runner(brief: Brief, cache: Cache) -> Runner:
    return Runner(brief, cache.signatures())


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the public folder shall hold, what we know of it, and what to look at in the sources."""

    library: Library
    items: tuple[Item, ...]
    keys: Mapping[str, str]
    signatures: Mapping[str, Signature]
    shelf: Shelf
    outline: Outline
    warnings: tuple[Problem, ...]


class _Builder:
    """The steps of one run, in the order of build_all()."""

    def __init__(self, brief: Brief, cache: Cache, runner: Runner) -> None:
        self._brief = brief
        self._runner = runner
        self._blog = brief.blog
        self._root = brief.root
        self._options = brief.options
        self._site = bare_site(brief.blog, brief.options)
        self._rules = rules_of(brief.blog, brief.options)
        self._compiled = cache.templates()
        self._theme = Theme(brief.root, self._compiled)

    def plan(self, cache: Cache, sources: Sources) -> _Plan:
        """Read the sources and lay out the public folder. Raises Problems."""
        if not sources.posts:
            raise Problems(
                [Problem("there is no post yet", 'Write one: litfass new "My first post"', "posts")]
            )
        brief, sources = self._brief, sources.in_order()
        found = read_documents(
            self._root, sources, self._rules, cache, self._runner.read,
            settled=brief.settled, jobs=self._options.jobs,
        )  # fmt: skip
        shown = self._shown(found)
        library = collect(shown.posts, shown.pages, places_of(sources, shown))
        shape = self._shape(library)
        lists = tuple(routes.lists(library, shape))
        connected, links = self._connect(library, lists, shape, found, cache, sources)
        if connected is not library:
            library, lists = connected, tuple(routes.lists(connected, shape))
        shelf = Shelf(self._root, self._rules, brief.memo, brief.version, links)
        workshop = Workshop(self._root, self._theme, shape, shelf, brief.settled)
        items = tuple(self._items(workshop, library, lists, links, sources))
        problems = claim_paths((item.path, item.owner) for item in items)
        if problems:
            raise Problems(problems)
        outline = self._outline(library, found, sources)
        return _Plan(
            library, items, cache.keys(), self._runner.outputs, shelf, outline, found.warnings
        )

    def stale(self, plan: _Plan) -> tuple[Item, ...]:
        """Return the files that do not stand as they should."""
        strayed = self._runner.strayed
        known = {path: plan.keys.get(path) for path in plan.signatures if path not in strayed}
        return tuple(item for item in plan.items if known.get(item.path) != item.key)

    def make(self, stale: tuple[Item, ...]) -> tuple[Staged, ...]:
        """Make files beside the public folder. Raises Problems; then none of them gets there."""
        self._stage.clear()
        results = spread(partial(made, self._stage), stale, self._options.jobs)
        return all_made(self._stage, results)

    def publish(
        self, plan: _Plan, stale: tuple[Item, ...], staged: tuple[Staged, ...], cache: Cache
    ) -> Built:
        """Move what was made into the public folder, and remove what is no longer part of it."""
        public = self._brief.public
        now = {item.path for item in plan.items}
        before = output.written(public)
        output.require_room(public, (one.path for one in staged if one.place), before)
        output.keep_manifest(self._stage.base, before | now)
        removed = output.prune(public, before - now)
        signatures = self._stage.publish(staged)
        self._stage.clear()
        output.keep_manifest(public, now)
        why = self._reasons(stale, plan, cache)
        known = {**plan.signatures, **signatures}
        cache.keep_outputs(
            {item.path: item.key for item in plan.items},
            {item.path: known[item.path] for item in plan.items},
        )
        cache.keep_parts({item.path: item.depends for item in stale})
        cache.keep_templates(self._compiled)
        if plan.warnings:  # they are to be given again
            cache.forget_outline()
        else:
            cache.keep_outline(plan.outline.note(), dict(plan.outline.sources))
        return self._built(plan, tuple(one.path for one in staged if one.place), removed, why)

    def foresee(self, plan: _Plan, stale: tuple[Item, ...], cache: Cache) -> Built:
        """Say what publish() would do."""
        gone = output.written(self._brief.public) - {item.path for item in plan.items}
        why = self._reasons(stale, plan, cache)
        return self._built(plan, tuple(item.path for item in stale), tuple(sorted(gone)), why)

    @cached_property
    def _stage(self) -> Stage:
        return stage_for(self._brief.public, self._brief.stage)

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
        self,
        library: Library,
        lists: tuple[Page, ...],
        shape: Shape,
        found: Read,
        cache: Cache,
        sources: Sources,
    ) -> tuple[Library, Mapping[str, Linked]]:
        """Find where all links and pictures lead. Raises Problems for those that lead nowhere."""
        measure = Measure(self._root, cache, sources, self._brief.settled)
        pages = {one.source: one.url for one in library.documents}
        places = (
            *routes.paths(library, lists, shape),
            *library.files.values(),
            *self._theme.assets,
        )
        addresses = Addresses(
            self._site.base, pages, library.files, places, measure.size, measure.version
        )
        hidden = {one.source for one in found.documents} - pages.keys()
        before = cache.links()
        connection = Connection(self._root, addresses, hidden, before)
        posts = connection.connected(library.posts)
        standing = connection.connected(library.pages)
        if connection.problems:
            raise Problems(connection.problems)
        measure.keep()
        cache.keep_links(connection.fresh, before.keys() - connection.links.keys())
        if (*posts, *standing) != library.documents:  # some have a picture known only now
            library = collect(posts, standing, library.files)
        return library, connection.links

    def _items(
        self,
        workshop: Workshop,
        library: Library,
        lists: tuple[Page, ...],
        links: Mapping[str, Linked],
        sources: Sources,
    ) -> Iterator[Item]:
        """Return all files of the public folder."""
        linked = {source: one.digest for source, one in links.items()}
        pages = (*routes.pages(library, workshop.shape, linked, self._options.also_on), *lists)
        entries = tuple(page.entry for page in pages if page.entry)
        yield from workshop.items(pages, routes.feeds(library, workshop.shape, linked))
        yield from workshop.indexes(entries, sources, self._options.signs.files)
        yield from workshop.files(library, sources)

    def _shape(self, library: Library) -> Shape:
        return shape_of(
            self._blog, self._site, self._rules, self._theme, library.pages,
            archive=bool(library.posts), tags=bool(library.terms["tag"]),
            hubs=self._options.signs.hubs,
        )  # fmt: skip

    def _outline(self, library: Library, found: Read, sources: Sources) -> Outline:
        drafts, future, now = self._options.drafts, self._options.future, self._options.now
        waiting = tuple(
            post for post in found.posts if post.published > now and (drafts or not post.draft)
        )
        brief = self._brief
        return Outline.of(
            brief.law, library, None if future else waiting, settled(sources, brief.settled)
        )

    def _reasons(self, stale: tuple[Item, ...], plan: _Plan, cache: Cache) -> Mapping[str, str]:
        if not self._options.explain:
            return {}
        return reasons(stale, plan.keys, cache.parts(item.path for item in stale))

    def _built(
        self, plan: _Plan, made: tuple[str, ...], removed: tuple[str, ...], why: Mapping[str, str]
    ) -> Built:
        shown = {item.path: item.key for item in plan.items}
        return Built(
            public=self._brief.public,
            total=len(plan.items),
            made=made,
            removed=removed,
            problems=plan.warnings,
            accounts=plan.outline.accounts,
            reasons=why,
            library=plan.library,
            shelf=plan.shelf,
            revisions={post.id: shown[post.path] for post in plan.library.posts},
        )
