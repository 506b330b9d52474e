"""What the public folder shall hold: each file with the key of all that it depends on.

A file whose key is known and which stands as it was written is not made again; so a key must
cover everything: the page's own dependencies, its templates and words, the site, the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from litfass import feeds, sitemap
from litfass.digest import digest
from litfass.errors import LitfassError, Problem, Problems
from litfass.library import Library
from litfass.model import Artifact
from litfass.output import Stage, Staged
from litfass.pages import Depends, FeedPage, Page, Shape
from litfass.reading import Shelf
from litfass.sitemap import SitemapEntry
from litfass.sources import Found, Sources
from litfass.theme import Theme

_SITE = "the site's settings, menus and feeds"
_TEMPLATE = "its template, the theme's words or assets"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the public folder: the key of all it depends on, and how it is made.

    `owner` is whose it is, in words. `depends` has the parts of the key by their names, to explain
    why it is made. The key of a page is its revision, which marks what it shows.
    """

    path: str
    key: str
    owner: str
    make: Callable[[Stage], Staged]
    depends: Depends = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What files are made with. What changed before `settled` (nanoseconds) lies still."""

    root: Path
    theme: Theme
    shape: Shape
    shelf: Shelf
    settled: int

    @property
    def frame(self) -> str:
        """Stand for what every page shows of the site."""
        return digest(repr(self.shape.site))

    def items(self, pages: Iterable[Page], feed_pages: Iterable[FeedPage]) -> Iterator[Item]:
        """Return the files that pages and feeds become."""
        frame = self.frame
        for page in pages:
            yield self._page(page, frame)
        for feed in feed_pages:
            yield self._feed(feed, frame)

    def _page(self, page: Page, frame: str) -> Item:
        template = self.theme.fingerprint(page.template, page.language)
        depends = {_SITE: frame, _TEMPLATE: template, **page.depends}
        key = digest("\0".join(depends.values()))
        return Item(page.path, key, page.owner, partial(self._make_page, page, key), depends)

    def _feed(self, page: FeedPage, frame: str) -> Item:
        depends = {_SITE: frame, "its address": page.path, **page.depends}
        key = digest("\0".join(depends.values()))
        return Item(
            page.path, key, f"the feed {page.path}", partial(self._make_feed, page), depends
        )

    def indexes(
        self,
        entries: tuple[SitemapEntry, ...],
        sources: Sources,
        files: tuple[Artifact, ...] = (),
    ) -> Iterator[Item]:
        """Return sitemap, robots.txt and further small files, unless static/ has them."""
        own = {found.path.removeprefix("static/") for found in sources.static}
        address = self.shape.site.url
        robots = sitemap.robots(f"{address}sitemap.xml")
        small = (
            _written(one.path, one.content) for one in (Artifact("robots.txt", robots), *files)
        )
        for item in (*self._sitemap(entries, address), *small):
            if item.path not in own:
                yield item

    def _sitemap(self, entries: tuple[SitemapEntry, ...], address: str) -> Iterator[Item]:
        if not sitemap.is_small(entries):
            yield from (_written(one.path, one.content) for one in sitemap.render(entries, address))
            return
        listed = digest("\0".join(f"{one.permalink} {one.modified}" for one in entries))
        depends = {"the pages of the blog": listed}
        make = partial(_make_sitemap, entries, address)
        yield Item("sitemap.xml", listed, "sitemap.xml", make, depends)

    def files(self, library: Library, sources: Sources) -> Iterator[Item]:
        """Return what is copied: static files, media beside posts, the theme's assets."""
        by_path = {found.path: found for found in (*sources.static, *sources.media)}
        for source, path in library.files.items():
            key = self._file_key(by_path[source])
            make = partial(Stage.copy, path=path, source=self.root / source)
            yield Item(path, key, source, make, {"the file": key})
        own = frozenset(library.files.values())
        for path, asset in self.theme.assets.items():
            if path not in own:
                make = partial(Stage.copy, path=path, source=asset)
                key = self.theme.versions[path]
                yield Item(path, key, f"the theme's {path}", make, {"the theme's file": key})

    def _file_key(self, found: Found) -> str:
        """Return a file's signature, or its digest while it may still be changing."""
        if found.signature[1] < self.settled:
            return repr(found.signature)
        return digest((self.root / found.path).read_bytes())

    def _make_page(self, page: Page, revision: str, stage: Stage) -> Staged:
        content = self.shelf.content(page.document) if page.document else ""
        html = self.theme.render(page, self.shape.site, content, revision)
        return stage.write(page.path, html.encode())

    def _make_feed(self, page: FeedPage, stage: Stage) -> Staged:
        return stage.write(page.path, feeds.render(page.feed, self.shelf.contents(page.feed.posts)))


def _written(path: str, content: bytes) -> Item:
    """Return a small file whose content is made already."""
    key = digest(content)
    return Item(
        path, key, path, partial(Stage.write, path=path, content=content), {"its content": key}
    )


def _make_sitemap(entries: tuple[SitemapEntry, ...], address: str, stage: Stage) -> Staged:
    (file,) = sitemap.render(entries, address)
    return stage.write(file.path, file.content)


def made(stage: Stage, item: Item) -> Staged | Problem:
    """Make one file, or say what is wrong: an answer that travels between processes."""
    try:
        return item.make(stage)
    except LitfassError as error:
        return error.problems()[0]


def all_made(stage: Stage, results: Iterable[Staged | Problem]) -> tuple[Staged, ...]:
    """Return all files that were made. Raises Problems if one was not; then none waits any more."""
    results = tuple(results)
    problems = tuple(dict.fromkeys(one for one in results if isinstance(one, Problem)))
    if problems:
        stage.clear()
        raise Problems(problems)
    return tuple(one for one in results if isinstance(one, Staged))
