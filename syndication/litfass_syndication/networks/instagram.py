"""Instagram: a picture that it fetches from the blog, and a caption. Business and creator accounts.

https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.answer import pick
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.containers import Containers
from litfass_syndication.errors import Rejected
from litfass_syndication.finding import Own, found, listed
from litfass_syndication.graph import Graph
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret

_SITE = "https://www.instagram.com"
_PAGES = 4
_ALL_PAGES = 200

# 4:5 to 1.91:1. The widest is often drawn with 1200 × 628 pixels, a hair more.
_PICTURES = ImageLimits(
    ("image/jpeg",), max_alt=1000, ratios=(0.8, 1.911), fetched=True, needed=True
)


@dataclass(frozen=True, slots=True)
class Options:
    """An account: its token, and its number where the token is one of Facebook's.

    With a token of Instagram's own login, `user` is found out, and `server` is as it is. With one
    of Facebook's, `user` is needed, and `server` is "https://graph.facebook.com". `app_secret` is
    only needed where the app asks for proof of it.
    """

    token: Secret
    app_secret: Secret | None = None
    user: str = ""
    server: str = "https://graph.instagram.com"
    version: str = "v25.0"


class Instagram(Network[Options]):
    """One business or creator account on Instagram."""

    name: ClassVar[str] = "instagram"
    title: ClassVar[str] = "Instagram"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Instagram does not say in which unit it counts; UTF-16 is the strictest of the likely.
        limits=(TextLimit(2200, Measure.UTF16),),
        dedupe=Dedupe.LOOKUP,
        images=_PICTURES,
        card=Card.NONE,
        listing=True,
        notes={
            "account": "business or creator; Instagram lets no program post to personal ones",
            "image": "needed: a JPEG from 4:5 to 1.91:1, fetched from the blog as it is",
            "links": "cannot be clicked in a caption",
            "content warning": "Instagram has none",
            "corrections": "Instagram takes none, and is asked to delete nothing",
        },
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._graph = Graph(http, options.version, options.token, options.app_secret)
        self._containers = Containers(self._graph, http, state="status_code", words="status")

    def publish(self, message: Message, key: str) -> Receipt:
        """Make the post ready, then publish it; if that answer is lost, look what became of it."""
        del key
        image = _suitable(message)
        described = {"alt_text": image.alt} if image.alt else {}
        body = {"image_url": image.url, "caption": message.text, **described}
        user, containers = self._user, self._containers
        container = containers.prepared(f"{user}/media", body, message.account)
        receipt = containers.published(
            f"{user}/media_publish", container, message.url, self._own_posts(1)
        )
        return replace(receipt, notes=(*receipt.notes, *_missing(message)))

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the page's address in the captions of the posts since the claim."""
        del key
        return found(self._own_posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's posts, newest first: ten thousand at most, as Instagram has it."""
        return listed(self._own_posts(_ALL_PAGES))

    def whoami(self) -> Identity:
        """Say whose account it is, asking Instagram."""
        user = self._graph.ask(self._options.user or "me", fields="username")
        name = user.require(str, "username")
        return Identity(f"@{name}", f"{_SITE}/{name}/")

    @cached_property
    def _user(self) -> str:
        """The account's number, which Instagram's own login calls `user_id`."""
        if self._options.user:
            return self._options.user
        answer = self._graph.ask("me", fields="user_id,username")
        return pick(answer.json(), str, "user_id") or answer.require(str, "id")

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        return self._containers.listed(f"{self._user}/media", pages, "caption")


def _suitable(message: Message) -> Image:
    """Return the message's picture; raises Rejected when it is not for Instagram."""
    why = _PICTURES.objection(message.image)
    if why or message.image is None:
        hint = "Give the post a JPEG that is neither very tall nor very wide as its `image`."
        raise Rejected(f"{message.account}: not for Instagram: {why}.", hint)
    return message.image


def _missing(message: Message) -> tuple[str, ...]:
    warned = bool(message.content_warning)
    return ("Instagram has no content warnings, and shows none.",) if warned else ()
