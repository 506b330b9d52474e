"""Nostr: short notes, signed by us and handed to several relays, which need not know each other.

A note's identifier is the digest of what it says and when, https://github.com/nostr-protocol/nips:
the moment is that of the claim, so that the same message sent again is the same note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import ClassVar, Literal

from litfass_syndication.address import checked
from litfass_syndication.announcement import Image, Message, Receipt, SpanKind
from litfass_syndication.attempt import claimed_at
from litfass_syndication.capabilities import Capabilities, Dedupe, ImageLimits, Measure, TextLimit
from litfass_syndication.errors import AccountError, NetworkError, Rejected, Unauthorised
from litfass_syndication.links import comparable, links_in_text, without_utm
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.nip01 import DELETION, NOTE, Event, KeyPair, address
from litfass_syndication.relays import Relays, weightiest

_VIEWER = "https://njump.me/"  # shows a note to those who have no app for Nostr
_PROFILE = 0
_PAGE = 500  # notes that a relay is asked for at once
_HINTS = 2  # relays that an address names
_ELSEWHERE = (
    "The others were asked to delete it. Try again, or take this relay out of the settings."
)

# The protocol has no limit, and the example of NIP-11 takes twice as much.
_LIMIT = TextLimit(4000, Measure.CODE_POINTS)
_PICTURES = ImageLimits(("image/jpeg", "image/png", "image/gif", "image/webp"), fetched=True)


def _relays(value: Sequence[str]) -> str | None:
    try:
        for one in value:
            checked(one, scheme="wss")
    except AccountError as error:
        return f"has a relay that is none: {error.message} {error.hint}".strip()
    return None if value else 'names no relay; write at least one, like ["wss://relay.example"]'


@dataclass(frozen=True, slots=True)
class Options:
    """A key that signs, and the relays that get what it says.

    `secret_key` begins with nsec1. Whoever has it is you, for ever: it cannot be changed, so let
    the blog have one of its own. `image` says whether a post's picture is shown below the text, or
    left to the link's card.
    """

    secret_key: Secret
    relays: tuple[str, ...] = field(metadata={"check": _relays})
    image: Literal["attach", "card"] = "attach"


class Nostr(Network[Options]):
    """One key, and some relays."""

    name: ClassVar[str] = "nostr"
    title: ClassVar[str] = "Nostr"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(_LIMIT,),
        dedupe=Dedupe.CONTENT,
        images=_PICTURES,
        withdraw=True,
        listing=True,
        notes={
            "relays": "one that takes it is enough; those that do not are named",
            "corrections": "a note cannot be changed",
            "withdrawal": "relays are asked to delete it, and should",
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
        self._relays = Relays(http, options.relays)
        self._clock = clock

    def limits(self) -> Capabilities:
        """Return what the settings say; raises AccountError for a secret key that is none."""
        if self._options.secret_key:
            self._key.public  # noqa: B018 - looked at before anything is claimed
        pictures = _PICTURES if self._options.image == "attach" else None
        return replace(self.capabilities, images=pictures)

    def publish(self, message: Message, key: str) -> Receipt:
        """Hand the note to every relay; it is announced as soon as one of them has it."""
        image, notes = _shown(message.image)
        tags, content = tuple(_tags(message, image)), _content(message, image)
        event = self._key.signed(_moment(key, message), NOTE, tags, content)
        objections = self._relays.hand(event)
        there = tuple(one for one in self._relays.addresses if one not in objections)
        missing = (f"Not everywhere: {error.message}" for error in objections.values())
        return replace(_receipt(event, there), notes=(*notes, *missing))

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look on every relay for a note that was signed at the claim's moment, for the page."""
        del since
        moment = _moment(key, message)
        answers = {
            relay: self._own(relay, {"since": moment, "until": moment})
            for relay in self._relays.addresses
        }
        there = [
            (event, relay)
            for relay, events in answers.items()
            if not isinstance(events, NetworkError)
            for event in events
            if comparable(message.url) in map(comparable, event.values("r"))
        ]
        if there:
            event, relay = there[0]
            return Found(_receipt(event, (relay,)), complete=True)
        silent = any(isinstance(events, NetworkError) for events in answers.values())
        return Found(None, complete=not silent)

    def listing(self) -> Iterator[Posted]:
        """Yield the notes that relays have of this key, newest first, without answers to others."""
        there: dict[Event, list[str]] = {}
        for relay in self._relays.addresses:
            for event in self._all_notes(relay):
                there.setdefault(event, []).append(relay)
        for event in sorted(there, key=lambda event: event.moment, reverse=True):
            if not event.values("e"):
                links = (*event.values("r"), *links_in_text(event.content))
                yield Posted(_receipt(event, there[event]), links)

    def withdraw(self, receipt: Receipt) -> None:
        """Ask every relay to delete the note (NIP-09); raises when one that may have it is away."""
        tags = (("e", receipt.identifier), ("k", str(NOTE)))
        moment = int(self._clock().timestamp())
        objections = self._relays.hand(self._key.signed(moment, DELETION, tags, ""))
        refusals = (Rejected, Unauthorised)  # whoever does not let us write has nothing of ours
        away = tuple(one for one in objections.values() if not isinstance(one, refusals))
        if away:
            error = weightiest(away)
            raise type(error)(error.message, _ELSEWHERE)

    def whoami(self) -> Identity:
        """Say whose key it is, once a relay has answered."""
        wanted = {"authors": [self._key.public], "kinds": [_PROFILE], "limit": 1}
        answers = [self._relays.ask(relay, wanted) for relay in self._relays.addresses]
        silent = tuple(answer for answer in answers if isinstance(answer, NetworkError))
        if len(silent) == len(answers):
            raise weightiest(silent)
        return Identity(self._key.npub, f"{_VIEWER}{self._key.npub}")

    @cached_property
    def _key(self) -> KeyPair:
        return KeyPair(self._options.secret_key)

    def _own(self, relay: str, wanted: Mapping[str, object]) -> tuple[Event, ...] | NetworkError:
        """Return the notes of ours that a relay has, of those that are wanted."""
        events = self._relays.ask(relay, {"authors": [self._key.public], "kinds": [NOTE], **wanted})
        if isinstance(events, NetworkError):
            return events
        ours = (self._key.public, NOTE)
        return tuple(event for event in events if (event.author, event.kind) == ours)

    def _all_notes(self, relay: str) -> Iterator[Event]:
        """Yield the notes of ours that a relay has, page by page; a page begins in the last one."""
        seen: set[str] = set()
        wanted: dict[str, object] = {"limit": _PAGE}
        while True:
            page = self._own(relay, wanted)
            if isinstance(page, NetworkError):
                raise page
            fresh = [event for event in page if event.identifier not in seen]
            if not fresh:
                return
            yield from fresh
            seen.update(event.identifier for event in fresh)
            wanted["until"] = min(event.moment for event in fresh)


def _receipt(event: Event, relays: Sequence[str]) -> Receipt:
    return Receipt(event.identifier, f"{_VIEWER}{address(event, relays[:_HINTS])}")


def _moment(key: str, message: Message) -> int:
    """Return the second in which the attempt was claimed."""
    return int(claimed_at(key, message.published).timestamp())


def _content(message: Message, image: Image | None) -> str:
    return f"{message.text}\n\n{image.url}" if image else message.text


def _tags(message: Message, image: Image | None) -> Iterator[tuple[str, ...]]:
    """Yield what the note is about: its page (NIP-24), hashtags, language, warning, picture."""
    yield ("r", without_utm(message.url))
    for span in message.spans:
        if span.kind is SpanKind.HASHTAG:
            yield ("t", span.target.lower())
    if message.language:
        yield ("L", "ISO-639-1")  # NIP-32
        yield ("l", message.language.partition("-")[0].lower(), "ISO-639-1")
    if message.content_warning:
        yield ("content-warning", message.content_warning)  # NIP-36
    if image:
        yield ("imeta", *_described(image))


def _described(image: Image) -> Iterator[str]:
    """Yield what is to be known of a picture whose address is in the text: NIP-92."""
    yield f"url {image.url}"
    yield f"m {image.media_type}"
    yield f"dim {image.width}x{image.height}"
    if image.alt:
        yield f"alt {image.alt}"


def _shown(image: Image | None) -> tuple[Image | None, tuple[str, ...]]:
    why = _PICTURES.objection(image) if image else ""
    return (None, (f"It has no picture: {why}.",)) if why else (image, ())
