"""One town for each way in which a network makes repeating safe, or does not; each counts posts.

key         Mastodon, which remembers a key for an hour
identifier  Bluesky, where we choose the record's identifier
lookup      Akkoma, which may forget keys but lists our own posts
none        a wall that takes whatever comes
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.whole.wall import WallServer

from litfass_syndication.testing.bluesky import PUT, BlueskyServer
from litfass_syndication.testing.mastodon import INSTANCE, MastodonServer

TOKEN = "a-token-nobody-may-see"
ENVIRON = {"LITFASS_TOWN_TOKEN": TOKEN, "LITFASS_TOWN_PASSWORD": TOKEN}
KINDS = ("key", "identifier", "lookup", "none")

_ADDRESS = re.compile(r"https://blog\.example/(\w+)/")


@dataclass
class Town:
    """A network's server, and how an account on it is written down."""

    kind: str
    server: object
    network: str
    options: str = ""

    def publishes(self, request):
        """Tell whether a request makes an announcement public."""
        places = {"/api/v1/statuses", PUT, "/notes"}
        return request.method == "POST" and request.path in places

    @property
    def texts(self):
        """All that stands there."""
        match self.network:
            case "mastodon" | "pleroma":
                return [one["sent"]["status"] for one in self.server.statuses.values()]
            case "bluesky":
                return [json.dumps(one) for one in self.server.records.values()]
            case _:
                return list(self.server.notes)

    @property
    def posts(self):
        """How often each post stands there, by the last part of its address."""
        return Counter(_ADDRESS.search(text)[1] for text in self.texts)

    def account(self, address):
        """Return the account's table in `litfass.toml`."""
        return (
            f'[accounts.town]\nnetwork = "{self.network}"\nbacklog = true\n'
            f'server = "{address}"\n{self.options}'
        )


def town(kind, now=None):
    """Return a town of this kind in which nothing stands yet."""
    now = now or datetime.now(UTC)
    match kind:
        case "key":
            return Town(kind, MastodonServer(TOKEN, now=now), "mastodon")
        case "lookup":
            said = {**INSTANCE, "version": "2.7.2 (compatible; Akkoma 3.10.4)"}
            kin = MastodonServer(TOKEN, instance=said, keeps_keys=False, now=now)
            return Town(kind, kin, "pleroma")
        case "identifier":
            return Town(kind, BlueskyServer(), "bluesky", 'handle = "werkstatt.example"\n')
        case _:
            return Town(kind, WallServer(), "wall")
