"""A LinkedIn of our own, for tests: a member or a page, in memory, and as strict as LinkedIn is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from litfass_syndication.testing.examples import NOW
from litfass_syndication.testing.wire import Reply, Request

Post = dict[str, Any]

_PIECE = re.compile(
    r"""\\(?P<escaped>[\\|{}@\[\]()<>\#*_~])
      | \{hashtag\|\\\#\|(?P<tag>(?:\\_|\w)+)\}
      | @\[(?P<name>(?:\\.|[^\\\[\]])+)\]\(urn:li:(?:organization|person):[\w-]+\)
      | (?P<plain>[^\\|{}@\[\]()<>\#*_~])""",
    re.VERBOSE | re.DOTALL,
)
_SAID = {"author", "commentary", "visibility", "distribution", "content", "lifecycleState"}
_PAGE_SIZE = 2  # so that tests meet a second page


def shown(commentary: str) -> str:
    """Return what LinkedIn shows of a text: all that comes before a mark that means nothing."""
    pieces, end = [], 0
    while piece := _PIECE.match(commentary, end):
        escaped, tag, name, plain = piece.group("escaped", "tag", "name", "plain")
        pieces.append(escaped or plain or (f"#{tag}" if tag else f"@{name}").replace("\\", ""))
        end = piece.end()
    return "".join(pieces)


def refusal(status: int, message: str, code: str = "") -> Reply:
    """Return how LinkedIn refuses."""
    return Reply.of({"status": status, "code": code, "message": message}, status)


def duplicate(post: str) -> Reply:
    """Return how LinkedIn refuses what it has already."""
    reason = "com.linkedin.content.common.exception.BadRequestResponseException"
    return refusal(422, f"{reason}: Content is a duplicate of {post}", "DUPLICATE_POST")


@dataclass
class LinkedInServer:
    """Keeps posts by their names, newest last; `author` is whose token it is.

    `statuses` are what is told of a picture, one after the other; members are told nothing.
    `refuse` answers by method and the path's beginning. Words that are in `remembered` are refused
    as a double of the post there. `ends` is when the token ends, told to who knows `app_secret`.
    """

    token: str
    author: str = "urn:li:person:abc-1"
    app_secret: str = ""
    ends: object = 4_102_444_800  # 2100
    upload_host: str = ""
    now: datetime = NOW
    statuses: list[str] = field(default_factory=lambda: ["AVAILABLE"])
    refuse: dict[tuple[str, str], Reply] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        for (method, path), reply in self.refuse.items():
            if request.method == method and request.path.startswith(path):
                return reply
        if request.path == "/oauth/v2/introspectToken":
            return self._introspected(parse_qs(request.content.decode()))
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refusal(401, "Invalid access token", "INVALID_ACCESS_TOKEN")
        if request.path.startswith("/rest/"):
            self._check(request)
        return self._routed(request)

    def show(self, text: str, source: str = "", **more: object) -> str:
        """Keep a post, as if it had just been made; return its name."""
        name = f"urn:li:share:{7000 + len(self.posts)}"
        content = {"article": {"source": source}} if source else {}
        said: Post = {"commentary": text, "content": content, "lifecycleState": "PUBLISHED"}
        at = int(self.now.timestamp() * 1000)
        self.posts[name] = {"id": name, "createdAt": at, **said, **more}
        return name

    @property
    def is_page(self) -> bool:
        """Whether it is the page of an organisation."""
        return self.author.startswith("urn:li:organization:")

    def _check(self, request: Request) -> None:
        assert re.fullmatch(r"\d{6}", request.headers["linkedin-version"])  # noqa: S101
        assert request.headers["x-restli-protocol-version"] == "2.0.0"  # noqa: S101

    def _routed(self, request: Request) -> Reply:
        verb = request.headers.get("x-restli-method", "")
        match request.method, *map(unquote, request.url.partition("?")[0].split("/")[3:]):
            case "GET", "v2", "userinfo" if not self.is_page:
                return Reply.of({"sub": self.author.rpartition(":")[2], "name": "Mia Muster"})
            case "GET", "rest", "organizations", "77" if self.is_page:
                return Reply.of({"id": 77, "localizedName": "Werkstatt", "vanityName": "werkstatt"})
            case "POST", "rest", "posts":
                return self._post(request.json())
            case "GET", "rest", "posts" if self.is_page and verb == "FINDER":
                return self._listing(request)
            case method, "rest", "posts", name:
                return self._one(method, name, verb, request)
            case _, *path if "images" in path or "dms" in path:
                return self._picture(request, path[-1])
        return refusal(403, "Not enough permissions to access", "ACCESS_DENIED")

    def _post(self, said: Post) -> Reply:
        assert set(said) == {*_SAID, "isReshareDisabledByAuthor"}  # noqa: S101 - a test's own
        assert said["author"] == self.author  # noqa: S101
        assert len(said["content"]) == 1  # noqa: S101
        words = said["commentary"]
        if words in self.remembered:
            return duplicate(self.remembered[words])
        if used := re.search(r"urn:li:image:\w+", str(said["content"])):
            assert used[0] in self.pictures  # noqa: S101
        name = self.show(**{"text": words, **{k: v for k, v in said.items() if k != "commentary"}})
        self.remembered[words] = name
        return Reply(201, headers={"x-restli-id": name})

    def _one(self, method: str, name: str, verb: str, request: Request) -> Reply:
        if name not in self.posts:
            return refusal(404, f"Could not find entity {name}", "NOT_FOUND")
        match method, verb:
            case "POST", "PARTIAL_UPDATE":
                self.posts[name] |= request.json()["patch"]["$set"]
            case "DELETE", "DELETE":
                del self.posts[name]
            case "GET", "" if self.is_page:
                return Reply.of(self.posts[name])
            case _:
                return refusal(403, "Not enough permissions to access", "ACCESS_DENIED")
        return Reply(204)

    def _listing(self, request: Request) -> Reply:
        asked = request.query
        assert asked["author"] == self.author  # noqa: S101
        assert "author=urn%3Ali%3A" in request.url  # noqa: S101 - Rest.li reads a colon otherwise
        newest = list(self.posts.values())[::-1]
        start = int(asked["start"]) // int(asked["count"]) * _PAGE_SIZE
        return Reply.of({"paging": {}, "elements": newest[start : start + _PAGE_SIZE]})

    def _picture(self, request: Request, name: str) -> Reply:
        if request.method == "GET":
            if not self.is_page:
                return refusal(403, "Not enough permissions to access", "ACCESS_DENIED")
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            return Reply.of({"id": name, "status": status})
        if request.method == "PUT":
            self.pictures[f"urn:li:image:{name}"] = request.content
            return Reply(201)
        owner = request.json()["initializeUploadRequest"]["owner"]
        assert (request.query, owner) == ({"action": "initializeUpload"}, self.author)  # noqa: S101
        name = f"C4E{len(self.pictures)}"
        host = self.upload_host or "https://www.linkedin.com"
        place = {"uploadUrl": f"{host}/dms/{name}", "image": f"urn:li:image:{name}"}
        return Reply.of({"value": place})

    def _introspected(self, form: dict[str, list[str]]) -> Reply:
        given = [form[name][0] for name in ("client_id", "client_secret", "token")]
        if given != ["app-1", self.app_secret, self.token]:
            return refusal(401, "Invalid client")
        return Reply.of({"active": True, "expires_at": self.ends})
