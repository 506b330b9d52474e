"""What a server that speaks Mastodon's API allows, from what it says of itself. Pure.

https://docs.joinmastodon.org/methods/instance/; what is not said is as in stock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.network import pick

_STOCK_LENGTH = 500
_STOCK_URL = 23
_STOCK_IMAGES = ImageLimits(
    ("image/jpeg", "image/png", "image/gif", "image/webp"),
    max_bytes=16 * 2**20,
    max_pixels=33_177_600,
    max_alt=1500,
)

STOCK = Capabilities(
    limits=(TextLimit(_STOCK_LENGTH, Measure.GRAPHEMES),),
    dedupe=Dedupe.KEY,
    url_length=_STOCK_URL,
    short_mentions=True,
    images=_STOCK_IMAGES,
    edit=True,
    withdraw=True,
    listing=True,
    key_seconds=3600,
    counts_content_warning=True,
    notes={"limits": "those of the account's own server are asked for"},
)


def capabilities_of(instance: object) -> Capabilities:
    """Return what a server allows, from what it says of itself (v1 or v2 of /instance).

    Only Mastodon itself surely keeps idempotency keys, and counts every link as so many characters;
    its kin, and whatever does not make sense, is taken to do neither.
    """
    able = STOCK
    said = pick(instance, dict, "configuration") or {}
    length = _positive(said, "statuses", "max_characters")
    length = length or _positive(instance, "max_toot_chars") or _STOCK_LENGTH
    images = _images(said)
    if not _is_mastodon(pick(instance, str, "version") or ""):
        limits = (TextLimit(length, Measure.CODE_POINTS),)
        return replace(
            able,
            limits=limits,
            dedupe=Dedupe.LOOKUP,
            url_length=None,
            short_mentions=False,
            images=images,
            key_seconds=None,
        )
    url_length = _positive(said, "statuses", "characters_reserved_per_url") or _STOCK_URL
    limits = (TextLimit(length, Measure.GRAPHEMES),)
    return replace(able, limits=limits, url_length=url_length, images=images)


def _is_mastodon(version: str) -> bool:
    """Tell Mastodon ("4.5.1", "4.4.0+glitch") from its kin.

    They say "2.7.2 (compatible; Akkoma 3.10)", or like GoToSocial count from 0.
    """
    return bool(re.match(r"[1-9]\d*\.\d+\.\d+", version)) and "compatible" not in version


def _images(said: Mapping[str, object]) -> ImageLimits | None:
    if pick(said, int, "statuses", "max_media_attachments") == 0:
        return None
    limits = pick(said, dict, "media_attachments") or {}
    types = pick(limits, list, "supported_mime_types") or []
    known = tuple(each for each in _STOCK_IMAGES.media_types if each in types)
    return ImageLimits(
        known or _STOCK_IMAGES.media_types,
        _positive(limits, "image_size_limit") or _STOCK_IMAGES.max_bytes,
        _positive(limits, "image_matrix_limit") or _STOCK_IMAGES.max_pixels,
        _positive(limits, "description_limit") or _STOCK_IMAGES.max_alt,
    )


def _positive(value: object, *path: str) -> int | None:
    number = pick(value, int, *path)
    return number if number and number > 0 else None
