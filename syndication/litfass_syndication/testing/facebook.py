"""A Facebook of our own, for tests: one Page and its posts, in memory, and strict about fields."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from litfass_syndication.testing.description import fields
from litfass_syndication.testing.graph import refused
from litfass_syndication.testing.wire import Reply, Request

Post = dict[str, Any]

PAGE = "104"
SITE = "https://www.facebook.com"

_TAKEN = {
    "feed": {"message", "link", "attached_media"},
    "photos": {"source", "published", "alt_text_custom"},
    "": {"message"},
}
_PAGE_SIZE = 2  # so that tests meet a second page


@dataclass
class FacebookServer:
    """Keeps posts and photos. With an `app_secret` it asks for proof of it.

    `now` is the time of the next post; `photo_reply`, if there is one, is what becomes of every
    upload. Of posts in `hidden` it tells nothing to anybody.
    """

    token: str
    app_secret: str = ""
    photo_reply: Reply | None = None
    now: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)
    posts: dict[str, Post] = field(default_factory=dict)
    photos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        _, version, node, *edge = request.path.split("/")
        assert version == "v25.0"  # noqa: S101 - a test's own
        body = self._body(request)
        if wrong := self._stranger(request, body):
            return wrong
        match request.method, node, edge:
            case "POST", "104", ["feed"]:
                return self._post(body)
            case "POST", "104", ["photos"]:
                return self._photo(body)
            case "GET", "104", ["published_posts"]:
                return self._listing(request)
            case "GET", "104", []:
                return Reply.of({"id": PAGE, "name": "Werkstatt", "link": f"{SITE}/werkstatt"})
            case method, post, []:
                return self._one(method, post, body)
        return refused(100, f"Unsupported {request.method} request", error_subcode=33)

    def show(self, message: str, link: str = "", photo: str = "") -> str:
        """Keep a post, as if it had just been made; return its identifier."""
        name = f"{PAGE}_{900 + len(self.posts)}"
        card = [{"unshimmed_url": link}] if link else [{"target": {"id": photo}}]
        self.posts[name] = {
            "id": name,
            "message": message,
            "created_time": f"{self.now:%Y-%m-%dT%H:%M:%S}+0000",
            "permalink_url": f"{SITE}/werkstatt/posts/{name}",
            "attachments": {"data": card},
        }
        return name

    def _stranger(self, request: Request, body: dict[str, Any]) -> Reply | None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refused(190, "Invalid OAuth access token.", 401)
        if self.app_secret:
            proof = hmac.new(self.app_secret.encode(), self.token.encode(), "sha256").hexdigest()
            given = {**request.query, **body}.get("appsecret_proof")
            if given not in {proof, proof.encode()}:
                return refused(100, "API calls from the server require an appsecret_proof argument")
        return None

    def _body(self, request: Request) -> dict[str, Any]:
        if request.method != "POST":
            return {}
        is_json = request.headers["content-type"] == "application/json"
        body: dict[str, Any] = request.json() if is_json else fields(request)
        edge = request.path.split("/")[3:]
        unknown = {*body} - {"appsecret_proof"} - _TAKEN["".join(edge)]
        assert not unknown, f"Facebook knows no {unknown}"  # noqa: S101 - a test's own
        return body

    def _post(self, body: dict[str, Any]) -> Reply:
        last = next(reversed(self.posts.values()), None)
        if last and last["message"] == body["message"]:
            return refused(506, "Duplicate status message")
        photos = [each["media_fbid"] for each in body.get("attached_media", ())]
        if not all(photo in self.photos for photo in photos):
            return refused(100, "Invalid parameter")
        name = self.show(body["message"], body.get("link", ""), "".join(photos))
        return Reply.of({"id": name})

    def _photo(self, body: dict[str, Any]) -> Reply:
        if self.photo_reply:
            return self.photo_reply
        name = f"p{len(self.photos)}"
        self.photos[name] = body
        return Reply.of({"id": name})

    def _listing(self, request: Request) -> Reply:
        newest = list(self.posts.values())[::-1]
        start = int(request.query.get("after", "0"))
        end = start + min(_PAGE_SIZE, int(request.query["limit"]))
        answer: dict[str, Any] = {"data": newest[start:end]}
        if newest:
            answer["paging"] = {"cursors": {"after": f"{end}"}}
        if end < len(newest):
            answer["paging"]["next"] = f"https://graph.facebook.com/?access_token={self.token}"
        return Reply.of(answer)

    def _one(self, method: str, name: str, body: dict[str, Any]) -> Reply:
        if name not in self.posts or name in self.hidden:
            return refused(100, "Object does not exist, or missing permissions", error_subcode=33)
        if method == "GET":
            return Reply.of(self.posts[name])
        if name in self.kept:
            return refused(100, "Object cannot be loaded", error_subcode=33)
        if method == "DELETE":
            del self.posts[name]
        else:
            self.posts[name]["message"] = body["message"]
        return Reply.of({"success": True})
