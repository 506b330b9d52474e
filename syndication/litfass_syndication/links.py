"""Where a post's HTML or plain text leads to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

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


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """Return an address that carries the parameters, too, after those that it has already."""
    parts = urlsplit(url)
    present = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = {name: value for name, value in parameters.items() if name not in present}
    if not more:
        return url
    query = "&".join(filter(None, (parts.query, urlencode(more, quote_via=quote))))
    return urlunsplit(parts._replace(query=query))


def without_utm(url: str) -> str:
    """Return an address without parameters that only say where the link to it stood."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_own(parts.query))) if "utm_" in parts.query else url


def comparable(url: str) -> str:
    """Return an address as it is compared: servers write one and the same in several ways.

    UTM parameters only say where a link stood: with and without them it leads to one page.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path).rstrip("/")
    return f"{_ascii(parts.hostname or '')}{path}?{_own(parts.query)}"


def _own(query: str) -> str:
    return "&".join(one for one in query.split("&") if not one.startswith("utm_"))


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
