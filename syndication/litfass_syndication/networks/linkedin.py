"""LinkedIn: posts of a member or of an organisation's page, with a link card of our own.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import ClassVar, Literal

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import Answer
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, SyndicationError
from litfass_syndication.finding import Own, found, listed
from litfass_syndication.little import written
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError, fit
from litfass_syndication.restli import Keys, Refused, RestLi, made
from litfass_syndication.shares import (
    POSTS,
    commentary,
    is_post,
    legible,
    own_post,
    place,
    receipt_of,
    share,
)

_SITE = "https://www.linkedin.com"

_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/gif"),
    max_bytes=5_000_000,
    max_pixels=36_152_320,
    max_alt=4086,
)
_PERHAPS_THE_PICTURE = (400, 404, 422)
_GONE = 404

_PAGE = 100
_PAGES = 4
_ALL_PAGES = 100
_SOON = timedelta(days=10)

_MEMBER = (
    'The app needs the products "Share on LinkedIn" and "Sign In with LinkedIn using OpenID '
    'Connect", and the token the permissions openid, profile and w_member_social.'
)
_ORGANISATION = (
    'The app needs the product "Community Management API", the token the permissions '
    "w_organization_social, r_organization_social and rw_organization_admin, and you have to be an "
    "admin of the page."
)
_GHOST = (
    "LinkedIn remembers for a day or two what was deleted. Wait, or say it in other words: "
    "the account's own text for the post can differ."
)
_THERE = "It was there already."
_PERHAPS_THERE = "LinkedIn says that it was there already: look whether it is to be seen."


def _number(value: str) -> str | None:
    if value and not re.fullmatch(r"\d+", value, re.ASCII):
        return f'must be the number in its page\'s address, not "{value}"'
    return None


def _version(value: str) -> str | None:
    right = re.fullmatch(r"\d{6}", value, re.ASCII)
    return None if right else f'must be a year and a month like "202606", not "{value}"'


@dataclass(frozen=True, slots=True)
class Options:
    """A member's token; with the number of an `organisation`, its page speaks.

    `picture` chooses between a link card with the post's picture in it, and the picture itself
    with its alternative text; LinkedIn has room for one of them. `visibility` is for members: a
    page's posts are public. With the app's `client_id` and `client_secret`, LinkedIn tells when
    the token ends.
    """

    token: Secret
    organisation: str = field(default="", metadata={"check": _number})
    picture: Literal["card", "photo"] = "card"
    visibility: Literal["public", "connections"] = "public"
    client_id: str = ""
    client_secret: Secret | None = None
    version: str = field(default="202606", metadata={"check": _version})
    server: str = "https://api.linkedin.com"
    sign_in: str = _SITE


class LinkedIn(Network[Options]):
    """One member or one page on LinkedIn."""

    name: ClassVar[str] = "linkedin"
    title: ClassVar[str] = "LinkedIn"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Whether escapes count is not documented: a text that has room with them has room.
        limits=(TextLimit(3000, Measure.UTF16),),
        dedupe=Dedupe.NONE,
        written=written,
        images=_PICTURES,
        card=Card.CLIENT,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "text": "escapes of its marks count",
            "image": 'is part of the link card; with picture = "photo" the post\'s own',
            "a lost answer": "asked of you as a member, looked for as a page",
            "content warning": "LinkedIn has none",
            "corrections": "of the text alone",
        },
    )

    def __init__(
        self,
        options: Options,
        http: Http,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(options, http)
        keys = Keys(
            options.token, options.client_id, options.client_secret, options.server, options.sign_in
        )
        lacking = _ORGANISATION if options.organisation else _MEMBER
        self._api = RestLi(http, keys, options.version, lacking)
        self._clock = clock

    def limits(self) -> Capabilities:
        """Return what the account allows: only a page's own posts can be looked through.

        Raises AccountError for a page that is to speak to connections alone.
        """
        if not self._options.organisation:
            return replace(self.capabilities, listing=False)
        if self._options.visibility != "public":
            hint = "Take `visibility` out of the account's settings."
            raise AccountError("The posts of an organisation's page are always public.", hint)
        return replace(self.capabilities, dedupe=Dedupe.LOOKUP)

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it, once; one whose picture may be why it is refused goes without it."""
        del key
        picture, notes = self._uploaded(message)
        try:
            receipt = self._posted(message, picture)
        except Refused as refusal:
            if not picture or refusal.status not in _PERHAPS_THE_PICTURE:
                raise
            notes = (self._without_picture(refusal.message),)
            receipt = self._posted(message, "")
        if message.content_warning:
            notes += ("LinkedIn has no content warnings, and shows none.",)
        return replace(receipt, notes=(*receipt.notes, *notes, *self._ending(message.account)))

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among a page's posts since the claim; a member has to look.

        Where LinkedIn has put a short link of its own into a post, nobody can tell.
        """
        del key
        if not self._options.organisation:
            return Found(None, complete=False)
        return found(legible(self._own_posts(_PAGES)), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield a page's posts, newest first, ten thousand at most."""
        return listed(self._own_posts(_ALL_PAGES))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace the text; card and picture stay as they are."""
        body = {"patch": {"$set": {"commentary": commentary(message)}}}
        self._api.tell("POST", place(receipt), body, "PARTIAL_UPDATE", repeatable=True)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        try:
            self._api.tell("DELETE", place(receipt), verb="DELETE", repeatable=True)
        except Refused as refusal:
            if refusal.status != _GONE:
                raise

    def whoami(self) -> Identity:
        """Say whose account it is, and until when the token lasts, asking LinkedIn."""
        number = self._options.organisation
        if not number:
            name = self._member.require(str, "name")
            return Identity(name, f"{_SITE}/in/me/", self._api.ends)
        name = self._api.ask(f"/rest/organizations/{number}").require(str, "localizedName")
        return Identity(name, f"{_SITE}/company/{number}/", self._api.ends)

    @cached_property
    def _member(self) -> Answer:
        """Whose token it is, asked once and before anything is said."""
        return self._api.ask("/v2/userinfo")

    @property
    def _author(self) -> str:
        number = self._options.organisation
        if number:
            return f"urn:li:organization:{number}"
        return f"urn:li:person:{self._member.require(str, 'sub')}"

    def _uploaded(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Upload the picture; return LinkedIn's name for it, or none and why it is missing."""
        if message.image is None:
            return "", ()
        try:
            return self._api.upload(self._author, fit(message.image, _PICTURES)), ()
        except (PictureError, Rejected, OutcomeUnknown) as error:
            return "", (self._without_picture(error.message),)

    def _without_picture(self, why: str) -> str:
        if self._options.picture == "photo":
            return f"It has a card in place of its picture. {why}"
        return f"Its card has no picture. {why}"

    def _posted(self, message: Message, picture: str) -> Receipt:
        """Post it; where LinkedIn has the very words already, that post is the announcement."""
        own = self._options
        as_photo = own.picture == "photo"
        body = share(message, self._author, own.visibility, picture, as_photo=as_photo)
        try:
            answer = self._api.tell("POST", POSTS, body, repeatable=False)
        except Refused as refusal:
            if not refusal.duplicate:
                raise
            return self._standing(refusal)
        post = made(answer)
        if not is_post(post):
            raise answer.unusable("its answer does not say which post it is.")
        return receipt_of(post)

    def _standing(self, refusal: Refused) -> Receipt:
        """Return the post that a new one would double; raises Rejected when it is gone."""
        post = receipt_of(refusal.duplicate)
        there = self._is_there(post)
        if there is False:
            raise Rejected(refusal.message, _GHOST) from None
        return replace(post, notes=(_THERE if there else _PERHAPS_THERE,))

    def _is_there(self, post: Receipt) -> bool | None:
        """Tell whether one of a page's posts is there; None where LinkedIn does not tell."""
        if not self._options.organisation:
            return None
        try:
            self._api.ask(place(post))
        except Refused as refusal:
            return False if refusal.status == _GONE else None
        except SyndicationError:
            return None
        return True

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        """Yield a page's posts, newest first, and None when there are no more."""
        asked = {"author": self._author, "q": "author", "sortBy": "CREATED", "count": str(_PAGE)}
        for number in range(pages):
            start = str(number * _PAGE)
            answer = self._api.ask(POSTS, "FINDER", **asked, start=start)
            posts = answer.require(list, "elements")
            yield from map(own_post, posts)
            if not posts:
                yield None
                return

    def _ending(self, account: str) -> tuple[str, ...]:
        """Say which account's token ends, and when, while there is time to make a new one."""
        ends = self._api.ends
        if ends is None or ends - self._clock() > _SOON:
            return ()
        return (f"The token of {account} ends on {ends:%Y-%m-%d}: make a new one before.",)
