"""Instagram or Threads of our own, for tests: containers and posts of one account, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from litfass_syndication.testing.graph import refused
from litfass_syndication.testing.wire import Reply, Request

Body = dict[str, Any]

USER = "178"


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a network calls things; `show` makes what it tells of a post from a container."""

    site: str
    version: str
    home: str
    make: str
    publish: str
    listing: str
    state: str
    words: str
    taken: frozenset[str]
    show: Callable[[Body], Body]


@dataclass
class ContainerServer:
    """Keeps containers and posts; one that is being made has to be asked for `polls` times.

    Containers that end badly end in `state`, saying `words`. A `forgetful` server knows nothing of
    a container that is published, a `slow` one does not list the newest post yet, and of posts
    that are `kept` none can be deleted. The token `ends` so many seconds after 1970.
    """

    tongue: Tongue
    token: str
    polls: int = 0
    state: str = "FINISHED"
    words: str = ""
    forgetful: bool = False
    slow: bool = False
    kept: bool = False
    ends: int = 0
    now: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)
    containers: dict[str, Body] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    posts: dict[str, Body] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        _, version, node, *edge = request.path.split("/")
        assert version == self.tongue.version  # noqa: S101 - a test's own
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refused(190, "Invalid OAuth access token.", 401)
        match request.method, node, edge:
            case "POST", self.tongue.home, [self.tongue.make]:
                return self._make(request.json())
            case "POST", self.tongue.home, [self.tongue.publish]:
                return self._publish(request.json())
            case "GET", self.tongue.home, [self.tongue.listing]:
                return self._listing(request)
            case "GET", "me" | "178" | "debug_token", []:
                data = {"is_valid": True, "expires_at": self.ends}
                known = {"id": "1", "user_id": USER, "username": "werkstatt"}
                return Reply.of({"data": data} if node == "debug_token" else known)
            case "GET", name, [] if name in self.containers:
                return self._container(name)
            case method, name, [] if name in self.posts:
                return self._post(method, name)
        return refused(100, "Object does not exist, or missing permissions", error_subcode=33)

    def show(self, body: Body) -> str:
        """Keep a post, as if it had just been published; return its identifier."""
        name = f"p{next(self.numbers)}"
        self.posts[name] = {
            "id": name,
            "permalink": f"{self.tongue.site}/p/{name}/",
            "timestamp": f"{self.now:%Y-%m-%dT%H:%M:%S}+0000",
            "sent": body,
            **self.tongue.show(body),
        }
        return name

    def _make(self, body: Body) -> Reply:
        unknown = {*body} - self.tongue.taken
        assert not unknown, f"the network knows no {unknown}"  # noqa: S101 - a test's own
        name = f"c{next(self.numbers)}"
        self.containers[name] = {"body": body, "state": self.state}
        return Reply.of({"id": name})

    def _container(self, name: str) -> Reply:
        container = self.containers[name]
        self.asked[name] = self.asked.get(name, 0) + 1
        waiting = self.asked[name] <= self.polls
        if self.forgetful and container["state"] == "PUBLISHED":
            return refused(100, "Object does not exist", error_subcode=33)
        state = "IN_PROGRESS" if waiting else container["state"]
        return Reply.of({"id": name, self.tongue.state: state, self.tongue.words: self.words})

    def _publish(self, body: Body) -> Reply:
        container = self.containers[body["creation_id"]]
        if container["state"] != "FINISHED":
            return refused(9007, "Media ID is not available", error_subcode=2207027)
        container["state"] = "PUBLISHED"
        return Reply.of({"id": self.show(container["body"])})

    def _listing(self, request: Request) -> Reply:
        newest = list(self.posts.values())[::-1][self.slow :]
        start = int(request.query.get("after", "0"))
        end = start + 2
        answer: Body = {"data": newest[start:end], "paging": {"cursors": {"after": f"{end}"}}}
        if end < len(newest):
            answer["paging"]["next"] = f"https://graph.example/?access_token={self.token}"
        return Reply.of(answer)

    def _post(self, method: str, name: str) -> Reply:
        if method == "DELETE" and self.kept:
            return refused(100, "Unsupported delete request", error_subcode=33)
        if method == "DELETE":
            del self.posts[name]
            return Reply.of({"success": True})
        return Reply.of(self.posts[name])


def _thread(body: Body) -> Body:
    of_text = body["media_type"] == "TEXT"
    assert of_text == ("link_attachment" in body) != ("image_url" in body)  # noqa: S101
    link = body.get("link_attachment")
    return {"text": body["text"], **({"link_attachment_url": link} if link else {})}


INSTAGRAM = Tongue(
    site="https://www.instagram.com",
    version="v25.0",
    home=USER,
    make="media",
    publish="media_publish",
    listing="media",
    state="status_code",
    words="status",
    taken=frozenset({"image_url", "caption", "alt_text"}),
    show=lambda body: {"caption": body["caption"]},
)

THREADS = Tongue(
    site="https://www.threads.com",
    version="v1.0",
    home="me",
    make="threads",
    publish="threads_publish",
    listing="threads",
    state="status",
    words="error_message",
    taken=frozenset({"media_type", "text", "link_attachment", "image_url", "alt_text"}),
    show=_thread,
)
