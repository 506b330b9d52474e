"""Instagram: a picture that it fetches from the blog, and a caption. Business and creator accounts.

https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.attempt import EPOCH
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.containers import Containers
from litfass_syndication.errors import OutcomeUnknown, Rejected, SyndicationError
from litfass_syndication.graph import Graph, Own, found, moment
from litfass_syndication.links import links_in_text
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret, pick

_SITE = "https://www.instagram.com"
_SHOWN = "id,caption,permalink,timestamp"
_PAGE = "50"
_PAGES = 4
_ALL_PAGES = 200
_NO_ADDRESS = "Instagram has not said where it is; look at the account."

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
        self._containers = Containers(self._graph, http.pause, state="status_code", words="status")

    def publish(self, message: Message, key: str) -> Receipt:
        """Make the post ready, then publish it; if that answer is lost, look what became of it."""
        del key
        image = _suitable(message)
        described = {"alt_text": image.alt} if image.alt else {}
        body = {"image_url": image.url, "caption": message.text, **described}
        container = self._containers.prepared(f"{self._user}/media", body, message.account)
        try:
            post = self._containers.published(f"{self._user}/media_publish", container)
        except OutcomeUnknown:
            there = self._standing(message) if self._containers.is_out(container) else None
            if there is None:
                raise
            return there
        return self._receipt(post, message)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the page's address in the captions of the posts since the claim."""
        del key
        return found(self._own_posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's posts, newest first: ten thousand at most, as Instagram has it."""
        return (own.posted for own in self._own_posts(_ALL_PAGES) if own)

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

    def _receipt(self, post: str, message: Message) -> Receipt:
        """Ask where a post is. It is there, whatever becomes of the question."""
        warned = bool(message.content_warning)
        notes = ("Instagram has no content warnings, and shows none.",) if warned else ()
        try:
            answer = self._graph.ask(post, fields="permalink")
            return Receipt(post, answer.require_address("permalink"), notes)
        except SyndicationError:
            return Receipt(post, "", (*notes, _NO_ADDRESS))

    def _standing(self, message: Message) -> Receipt | None:
        """Return the newest post that leads to the message's page, if it is there."""
        try:
            return found(self._own_posts(1), message.url, EPOCH).receipt
        except SyndicationError:
            return None

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        """Yield the account's posts, newest first, and None when there are no more."""
        listed = self._graph.listed(f"{self._user}/media", pages, fields=_SHOWN, limit=_PAGE)
        return (None if post is None else _own(post) for post in listed)


def _suitable(message: Message) -> Image:
    """Return the message's picture; raises Rejected when it is not for Instagram."""
    why = _PICTURES.objection(message.image)
    if why or message.image is None:
        hint = "Give the post a JPEG that is neither very tall nor very wide as its `image`."
        raise Rejected(f"{message.account}: not for Instagram: {why}.", hint)
    return message.image


def _own(post: object) -> Own:
    address = pick(post, str, "permalink") or ""
    public = address if address.startswith(("https://", "http://")) else ""
    links = links_in_text(pick(post, str, "caption") or "")
    receipt = Receipt(pick(post, str, "id") or "", public)
    return Own(Posted(receipt, links), moment(post, "timestamp"))
