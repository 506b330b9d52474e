"""The values that flow through a build: one type per stage, all frozen.

    Source → Post / StandingPage → Library → Page → Artifact

Addresses come in three shapes, and their names say which:
`path`       where a file lies in the public folder: "2026/05/hello/index.html"
`url`        what a link on the same host says, the blog's own folder included: "/blog/hello/"
`permalink`  the whole address, for feeds and networks: "https://example.org/blog/hello/"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MANIFEST = ".litfass-manifest"
"""The file in the public folder that lists what we wrote there; it is not deployed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text file of the blog, as found: decoded, with plain line feeds, without a byte order mark.

    `path` is relative to the blog's folder, with "/" between its parts; `digest` is that of
    the bytes on the disk.
    """

    path: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Body:
    """What Markdown made of a post, apart from its HTML.

    The HTML is kept by `digest` outside of the library, so that ten thousand posts need not
    be in memory together. `references` are the targets of links and images in it that are not
    whole addresses, as written, each once, in order. `lead` is the plain text of the first
    paragraph; `words` counts words of the plain text, code left out.
    """

    digest: str
    references: tuple[str, ...] = ()
    lead: str = ""
    words: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that stands for a post.

    As written in the front matter, `src` is a reference (a file beside the post, a file in
    `static/` or a whole address); in a library it is a `url` or a whole address, and width and
    height (pixels) are known for local files.
    """

    src: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


TermKind = Literal["tag", "category", "author", "series"]


@dataclass(frozen=True, slots=True)
class Term:
    """A tag, category, author or series; two that have one slug are the same."""

    kind: TermKind
    name: str
    slug: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads: all that one page needs to know of another."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Post:
    """One post, read and rendered, but not yet set among the others.

    `digest` covers everything in it; `card` covers what lists may show of it (the front matter and
    the reading time), so that an edit of the body leaves the lists alone. `published` and
    `updated` are aware. `syndicate` is None for every account, or the names of accounts, empty
    for none. `announce` has texts by account. `sponsored` says that somebody paid for it, which has
    to be disclosed wherever it is shown. `extra` has the fields that are not ours.
    `redirects` are addresses below the front page that lead here: the aliases.
    """

    id: str
    source: str
    slug: str
    path: str
    url: str
    permalink: str
    title: str
    published: datetime
    language: str
    summary: str
    body: Body
    digest: str
    card: str
    updated: datetime | None = None
    draft: bool = False
    tags: tuple[Term, ...] = ()
    categories: tuple[Term, ...] = ()
    authors: tuple[Term, ...] = ()
    series: Term | None = None
    picture: Picture | None = None
    redirects: tuple[str, ...] = ()
    canonical_url: str | None = None
    syndicate: tuple[str, ...] | None = None
    announce: Mapping[str, str] = field(default_factory=dict)
    content_warning: str = ""
    sponsored: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that it is filed under."""
        series = (self.series,) if self.series else ()
        return (*self.tags, *self.categories, *self.authors, *series)

    @property
    def link(self) -> Link:
        """The post as another page names it."""
        return Link(self.title, self.url)

    @property
    def reading_minutes(self) -> int:
        """Minutes that reading takes at 220 words a minute, at least 1."""
        return max(1, round(self.body.words / 220))


@dataclass(frozen=True, slots=True)
class StandingPage:
    """A Markdown file of `pages/`: Impressum, About. Not dated, in no feed, not announced."""

    source: str
    slug: str
    path: str
    url: str
    permalink: str
    title: str
    language: str
    summary: str
    body: Body
    digest: str
    draft: bool = False
    menu: bool = True
    order: int = 0
    picture: Picture | None = None
    redirects: tuple[str, ...] = ()
    canonical_url: str | None = None
    sponsored: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def link(self) -> Link:
        """The page as a menu names it."""
        return Link(self.title, self.url)


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference in a body leads to; width and height in pixels, for local images."""

    url: str
    width: int | None = None
    height: int | None = None


References = Mapping[str, Mapping[str, Target]]
"""Where the references of each document lead, by its source."""


@dataclass(frozen=True, slots=True)
class AlsoOn:
    """Where a post was announced: the network's or account's label, and the address there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of the public folder: where, and the bytes in it."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Signs:
    """What a blog carries for its accounts: hubs that its feeds name, and small files."""

    hubs: tuple[str, ...] = ()
    files: tuple[Artifact, ...] = ()
