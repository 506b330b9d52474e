"""Bluesky: posts as records in the account's own repository, their links and cards made by us."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import ClassVar

from litfass_syndication.announcement import Image, Message, Receipt, Span, SpanKind
from litfass_syndication.answer import pick
from litfass_syndication.atproto import Refused, Session, record_address
from litfass_syndication.attempt import EPOCH, MICROSECOND, claimed_at, key_time
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import NetworkError, OutcomeUnknown, Rejected
from litfass_syndication.measure import count
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError, fit

_POSTS = "app.bsky.feed.post"
_FACET = "app.bsky.richtext.facet"

# https://atproto.com/specs/tid: 13 characters that sort as the times that they hold
_TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_TID_LENGTH = 13
_CLOCK_BITS = 10
_TIME_BITS = 53

_LABELS = frozenset({"porn", "sexual", "nudity", "graphic-media"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*", re.ASCII | re.IGNORECASE)
_MOST_LANGUAGES = 3
_TAG_LIMITS = (TextLimit(64, Measure.GRAPHEMES), TextLimit(640, Measure.BYTES))
_THUMB = ImageLimits(("image/jpeg", "image/png", "image/webp"), max_bytes=1_000_000)
_THUMB_REFUSED = frozenset({"BlobTooLarge", "BlobNotFound", "InvalidMimeType", "InvalidSize"})

# The app copies handles with invisible marks of direction around them.
_AROUND_HANDLES = "@ \u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Options:
    """An account: its handle, an app password, and the server that signs it in.

    `languages` are told of posts that do not say their own.
    """

    handle: str
    password: Secret
    server: str = "https://bsky.social"
    languages: tuple[str, ...] = ()


class Bluesky(Network[Options]):
    """One account on Bluesky, or on any server of the AT Protocol."""

    name: ClassVar[str] = "bluesky"
    title: ClassVar[str] = "Bluesky"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(300, Measure.GRAPHEMES), TextLimit(3000, Measure.BYTES)),
        dedupe=Dedupe.IDENTIFIER,
        short_links=True,
        images=_THUMB,
        card=Card.CLIENT,
        withdraw=True,
        listing=True,
        notes={
            "image": "becomes the image of the link card, which has no alternative text",
            "content warning": f"only {', '.join(sorted(_LABELS))}; others are not shown",
            "corrections": "the app shows no edits",
        },
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        handle = options.handle.strip(_AROUND_HANDLES)
        self._session = Session(http, options.server, handle, options.password)

    def publish(self, message: Message, key: str) -> Receipt:
        """Create the record that the key names; when it is there already, it stays as it is."""
        thumb, notes = self._thumb(message.image)
        record = self._record(message, key)
        try:
            receipt = self._create(_with_card(record, message, thumb), key)
        except Refused as refusal:
            if not (thumb and refusal.name in _THUMB_REFUSED):
                raise
            notes = (_without_image(refusal.message),)
            receipt = self._create(_with_card(record, message, None), key)
        if message.content_warning and not _label(message.content_warning):
            notes += ("Bluesky has no label for its content warning, and shows none.",)
        return replace(receipt, notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the record that the key names; the repository tells for certain."""
        del message, since
        try:
            return Found(self._standing(key), complete=True)
        except Refused as refusal:
            if refusal.name != "RecordNotFound":
                raise
            return Found(None, complete=True)

    def listing(self) -> Iterator[Posted]:
        """Yield the posts in the account's repository, newest first: all of them."""
        asked = {"repo": self._session.member.did, "collection": _POSTS, "limit": "100"}
        while True:
            answer = self._session.ask("com.atproto.repo.listRecords", asked)
            for record in answer.require(list, "records"):
                uri, value = pick(record, str, "uri"), pick(record, dict, "value") or {}
                if uri and "reply" not in value:
                    yield Posted(self._receipt(uri), tuple(_links(value)))
            cursor = pick(answer.json(), str, "cursor")
            if not cursor:
                return
            asked["cursor"] = cursor

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone; raises Unauthorised when it is another account's."""
        parts = receipt.identifier.removeprefix("at://").split("/")
        if len(parts) != 3:  # noqa: PLR2004 - repository, collection, key
            raise Rejected(f'"{receipt.identifier}" is not the identifier of a post on Bluesky.')
        place = dict(zip(("repo", "collection", "rkey"), parts, strict=True))
        self._session.call("com.atproto.repo.deleteRecord", place)

    def whoami(self) -> Identity:
        """Say whose account it is, asking the account's own server."""
        answer = self._session.ask("com.atproto.server.getSession")
        handle = answer.require(str, "handle")
        return Identity(handle, _profile(handle, answer.require(str, "did")))

    def _thumb(self, image: Image | None) -> tuple[Record | None, tuple[str, ...]]:
        """Upload an image for the card. An announcement without one is better than none."""
        if image is None:
            return None, ()
        try:
            picture = fit(image, _THUMB)
            return self._session.upload(picture.content, picture.media_type), ()
        except (PictureError, Rejected) as error:
            return None, (_without_image(error.message),)

    def _record(self, message: Message, key: str) -> Record:
        mentioned = (span.target for span in message.spans if span.kind is SpanKind.MENTION)
        dids = {
            handle: self._session.resolve(handle)
            for handle in mentioned
            if _HANDLE.fullmatch(handle)
        }
        return {
            "$type": _POSTS,
            "text": message.text,
            "createdAt": _timestamp(claimed_at(key, message.published)),
            **_present("facets", list(facets(message.spans, dids))),
            **_present("langs", _languages(message.language, self._options.languages)),
            **_present("labels", _label(message.content_warning)),
        }

    def _create(self, record: Record, key: str) -> Receipt:
        """Create a record, unless its key has one: an earlier attempt has made it then.

        With `swapRecord` null the same record may be put again and again; another is refused.
        """
        request = {**self._place(key), "record": record, "swapRecord": None}
        try:
            answer = self._session.call("com.atproto.repo.putRecord", request)
        except Refused as refusal:
            if refusal.name != "InvalidSwap":
                raise
            return self._there(key)
        return self._receipt(record_address(answer))

    def _there(self, key: str) -> Receipt:
        try:
            return self._standing(key)
        except NetworkError as error:
            why = "Bluesky has an earlier attempt of this announcement, but does not show it."
            raise OutcomeUnknown(why, error.message) from error

    def _standing(self, key: str) -> Receipt:
        answer = self._session.ask("com.atproto.repo.getRecord", self._place(key))
        return self._receipt(record_address(answer))

    def _place(self, key: str) -> dict[str, str]:
        return {
            "repo": self._session.member.did,
            "collection": _POSTS,
            "rkey": record_key(key),
        }

    def _receipt(self, uri: str) -> Receipt:
        member = self._session.member
        profile = _profile(member.handle, member.did)
        return Receipt(uri, f"{profile}/post/{uri.rpartition('/')[2]}")


def record_key(key: str) -> str:
    """Return the record key of an attempt: a TID of the moment at which it was claimed."""
    digest = int.from_bytes(blake2b(key.encode(), digest_size=8).digest())
    try:
        microseconds = (key_time(key) - EPOCH) // MICROSECOND
    except ValueError:  # a key of another make has no time: any will do that is always the same
        microseconds = digest >> _CLOCK_BITS
    number = (microseconds % 2**_TIME_BITS << _CLOCK_BITS) | digest % 2**_CLOCK_BITS
    places = range(5 * (_TID_LENGTH - 1), -1, -5)
    return "".join(_TID_LETTERS[number >> place & 31] for place in places)


def facets(spans: Sequence[Span], dids: Mapping[str, str]) -> Iterator[Record]:
    """Yield what the text's links, hashtags and mentions are, by their place in it, in bytes.

    `dids` has the accounts that are mentioned, by handle; whoever is not in it stays plain text.
    """
    end = 0
    for span in spans:
        start, end = end, end + len(span.text.encode())
        feature = _feature(span, dids)
        if feature and start < end:
            yield {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def _feature(span: Span, dids: Mapping[str, str]) -> Record | None:
    match span.kind:
        case SpanKind.LINK:
            return {"$type": f"{_FACET}#link", "uri": span.target}
        case SpanKind.HASHTAG if _is_tag(span.target):
            return {"$type": f"{_FACET}#tag", "tag": span.target}
        case SpanKind.MENTION if dids.get(span.target):
            return {"$type": f"{_FACET}#mention", "did": dids[span.target]}
    return None


def _links(record: Record) -> Iterator[str]:
    """Yield where a post leads: its card, and the links in its text."""
    if card := pick(record, str, "embed", "external", "uri"):
        yield card
    for facet in pick(record, list, "facets") or ():
        for feature in pick(facet, list, "features") or ():
            if link := pick(feature, str, "uri"):
                yield link


def _is_tag(text: str) -> bool:
    return all(count(text, limit.measure) <= (limit.maximum or 0) for limit in _TAG_LIMITS)


def _with_card(record: Record, message: Message, thumb: Record | None) -> Record:
    card = {
        "uri": message.url,
        "title": message.title,
        "description": message.summary,
        **_present("thumb", thumb),
    }
    return {**record, "embed": {"$type": "app.bsky.embed.external", "external": card}}


def _present(name: str, value: object) -> Record:
    return {name: value} if value else {}


def _languages(language: str, otherwise: Sequence[str]) -> list[str]:
    tags = (language,) if language else otherwise
    return [tag for tag in tags if _LANGUAGE.fullmatch(tag)][:_MOST_LANGUAGES]


def _label(content_warning: str) -> Record | None:
    value = content_warning.strip().lower()
    if value not in _LABELS:
        return None
    return {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": value}]}


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _profile(handle: str, did: str) -> str:
    """Return the public address of an account; one whose handle is broken has its DID."""
    return f"https://bsky.app/profile/{did if handle == 'handle.invalid' else handle}"


def _without_image(why: str) -> str:
    return f"Its card has no image. {why}"
