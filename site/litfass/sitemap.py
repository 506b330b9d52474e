"""What search engines are told: every address of the blog, and where the list of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from urllib.parse import urljoin

from litfass.model import Artifact

# https://www.sitemaps.org/protocol.html: "no more than 50,000 URLs and ... no larger than 50MB"
MOST_ENTRIES = 50_000
MOST_BYTES = 52_428_800

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FRAME_BYTES = 256
"""Room for what stands around the entries of one file."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page's whole address, and when it last changed, if that is known."""

    permalink: str
    modified: datetime | None = None


def render(
    entries: Iterable[SitemapEntry],
    root: str,
    *,
    most_entries: int = MOST_ENTRIES,
    most_bytes: int = MOST_BYTES,
) -> tuple[Artifact, ...]:
    """Return `sitemap.xml`; over the protocol's limits, as an index of `sitemap-1.xml` and so on.

    `root` is the whole address of the public folder, with a slash at its end.
    """
    parts = tuple(_parts(entries, most_entries, most_bytes))
    if len(parts) == 1:
        return (_artifact("sitemap.xml", "urlset", parts[0].elements),)
    files = tuple(
        _artifact(f"sitemap-{number}.xml", "urlset", part.elements)
        for number, part in enumerate(parts, start=1)
    )
    index = [
        _element("sitemap", SitemapEntry(urljoin(root, file.path), part.newest))
        for file, part in zip(files, parts, strict=True)
    ]
    return (_artifact("sitemap.xml", "sitemapindex", index), *files)


def is_small(entries: Collection[SitemapEntry]) -> bool:
    """Tell, at a glance, that one file holds these entries for sure."""
    longest = max((len(entry.permalink) for entry in entries), default=0)
    return len(entries) <= MOST_ENTRIES and len(entries) * (longest * 6 + 100) < MOST_BYTES


def robots(sitemap_url: str) -> bytes:
    """Return `robots.txt` (RFC 9309): everybody may read everything, and here is the list."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {sitemap_url}\n".encode()


@dataclass(slots=True)
class _Part:
    """What goes into one file, and how many bytes it takes there."""

    elements: list[str] = field(default_factory=list)
    newest: datetime | None = None
    size: int = _FRAME_BYTES

    def add(self, element: str, size: int, modified: datetime | None) -> None:
        self.elements.append(element)
        self.size += size
        if modified and (self.newest is None or modified > self.newest):
            self.newest = modified


def _parts(entries: Iterable[SitemapEntry], most_entries: int, most_bytes: int) -> Iterator[_Part]:
    """Yield runs of entries that fit into one file; at least one, if an empty one."""
    part = _Part()
    for entry in entries:
        element = _element("url", entry)
        size = len(element.encode())
        full = len(part.elements) == most_entries or part.size + size > most_bytes
        if full and part.elements:
            yield part
            part = _Part()
        part.add(element, size, entry.modified)
    yield part


def _artifact(path: str, frame: str, elements: Iterable[str]) -> Artifact:
    document = f'{_HEAD}<{frame} xmlns="{_NAMESPACE}">\n{"".join(elements)}</{frame}>\n'
    return Artifact(path, document.encode())


def _element(kind: str, entry: SitemapEntry) -> str:
    modified = entry.modified and entry.modified.astimezone(UTC).isoformat(timespec="seconds")
    lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<{kind}><loc>{escape(entry.permalink, quote=False)}</loc>{lastmod}</{kind}>\n"
