"""Facebook Pages: a link with the card that Facebook makes of it, or the post's own picture.

https://developers.facebook.com/docs/pages-api/posts
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.answer import pick
from litfass_syndication.attempt import EPOCH
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import OutcomeUnknown, Rejected, SyndicationError
from litfass_syndication.finding import Own, found, listed
from litfass_syndication.graph import Graph, Refused, at_home, moment
from litfass_syndication.links import links_in_text
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError, fit

_SITE = "https://www.facebook.com"
_ITS_OWN = "published_posts"  # "feed" would have what visitors write, too
_SHOWN = "id,message,created_time,permalink_url,attachments{unshimmed_url}"
_PAGE = "50"
_PAGES = 4
_ALL_PAGES = 60
_SAME_AS_BEFORE = 506
_MAY_DELETE = "The post is there: the token lacks pages_manage_posts, or another app posted it."
_WHICH_PAGE = "Is the Page's number in the settings right, and is the token the Page's own?"


@dataclass(frozen=True, slots=True)
class Options:
    """A Page: its number, and a token of the Page itself, not of the person who looks after it.

    `app_secret` is only needed where the app asks for proof of it. `picture` chooses between the
    card that Facebook makes of the link and the post's picture with its alternative text; a post
    on Facebook has room for one of them.
    """

    page: str
    token: Secret
    app_secret: Secret | None = None
    picture: Literal["card", "photo"] = "card"
    server: str = "https://graph.facebook.com"
    version: str = "v25.0"


class Facebook(Network[Options]):
    """One Page on Facebook."""

    name: ClassVar[str] = "facebook"
    title: ClassVar[str] = "Facebook"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Facebook does not say in which unit it counts; UTF-16 is the strictest of the likely.
        limits=(TextLimit(63_206, Measure.UTF16),),
        dedupe=Dedupe.LOOKUP,
        images=ImageLimits(("image/jpeg", "image/png"), max_bytes=4_000_000),
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "account": "a Page; Facebook lets no program post to profiles or groups",
            "image": "the card's, from the page; with picture = \"photo\" the post's own, uploaded",
            "content warning": "Facebook has none",
            "corrections": "of the text alone",
        },
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._graph = Graph(http, options.version, options.token, options.app_secret)

    def limits(self) -> Capabilities:
        """Return what the Page takes: of pictures none where it is set to show cards."""
        images = self.capabilities.images if self._options.picture == "photo" else None
        return replace(self.capabilities, images=images)

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it; where Facebook says that it just has, find what is there."""
        del key
        photo, notes = self._photo(message)
        if message.content_warning:
            notes += ("Facebook has no content warnings, and shows none.",)
        shown = {"attached_media": [{"media_fbid": photo}]} if photo else {"link": message.url}
        body = {"message": message.text, **shown}
        try:
            with at_home(_WHICH_PAGE):
                answer = self._graph.tell(f"{self._options.page}/feed", body)
        except Refused as refusal:
            there = self._standing(message) if refusal.code == _SAME_AS_BEFORE else None
            if there is None:
                raise
            return there
        post = answer.require(str, "id")
        return Receipt(post, self._address(post), notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the posts since the claim."""
        del key
        return found(self._own_posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the Page's posts, newest first, as far as Facebook tells: 600 of a year."""
        return listed(self._own_posts(_ALL_PAGES))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace the text; card and picture stay as they are."""
        self._graph.tell(receipt.identifier, {"message": message.text}, repeatable=True)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        self._graph.delete(receipt.identifier, _MAY_DELETE)

    def whoami(self) -> Identity:
        """Say which Page it is, and until when the token lasts, asking Facebook."""
        answer = self._graph.ask(self._options.page, fields="id,name,link")
        name, link = answer.require(str, "name"), answer.require_address("link")
        return Identity(name, link, self._graph.ends())

    def _photo(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Upload the picture; return its identifier, or none and why the post has a card."""
        if message.image is None or self._options.picture != "photo":
            return "", ()
        try:
            return self._upload(message.image), ()
        except (PictureError, Rejected, OutcomeUnknown) as error:
            return "", (f"It has a card in place of its picture. {error.message}",)

    def _upload(self, image: Image) -> str:
        """Upload a picture that is not shown until a post has it; Facebook forgets it otherwise."""
        limits = self.capabilities.images
        assert limits  # noqa: S101 - declared above
        described = {"alt_text_custom": image.alt} if image.alt else {}
        body = {"published": "false", **described}
        path = f"{self._options.page}/photos"
        return self._graph.upload(path, body, fit(image, limits)).require(str, "id")

    def _address(self, post: str) -> str:
        """Ask where a post is. It is there, whatever becomes of the question."""
        try:
            return self._graph.ask(post, fields="permalink_url").require_address("permalink_url")
        except SyndicationError:
            return f"{_SITE}/{post}"

    def _standing(self, message: Message) -> Receipt | None:
        """Return the newest post that leads to the message's page, if it is there."""
        return found(self._own_posts(1), message.url, EPOCH).receipt

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        """Yield the Page's posts, newest first, and None when there are no more."""
        path = f"{self._options.page}/{_ITS_OWN}"
        listed = self._graph.listed(path, pages, fields=_SHOWN, limit=_PAGE)
        return (None if post is None else _own(post) for post in listed)


def _own(post: object) -> Own:
    identifier = pick(post, str, "id") or ""
    address = pick(post, str, "permalink_url") or ""
    public = address.startswith(("https://", "http://"))
    receipt = Receipt(identifier, address if public else f"{_SITE}/{identifier}")
    return Own(Posted(receipt, tuple(_links(post))), moment(post, "created_time"))


def _links(post: object) -> Iterator[str]:
    """Yield where a post leads: its card, past Facebook's own redirect, and its text."""
    for each in pick(post, list, "attachments", "data") or ():
        if link := pick(each, str, "unshimmed_url"):
            yield link
    yield from links_in_text(pick(post, str, "message") or "")
