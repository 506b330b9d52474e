"""Mastodon, and servers of its kind that have no adapter of their own.

https://docs.joinmastodon.org/methods/statuses/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from litfass_syndication import mastodon_api
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)

_STOCK = Capabilities(
    limits=(TextLimit(500, Measure.GRAPHEMES),),
    dedupe=Dedupe.KEY,
    url_length=23,
    short_mentions=True,
    images=ImageLimits(
        ("image/jpeg", "image/png", "image/gif", "image/webp"),
        max_bytes=16 * 2**20,
        max_pixels=33_177_600,
        max_alt=1500,
    ),
    edit=True,
    withdraw=True,
    listing=True,
    key_seconds=3600,
    counts_content_warning=True,
    notes={"limits": "those of the account's own server are asked for"},
)

# Only Mastodon itself surely keeps idempotency keys, and counts every link as so many characters.
_CAUTIOUS = replace(
    _STOCK,
    limits=(TextLimit(500, Measure.CODE_POINTS),),
    dedupe=Dedupe.LOOKUP,
    url_length=None,
    short_mentions=False,
    key_seconds=None,
)


@dataclass(frozen=True, slots=True)
class Options(mastodon_api.Options):
    """An account: its server's address and its access token.

    The rest is how its posts are made: who sees them, whether pictures are hidden at first, and,
    for posts that do not say their own, a content warning and a language (ISO 639-1).
    """

    visibility: Literal["public", "unlisted", "private", "direct"] = "public"


class Mastodon(mastodon_api.MastodonApi[Options]):
    """One account on one Mastodon, or on a server of its kind that nobody knows."""

    name: ClassVar[str] = "mastodon"
    title: ClassVar[str] = "Mastodon"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = _STOCK

    def _able(self, software: str) -> Capabilities:
        return _STOCK if software == self.name else _CAUTIOUS
