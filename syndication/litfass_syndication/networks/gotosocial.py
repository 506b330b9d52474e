"""GoToSocial: Mastodon's client API, in its own way.

https://docs.gotosocial.org/en/latest/api/swagger/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from litfass_syndication import mastodon_api
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)


@dataclass(frozen=True, slots=True)
class Options(mastodon_api.Options):
    """An account: its server's address and its access token.

    The rest is how its posts are made: who sees them, whether pictures are hidden at first, and,
    for posts that do not say their own, a content warning and a language (ISO 639-1).
    """

    visibility: Literal["public", "unlisted", "private", "mutuals_only"] = "public"


class GoToSocial(mastodon_api.MastodonApi[Options]):
    """One account on one GoToSocial."""

    name: ClassVar[str] = "gotosocial"
    title: ClassVar[str] = "GoToSocial"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Runes of Go, of the text and its warning together; a link counts in full.
        limits=(TextLimit(5000, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,  # its API knows no idempotency key
        images=ImageLimits(
            ("image/jpeg", "image/png", "image/gif", "image/webp"),
            max_bytes=40 * 2**20,
            max_alt=1500,
        ),
        edit=True,
        withdraw=True,
        listing=True,
        counts_content_warning=True,
        notes={"limits": "those of the account's own server are asked for"},
    )
