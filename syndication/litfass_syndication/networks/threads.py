"""Threads: a text with the card that Threads makes of its link, or with the post's picture.

https://developers.facebook.com/docs/threads/posts
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.containers import Containers
from litfass_syndication.errors import Rejected, Unreachable
from litfass_syndication.finding import Own, found, listed
from litfass_syndication.graph import Graph
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError

_SITE = "https://www.threads.com"
_MAKE = "me/threads"  # posts are listed at the same address
_PUBLISH = "me/threads_publish"
_PAGES = 4
_ALL_PAGES = 200
_PICTURES = ImageLimits(("image/jpeg", "image/png"), max_alt=1000, ratios=(0.1, 10.0), fetched=True)


@dataclass(frozen=True, slots=True)
class Options:
    """An account's token. `app_secret` is only needed where the app asks for proof of it.

    `picture` chooses between the card that Threads makes of the link and the post's picture with
    its alternative text; a post on Threads has room for one of them.
    """

    token: Secret
    app_secret: Secret | None = None
    picture: Literal["card", "photo"] = "card"
    server: str = "https://graph.threads.net"
    version: str = "v1.0"


class Threads(Network[Options]):
    """One account on Threads."""

    name: ClassVar[str] = "threads"
    title: ClassVar[str] = "Threads"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(500, Measure.EMOJI_BYTES),),
        dedupe=Dedupe.LOOKUP,
        images=_PICTURES,
        withdraw=True,
        listing=True,
        notes={
            "image": "the card's, from the page; with picture = \"photo\" the post's own, fetched",
            "hashtags": "the first becomes the post's topic, the others stay words",
            "content warning": "Threads has none",
            "corrections": "Threads takes none",
        },
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._graph = Graph(http, options.version, options.token, options.app_secret)
        self._containers = Containers(self._graph, http, state="status", words="error_message")

    def limits(self) -> Capabilities:
        """Return what the account takes: of pictures none where it is set to show cards."""
        images = self.capabilities.images if self._options.picture == "photo" else None
        return replace(self.capabilities, images=images)

    def publish(self, message: Message, key: str) -> Receipt:
        """Make the post ready, then publish it; if that answer is lost, look what became of it."""
        del key
        container, notes = self._prepared(message)
        if message.content_warning:
            notes += ("Threads has no content warnings, and shows none.",)
        receipt = self._containers.published(_PUBLISH, container, message.url, self._own_posts(1))
        return replace(receipt, notes=(*receipt.notes, *notes))

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the posts since the claim."""
        del key
        return found(self._own_posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's posts, newest first, ten thousand at most."""
        return listed(self._own_posts(_ALL_PAGES))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        self._graph.delete(receipt.identifier, "The post is there: the token lacks threads_delete.")

    def whoami(self) -> Identity:
        """Say whose account it is, and until when the token lasts, asking Threads."""
        name = self._graph.ask("me", fields="id,username").require(str, "username")
        return Identity(f"@{name}", f"{_SITE}/@{name}", self._graph.ends())

    def _prepared(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Return a container with the picture, or with a card and why it has no picture."""
        notes: tuple[str, ...] = ()
        if message.image and self._options.picture == "photo":
            try:
                return self._with_picture(message, message.image), ()
            except (PictureError, Rejected, Unreachable) as error:
                notes = (f"It has a card in place of its picture. {error.message}",)
        body = {"media_type": "TEXT", "text": message.text, "link_attachment": message.url}
        return self._containers.prepared(_MAKE, body, message.account), notes

    def _with_picture(self, message: Message, image: Image) -> str:
        if why := _PICTURES.objection(image):
            raise PictureError(f"Threads would not take it: {why}.")
        described = {"alt_text": image.alt} if image.alt else {}
        body = {"media_type": "IMAGE", "image_url": image.url, "text": message.text, **described}
        return self._containers.prepared(_MAKE, body, message.account)

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        return self._containers.listed(_MAKE, pages, "text", "link_attachment_url")
