"""How Mastodon's client API tells of a post, which it calls a status. Pure.

https://docs.joinmastodon.org/entities/Status/
"""

from __future__ import annotations

from datetime import datetime
from html import unescape

from litfass_syndication.announcement import Receipt
from litfass_syndication.answer import pick
from litfass_syndication.finding import moment
from litfass_syndication.links import links_in, links_in_text

# Older than any claim: where a listing ends, everything has been seen.
END = {"created_at": "1970-01-01T00:00:00Z"}


def links_of(status: object) -> tuple[str, ...]:
    """Return where a post leads: by its links, by addresses that are none, and by its card."""
    content = pick(status, str, "content") or ""
    card = pick(status, str, "card", "url")
    links = (*links_in(content), *links_in_text(unescape(content)), *filter(None, (card,)))
    return tuple(dict.fromkeys(links))


def receipt_of(status: object) -> Receipt:
    """Return what a listing tells of a post, as if it had just been made."""
    address = pick(status, str, "url") or ""
    public = address if address.startswith(("https://", "http://")) else ""
    return Receipt(pick(status, str, "id") or "", public)


def written(status: object) -> datetime | None:
    """Return when a post was written, or None where that makes no sense."""
    return moment(pick(status, str, "created_at"))
