"""Pixelfed: a picture with a caption, by Mastodon's client API in its own way.

https://github.com/pixelfed/pixelfed/blob/dev/app/Http/Controllers/Api/ApiV1Controller.php
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from litfass_syndication import mastodon_api
from litfass_syndication.announcement import Message, Receipt, Span, SpanKind
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import Rejected
from litfass_syndication.measure import shortened
from litfass_syndication.network import nothing_announced
from litfass_syndication.pictures import PictureError

_WARNING = TextLimit(140, Measure.CODE_POINTS)

# What begins like a tag is taken out of a caption, up to its end; before a space it is not.
_TAG = re.compile(r"<(?!\s)")


@dataclass(frozen=True, slots=True)
class Options(mastodon_api.Options):
    """An account: its server's address and its access token.

    The rest is how its posts are made: who sees them, whether pictures are hidden at first, and,
    for posts that do not say their own, a content warning.
    """

    visibility: Literal["public", "unlisted", "private"] = "public"


def written(span: Span) -> str:
    """Return a stretch of a caption so that nothing in it is taken for HTML."""
    return span.text if span.kind is SpanKind.LINK else _TAG.sub("< ", span.text)


class Pixelfed(mastodon_api.MastodonApi[Options]):
    """One account on one Pixelfed."""

    name: ClassVar[str] = "pixelfed"
    title: ClassVar[str] = "Pixelfed"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(500, Measure.CODE_POINTS),),
        # A key that it knows is refused for an hour, even if nothing was made with it.
        dedupe=Dedupe.LOOKUP,
        written=written,
        images=ImageLimits(
            ("image/jpeg", "image/png", "image/gif"),
            max_bytes=15_000_000,
            max_alt=1000,
            needed=True,
        ),
        card=Card.NONE,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "links": "are no links in a caption, only their words",
            "content warning": "of at most 140 characters",
            "corrections": "of the caption; the picture and its words stay as they were",
            "limits": "those of the account's own server are asked for",
        },
    )
    uploads: ClassVar[tuple[str, ...]] = ("/api/v1/media",)

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace caption and warning; the picture and its words stay as they are."""
        path = f"{mastodon_api.STATUSES}/{receipt.identifier}"
        self._send("PUT", path, json=self._wording(message), repeatable=True)
        return receipt

    def _wording(self, message: Message) -> dict[str, object]:
        wording = super()._wording(message)
        warning = shortened(str(wording["spoiler_text"]), _WARNING)
        return {
            **wording,
            "status": "".join(map(written, message.spans)),
            "spoiler_text": warning,
        }

    def _uploaded(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Upload the picture; without one there is no post."""
        hint = "Give the post a picture as its `image`, as JPEG or PNG."
        if message.image is None:
            raise Rejected(f"{message.account}: not for Pixelfed: the post has no picture.", hint)
        try:
            with nothing_announced():
                return self._upload(message.image), ()
        except PictureError as error:
            raise Rejected(f"{message.account}: {error.message}", error.hint or hint) from None
