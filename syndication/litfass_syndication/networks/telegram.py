"""Telegram: a channel or group, written to by a bot: https://core.telegram.org/bots/api.

A bot can neither read what it wrote nor give a message a key, so a lost answer stays a doubt. The
token is part of every address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from litfass_syndication.announcement import Image, Message, Receipt, Span, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import NetworkError, RateLimited, Rejected, Unauthorised
from litfass_syndication.measure import count
from litfass_syndication.network import Identity, Network, Secret
from litfass_syndication.pictures import PictureError, Upload, fit

_TEXT = TextLimit(4096, Measure.UTF16)  # "characters after entities parsing" are counted so
_CAPTION = TextLimit(1024, Measure.UTF16)
_PHOTOS = ImageLimits(("image/jpeg", "image/png", "image/webp"), max_bytes=10_000_000)
_LONGEST_SIDES = 10_000  # width and height together, in pixels
_NARROWEST = 20  # times as long as wide

_UNCLEAR = (400, 401, 403, 404, 429)  # statuses whose words say more than they do
_LIMITED = 429
_PATIENCE = 20  # seconds; a chat takes one message a second, and a group twenty a minute
_PHOTO = "photo"  # how a message's identifier ends when its text is a caption
_CHANNEL = "-100"  # how the numbers of channels and large groups begin, but not in addresses

_BOTFATHER = "Ask @BotFather for the bot's token (/mybots, API Token), and put it into the secrets."
_ADMIN = (
    "Is the name of the chat right, and the bot in it? In a channel make the bot an administrator "
    "who may post, edit and delete messages."
)
_BY_HAND = "A bot can delete only what is younger than two days: delete it in the app."

# What Telegram says about an account, in a status that would otherwise be about the message.
_ABOUT_THE_CHAT = ("chat not found", "not enough rights", "need administrator rights", "CHAT_WRITE")


def _chat(value: str) -> str | None:
    if re.fullmatch(r"@\w{4,}|-?\d+", value, re.ASCII):
        return None
    return f'must be like "@channel" or "-1001234567890", not "{value}"'


@dataclass(frozen=True, slots=True)
class Options:
    """A bot's token, and the chat: "@channel", or the number of one that has no name.

    `preview` is how large the link's preview is; `image` whether a post's image is left to it, or
    sent as a photo with the text below, a quarter as long. `silent` messages do not ring; `topic`
    is the number of a topic in a group that has them.
    """

    chat: str = field(metadata={"check": _chat})
    token: Secret
    preview: Literal["large", "small", "none"] = "large"
    image: Literal["preview", "photo"] = "preview"
    silent: bool = False
    topic: int = 0
    server: str = "https://api.telegram.org"


class Telegram(Network[Options]):
    """One chat on Telegram."""

    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(_TEXT,),
        dedupe=Dedupe.NONE,
        images=_PHOTOS,
        edit=True,
        withdraw=True,
        notes={
            "image": "shown by the link's preview, or sent as a photo; it has no alternative text",
            "length": "1024 with a photo",
            "withdraw": "within two days",
            "content warning": "Telegram has none",
        },
    )

    def limits(self) -> Capabilities:
        """Return what the account's settings leave room for."""
        if self._options.image == "photo":
            return replace(self.capabilities, limits=(_CAPTION,))
        return replace(self.capabilities, images=None)

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, with a photo where there is to be one; a photo that fails is left out."""
        del key
        notes: tuple[str, ...] = ()
        if message.content_warning:
            notes = ("Telegram has no content warnings, and shows none.",)
        if message.image and self._options.image == "photo":
            try:
                return replace(self._send_photo(message, message.image), notes=notes)
            except (PictureError, Rejected) as error:  # surely nothing was sent
                notes += (f"It has no photo. {error.message}",)
        return replace(self._send_text(message), notes=notes)

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace the text; a photo that is there stays."""
        place, _, kind = receipt.identifier.partition("#")
        chat, _, number = place.rpartition("/")
        there = {"chat_id": chat, "message_id": _number(number)}
        words = _caption(message) if kind == _PHOTO else self._text(message)
        method = "editMessageCaption" if kind == _PHOTO else "editMessageText"
        answer = self._send(method, json={**there, **words}, repeatable=True)
        if answer.error and "message is not modified" not in answer.error.message:
            raise _sorted(answer, answer.error)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the message, or find it gone; raises Rejected when it is older than two days."""
        chat, _, number = receipt.identifier.partition("#")[0].rpartition("/")
        there = {"chat_id": chat, "message_id": _number(number)}
        answer = self._send("deleteMessage", json=there, repeatable=True)
        if answer.error and "message can't be deleted" in answer.error.message:
            raise Rejected(answer.error.message, _BY_HAND)
        if answer.error and "message to delete not found" not in answer.error.message:
            raise _sorted(answer, answer.error)

    def whoami(self) -> Identity:
        """Say which bot writes to which chat; raises Unauthorised when it may not."""
        bot = self._ask("getMe")
        chat = self._ask("getChat", chat_id=self._options.chat)
        member = self._ask(
            "getChatMember",
            chat_id=self._options.chat,
            user_id=str(bot.require(int, "result", "id")),
        )
        name = f"@{bot.require(str, 'result', 'username')}"
        title = pick(chat.json(), str, "result", "title") or self._options.chat
        if pick(chat.json(), str, "result", "type") == "channel" and not pick(
            member.json(), bool, "result", "can_post_messages"
        ):
            raise Unauthorised(f"The bot {name} may not post in {title}.", _ADMIN)
        public = pick(chat.json(), str, "result", "username")
        return Identity(f"{title}, by {name}", f"https://t.me/{public or name[1:]}")

    def _send_text(self, message: Message) -> Receipt:
        body = {**self._addressed(), **self._text(message)}
        return _receipt(_understood(self._send("sendMessage", json=body)))

    def _send_photo(self, message: Message, image: Image) -> Receipt:
        photo = _fitted(image)
        parts = {**self._addressed(), **_caption(message)}
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in parts.items()
        }
        name = f"photo.{photo.media_type.rpartition('/')[2]}"
        files = {"photo": (name, photo.content, photo.media_type)}
        answer = self._send("sendPhoto", form=form, files=files)
        return _receipt(_understood(answer), f"#{_PHOTO}")

    def _addressed(self) -> dict[str, object]:
        own = self._options
        return {
            "chat_id": own.chat,
            **({"disable_notification": True} if own.silent else {}),
            **({"message_thread_id": own.topic} if own.topic else {}),
        }

    def _text(self, message: Message) -> dict[str, object]:
        size = self._options.preview
        preview: dict[str, object] = {"is_disabled": True}
        if size != "none":
            preview = {"url": message.url, f"prefer_{size}_media": True}
        return {
            "text": message.text,
            "entities": list(entities(message.spans)),
            "link_preview_options": preview,
        }

    def _ask(self, method: str, **params: str) -> Answer:
        path = self._path(method)
        return _understood(self._http.get(path, params=params or None, expect=_UNCLEAR))

    def _send(self, method: str, **parts: Any) -> Answer:
        """Change something; once more where nothing was done but to ask for a little patience."""
        path = self._path(method)
        answer = self._http.send("POST", path, expect=_UNCLEAR, **parts)
        wait = pick(_json(answer), int, "parameters", "retry_after")
        if answer.status == _LIMITED and wait and 0 < wait <= _PATIENCE:
            self._http.pause(wait)
            return self._http.send("POST", path, expect=_UNCLEAR, **parts)
        return answer

    def _path(self, method: str) -> str:
        return f"/bot{quote(self._options.token.reveal(), safe=':')}/{method}"


def entities(spans: Sequence[Span]) -> Iterator[dict[str, Any]]:
    """Yield what the text's links and hashtags are, by their place in it, in UTF-16 units."""
    end = 0
    for span in spans:
        start, end = end, end + count(span.text, Measure.UTF16)
        place = {"offset": start, "length": end - start}
        if span.kind is SpanKind.LINK:
            yield {"type": "text_link", **place, "url": span.target}
        elif span.kind is SpanKind.HASHTAG:
            yield {"type": "hashtag", **place}


def _caption(message: Message) -> dict[str, object]:
    return {"caption": message.text, "caption_entities": list(entities(message.spans))}


def _fitted(image: Image) -> Upload:
    """Return the image within the limits, those of its shape too; raises PictureError."""
    longer, shorter = max(image.width, image.height), min(image.width, image.height)
    if longer > shorter * _NARROWEST:
        raise PictureError("Telegram takes no image so long and narrow.")
    scale = min(1.0, _LONGEST_SIDES / (longer + shorter))
    return fit(image, replace(_PHOTOS, max_pixels=int(longer * shorter * scale**2)))


def _understood(answer: Answer) -> Answer:
    if answer.error:
        raise _sorted(answer, answer.error)
    return answer


def _sorted(answer: Answer, error: NetworkError) -> NetworkError:
    """Return what a refusal means; Telegram's words tell more than its status."""
    said = _json(answer)
    if isinstance(error, RateLimited):
        wait = pick(said, int, "parameters", "retry_after") or error.retry_after
        return RateLimited(error.message, error.hint, retry_after=wait)
    moved = pick(said, int, "parameters", "migrate_to_chat_id")
    if moved:
        return Unauthorised(error.message, f'The group has a new number: chat = "{moved}".')
    words = pick(said, str, "description") or ""
    if words in {"Unauthorized", "Not Found"}:
        return Unauthorised(error.message, _BOTFATHER)
    if isinstance(error, Unauthorised) or any(each in words for each in _ABOUT_THE_CHAT):
        return Unauthorised(error.message, _ADMIN)
    return error


def _receipt(answer: Answer, kind: str = "") -> Receipt:
    number = answer.require(int, "result", "message_id")
    chat = str(answer.require(int, "result", "chat", "id"))
    public = pick(answer.json(), str, "result", "chat", "username")
    address = f"https://t.me/{public}/{number}" if public else ""
    if chat.startswith(_CHANNEL) and not public:  # only its members can open it
        address = f"https://t.me/c/{chat.removeprefix(_CHANNEL)}/{number}"
    return Receipt(f"{chat}/{number}{kind}", address)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Rejected(f'"{text}" is not the number of a message on Telegram.')
    return int(text)


def _json(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
