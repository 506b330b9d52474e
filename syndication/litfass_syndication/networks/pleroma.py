"""Pleroma and Akkoma: Mastodon's client API, in their own way.

https://docs-develop.pleroma.social/backend/development/API/differences_in_mastoapi_responses/
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

    visibility: Literal["public", "unlisted", "private", "local"] = "public"


class Pleroma(mastodon_api.MastodonApi[Options]):
    """One account on one Pleroma or Akkoma."""

    name: ClassVar[str] = "pleroma"
    title: ClassVar[str] = "Pleroma and Akkoma"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Elixir's String.length, of the text and its warning together; a link counts in full.
        limits=(TextLimit(5000, Measure.GRAPHEMES),),
        # Idempotency keys are kept in memory: whoever restarts the server forgets them.
        dedupe=Dedupe.LOOKUP,
        images=ImageLimits(
            ("image/jpeg", "image/png", "image/gif", "image/webp"),
            max_bytes=16 * 2**20,
            max_alt=5000,
        ),
        edit=True,
        withdraw=True,
        listing=True,
        counts_content_warning=True,
        notes={
            "limits": "those of the account's own server are asked for",
            "corrections": "of the text; a picture's words stay as they were",
        },
    )
