"""The text of a few documents changed, and nothing that other pages know of them.

Then only their own pages and the feeds that carry them are another. All that these need to know
of the rest of the blog is in the outline and the cache, so the rest is not read. The keys are
those of a whole build, which takes over whenever more has changed than a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from litfass import routes
from litfass.artifacts import Item, Workshop, all_made, made
from litfass.brief import Brief, Outcome
from litfass.cache import Cache, Linked
from litfass.connection import with_picture
from litfass.explanation import reasons
from litfass.library import Neighbours
from litfass.model import Link, Post, StandingPage
from litfass.outline import Edits, face
from litfass.output import stage_for
from litfass.pages import FeedPage, Page, Shape
from litfass.reading import Result, Shelf, remember
from litfass.records import decode
from litfass.rules import rules_of
from litfass.shaping import bare_site, shape_of
from litfass.sources import Signature
from litfass.theme import Theme


def retouch(
    brief: Brief,
    cache: Cache,
    edits: Edits,
    outputs: Mapping[str, Signature],
    reading: Callable[[], tuple[Result, ...]],
) -> Outcome | None:
    """Make what shows the edited texts; return None when more than texts has changed.

    `outputs` is what stands in the public folder; `reading` returns what became of the edited
    files, once they are read. Raises LitfassError; nothing was written then.
    """
    desk = _Desk(brief, cache, edits, outputs)
    desk.prepare()
    try:
        items = desk.items() if desk.only_texts(reading()) else None
    except _Forgotten:
        items = None
    if items is None:
        return None
    with desk.shelf:
        return desk.publish(items)


class _Desk:
    """The steps of a retouch."""

    def __init__(
        self, brief: Brief, cache: Cache, edits: Edits, outputs: Mapping[str, Signature]
    ) -> None:
        self._brief = brief
        self._outputs = outputs
        self._keys = cache.keys()
        self._cache = cache
        self._outline = edits.outline
        self._edits = edits
        self._site = bare_site(brief.blog, brief.options)
        self._rules = rules_of(brief.blog, brief.options)
        self._compiled = cache.templates()
        self._theme = Theme(brief.root, self._compiled)
        self._documents: dict[str, Post | StandingPage] = {}
        self._links: dict[str, Linked] = {}

    def prepare(self) -> None:
        """Have the templates at hand by the time that texts are read."""
        self._theme.prepare("post.html")

    def only_texts(self, results: tuple[Result, ...]) -> bool:
        """Remember what was edited, and tell whether the other pages may stay as they are."""
        before = self._cache.documents(self._edits.paths)
        after = remember(results, self._rules, self._cache, self._brief.settled)
        return before.keys() == after.keys() and all(
            face(decode(before[path].record)) == face(after[path]) for path in before
        )

    def items(self) -> tuple[Item, ...]:
        """Return the files that show what was edited, where they are not what they should be."""
        workshop = Workshop(
            self._brief.root, self._theme, self._shape, self.shelf, self._brief.settled
        )
        return tuple(
            item
            for item in workshop.items(self._pages(), self._feeds())
            if self._keys.get(item.path) != item.key
        )

    def publish(self, items: tuple[Item, ...]) -> Outcome:
        """Make the files, move them into the public folder, and remember them."""
        stage = stage_for(self._brief.public, self._brief.stage)
        stage.clear()
        staged = all_made(stage, [made(stage, item) for item in items])
        signatures = stage.publish(staged)
        stage.clear()
        why = self._reasons(items)
        if items:
            self._cache.amend_outputs({item.path: item.key for item in items}, signatures)
            self._cache.keep_parts({item.path: item.depends for item in items})
            self._cache.keep_templates(self._compiled)
        self._cache.amend_outline(self._edits.seen)
        return Outcome(
            public=self._brief.public,
            total=len(self._outputs),
            made=tuple(one.path for one in staged if one.place),
            accounts=self._outline.accounts,
            reasons=why,
        )

    @cached_property
    def shelf(self) -> Shelf:
        """The bodies of the documents that are shown; their links are looked up as needed."""
        return Shelf(
            self._brief.root, self._rules, self._brief.memo, self._brief.version, self._links
        )

    @cached_property
    def _shape(self) -> Shape:
        pages = [self._page(path) for path in self._outline.pages]
        return shape_of(
            self._brief.blog, self._site, self._rules, self._theme, pages,
            archive=bool(self._outline.posts), tags=bool(self._outline.terms["tag"]),
            hubs=self._brief.options.signs.hubs,
        )  # fmt: skip

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """The places among the posts, newest first, of those that were edited."""
        edited = set(self._edits.paths)
        return {path: place for place, path in enumerate(self._outline.posts) if path in edited}

    def _pages(self) -> Iterator[Page]:
        for path, place in self._places.items():
            post = self._post(path)
            around = Neighbours(self._link(place + 1), self._link(place - 1))
            also_on = self._brief.options.also_on.get(post.id, ())
            yield routes.post_page(
                post, around, self._series(post, place), self._linked(path), also_on, self._shape
            )
        for path in self._outline.pages:
            if path in self._edits.paths:
                yield routes.standing_page(self._page(path), self._linked(path), self._shape)

    def _feeds(self) -> Iterator[FeedPage]:
        """Return the feeds that carry an edited post."""
        shape, size = self._shape, self._shape.feed_size
        if any(place < size for place in self._places.values()):
            newest = self._posts(range(min(size, len(self._outline.posts))))
            yield from routes.feeds_of("", shape.site.title, newest, shape, self._digests(newest))
        for term, places in self._outline.terms["tag"]:
            shown = places[:size]
            if not set(shown).isdisjoint(self._places.values()):
                posts = self._posts(shown)
                yield from routes.tag_feeds(term, posts, shape, self._digests(posts))

    def _series(self, post: Post, place: int) -> routes.SeriesPlace | None:
        for term, places in self._outline.terms["series"]:
            if place in places:
                return routes.series_places(term, self._posts(places))[post.id]
        return None

    def _posts(self, places: Iterable[int]) -> tuple[Post, ...]:
        return tuple(self._post(self._outline.posts[place]) for place in places)

    def _link(self, place: int) -> Link | None:
        inside = 0 <= place < len(self._outline.posts)
        return self._post(self._outline.posts[place]).link if inside else None

    def _post(self, path: str) -> Post:
        post = self._document(path)
        assert isinstance(post, Post)  # noqa: S101 - the outline knows posts from pages
        return post

    def _page(self, path: str) -> StandingPage:
        page = self._document(path)
        assert isinstance(page, StandingPage)  # noqa: S101
        return page

    def _document(self, path: str) -> Post | StandingPage:
        """Return a document with its picture's address. Raises _Forgotten."""
        if path not in self._documents:
            record = self._cache.documents((path,)).get(path)
            if record is None:
                raise _Forgotten
            document = decode(record.record)
            if document.body.references or document.picture:
                linked = self._cache.links((path,)).get(path)
                if linked is None:
                    raise _Forgotten
                self._links[path] = linked
                document = with_picture(document, linked)
            self._documents[path] = document
        return self._documents[path]

    def _linked(self, path: str) -> str:
        return self._links[path].digest if path in self._links else ""

    def _digests(self, posts: Iterable[Post]) -> Mapping[str, str]:
        return {post.source: self._linked(post.source) for post in posts}

    def _reasons(self, items: tuple[Item, ...]) -> Mapping[str, str]:
        if not self._brief.options.explain:
            return {}
        parts = self._cache.parts(item.path for item in items)
        return reasons(items, self._keys, parts)


class _Forgotten(Exception):
    """The cache has lost something that is needed."""
