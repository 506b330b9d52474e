"""A Pinterest of our own, for tests: one account, its boards and pins, in memory."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from litfass_syndication.testing.wire import Reply, Request

Pin = dict[str, Any]

_PAGE_SIZE = 2  # so that tests meet a second page


def refusal(status: int, code: int, message: str = "Pinterest will not have it.") -> Reply:
    """Return how Pinterest refuses, with its number for the reason."""
    return Reply.of({"code": code, "message": message}, status)


@dataclass
class PinterestServer:
    """Keeps pins by their numbers, newest last; `app` and `secret` sign in for the `token`.

    `refuse` answers by method and path.
    """

    app: str
    secret: str
    token: str
    boards: dict[str, str] = field(default_factory=lambda: {"11": "Garten", "12": "Werkstatt"})
    refuse: dict[tuple[str, str], Reply] = field(default_factory=dict)
    pins: dict[str, Pin] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if reply := self.refuse.get((request.method, request.path)):
            return reply
        if request.path == "/v5/oauth/token":
            return self._signed_in(request)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refusal(401, 2, "Authentication failed.")
        match request.method, *request.path.split("/")[2:]:
            case "GET", "user_account":
                return Reply.of({"username": "werkstatt", "account_type": "PINNER", "id": "5"})
            case "GET", "boards", *board:
                return self._listed(request, self._on(board[0]) if board else self._all_boards)
            case "POST", "pins":
                return self._pinned(request.json())
            case method, "pins", name:
                return self._one(method, name, request)
        return refusal(404, 0, "There is nothing here.")

    def show(self, link: str | None, board: str = "12") -> str:
        """Keep a pin, as if it had just been made; return its number."""
        name = str(900 + len(self.pins))
        self.pins[name] = {"id": name, "board_id": board, "link": link}
        return name

    @property
    def _all_boards(self) -> list[Pin]:
        return [{"id": number, "name": name} for number, name in self.boards.items()]

    def _on(self, board: str) -> list[Pin]:
        return [pin for pin in self.pins.values() if pin["board_id"] == board][::-1]

    def _signed_in(self, request: Request) -> Reply:
        pair = b64encode(f"{self.app}:{self.secret}".encode()).decode()
        form = parse_qs(request.content.decode())
        if request.headers.get("authorization") != f"Basic {pair}":
            return refusal(401, 2, "Authentication failed.")
        if form["grant_type"] != ["client_credentials"]:
            return refusal(400, 1, "Invalid request.")
        told = {"token_type": "bearer", "expires_in": 2592000, "scope": form["scope"][0]}
        return Reply.of({"access_token": self.token, **told})

    def _pinned(self, said: Pin) -> Reply:
        if said["board_id"] not in self.boards:
            return refusal(404, 40, "Board not found.")
        name = self.show(said.get("link"), said["board_id"])
        picture = b64decode(said["media_source"]["data"])
        self.pins[name] |= {**said, "picture": picture}
        return Reply.of({"id": name, "link": said.get("link"), "board_id": said["board_id"]}, 201)

    def _one(self, method: str, name: str, request: Request) -> Reply:
        if name not in self.pins:
            return refusal(404, 50, "Pin not found.")
        if method == "DELETE":
            del self.pins[name]
            return Reply(204)
        self.pins[name] |= request.json()
        return Reply.of({"id": name})

    def _listed(self, request: Request, there: list[Pin]) -> Reply:
        start = int(request.query.get("bookmark", "0"))
        end = start + min(_PAGE_SIZE, int(request.query["page_size"]))
        shown = [{k: v for k, v in each.items() if k != "picture"} for each in there[start:end]]
        return Reply.of({"items": shown, "bookmark": str(end) if end < len(there) else None})
