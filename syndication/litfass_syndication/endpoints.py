"""Whom a page links to, and where it wants to be told of it. Pure.

https://www.w3.org/TR/webmention/#sender-discovers-receiver-webmention-endpoint
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from litfass_syndication.discovery import linked_in_header

_REL = "webmention"

_TEXT = ("title", "textarea")  # what looks like an element in these is none


def endpoint_in_header(header: str, page: str) -> str:
    """Return the endpoint that the Link headers of a page name first; empty when they name none.

    `header` has them all, with commas between; `page` is where redirects have led.
    """
    address = linked_in_header(header, _REL)
    return "" if address is None else _joined(page, address)


def endpoint_in_html(html: str, page: str) -> str:
    """Return the endpoint that the first <link> or <a> of a page names; empty when none does."""
    found = _read(html)
    base = _joined(page, next((href for tag, href, _ in found if tag == "base"), ""))
    named = (href for tag, href, rel in found if tag != "base" and _REL in rel.lower().split())
    return next((_joined(base, href) for href in named), "")


def links(html: str, home: str) -> tuple[str, ...]:
    """Return the addresses that an article links to, each once, in the order of the text.

    Those of the blog itself, below `home`, are left out, and so is what is no web address.
    """
    hrefs = (re.sub(r"\s", "%20", href) for tag, href, _ in _read(html) if tag == "a")
    return tuple(dict.fromkeys(href for href in hrefs if _leads_out(href, home)))


def _leads_out(address: str, home: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not address.startswith(("https://", "http://")) or not parts.hostname:
        return False
    return not f"{address}/".startswith(f"{home.rstrip('/')}/")


def _joined(page: str, address: str) -> str:
    try:
        return urljoin(page, address.strip())
    except ValueError:
        return ""


def _read(html: str) -> tuple[tuple[str, str, str], ...]:
    reader = _Links()
    with suppress(AssertionError):  # what Python's parser makes of a broken "<![x["
        reader.feed(html)
        reader.close()
    return tuple(reader.found)


class _Links(HTMLParser):
    """Notes tag, href and rel of what links; an empty href is one, a missing one is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that links."""
        if self._inside:
            return
        self._inside = tag if tag in _TEXT else ""
        self.found.extend(_link(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        """Notice that what is only text ends."""
        self._inside = "" if tag == self._inside else self._inside


def _link(tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[tuple[str, str, str]]:
    own = {name: value or "" for name, value in reversed(attrs)}  # the first of a name counts
    if tag in ("a", "link", "base") and "href" in own:
        yield tag, own["href"].strip(), own.get("rel", "")
