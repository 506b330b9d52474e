"""An X of our own, for tests: one account, in memory, that checks each signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from litfass_syndication.network import Secret
from litfass_syndication.oauth1 import Credentials, Moment, authorization
from litfass_syndication.testing.description import fields
from litfass_syndication.testing.wire import Reply, Request
from litfass_syndication.weighted import links, weight

PROBLEMS = "https://api.x.com/2/problems"


def refusal(status: int, detail: str, kind: str = "about:blank", title: str = "Forbidden") -> Reply:
    """Return how X refuses, with its name for the reason."""
    return Reply.of({"title": title, "detail": detail, "type": kind, "status": status}, status)


@dataclass
class XServer:
    """Keeps posts by their identifiers, newest last; `refuse` answers by method and path.

    A picture has to be asked for `polls` times, and is lost when that is negative. With `old_names`
    the server knows the fields of posts by the name that they had before. A listing has `page`.
    """

    credentials: Credentials
    polls: int = 0
    page: int = 100
    old_names: bool = False
    now: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)
    refuse: dict[tuple[str, str], Reply] = field(default_factory=dict)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if (request.method, request.path) in self.refuse:
            return self.refuse[request.method, request.path]
        if not self._signed(request):
            return refusal(401, "Unauthorized", title="Unauthorized")
        match request.method, *request.path.strip("/").split("/")[1:]:
            case "POST", "tweets":
                return self._post(request.json())
            case "DELETE", "tweets", name:
                return Reply.of({"data": {"deleted": self.posts.pop(name, None) is not None}})
            case "GET", "users", "me":
                return Reply.of({"data": {"id": "7", "name": "Firma", "username": "firma"}})
            case "GET", "users", "7", "tweets":
                return self._listed(request)
            case _, "media", *_:
                return self._media(request)
        return refusal(404, "There is nothing here.", title="Not Found")

    def show(self, name: str, text: str, **more: object) -> None:
        """Keep a post, as if the account had made it."""
        urls = [{"url": "https://t.co/abc", "expanded_url": link.url} for link in links(text)]
        self.posts[name] = {"id": name, "text": text, "at": self.now, "urls": urls, **more}

    def _signed(self, request: Request) -> bool:
        sent = request.headers.get("authorization", "")
        said = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', sent)}
        stamp = datetime.fromtimestamp(int(said.get("oauth_timestamp", 0)), UTC)
        moment = Moment(stamp, said.get("oauth_nonce", ""))
        url = request.url.partition("?")[0]
        whose = self.credentials
        return sent == authorization(whose, request.method, url, request.query, moment)

    def _post(self, body: dict[str, Any]) -> Reply:
        if weight(body["text"]) > 280:  # noqa: PLR2004 - what most accounts may say
            return refusal(403, "You are not permitted to perform this action.")
        if body["text"] in (post["text"] for post in self.posts.values()):
            return refusal(403, "You are not allowed to create a Tweet with duplicate content.")
        name = str(100 + len(self.posts))
        self.show(name, body["text"], media=body.get("media"))
        return Reply.of({"data": {"id": name, "text": body["text"]}}, 201)

    def _listed(self, request: Request) -> Reply:
        asked = request.query
        if ("tweet.fields" if self.old_names else "post.fields") not in asked:
            return refusal(400, "The query parameter is not valid.", title="Invalid Request")
        since = datetime.fromisoformat(asked["start_time"])
        there = [post for post in self.posts.values() if post["at"] >= since][::-1]
        begin = int(asked.get("pagination_token", "0"))
        page = there[begin : begin + min(self.page, int(asked["max_results"]))]
        end = begin + len(page)
        more = {"next_token": str(end)} if end < len(there) else {}
        data = [_listed(post) for post in page]
        meta = {"result_count": len(page), **more}
        return Reply.of({**({"data": data} if data else {}), "meta": meta})

    def _media(self, request: Request) -> Reply:
        if request.method == "GET":
            name = request.query["media_id"]
            self.media[name] -= 1
            return self._uploaded(name)
        if request.path.endswith("metadata"):
            body = request.json()
            self.alts[body["id"]] = body["metadata"]["alt_text"]["text"]
            return Reply.of({"data": {"id": body["id"]}})
        assert fields(request)["media_category"] == b"tweet_image"  # noqa: S101 - X is strict here
        name = f"m{len(self.media)}"
        self.media[name] = self.polls
        return self._uploaded(name)

    def _uploaded(self, name: str) -> Reply:
        left = self.media[name]
        state = {0: "succeeded"}.get(left, "pending" if left > 0 else "failed")
        processing = {"state": state, "check_after_secs": 1}
        return Reply.of({"data": {"id": name, "processing_info": processing}})


def _listed(post: dict[str, Any]) -> dict[str, object]:
    """Return a post as it is listed: every link in its text is a short one of X's."""
    text = post["text"]
    for link in links(text):
        text = text.replace(link.url, "https://t.co/abc")
    return {"id": post["id"], "text": text, "entities": {"urls": post["urls"]}}


def whose(*secrets: str) -> Credentials:
    """Return credentials of these four secrets."""
    key, secret, token, token_secret = map(Secret, secrets)
    return Credentials(key, secret, token, token_secret)
