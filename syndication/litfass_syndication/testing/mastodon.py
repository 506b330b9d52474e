"""A Mastodon of our own, for tests, or one of its kin: as slow with pictures as a real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from litfass_syndication.testing.description import fields
from litfass_syndication.testing.wire import Reply, Request

Status = dict[str, Any]

INSTANCE: Mapping[str, Any] = {
    "version": "4.5.1",
    "configuration": {
        "statuses": {
            "max_characters": 500,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "image/webp", "video/mp4"],
            "image_size_limit": 16_777_216,
            "image_matrix_limit": 33_177_600,
            "description_limit": 1500,
        },
    },
}


def _refused(status: int, why: str) -> Reply:
    return Reply.of({"error": why}, status)


@dataclass
class MastodonServer:
    """Keeps statuses and idempotency keys; a picture has to be asked for `polls` times.

    `check` looks at each request before it is answered. `instance` is what the server says of
    itself; `keeps_keys` is false for Mastodon's kin. With `only_v1` it knows just the older
    addresses, and `media_reply`, if there is one, is what becomes of every upload.
    """

    token: str
    address: str = "https://mastodon.example"
    instance: object = field(default_factory=lambda: INSTANCE)
    check: Callable[[Request], None] = lambda _: None
    keeps_keys: bool = True
    polls: int = 0
    only_v1: bool = False
    media_reply: Reply | None = None
    now: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)
    statuses: dict[str, Status] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.check(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _refused(401, "The access token is invalid")
        _, version, kind, *place = request.path.strip("/").split("/")
        if self.only_v1 and version == "v2":
            return _refused(404, "Not found")
        match kind:
            case "instance":
                return self._instance()
            case "statuses":
                return self._statuses(request, *place)
            case "accounts":
                return self._accounts(request, *place)
            case _:
                return self._media(request, *place)

    def show(self, name: str, text: str, **sent: object) -> Status:
        """Keep a status, as if the account had posted this text, and return it."""
        linked = (
            f'<a href="{escape(word)}">{escape(word)}</a>' if "://" in word else escape(word)
            for word in text.split()
        )
        media = sent.get("media_ids")
        self.statuses[name] = {
            "id": name,
            "url": f"{self.address}/@firma/{name}",
            "created_at": self.now.isoformat(),
            "content": f"<p>{' '.join(linked)}</p>",
            "card": None,
            "media_attachments": [
                {"id": each} for each in (media if isinstance(media, list) else [])
            ],
            "sent": {"status": text, **sent},
        }
        return self.statuses[name]

    def _instance(self) -> Reply:
        return self.instance if isinstance(self.instance, Reply) else Reply.of(self.instance)

    def _statuses(self, request: Request, name: str = "") -> Reply:
        if request.method == "POST":
            return self._post(request)
        if name not in self.statuses:
            return _refused(404, "Record not found")
        if request.method == "DELETE":
            return Reply.of(self.statuses.pop(name))
        if request.method == "PUT":
            body = request.json()
            self.show(name, body.pop("status"), **body)
            for each in body.get("media_attributes", ()):
                self.alts[each["id"]] = each["description"]
        return Reply.of(self.statuses[name])

    def _post(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if self.keeps_keys and key in self.keys:
            return Reply.of(self.statuses[self.keys[key]])
        body = request.json()
        if any(self.media.get(each, 1) for each in body.get("media_ids", ())):
            return _refused(422, "Cannot attach files that have not finished processing")
        name = str(100 + self.made)
        self.made += 1
        if key:
            self.keys[key] = name
        return Reply.of(self.show(name, body.pop("status"), **body))

    def _accounts(self, request: Request, *place: str) -> Reply:
        if place == ("verify_credentials",):
            return Reply.of({"id": "1", "acct": "firma", "url": f"{self.address}/@firma"})
        before = int(request.query.get("max_id", "999999999"))
        names = sorted((name for name in self.statuses if int(name) < before), key=int)
        page = names[::-1][: int(request.query["limit"])]
        return Reply.of([self.statuses[name] for name in page])

    def _media(self, request: Request, name: str = "") -> Reply:
        if name:
            return self._processed(name)
        if self.media_reply:
            return self.media_reply
        parts, name = fields(request), f"m{len(self.media)}"
        self.media[name] = self.polls
        self.alts[name] = parts["description"].decode()
        return Reply.of({"id": name, "url": None}, 202 if self.polls else 200)

    def _processed(self, name: str) -> Reply:
        if self.media[name] < 0:
            return _refused(422, "Error processing thumbnail for uploaded media")
        if self.media[name]:
            self.media[name] -= 1
            return Reply.of({"id": name, "url": None}, 206)
        return Reply.of({"id": name, "url": f"{self.address}/media/{name}.png"})
