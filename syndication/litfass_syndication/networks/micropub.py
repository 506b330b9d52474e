"""Micropub: Micro.blog, and other sites that can be written to: https://www.w3.org/TR/micropub/.

What is not in the standard (lists of posts, destinations, mp-slug) is as the IndieWeb has it:
https://indieweb.org/Micropub-extensions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Content,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import (
    OutcomeUnknown,
    Rejected,
    Unauthorised,
)
from litfass_syndication.finding import earliest, moment
from litfass_syndication.links import comparable, last_part, links_in, links_in_text
from litfass_syndication.micropub_site import (
    BAD_REQUEST,
    END,
    MISSING,
    Site,
    created,
    placed,
    understood,
)
from litfass_syndication.network import Found, Identity, Network, Posted, Secret
from litfass_syndication.paragraphs import body_with_original, original_of
from litfass_syndication.pictures import PictureError, fit

_NOTE = 300  # characters; Micro.blog cuts what is longer, and the link with it
_IMAGES = ImageLimits(("image/jpeg", "image/png", "image/gif", "image/webp"), max_bytes=10 * 2**20)


def _not_negative(value: int) -> str | None:
    return None if value >= 0 else f"must be 0 or more, not {value}"


@dataclass(frozen=True, slots=True)
class Options:
    """A site's address, and a token that may write; the site says where that is done.

    `endpoint` is where, if the site does not say it; `destination` is the address of one of several
    sites that the token is for. Notes have at most `limit` characters; 0: any number. `status` and
    `visibility` are those of a new post; `syndicate_to` names where the site passes it on.
    """

    server: str
    token: Secret
    endpoint: str = ""
    destination: str = ""
    limit: int = field(default=_NOTE, metadata={"check": _not_negative})
    status: Literal["published", "draft"] = "published"
    visibility: Literal["public", "unlisted", "private"] | None = None
    syndicate_to: tuple[str, ...] = ()


class Micropub(Network[Options]):
    """One site that takes posts by Micropub."""

    name: ClassVar[str] = "micropub"
    title: ClassVar[str] = "Micropub"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(_NOTE, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,
        images=_IMAGES,
        card=Card.NONE,
        hashtags=False,
        edit=True,
        withdraw=True,
        listing=True,
        contents=(Content.EXCERPT, Content.ARTICLE),
        tags=True,
        notes={
            "text": "300 characters are what Micro.blog shows; an article has no limit",
            "a lost answer": "looked for where the site lists its posts",
            "picture": "corrections leave it as it is",
        },
    )

    def limits(self) -> Capabilities:
        """Return how long the account's settings let a note be."""
        limit = TextLimit(self._options.limit or None, Measure.CODE_POINTS)
        return replace(self.capabilities, limits=(limit,))

    def publish(self, message: Message, key: str) -> Receipt:
        """Create the post, once; a picture whose words are not understood goes without them."""
        del key
        wording = self._wording(message)
        photo, notes = self._photo(message.image)
        properties = {**wording, **self._placing(message), **photo}
        answer = self._create(properties)
        plain = pick(photo, str, "photo", 0, "value")
        if answer.status == BAD_REQUEST and plain:
            # Refused, so nothing was made: there are servers that take no more than an address.
            properties["photo"] = [plain]
            notes = (*notes, "The site took its picture without the words for it.")
            answer = self._create(properties)
        return replace(created(understood(answer)), notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the page's note or copy in the list of posts, where the site has one.

        Not to find it proves something at the list's end, or as far back as the claim in one that
        has the newest first.
        """
        del key
        oldest = earliest(since)
        before: datetime | None = None
        in_order = True
        for post in self._site.posts():
            if post is END:
                return Found(None, complete=True)
            if comparable(message.url) in map(comparable, _pages(post)):
                return Found(_found(post), complete=True)
            written = moment(pick(post, str, "properties", "published", 0))
            if before:
                in_order = in_order and written is not None and written < before
            if before and written and in_order and written < oldest:
                return Found(None, complete=True)
            before = written
        return Found(None, complete=False)

    def listing(self) -> Iterator[Posted]:
        """Yield the site's posts in its order, where it lists them."""
        for post in self._site.posts():
            if post is not END:
                yield Posted(_found(post), _pages(post))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, title and tags; the address may change with them."""
        wording = self._wording(message)
        update: dict[str, object] = {
            "action": "update",
            "url": receipt.identifier,
            "replace": wording,
            **({} if message.tags else {"delete": ["category"]}),
        }
        answer = understood(self._site.post(update, repeatable=True))
        moved = answer.headers.get("location")
        return placed(answer, moved) if moved else Receipt(receipt.identifier, receipt.url)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        delete: dict[str, object] = {"action": "delete", "url": receipt.identifier}
        answer = self._site.post(delete, expect=MISSING, repeatable=True)
        refused = answer.status == BAD_REQUEST and not self._is_gone(receipt)
        if refused or answer.status not in {BAD_REQUEST, *MISSING}:
            understood(answer)

    def whoami(self) -> Identity:
        """Say which site the token is taken by."""
        understood(self._site.get({"q": "config"}))
        site = self._options.destination or self._options.server
        return Identity(urlsplit(site).netloc or site, site)

    @cached_property
    def _site(self) -> Site:
        own = self._options
        return Site(self._http, own.server, own.token, own.endpoint, own.destination)

    def _create(self, properties: Mapping[str, object]) -> Answer:
        return self._site.post({"type": ["h-entry"], "properties": properties})

    def _wording(self, message: Message) -> dict[str, object]:
        """Return what a reader sees: a note without a title, or an article."""
        tags = {"category": list(message.tags)} if message.tags else {}
        content = [{"html": body_with_original(message)}]
        if message.article is None:
            return {"content": content, **tags}
        summary = {"summary": [message.summary]} if message.summary else {}
        return {"name": [message.title], "content": content, **summary, **tags}

    def _placing(self, message: Message) -> dict[str, object]:
        own = self._options
        slug = last_part(message.url)
        said = {
            "mp-slug": [slug] if slug else [],
            "post-status": ["draft"] if own.status == "draft" else [],
            "visibility": [own.visibility] if own.visibility else [],
            "mp-syndicate-to": list(own.syndicate_to),
        }
        return {name: value for name, value in said.items() if value}

    def _photo(self, image: Image | None) -> tuple[dict[str, list[object]], tuple[str, ...]]:
        """Return the picture's property, or none and why the post goes without it."""
        if image is None:
            return {}, ()
        try:
            place = self._uploaded(image) if self._site.uploads else image.url
        except (PictureError, Rejected, Unauthorised, OutcomeUnknown) as error:
            return {}, (f"It has no picture. {error.message}",)
        if not place:
            return {}, ("It has no picture: the site takes none, and it has no public address.",)
        return {"photo": [{"value": place, "alt": image.alt} if image.alt else place]}, ()

    def _uploaded(self, image: Image) -> str:
        picture = fit(image, _IMAGES)
        name = f"{image.path.stem}.{picture.media_type.rpartition('/')[2]}"
        return self._site.upload(name, picture.content, picture.media_type)

    def _is_gone(self, receipt: Receipt) -> bool:
        """Ask the post's own page: servers refuse to delete what is gone in many words."""
        seen = self._http.get(receipt.url, expect=(401, 403, *MISSING), body=False)
        return seen.status in MISSING


def _pages(post: object) -> tuple[str, ...]:
    """Return which pages a post is of: a note of all it links to, an article of its original."""
    content = pick(post, dict, "properties", "content", 0) or {}
    html = pick(content, str, "html") or pick(post, str, "properties", "content", 0) or ""
    links = links_in(html) or links_in_text(html)
    if pick(post, str, "properties", "name", 0):
        return tuple(filter(None, (original_of(html) or next(iter(links[-1:]), ""),)))
    return links


def _found(post: object) -> Receipt:
    address = pick(post, str, "properties", "url", 0) or ""
    return Receipt(address, address)
