"""Where a page says that its services are: in the header Link, or in its HTML. Pure.

RFC 8288; the header goes first, as Micropub (section 5.3) and WordPress have it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin

from litfass_syndication.answer import Answer

# RFC 8288, section 3: <address>; name=token; name="quoted, with \" in it"
_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*)'
_LINK = re.compile(rf"<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*{_VALUE})?)*)")
_RELATION = re.compile(rf";\s*rel\s*=\s*({_VALUE})", re.IGNORECASE)


def service(answer: Answer, rel: str) -> str:
    """Return the whole address that a page links to as `rel`, or nothing."""
    target = linked_in_header(answer.headers.get("link", ""), rel)
    if target is None:
        target = _in_page(answer.body.decode("utf-8", "replace"), rel)
    if target is None:
        return ""
    try:
        return urljoin(answer.url, target)
    except ValueError:  # an address that is broken leads nowhere
        return ""


def linked_in_header(header: str, rel: str) -> str | None:
    """Return what the header Link names first as `rel`: an address, seen from the page, or None.

    `header` has all of them, with commas between.
    """
    for address, parameters in _LINK.findall(header):
        relation = _RELATION.search(parameters)
        if relation and rel in relation[1].strip('"').lower().split():
            return str(address).strip()
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
