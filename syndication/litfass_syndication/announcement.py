"""The values of the announcer: Announcement → Message → Receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Image:
    """An image file on this machine; width and height in pixels, alt text in the post's language.

    `digest` is that of the file's bytes, so that a message changes when its image does. `url` is
    where the blog shows it to everybody, for networks that fetch it there; empty if nowhere.
    """

    path: Path
    alt: str
    media_type: str
    width: int
    height: int
    digest: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A post as a whole, for networks that take it: HTML, with whole addresses only.

    `edition` tells two texts apart without reading either; `read` fetches the HTML, which is not
    kept, so that ten thousand posts need not be in memory together. It raises Unreachable when
    the text cannot be had any more.
    """

    edition: str
    read: Callable[[], str] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a post says to the networks, before any network's limits are known.

    `post` is the post's permanent id; `url` the address where it is (or will be) live; `revision`
    marks the built page, and the live page carries it in `<meta name="litfass:revision">`.
    `texts` are the author's own wordings by account name. `accounts` is None for every account.
    `disclosure` is what the law wants said first of what somebody paid for, in the post's language:
    "Anzeige"; empty where nobody did. `aliases` are former addresses that lead to `url`, so that a
    moved post is known again.
    """

    post: str
    url: str
    title: str
    published: datetime
    revision: str
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    image: Image | None = None
    content_warning: str = ""
    disclosure: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    accounts: tuple[str, ...] | None = None
    aliases: tuple[str, ...] = ()
    article: Article | None = None


class SpanKind(StrEnum):
    """What a piece of a message's text is."""

    PLAIN = "plain"
    LINK = "link"
    HASHTAG = "hashtag"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text. `target` is a link's whole address, a hashtag or a handle without its mark.

    Composing marks links and hashtags as it writes them; no adapter searches the text for them.
    """

    text: str
    kind: SpanKind = SpanKind.PLAIN
    target: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """An announcement composed for one account: it fits the account's limits.

    `url`, `title` and `summary` describe the link card where the client has to make it; `url` is
    where the text's own link leads, with the account's UTM parameters if it has any. `image`
    is None where the network takes none. `tags` are the post's own, for networks that file under
    tags; `article` is None unless the account passes on whole posts. `disclosure` is what an
    advertisement is called; the text begins with it, and a network that has a mark of its own for
    such posts gets that, too.
    """

    post: str
    account: str
    spans: tuple[Span, ...]
    url: str
    title: str
    summary: str
    published: datetime
    language: str = ""
    image: Image | None = None
    content_warning: str = ""
    tags: tuple[str, ...] = ()
    article: Article | None = None
    disclosure: str = ""

    @property
    def text(self) -> str:
        """The whole text, as a person will read it."""
        return "".join(span.text for span in self.spans)

    @property
    def digest(self) -> str:
        """Tell two messages apart by all that a reader would see: 32 hexadecimal digits.

        What only some networks take counts only where it is, so that ledgers need not change.
        """
        image = (self.image.digest, self.image.alt) if self.image else None
        spans = [(span.text, span.kind, span.target) for span in self.spans]
        card = (self.url, self.title, self.summary)
        seen: list[object] = [spans, *card, self.language, image, self.content_warning]
        more = {"tags": self.tags, "article": self.article and self.article.edition}
        seen += [{name: value} for name, value in more.items() if value]
        return hashlib.blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a network answered: its own identifier, and the announcement's public address.

    `notes` say what is missing of it: a picture that the network would not take. One that is
    `unfinished` is only a part of it, and the next run edits it to do the rest.
    """

    identifier: str
    url: str
    notes: tuple[str, ...] = ()
    unfinished: bool = False
