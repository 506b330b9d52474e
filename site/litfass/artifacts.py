"""What the public folder shall hold: each file with the key of all that it depends on.

A file whose key is known and which stands as it was written is not made again; so a key must
cover everything: the page's own dependencies, its templates and words, the site, the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from litfass import feeds, sitemap
from litfass.digest import digest
from litfass.errors import LitfassError, Problem
from litfass.library import Library
from litfass.model import AlsoOn, References
from litfass.output import Stage, Staged
from litfass.pages import FeedPage, Page, Shape
from litfass.reading import Shelf
from litfass.routes import feeds as feed_routes
from litfass.routes import pages as page_routes
from litfass.routes import sitemap as sitemap_routes
from litfass.sources import Found, Sources
from litfass.theme import Theme


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the public folder: the key of all it depends on, and how it is made.

    `owner` is whose it is, in words. `revision` marks what a page shows, whatever made it.
    """

    path: str
    key: str
    owner: str
    make: Callable[[Stage], Staged]
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What files are made with. What changed before `settled` (nanoseconds) lies still."""

    root: Path
    theme: Theme
    shape: Shape
    shelf: Shelf
    version: str
    settled: int

    def items(
        self,
        library: Library,
        references: References,
        also_on: Mapping[str, tuple[AlsoOn, ...]],
        sources: Sources,
    ) -> Iterator[Item]:
        """Return all files of the public folder."""
        frame = digest(repr(self.shape.site))
        pages = tuple(page_routes(library, self.shape, references, also_on))
        for page in pages:
            yield self._page(page, frame)
        for feed in feed_routes(library, self.shape, references):
            yield self._feed(feed, frame)
        yield from self._indexes(pages, sources)
        yield from self._files(library, sources)

    def _page(self, page: Page, frame: str) -> Item:
        template = self.theme.fingerprint(page.template, page.head.language)
        head = "" if page.document else repr(page.head)  # a document's head comes from it alone
        revision = digest("\0".join((frame, template, head, *page.depends)))
        owner = (
            page.document.source if page.document else f"the {page.head.kind} page {page.head.url}"
        )
        make = partial(self._make_page, page, revision)
        return Item(page.path, self._key(revision), owner, make, revision)

    def _feed(self, page: FeedPage, frame: str) -> Item:
        key = self._key("\0".join((frame, page.path, *page.depends)))
        return Item(page.path, key, f"the feed {page.path}", partial(self._make_feed, page))

    def _key(self, depends: str) -> str:
        """Return a key for what is made of these things by this version of the program."""
        return digest(f"{self.version}\0{depends}")

    def _indexes(self, pages: tuple[Page, ...], sources: Sources) -> Iterator[Item]:
        """Return sitemap and robots.txt, unless the blog has its own in static/."""
        own = {found.path.removeprefix("static/") for found in sources.static}
        address = self.shape.site.url
        artifacts = [
            (one.path, one.content) for one in sitemap.render(sitemap_routes(pages), address)
        ]
        artifacts.append(("robots.txt", sitemap.robots(f"{address}sitemap.xml")))
        for path, content in artifacts:
            if path not in own:
                yield Item(
                    path, digest(content), path, partial(Stage.write, path=path, content=content)
                )

    def _files(self, library: Library, sources: Sources) -> Iterator[Item]:
        """Return what is copied: static files, media beside posts, the theme's assets."""
        by_path = {found.path: found for found in (*sources.static, *sources.media)}
        for source, path in library.files.items():
            key = self._file_key(by_path[source])
            yield Item(path, key, source, partial(Stage.copy, path=path, source=self.root / source))
        own = frozenset(library.files.values())
        for path, asset in self.theme.assets.items():
            if path not in own:
                make = partial(Stage.copy, path=path, source=asset)
                yield Item(path, self.theme.versions[path], f"the theme's {path}", make)

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


def made(stage: Stage, item: Item) -> Staged | Problem:
    """Make one file, or say what is wrong: an answer that travels between processes."""
    try:
        return item.make(stage)
    except LitfassError as error:
        return error.problems()[0]
