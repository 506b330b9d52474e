"""Where a page says that its services are: in the header Link, or in its HTML. Pure.

RFC 8288; the header goes first, as Micropub (section 5.3) and WordPress have it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin

from litfass_syndication.answer import Answer

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


def service(answer: Answer, rel: str) -> str:
    """Return the whole address that a page links to as `rel`, or nothing."""
    target = _in_header(answer.headers.get("link", ""), rel)
    if target is None:
        target = _in_page(answer.body.decode("utf-8", "replace"), rel)
    if target is None:
        return ""
    try:
        return urljoin(answer.url, target)
    except ValueError:  # an address that is broken leads nowhere
        return ""


def _in_header(header: str, rel: str) -> str | None:
    for link in _LINK.finditer(header):
        said = _REL.search(link[2])
        if said and rel in (said[1] or said[2]).lower().split():
            return link[1].strip()
    return None


def _in_page(html: str, rel: str) -> str | None:
    page = _Links(rel)
    with suppress(AssertionError):  # what Python's parser makes of "<![x["
        page.feed(html)
        page.close()
    return page.found


class _Links(HTMLParser):
    """Finds the first link of a kind, be it in the head or in the text."""

    def __init__(self, rel: str) -> None:
        super().__init__()
        self.found: str | None = None
        self._rel = rel

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        kinds = (said.get("rel") or "").lower().split()
        if tag in {"a", "link"} and self.found is None and self._rel in kinds:
            self.found = said.get("href")
