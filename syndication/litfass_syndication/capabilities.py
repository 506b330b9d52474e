"""What a network takes, declared as data: checked once in the core, refined per account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from litfass_syndication.announcement import Image, Span


class Measure(StrEnum):
    """How a network counts the length of a text."""

    GRAPHEMES = "graphemes"  # extended grapheme clusters, UAX #29
    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"
    BYTES = "bytes"  # of UTF-8
    WEIGHTED = "weighted characters"  # X's own: see weighted.py; links are counted in it already
    EMOJI_BYTES = "characters"  # code points, but an emoji as its bytes of UTF-8


@dataclass(frozen=True, slots=True)
class TextLimit:
    """At most `maximum` of `measure`; None means that the network sets no limit."""

    maximum: int | None
    measure: Measure


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What the network accepts of an image: bytes, pixels in all, characters of alt text.

    `ratios` are the narrowest and the widest shape, width by height. `fetched` says that the
    network takes it from its public address, so that it must be right as it is. `needed` says
    that a post without one is not for this network.
    """

    media_types: tuple[str, ...]
    max_bytes: int | None = None
    max_pixels: int | None = None
    max_alt: int | None = None
    ratios: tuple[float, float] | None = None
    fetched: bool = False
    needed: bool = False

    def objection(self, image: Image | None) -> str:
        """Return why an image that nobody may change will not do; empty when it will, or may.

        How many bytes it has is left to the network.
        """
        if image is None:
            return "the post has no picture"
        if not self.fetched:
            return ""
        if not image.url:
            return "its picture has no public address"
        if image.media_type not in self.media_types:
            return f"its picture is {_kind(image.media_type)}, not {self.kinds}"
        narrowest, widest = self.ratios or (0.0, float("inf"))
        if not narrowest <= image.width / image.height <= widest:
            size = f"{image.width} × {image.height} pixels"
            return f"its picture is too {'wide' if image.width > image.height else 'tall'}: {size}"
        return ""

    @property
    def kinds(self) -> str:
        """The kinds of image that it takes, as people call them."""
        return " or ".join(map(_kind, self.media_types))


def _kind(media_type: str) -> str:
    return media_type.rpartition("/")[2].upper()


class Dedupe(StrEnum):
    """What makes it safe to send the same message again after a lost answer."""

    KEY = "key"  # the network takes an idempotency key
    IDENTIFIER = "identifier"  # we choose the record's identifier
    CONTENT = "content"  # the same message has the same identifier; another one has another
    LOOKUP = "lookup"  # our own recent posts can be listed
    REPEAT = "repeat"  # to say it again changes nothing, so that no doubt matters
    NONE = "none"  # nothing: a person must look


class Content(StrEnum):
    """How much of a post an account passes on."""

    ARTICLE = "article"  # all of it
    EXCERPT = "excerpt"  # the message's text, which leads to the blog


class Card(StrEnum):
    """Who makes the link's preview card."""

    NETWORK = "network"
    CLIENT = "client"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All that composing and planning need to know of a network or an account.

    `limits` must all hold at once; the first is the one shown to people. `url_length` is what
    every link counts as, however long it is, or None where links count in full. `short_links`
    says that a link's shown text may be shorter than its address (the address goes into the
    span's target). `short_mentions` says that the mention of an account elsewhere counts without
    its host: "@user@host" as "@user". `link_apart` says that the post's address is given beside
    the text, which needs none then. `heading` is the limit of a text's first line, where that is
    a title of its own; `one_line` says that a text is its first line and nothing else. `written`
    is how a stretch of text goes over the wire, where the network counts that: with the escapes
    of its markup. `key_seconds` is how long an idempotency key is remembered, None for ever.
    `listing` says that all of the account's own posts can be looked through. `by_hand` says that
    we only compose, and a person posts. `contents` is how much of a post it takes, beginning with
    what it gets unless its account's settings say otherwise; empty where a message is all that
    there is room for. `tags` says that it files posts under tags, and `titled` that it shows a
    title of its own: then the default wording has neither. `quiet` says that no person reads it:
    machines are told a page's address, and told again when it changes or is gone.
    """

    limits: tuple[TextLimit, ...]
    dedupe: Dedupe
    url_length: int | None = None
    short_links: bool = False
    short_mentions: bool = False
    link_apart: bool = False
    heading: TextLimit | None = None
    one_line: bool = False
    written: Callable[[Span], str] | None = None
    images: ImageLimits | None = None
    card: Card = Card.NETWORK
    hashtags: bool = True
    edit: bool = False
    withdraw: bool = False
    listing: bool = False
    by_hand: bool = False
    key_seconds: float | None = None
    counts_content_warning: bool = False
    contents: tuple[Content, ...] = ()
    tags: bool = False
    titled: bool = False
    quiet: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)


QUIET = Capabilities(
    limits=(TextLimit(None, Measure.BYTES),),
    dedupe=Dedupe.REPEAT,
    card=Card.NONE,
    hashtags=False,
    edit=True,
    withdraw=True,
    contents=(Content.ARTICLE,),
    quiet=True,
)
"""Where machines are told of a page: its address, and again whenever its article changes."""
