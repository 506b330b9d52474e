"""A Telegram of our own, for tests: one bot in one channel, in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from litfass_syndication.testing.description import fields
from litfass_syndication.testing.wire import Reply, Request

CHANNEL: Mapping[str, object] = {
    "id": -1001234567,
    "type": "channel",
    "title": "Werkstatt",
    "username": "werkstatt",
}
PRIVATE: Mapping[str, object] = {"id": -1001234567, "type": "channel", "title": "Werkstatt"}


def refusal(status: int, description: str, **parameters: int) -> Reply:
    """Return how Telegram refuses, in its words."""
    more = {"parameters": parameters} if parameters else {}
    return Reply.of({"ok": False, "error_code": status, "description": description, **more}, status)


@dataclass
class TelegramServer:
    """Keeps messages by their numbers; `refuse` answers by method, each answer once.

    `check` looks at each request before it is answered. `may_post` is the bot's right in the
    channel, `chat` what is known of it.
    """

    token: str
    chat: Mapping[str, object] = field(default_factory=lambda: CHANNEL)
    may_post: bool = True
    check: Callable[[Request], None] = lambda _: None
    refuse: dict[str, Reply] = field(default_factory=dict)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.check(request)
        method = request.path.rpartition("/")[2]
        if unquote(request.path) != f"/bot{self.token}/{method}":
            return refusal(401, "Unauthorized")
        if method in self.refuse:
            return self.refuse.pop(method)
        sent = _sent(request)
        match method:
            case "sendMessage" | "sendPhoto":
                return self._keep(sent)
            case "editMessageText" | "editMessageCaption":
                return self._edit(sent, "text" if method == "editMessageText" else "caption")
            case "deleteMessage":
                return self._delete(sent["message_id"])
            case _:
                return _done(self._told(method))

    def _keep(self, sent: dict[str, Any]) -> Reply:
        number = 40 + len(self.messages)
        self.messages[number] = sent
        return _done({"message_id": number, "date": 1777896000, "chat": self.chat})

    def _edit(self, sent: dict[str, Any], kind: str) -> Reply:
        there = self.messages.get(sent["message_id"])
        if there is None:
            return refusal(400, "Bad Request: message to edit not found")
        if kind not in there:
            return refusal(400, f"Bad Request: there is no {kind} in the message to edit")
        if there[kind] == sent[kind]:
            same = "specified new message content and reply markup are exactly the same"
            return refusal(400, f"Bad Request: message is not modified: {same}")
        there.update(sent)
        return _done({"message_id": sent["message_id"], "chat": self.chat})

    def _delete(self, number: int) -> Reply:
        if self.messages.pop(number, None) is None:
            return refusal(400, "Bad Request: message to delete not found")
        return _done(value=True)

    def _told(self, method: str) -> object:
        known: dict[str, object] = {
            "getMe": {"id": 77, "is_bot": True, "username": "litfass_bot"},
            "getChat": self.chat,
            "getChatMember": {"status": "administrator", "can_post_messages": self.may_post},
        }
        return known[method]


def _sent(request: Request) -> dict[str, Any]:
    """Return the fields of a request, whichever way they were sent."""
    if "json" in request.headers.get("content-type", ""):
        return dict(request.json())
    if not request.content:
        return dict(request.query)
    parts = fields(request)
    words = {name: value.decode() for name, value in parts.items() if name != "photo"}
    listed = {name: json.loads(value) for name, value in words.items() if value[:1] == "["}
    return {**words, **listed, "photo": parts["photo"]}


def _done(value: object) -> Reply:
    return Reply.of({"ok": True, "result": value})
