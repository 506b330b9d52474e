"""WebSub: a hub is told that the feeds have changed, and passes on what is new at once.

https://www.w3.org/TR/websub/ leaves open how a hub is told; all take what PubSubHubbub 0.4 had.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from litfass_syndication.address import host
from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import pick
from litfass_syndication.capabilities import QUIET, Capabilities
from litfass_syndication.errors import Unauthorised, Unreachable
from litfass_syndication.network import Http, Identity, Network, Signs

_WAITS = (5.0, 10.0, 15.0, 30.0)  # seconds in which a cache may come to know the new feed
_ABSENT = (404, 410)
_REFUSALS = (400, 401, 403, 404, 405, 410, 413, 422)  # of the feed, and not of a post


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing is needed. `server` is the address of another hub, `feeds` those of other feeds."""

    server: str = "https://pubsubhubbub.appspot.com/"
    feeds: tuple[str, ...] = ()


class WebSub(Network[Options]):
    """The hub of a blog's feeds. Several posts in one run change them once, and are told once."""

    name: ClassVar[str] = "websub"
    title: ClassVar[str] = "WebSub"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = QUIET

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._told: dict[str, str] = {}  # what each feed was when the hub was told of it

    @classmethod
    def signs(cls, options: Options) -> Signs:
        """Return the hub: it takes no word of feeds that do not name it."""
        return Signs(hubs=(options.server,))

    def publish(self, message: Message, key: str) -> Receipt:
        """Tell the hub of the feeds, once they have the post."""
        del key
        self._tell(lambda body: _lacks(body, message.url, message.published))
        return Receipt(message.url, "")

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Tell the hub of the feeds as they are now."""
        del receipt
        return self.publish(message, "")

    def withdraw(self, receipt: Receipt) -> None:
        """Tell the hub of the feeds, once they have the post no more."""
        self._tell(lambda body: receipt.identifier in dict(_items(body)))

    def whoami(self) -> Identity:
        """Say which hub it is."""
        return Identity(host(self._options.server), "")

    def _tell(self, is_old: Callable[[bytes], bool]) -> None:
        bodies = {feed: self._news(feed, is_old) for feed in self._options.feeds}
        for feed, body in bodies.items():
            edition = sha256(body).hexdigest()
            if self._told.get(feed) != edition:
                self._ping(feed)
                self._told[feed] = edition

    def _news(self, feed: str, is_old: Callable[[bytes], bool]) -> bytes:
        """Return a feed, once it is up to date: the hub would pass an old one on."""
        for seconds in (*_WAITS, None):
            if not is_old(body := self._body(feed)):
                return body
            if seconds:
                self._http.pause(seconds)
        hint = "Is it deployed? A cache may show the old one for some minutes."
        raise Unreachable(f"{feed} is not up to date yet.", hint)

    def _body(self, feed: str) -> bytes:
        answer = self._http.get(feed, headers={"Cache-Control": "no-cache"}, expect=_ABSENT)
        if answer.status in _ABSENT:
            raise Unreachable(f"{feed} is not live: it answers {answer.status}.", "Is it deployed?")
        return answer.body

    def _ping(self, feed: str) -> None:
        form = {"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}
        answer = self._http.send(
            "POST", self._options.server, form=form, expect=_REFUSALS, repeatable=True
        )
        if answer.error:
            hint = f"Does {feed} name the hub, and can the hub reach it?"
            raise Unauthorised(answer.error.message, hint)


def _lacks(body: bytes, url: str, published: datetime) -> bool:
    """Tell whether a JSON feed should have a post and has not; other feeds are as new as it is."""
    items = dict(_items(body))
    return bool(items) and url not in items and published > min(items.values())


def _items(body: bytes) -> Iterator[tuple[str, datetime]]:
    """Yield address and date of a JSON feed's posts; nothing for another feed."""
    try:
        items = pick(json.loads(body), list, "items") or []
        for number in range(len(items)):
            url, date = (pick(items, str, number, key) for key in ("url", "date_published"))
            moment = datetime.fromisoformat(date) if date else None
            if url and moment and moment.tzinfo:
                yield url, moment
    except ValueError:
        return
