"""Where a post's HTML or plain text leads to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

_WRITTEN_OUT = re.compile(r"https?://[^\s<>\"„“”«»]+")
_TAIL = ".,:;!?'*)]…"


def links_to(html: str, url: str, *others: str) -> bool:
    """Tell whether a post's HTML, or one of the other addresses, leads to the page."""
    return comparable(url) in map(comparable, (*links_in(html), *others))


def links_in(html: str) -> tuple[str, ...]:
    """Return the addresses that a post's HTML leads to."""
    page = _Links()
    with suppress(AssertionError):  # what Python's parser makes of "<![x["
        page.feed(html)
        page.close()
    return tuple(page.links)


def links_in_text(text: str) -> tuple[str, ...]:
    """Return the addresses in a plain text, each as it may be meant.

    Punctuation at an end may be the sentence's or the address's own: first without, then with it.
    """
    written = _WRITTEN_OUT.findall(text)
    return tuple(dict.fromkeys(meant for link in written for meant in _endings(link)))


def _endings(link: str) -> Iterator[str]:
    bare = len(link.rstrip(_TAIL))
    yield from (link[:end] for end in range(bare, len(link) + 1))


def comparable(url: str) -> str:
    """Return an address as it is compared: servers write one and the same in several ways."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path).rstrip("/")
    return f"{_ascii(parts.hostname or '')}{path}?{parts.query}"


def last_part(url: str) -> str:
    """Return the name that a page has in its address: what other sites make their own of."""
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].removesuffix(".html")


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


class _Links(HTMLParser):
    """Collects where a post's links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
