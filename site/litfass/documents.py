"""One Markdown file becomes a post or a page: read, checked, rendered, given its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import tzinfo
from functools import lru_cache
from typing import Literal
from urllib.parse import urljoin

from litfass.digest import digest
from litfass.errors import ContentError, Problem, Problems
from litfass.frontmatter import NAMES, FrontMatter, parse
from litfass.markup import Markup, Rendered, first_heading, without_title
from litfass.metadata import Metadata, name_of, read
from litfass.model import Body, Post, Source, StandingPage, Term, TermKind
from litfass.records import packed, plain, substance
from litfass.urls import expand, output_path, quote, slugify

_SHOWN = (
    "id", "title", "url", "published", "updated", "language", "summary", "draft", "canonical_url",
    "content_warning", "sponsored", "extra", "tags", "categories", "authors", "series", "picture",
)  # fmt: skip
"""What lists may show of a post, beside the time that it takes to read."""

_SUMMARY = 300  # characters of a lead that stand for a post whose author wrote no summary


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide what a file becomes, and nothing else.

    `site_url` is the whole address of the front page; `base` the path that links begin with; the
    patterns are permalink patterns, `terms` by kind.
    """

    language: str
    zone: tzinfo
    authors: tuple[str, ...]
    site_url: str
    base: str
    posts: str
    pages: str
    terms: Mapping[TermKind, str]

    @property
    def digest(self) -> str:
        """Tell two sets of rules apart."""
        values = [str(getattr(self, one.name)) for one in fields(self)]
        return digest("\0".join(values))


@dataclass(frozen=True, slots=True)
class Document:
    """What a file became, the same as a record, its body's HTML, and what to look at."""

    made: Post | StandingPage
    record: bytes
    html: str
    warnings: tuple[Problem, ...] = ()


def read_post(source: Source, rules: Rules, markup: Markup) -> Document:
    """Make a post of a file. Raises Problems or ContentError with all that is wrong in it."""
    reading = _read(source, rules, markup, "post")
    meta, rendered = reading.meta, reading.rendered
    published = meta.date
    assert published is not None  # noqa: S101 - a post without a date was refused with its front matter
    slug = reading.slug()
    categories = _terms("category", meta.categories, rules)
    category = categories[0].slug if categories else ""
    address = meta.permalink or expand(
        rules.posts, slug=slug, published=published, category=category
    )
    path, url, permalink = reading.place(address, rules)
    post = Post(
        id=meta.id or source.path.removeprefix("posts/"),
        source=source.path,
        slug=slug,
        path=path,
        url=url,
        permalink=permalink,
        title=meta.title,
        published=published,
        updated=meta.updated,
        language=meta.language or rules.language,
        summary=meta.summary or _shortened(rendered.lead),
        body=_body(rendered),
        digest="",
        card="",
        draft=meta.draft,
        tags=_terms("tag", meta.tags, rules),
        categories=categories,
        authors=_terms("author", meta.authors or rules.authors, rules),
        series=next(iter(_terms("series", (meta.series,) if meta.series else (), rules)), None),
        picture=meta.picture,
        redirects=reading.redirects(address),
        canonical_url=meta.canonical_url or None,
        syndicate=meta.syndicate,
        announce=meta.announce,
        content_warning=meta.content_warning,
        sponsored=meta.sponsored,
        extra=meta.extra,
    )
    values = plain(post)
    shown = (post.reading_minutes, *(values[name] for name in _SHOWN))
    post = replace(post, digest=_stand_for(tuple(values.values())), card=_stand_for(shown))
    record = packed({**values, "digest": post.digest, "card": post.card}, is_post=True)
    return Document(post, record, rendered.html, reading.warnings)


def read_page(source: Source, rules: Rules, markup: Markup) -> Document:
    """Make a standing page of a file. Raises Problems or ContentError with all that is wrong."""
    reading = _read(source, rules, markup, "page")
    meta, rendered = reading.meta, reading.rendered
    slug = reading.slug()
    address = meta.permalink or expand(rules.pages, slug=slug, published=None)
    path, url, permalink = reading.place(address, rules)
    page = StandingPage(
        source=source.path,
        slug=slug,
        path=path,
        url=url,
        permalink=permalink,
        title=meta.title,
        language=meta.language or rules.language,
        summary=meta.summary or _shortened(rendered.lead),
        body=_body(rendered),
        digest="",
        draft=meta.draft,
        menu=meta.menu,
        order=meta.order,
        picture=meta.picture,
        redirects=reading.redirects(address),
        canonical_url=meta.canonical_url or None,
        sponsored=meta.sponsored,
        extra=meta.extra,
    )
    values = plain(page)
    page = replace(page, digest=_stand_for(tuple(values.values())))
    record = packed({**values, "digest": page.digest}, is_post=False)
    return Document(page, record, rendered.html, reading.warnings)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that was read and rendered, and has yet to get its address."""

    source: Source
    front: FrontMatter
    meta: Metadata
    rendered: Rendered
    warnings: tuple[Problem, ...]

    def slug(self) -> str:
        """Return the document's own part of its address."""
        slug = self.meta.slug or slugify(name_of(self.source.path)[1])
        if "/" in slug or slug in (".", ".."):
            hint = 'A slug is one part of an address, such as "my-first-post".'
            raise self._error("slug", f'"slug" cannot be "{slug}"', hint)
        return slug

    def place(self, address: str, rules: Rules) -> tuple[str, str, str]:
        """Return path, url and permalink of an address below the front page."""
        address = "/" + address.lstrip("/")
        if "." not in address.rsplit("/", 1)[-1] and not address.endswith("/"):
            address += "/"
        path = self._path(address, "permalink" if self.meta.permalink else "slug")
        below = quote(address).lstrip("/")
        return path, rules.base + below, rules.site_url + below

    def redirects(self, address: str) -> tuple[str, ...]:
        """Return aliases as addresses below the front page; relative ones begin at `address`."""
        redirects = tuple(
            alias if alias.startswith("/") else urljoin(address, alias)
            for alias in self.meta.aliases
        )
        for alias in redirects:
            self._path(alias, "aliases")
        return redirects

    def _path(self, address: str, field: str) -> str:
        try:
            return output_path(address)
        except ContentError as error:
            raise self._error(field, error.message, error.hint) from None

    def _error(self, field: str, message: str, hint: str) -> ContentError:
        line = next(
            (self.front.lines[one] for one in NAMES[field] if one in self.front.lines), None
        )
        return ContentError(message, hint, path=self.source.path, line=line)


def _read(source: Source, rules: Rules, markup: Markup, kind: Literal["post", "page"]) -> _Reading:
    front = parse(source)
    heading, below = without_title(front.body)
    title = "" if front.fields.get("title") else first_heading(front.body)
    meta, problems = read(
        front, source, zone=rules.zone, first_heading=markup.plain(title, rules.language), kind=kind
    )
    if any(problem.severity == "error" for problem in problems):
        raise Problems(problems)
    repeated = heading and meta.title in (heading, markup.plain(heading, rules.language))
    text = below if repeated else front.body
    try:
        rendered = markup.render(text, meta.language or rules.language)
    except ContentError as error:
        raise ContentError(error.message, error.hint, path=source.path) from None
    return _Reading(source, front, meta, rendered, problems)


def _terms(kind: TermKind, names: Iterable[str], rules: Rules) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for name in names:
        term = _term(kind, name, rules.terms[kind], rules.base)
        terms.setdefault(term.slug, term)
    return tuple(terms.values())


@lru_cache(maxsize=4096)
def _term(kind: TermKind, name: str, pattern: str, base: str) -> Term:
    """Return a term with its address; many posts have the same."""
    slug = slugify(name)
    address = expand(pattern, slug=slug, published=None)
    return Term(kind, name, slug, base + quote(address).lstrip("/"))


def _body(rendered: Rendered) -> Body:
    return Body(
        digest(rendered.html),
        rendered.references,
        rendered.lead,
        rendered.words,
    )


def _shortened(text: str) -> str:
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"


def _stand_for(values: tuple[object, ...]) -> str:
    return digest(substance(values))
