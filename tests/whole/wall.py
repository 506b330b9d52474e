"""A network that has nothing to make repeating safe: no key, no identifier, no listing."""

from __future__ import annotations

from dataclasses import dataclass

from litfass_syndication.announcement import Receipt
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.network import Network
from litfass_syndication.testing import Reply


@dataclass(frozen=True, slots=True)
class Options:
    """Where the wall is."""

    server: str


class Wall(Network[Options]):
    """One account on a wall."""

    name = "wall"
    title = "Wall"
    options = Options
    capabilities = Capabilities((TextLimit(500, Measure.CODE_POINTS),), Dedupe.NONE)

    def publish(self, message, key):
        del key
        answer = self._http.send("POST", "/notes", json={"text": message.text})
        return Receipt(answer.require(str, "id"), answer.require_address("url"))


class WallServer:
    """Takes every note, however often it comes."""

    def __init__(self):
        self.notes = []

    def __call__(self, request):
        self.notes.append(request.json()["text"])
        number = len(self.notes)
        return Reply.of({"id": f"{number}", "url": f"https://wall.example/notes/{number}"})
