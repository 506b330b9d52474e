"""Tumblr's posts in blocks, the Neue Post Format. Pure.

https://github.com/tumblr/docs/blob/master/npf-spec.md; all places in a text count code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from litfass_syndication.announcement import Message, Span, SpanKind
from litfass_syndication.answer import pick
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.links import links_in_text
from litfass_syndication.measure import shortened
from litfass_syndication.pictures import Upload

PICTURE = "picture"
"""The name of the part of a request that has the picture."""

# What Tumblr itself takes over from a page; what is longer would be cut there, or refused.
_CARD = TextLimit(140, Measure.CODE_POINTS)
_LONGEST_TAG = 140
_MOST_TAGS = 30

Block = dict[str, object]


def blocks(message: Message, picture: Upload | None) -> list[Block]:
    """Return a message as blocks: its warning, its paragraphs, its picture, and its link."""
    warning = [_text((Span(message.content_warning),))] if message.content_warning else []
    texts = [_titled(_text(paragraph), message.title) for paragraph in _paragraphs(message.spans)]
    shown = [_image(picture, message)] if picture else []
    return [*warning, *texts, *shown, _link(message)]


def layout(message: Message, count: int) -> list[Block]:
    """Return how so many blocks are laid out: below a content warning, all are folded up."""
    if not message.content_warning:
        return []
    rows = [{"blocks": [number]} for number in range(count)]
    return [{"type": "rows", "display": rows, "truncate_after": 0}]


def tags(message: Message) -> str:
    """Return a message's hashtags as Tumblr takes tags: beside the text, with commas."""
    names = (span.target for span in message.spans if span.kind is SpanKind.HASHTAG)
    fitting = [name for name in dict.fromkeys(names) if len(name) <= _LONGEST_TAG]
    return ",".join(fitting[:_MOST_TAGS])


def links(post: object) -> Iterator[str]:
    """Yield where a post leads: its link, its source, the links in its text, past redirects."""
    yield from map(beyond, filter(None, (pick(post, str, "source_url"),)))
    for block in pick(post, list, "content") or ():
        for address in (pick(block, str, "url"), *_inline(block)):
            if address:
                yield beyond(address)


def beyond(address: str) -> str:
    """Return where an address leads that Tumblr may have wrapped in one of its redirects."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.hostname == "href.li":
        return unquote(parts.query)
    if parts.hostname == "t.umblr.com":
        return next(iter(parse_qs(parts.query).get("z", ())), address)
    return address


def _inline(block: object) -> Iterator[str | None]:
    for each in pick(block, list, "formatting") or ():
        yield pick(each, str, "url")
    yield from links_in_text(pick(block, str, "text") or "")


def _paragraphs(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """Yield the paragraphs of a text; one that has nothing but hashtags is none."""
    paragraph: list[Span] = []
    for piece in (*_pieces(spans), None):
        if piece is not None:
            paragraph.append(piece)
            continue
        if any(span.kind is not SpanKind.HASHTAG and span.text.strip() for span in paragraph):
            yield tuple(paragraph)
        paragraph = []


def _pieces(spans: tuple[Span, ...]) -> Iterator[Span | None]:
    """Yield the spans, and None between two paragraphs."""
    for span in spans:
        first, *others = span.text.split("\n\n")
        yield Span(first, span.kind, span.target)
        for other in others:
            yield None
            yield Span(other.lstrip("\n"))


def _text(paragraph: tuple[Span, ...]) -> Block:
    """Return a paragraph as a block that knows where its links are."""
    formatting, start = [], 0
    for span in paragraph:
        end = start + len(span.text)
        if span.kind is SpanKind.LINK:
            formatting.append({"start": start, "end": end, "type": "link", "url": span.target})
        start = end
    block: Block = {"type": "text", "text": "".join(span.text for span in paragraph).rstrip()}
    return {**block, "formatting": formatting} if formatting else block


def _titled(block: Block, title: str) -> Block:
    return {**block, "subtype": "heading1"} if block["text"] == title else block


def _image(picture: Upload, message: Message) -> Block:
    media = {
        "type": picture.media_type,
        "identifier": PICTURE,
        "width": picture.width,
        "height": picture.height,
    }
    alt = {"alt_text": message.image.alt} if message.image and message.image.alt else {}
    return {"type": "image", "media": [media], **alt}


def _link(message: Message) -> Block:
    """Return a card that does not say again what the text says."""
    summary = "" if message.summary in message.text else shortened(message.summary, _CARD)
    described = {"description": summary} if summary else {}
    title = shortened(message.title, _CARD)
    return {"type": "link", "url": message.url, "title": title, **described}
