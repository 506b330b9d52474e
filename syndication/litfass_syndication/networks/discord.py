"""Discord: messages of a channel's webhook, with a link card of our own.

https://docs.discord.com/developers/resources/webhook, /resources/message, /reference
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from litfass_syndication.announcement import Message, Receipt, Span, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import AccountError, NetworkError, Rejected, Unauthorised
from litfass_syndication.measure import shortened
from litfass_syndication.network import Http, Identity, Network, Secret
from litfass_syndication.pictures import Upload, fitted

_DISCORD = "https://discord.com"
_WEBHOOK = re.compile(
    r"(https?://[^/?#]+)/api(?:/v\d+)?/webhooks/(\d+)/([\w-]+)/?(?:\?.*)?", re.ASCII
)
_NUMBER = re.compile(r"\d+", re.ASCII)
_VERSION = "/api/v10"

# The unit is not documented: whatever it is, UTF-16 units are no fewer.
_CONTENT = TextLimit(2000, Measure.UTF16)
_TITLE = TextLimit(256, Measure.UTF16)
_SUMMARY = TextLimit(4096, Measure.UTF16)
_IMAGES = ImageLimits(
    ("image/png", "image/jpeg", "image/gif", "image/webp"), max_bytes=10 * 2**20, max_alt=1024
)

# Numbers that Discord gives to its errors.
_UNKNOWN_MESSAGE = 10008
_UNKNOWN_WEBHOOK = 10015
_INVALID_TOKEN = 50027
_THREAD_WANTED = 220001
_THREAD_UNWANTED = 220003
_REFUSALS = (400, 401, 403, 404, 413)
_PERHAPS_THE_PICTURE = (400, 413)

_NEW_ONE = "Make a new webhook in the channel's settings, and put its address among the secrets."
_HINTS = {
    _UNKNOWN_WEBHOOK: f"It was deleted, or its address is not whole. {_NEW_ONE}",
    _INVALID_TOKEN: f"Its address is not whole, or no longer valid. {_NEW_ONE}",
    _THREAD_WANTED: 'Its channel is a forum: give the account a "thread" to write into.',
    _THREAD_UNWANTED: 'Its channel is no forum: take "thread" out of the account\'s settings.',
}

_MARKS = re.compile(r"[\\*_~`|<>#@\[\]]")
# What is a list only at the beginning of a line: "- so", "+ so", "3. so".
_LISTS = re.compile(r"^(\s*\d*)([-+.])", re.MULTILINE)
_EMOJI = re.compile(r":(?=\w+:)")


@dataclass(frozen=True, slots=True)
class Options:
    """A channel's webhook: its whole address is the secret.

    `thread` is the number of a thread or forum post to write into. `username` and `avatar`, a
    picture's address, take the place of the webhook's own.
    """

    webhook: Secret
    thread: str = ""
    username: str = ""
    avatar: str = ""

    @property
    def server(self) -> str:
        """The part of the address that may be known."""
        webhook = _WEBHOOK.fullmatch(self.webhook.reveal().strip())
        return webhook[1] if webhook else _DISCORD


def escaped(text: str) -> str:
    """Return a text so that Discord shows it as it is, whatever its Markdown makes of marks."""
    return _EMOJI.sub(r"\\:", _LISTS.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text)))


def written(span: Span) -> str:
    """Return a stretch of text in Discord's Markdown; no link makes a second card."""
    return f"<{span.target}>" if span.kind is SpanKind.LINK else escaped(span.text)


class Discord(Network[Options]):
    """One webhook of one channel on Discord."""

    name: ClassVar[str] = "discord"
    title: ClassVar[str] = "Discord"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(_CONTENT,),
        dedupe=Dedupe.NONE,
        written=written,
        images=_IMAGES,
        card=Card.CLIENT,
        hashtags=False,
        edit=True,
        withdraw=True,
        notes={
            "text": "escapes of its Markdown count",
            "image": "is part of the link card",
            "content warning": "not shown",
            "mentions": "nobody is notified, whatever a title says",
        },
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        webhook = _WEBHOOK.fullmatch(options.webhook.reveal().strip())
        if webhook:  # Discord tells it by itself, too
            http.conceal(Secret(webhook[3]))

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, once; a webhook takes no key and lists nothing."""
        del key
        options = self._options
        given = {"username": options.username, "avatar_url": options.avatar}
        author = {name: value for name, value in given.items() if value}
        return self._sent("POST", self._path(wait="true"), message, author)

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, card and picture."""
        path = self._path(_message(receipt))
        return self._sent("PATCH", path, message, {}, repeatable=True)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the message, or find it gone."""
        path = self._path(_message(receipt))
        answer = self._http.send("DELETE", path, expect=_REFUSALS, repeatable=True)
        if _code(answer) != _UNKNOWN_MESSAGE:
            _understood(answer)

    def whoami(self) -> Identity:
        """Say how the webhook is called, and where its channel is."""
        channel = pick(self._hook, str, "channel_id") or ""
        return Identity(pick(self._hook, str, "name") or "", self._address(channel))

    @cached_property
    def _hook(self) -> Mapping[str, object]:
        """What Discord says of the webhook; asked before anything is sent."""
        answer = self._http.get(self._path(threaded=False), expect=_REFUSALS)
        if answer.error:
            raise Unauthorised(answer.error.message, _HINTS.get(_code(answer) or 0, _NEW_ONE))
        return answer.require(dict)

    def _address(self, *place: str) -> str:
        guild = pick(self._hook, str, "guild_id") or "@me"
        return "/".join((_DISCORD, "channels", guild, *place))

    def _path(self, rest: str = "", *, threaded: bool = True, **query: str) -> str:
        """Return a path of the webhook; raises AccountError when its address is none."""
        webhook = _WEBHOOK.fullmatch(self._options.webhook.reveal().strip())
        if not webhook:
            raise AccountError(
                "The secret webhook is not the address of a webhook on Discord.",
                f"One begins with {_DISCORD}/api/webhooks/, a number and a long word. {_NEW_ONE}",
            )
        if threaded and self._options.thread:
            query["thread_id"] = self._options.thread
        path = f"{_VERSION}/webhooks/{webhook[2]}/{webhook[3]}{rest}"
        return f"{path}?{urlencode(query)}" if query else path

    def _sent(
        self, method: str, path: str, message: Message, author: Mapping[str, object], **how: Any
    ) -> Receipt:
        """Send a message; one whose picture may be why it is refused goes without it."""

        def send(picture: Upload | None) -> Answer:
            request = _request({**_body(message, picture), **author}, picture)
            return self._http.send(method, path, **request, **how, expect=_REFUSALS)

        self._hook  # noqa: B018 - asked first: without it there would be no address to tell
        picture, notes = fitted(message.image, _IMAGES, _without_picture)
        answer = send(picture)
        if picture and answer.error and answer.status in _PERHAPS_THE_PICTURE:
            notes = (_without_picture(answer.error.message),)
            answer = send(None)
        if message.content_warning:
            notes += ("Discord has no content warnings, and shows none.",)
        identifier = _understood(answer).require(str, "id")
        address = self._address(answer.require(str, "channel_id"), identifier)
        return Receipt(identifier, address, notes)


def _message(receipt: Receipt) -> str:
    if not _NUMBER.fullmatch(receipt.identifier):
        raise Rejected(f'"{receipt.identifier}" is not the number of a message on Discord.')
    return f"/messages/{receipt.identifier}"


def _body(message: Message, picture: Upload | None) -> dict[str, object]:
    """Return a message: its text, and a card that does not say again what the text says."""
    card: dict[str, object] = {
        "url": message.url,
        "title": _within(_TITLE, message.title),
        "timestamp": message.published.isoformat(),
    }
    if message.summary and message.summary not in message.text:
        card["description"] = _within(_SUMMARY, message.summary)
    attachments: list[Mapping[str, object]] = []
    if picture:
        name, alt = _file_name(picture), message.image.alt if message.image else ""
        card["image"] = {"url": f"attachment://{name}"}
        attachments.append({"id": "0", "filename": name, "description": alt})
    return {
        "content": "".join(map(written, message.spans)),
        "embeds": [card],
        "attachments": attachments,
        "allowed_mentions": {"parse": []},
    }


def _within(limit: TextLimit, text: str) -> str:
    return escaped(shortened(text, limit, escaped))


def _request(body: Mapping[str, object], picture: Upload | None) -> dict[str, Any]:
    """Return the parts of a request: JSON, or a form with the picture and the JSON in it."""
    if picture is None:
        return {"json": body}
    file = (_file_name(picture), picture.content, picture.media_type)
    return {"form": {"payload_json": json.dumps(body)}, "files": {"files[0]": file}}


def _file_name(picture: Upload) -> str:
    return f"image.{picture.media_type.rpartition('/')[2]}"


def _without_picture(why: str) -> str:
    return f"Its card has no picture. {why}"


def _code(answer: Answer) -> int | None:
    try:
        return pick(answer.json(), int, "code")
    except ValueError:
        return None


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what Discord's number for it means."""
    if answer.error is None:
        return answer
    raise _meant(answer.error, _code(answer))


def _meant(error: NetworkError, code: int | None) -> NetworkError:
    """Return the error as Discord means it: what is wrong with a webhook stops the account."""
    hint = _HINTS.get(code or 0) or (_NEW_ONE if isinstance(error, Unauthorised) else "")
    return Unauthorised(error.message, hint) if hint else error
