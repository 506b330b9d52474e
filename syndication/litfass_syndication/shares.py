"""A post on LinkedIn: as we say it, and as LinkedIn lists it. Pure.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import pick
from litfass_syndication.attempt import EPOCH
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.errors import Rejected
from litfass_syndication.finding import Own
from litfass_syndication.links import links_in_text
from litfass_syndication.little import plain, written
from litfass_syndication.measure import shortened
from litfass_syndication.network import Posted

POSTS = "/rest/posts"

_SITE = "https://www.linkedin.com"
_POST = re.compile(r"urn:li:(?:share|ugcPost):\d+", re.ASCII)
_SHORT = "https://lnkd.in/"  # LinkedIn's own links, in place of long ones
_UNSEEN = frozenset({"DRAFT", "PUBLISH_FAILED"})

# Neither unit nor number is documented: whatever is counted there, UTF-16 units are no fewer.
_TITLE = TextLimit(400, Measure.UTF16)
_SUMMARY = TextLimit(4086, Measure.UTF16)


def share(
    message: Message, author: str, visibility: str, picture: str, *, as_photo: bool
) -> Mapping[str, object]:
    """Return a post: its text, and its picture itself or a card, for LinkedIn makes none."""
    return {
        "author": author,
        "commentary": commentary(message),
        "visibility": visibility.upper(),
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "content": _photo(message, picture) if picture and as_photo else _card(message, picture),
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }


def commentary(message: Message) -> str:
    """Return a message's text as it is sent."""
    return "".join(map(written, message.spans))


def _photo(message: Message, picture: str) -> Mapping[str, object]:
    alt = message.image.alt if message.image else ""
    return {"media": {"id": picture, **({"altText": alt} if alt else {})}}


def _card(message: Message, picture: str) -> Mapping[str, object]:
    summary = shortened(message.summary, _SUMMARY)
    article = {
        "source": message.url,
        "title": shortened(message.title or message.url, _TITLE),
        **({"description": summary} if summary else {}),
        **({"thumbnail": picture} if picture else {}),
    }
    return {"article": article}


def is_post(name: str) -> bool:
    """Tell whether LinkedIn's name for something is that of a post."""
    return bool(_POST.fullmatch(name))


def receipt_of(post: str) -> Receipt:
    """Return the receipt of a post, by LinkedIn's name for it."""
    return Receipt(post, f"{_SITE}/feed/update/{post}/")


def place(receipt: Receipt) -> str:
    """Return where the API has a post; raises Rejected when it is none."""
    if not is_post(receipt.identifier):
        raise Rejected(f'"{receipt.identifier}" is not the name of a post on LinkedIn.')
    return f"{POSTS}/{quote(receipt.identifier, safe='')}"


def own_post(listed: object) -> Own:
    """Return a post as a list has it; one that nobody sees leads nowhere."""
    is_seen = pick(listed, str, "lifecycleState") not in _UNSEEN
    links = tuple(_links(listed)) if is_seen else ()
    receipt = receipt_of(pick(listed, str, "id") or "")
    return Own(Posted(receipt, links), _moment(pick(listed, int, "createdAt")))


def legible(posts: Iterable[Own | None]) -> Iterator[Own | None]:
    """Yield posts, but no end and no age after one whose link is hidden: it may be any of ours."""
    hidden = False
    for own in posts:
        links = own.posted.links if own and own.posted else ()
        hidden = hidden or any(map(_is_short, links))
        if not hidden:
            yield own
        elif own:
            yield replace(own, written=None)


def _links(listed: object) -> Iterator[str]:
    """Yield where a post leads: its card, or else its text."""
    if card := pick(listed, str, "content", "article", "source"):
        yield card
    else:
        yield from links_in_text(plain(pick(listed, str, "commentary") or ""))


def _is_short(link: str) -> bool:
    return link.startswith(_SHORT)


def _moment(milliseconds: int | None) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None
    except OverflowError:
        return None
