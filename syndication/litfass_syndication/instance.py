"""What a server that speaks Mastodon's API is and allows, from what it says of itself. Pure.

https://docs.joinmastodon.org/methods/instance/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from litfass_syndication.answer import pick, positive
from litfass_syndication.capabilities import Capabilities, ImageLimits

# What servers call themselves, and the name of the network that knows how to speak to them.
_KIN = {
    "gotosocial": "gotosocial",
    "pleroma": "pleroma",
    "akkoma": "pleroma",
    "pixelfed": "pixelfed",
    "sharkey": "misskey",
}
TITLES = {
    "mastodon": "Mastodon",
    "gotosocial": "GoToSocial",
    "pleroma": "Pleroma or Akkoma",
    "pixelfed": "Pixelfed",
    "misskey": "Misskey or Sharkey",
}


def software_of(instance: object) -> str:
    """Return the network that a server is one of, by what it says of itself; empty if unsure.

    Mastodon's kin say "2.7.2 (compatible; Akkoma 3.10)" and "4.0.0 (not true; really snac/2.52)".
    GoToSocial says "0.19.1+git-abc", or is set to say "3.5.3+0.19.1-git-abc", or even "4.4.0", and
    is then known by where its source is. Misskey says in its own way that it has nothing of this.
    """
    version = (pick(instance, str, "version") or "").lower()
    said = f"{version} {pick(instance, str, 'source_url') or ''}".lower()
    for word, name in _KIN.items():
        if word in said:
            return name
    if pick(instance, str, "error", "code") == "UNKNOWN_API_ENDPOINT":
        return "misskey"
    if re.search(r"\d[+-]git-", version):
        return "gotosocial"
    own = re.match(r"[1-9]\d*\.\d+\.\d+", version) and not re.search(r"[(]|\+\d", version)
    return "mastodon" if own else ""


def refined(able: Capabilities, instance: object) -> Capabilities:
    """Return what a server takes of what its software can do (v1 or v2 of /instance).

    What it does not say, or what makes no sense, stays as declared.
    """
    said = pick(instance, dict, "configuration") or {}
    length = positive(said, "statuses", "max_characters")
    length = length or positive(instance, "max_toot_chars")
    limits = tuple(replace(each, maximum=length or each.maximum) for each in able.limits)
    url_length = able.url_length and (
        positive(said, "statuses", "characters_reserved_per_url") or able.url_length
    )
    images = able.images and _images(able.images, said, instance)
    return replace(able, limits=limits, url_length=url_length, images=images)


def _images(able: ImageLimits, said: Mapping[str, object], instance: object) -> ImageLimits | None:
    """Return what a server takes of a picture; Pleroma says some of it at the top."""
    if pick(said, int, "statuses", "max_media_attachments") == 0:
        return None
    limits = pick(said, dict, "media_attachments") or {}
    types = pick(limits, list, "supported_mime_types") or []
    known = tuple(each for each in able.media_types if each in types)
    size = positive(limits, "image_size_limit") or positive(instance, "upload_limit")
    alt = positive(limits, "description_limit") or positive(instance, "description_limit")
    return replace(
        able,
        media_types=known or able.media_types,
        max_bytes=size or able.max_bytes,
        max_pixels=positive(limits, "image_matrix_limit") or able.max_pixels,
        max_alt=alt or able.max_alt,
    )
