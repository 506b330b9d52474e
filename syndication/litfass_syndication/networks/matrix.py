"""Matrix: a message in a room, as formatted text or as a picture with a caption.

https://spec.matrix.org/v1.18/client-server-api/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from html import escape
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import uuid4

from litfass_syndication.announcement import Image, Message, Receipt, Span, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.attempt import EPOCH
from litfass_syndication.capabilities import Capabilities, Dedupe, ImageLimits, Measure, TextLimit
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.finding import earliest
from litfass_syndication.links import links_in
from litfass_syndication.network import Found, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError, fit

_CLIENT = "/_matrix/client/v3"
_MESSAGE = "m.room.message"
_ATTEMPT = "litfass.attempt"  # our own word in an event, by which we find it again
_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")

_PAGES = 20


@dataclass(frozen=True, slots=True)
class Options:
    """An account on a home server, its access token, and the room that it writes into.

    `room` is an address (#news:example.org) or an identifier (!abc:example.org). A `notice` is
    what a machine says: most apps make no sound for it.
    """

    server: str
    token: Secret
    room: str
    notice: bool = False


def html(span: Span) -> str:
    """Return a stretch of text as HTML."""
    text = escape(span.text).replace("\n", "<br>")
    return f'<a href="{escape(span.target)}">{text}</a>' if span.kind is SpanKind.LINK else text


def written(span: Span) -> str:
    """Return a stretch of text as it is in an event, in both forms."""
    return json.dumps(span.text + html(span), ensure_ascii=False)[1:-1]


class Matrix(Network[Options]):
    """One account in one room on Matrix."""

    name: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # An event has at most 65,536 bytes, and one that edits says everything twice.
        limits=(TextLimit(30_000, Measure.BYTES),),
        dedupe=Dedupe.KEY,
        written=written,
        images=ImageLimits(_TYPES, max_alt=120),
        hashtags=False,
        edit=True,
        withdraw=True,
        listing=True,
        key_seconds=1800,  # the shortest that Synapse keeps a transaction's identifier
        notes={
            "text": "counted with its HTML",
            "image": "has the text as its caption, and its own words as the file's name",
            "room": "not one that is encrypted",
            "content warning": "not shown",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it; the same key from the same session is answered as before."""
        room = self._room
        media, notes = self._uploaded(message.image)
        content = {**self._content(message, media), _ATTEMPT: key}
        event = self._sent(room, key, content)
        if message.content_warning:
            notes += ("Matrix has no content warnings, and shows none.",)
        return self._receipt(event, notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the event that has the attempt's key, among the account's own in the room."""
        del message
        oldest = earliest(since)
        for event in self._own_events():
            if pick(event, str, "content", _ATTEMPT) == key:
                return Found(self._receipt(pick(event, str, "event_id") or ""), complete=True)
            written_at = _time(event)
            if written_at and written_at < oldest:
                return Found(None, complete=True)
        return Found(None, complete=False)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own messages in the room, newest first."""
        for event in self._own_events():
            identifier = pick(event, str, "event_id")
            links = links_in(pick(event, str, "content", "formatted_body") or "")
            if identifier and links and not pick(event, dict, "content", "m.new_content"):
                yield Posted(self._receipt(identifier), links)

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace the text; a picture that is there stays as long as the post has one."""
        event = _event(receipt)
        media, notes = self._attached(event, message.image)
        content = self._content(message, media)
        edited = {
            **content,
            "body": f"* {content['body']}",
            "m.new_content": content,
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        }
        # Another each time: an edit back to an earlier text is not that earlier edit again.
        self._sent(self._room, uuid4().hex, edited)
        return self._receipt(event, notes)

    def withdraw(self, receipt: Receipt) -> None:
        """Take the message and its edits back, or find it gone."""
        event = _event(receipt)
        relations = f"/_matrix/client/v1/rooms/{quote(self._room, '')}/relations"
        answer = self._get(f"{relations}/{quote(event, '')}/m.replace", expect=(404,))
        edits = [] if answer.error else answer.require(list, "chunk")
        for each in (*(pick(edit, str, "event_id") or "" for edit in edits), event):
            path = f"{self._in_room}/redact/{quote(each, '')}/{uuid4().hex}"
            gone = self._send("PUT", path, json={}, repeatable=True, expect=(404,))
            if gone.error and pick(_said(gone), str, "errcode") != "M_NOT_FOUND":
                raise gone.error

    def whoami(self) -> Identity:
        """Say whose token it is."""
        return Identity(self._user, f"https://matrix.to/#/{self._user}")

    @cached_property
    def _user(self) -> str:
        answer = self._get(f"{_CLIENT}/account/whoami", expect=(404,))
        if answer.error:
            hint = "Put the home server's address, as its apps reach it, into the settings."
            raise AccountError(answer.error.message, hint)
        return answer.require(str, "user_id")

    @cached_property
    def _room(self) -> str:
        """The room's identifier; raises AccountError for one that is none, or is encrypted."""
        self._user  # noqa: B018 - asked first: elsewhere "404" may mean that all is well
        room = self._options.room.strip()
        if room.startswith("#"):
            answer = self._get(f"{_CLIENT}/directory/room/{quote(room, '')}", expect=(404,))
            if answer.error:
                raise AccountError(f"There is no room {room} on Matrix.", answer.error.message)
            room = answer.require(str, "room_id")
        if not room.startswith("!"):
            hint = "Write its address, #news:example.org, or its identifier, !abc:example.org."
            raise AccountError(f'"{room}" is not a room on Matrix.', hint)
        path = f"{_CLIENT}/rooms/{quote(room, '')}/state/m.room.encryption/"
        answer = self._get(path, expect=(403, 404))
        if isinstance(answer.error, Unauthorised):
            raise self._stranger(answer.error)
        if answer.error is None:
            hint = (
                "Litfass speaks in the open: choose a room without encryption, as public ones are."
            )
            raise AccountError(f"The room {self._options.room} is encrypted.", hint)
        return room

    def _stranger(self, error: Unauthorised) -> Unauthorised:
        hint = f"Is {self._user} in the room, and may it write there? Invite it, and accept for it."
        return Unauthorised(error.message, hint)

    @property
    def _in_room(self) -> str:
        return f"{_CLIENT}/rooms/{quote(self._room, '')}"

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._options.token.reveal()}"}

    def _get(self, path: str, **rest: Any) -> Answer:
        return self._http.get(path, headers=self._headers, **rest)

    def _send(self, method: str, path: str, **rest: Any) -> Answer:
        headers = {**self._headers, **rest.pop("headers", {})}
        return self._http.send(method, path, headers=headers, **rest)

    def _sent(self, room: str, transaction: str, content: Mapping[str, object]) -> str:
        """Send an event once for each transaction; return its identifier."""
        path = f"{_CLIENT}/rooms/{quote(room, '')}/send/{_MESSAGE}/{quote(transaction, '')}"
        answer = self._send("PUT", path, json=content, repeatable=True, expect=(403,))
        if isinstance(answer.error, Unauthorised):
            raise self._stranger(answer.error)
        return answer.require(str, "event_id")

    def _content(self, message: Message, media: Mapping[str, object]) -> dict[str, object]:
        kind = "m.notice" if self._options.notice else "m.text"
        return {
            "msgtype": kind,
            "body": message.text,
            "format": "org.matrix.custom.html",
            "formatted_body": "".join(map(html, message.spans)),
            "m.mentions": {},
            **media,
            **({"filename": _file_name(message.image)} if media and message.image else {}),
        }

    def _uploaded(self, image: Image | None) -> tuple[Mapping[str, object], tuple[str, ...]]:
        """Return what makes a message a picture, or nothing and why it goes without one."""
        if image is None:
            return {}, ()
        try:
            return self._upload(image), ()
        except (PictureError, Rejected, OutcomeUnknown, Unauthorised) as error:
            return {}, (f"It has no picture. {error.message}",)

    def _upload(self, image: Image) -> Mapping[str, object]:
        asked = self._get("/_matrix/client/v1/media/config", expect=(404,))
        limits = ImageLimits(_TYPES, max_bytes=pick(_said(asked), int, "m.upload.size"))
        picture = fit(image, limits)
        kind = {"Content-Type": picture.media_type}
        file: dict[str, Any] = {"content": picture.content, "headers": kind, "repeatable": True}
        answer = self._send("POST", "/_matrix/media/v3/upload", **file)
        size = {"w": picture.width, "h": picture.height, "size": len(picture.content)}
        return {
            "msgtype": "m.image",
            "url": answer.require(str, "content_uri"),
            "info": {"mimetype": picture.media_type, **size},
        }

    def _attached(
        self, event: str, image: Image | None
    ) -> tuple[Mapping[str, object], tuple[str, ...]]:
        """Return the picture that an edited message shall have: that which it has, or a new one."""
        there = self._get(f"{self._in_room}/event/{quote(event, '')}", expect=(404,))
        if there.error:
            raise Rejected("The message is not in the room any more.", there.error.message)
        content = there.require(dict, "content")
        if not (image and content.get("url")):
            return self._uploaded(image)
        return {name: content[name] for name in ("msgtype", "url", "info") if name in content}, ()

    def _own_events(self) -> Iterator[object]:
        """Yield the account's own messages in the room, newest first, and `_END` at its beginning.

        Pages may be empty in between, for the server filters them as it goes.
        """
        chosen = {"senders": [self._user], "types": [_MESSAGE]}
        asked = {"dir": "b", "limit": "100", "filter": json.dumps(chosen)}
        for _ in range(_PAGES):
            answer = self._get(f"{self._in_room}/messages", params=asked)
            yield from answer.require(list, "chunk")
            asked["from"] = pick(answer.json(), str, "end") or ""
            if not asked["from"]:
                yield _END
                return

    def _receipt(self, event: str, notes: tuple[str, ...] = ()) -> Receipt:
        server = self._user.partition(":")[2]
        return Receipt(event, f"https://matrix.to/#/{self._room}/{event}?via={server}", notes)


# Older than any claim: at a room's beginning, everything has been seen.
_END: Mapping[str, object] = {"origin_server_ts": 0}


def _event(receipt: Receipt) -> str:
    if not receipt.identifier.startswith("$"):
        raise Rejected(f'"{receipt.identifier}" is not the identifier of a message on Matrix.')
    return receipt.identifier


def _file_name(image: Image) -> str:
    """Return the picture's words as the name of its file: Matrix has no other place for them."""
    words = " ".join(re.sub(r'[/\\:*?"<>|]', " ", image.alt).split())
    return f"{words or image.path.stem}.{image.media_type.rpartition('/')[2]}"


def _time(event: object) -> datetime | None:
    milliseconds = pick(event, int, "origin_server_ts")
    return None if milliseconds is None else EPOCH + timedelta(milliseconds=milliseconds)


def _said(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
