"""By hand: places that no program may post to. We compose, and a person posts.

XING, Medium's import page, a forum, the notice board of the town hall. Nothing is ever sent: a text
waits, `litfass status` and a page show it, and `litfass settle` says that it was posted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal
from urllib.parse import quote

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.network import Http, Identity, Network, UnsupportedError

_BLANK = re.compile(r"\{(\w*)\}")
_BLANKS = ("url", "title", "text")


def _no_place(address: str) -> str | None:
    if not address.startswith(("https://", "http://")):
        return 'must be a web address, with "https://" at its beginning'
    strange = next((name for name in _BLANK.findall(address) if name not in _BLANKS), None)
    known = ", ".join(f"{{{name}}}" for name in _BLANKS)
    return None if strange is None else f"has {{{strange}}} in it; known are {known}"


def _too_short(limit: int | None) -> str | None:
    return None if limit is None or limit > 0 else f"must be 1 or more, not {limit}"


@dataclass(frozen=True, slots=True)
class Options:
    """What the place is called, the address where one posts, and how long a text may be there.

    In the address, `{url}`, `{title}` and `{text}` are filled in: many a place has one that opens
    with the link in it already.
    """

    title: str
    address: str = field(default="", metadata={"check": _no_place})
    limit: int | None = field(default=None, metadata={"check": _too_short})
    measure: Literal["graphemes", "code points", "UTF-16 units", "bytes"] = "graphemes"


class Manual(Network[Options]):
    """A place where a person posts what we composed."""

    name: ClassVar[str] = "manual"
    title: ClassVar[str] = "By hand"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(None, Measure.GRAPHEMES),),
        dedupe=Dedupe.NONE,
        images=ImageLimits(
            ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/svg+xml")
        ),
        card=Card.NETWORK,
        by_hand=True,
        notes={"posting": "by you: the text waits, ready to copy"},
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        limit = TextLimit(options.limit, Measure(options.measure))
        # What a class says of its network, each of these places says of itself.
        self.__dict__.update(
            title=options.title, capabilities=replace(self.capabilities, limits=(limit,))
        )

    def publish(self, message: Message, key: str) -> Receipt:
        """Raise UnsupportedError: only a person can."""
        del message, key
        raise UnsupportedError(f"Nothing can be sent to {self.title}: a person posts there.")

    def place(self, message: Message) -> str:
        """Return the address where a person posts it, with the message in it where it takes one."""
        said = {"url": message.url, "title": message.title, "text": message.text}
        return _BLANK.sub(lambda blank: quote(said[blank[1]], safe=""), self._options.address)

    def whoami(self) -> Identity:
        """Say where one posts."""
        return Identity(self.title, self._options.address)
