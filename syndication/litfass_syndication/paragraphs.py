"""A message as HTML, for networks that show pages. Pure."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from litfass_syndication.announcement import Message, Span, SpanKind

_GAP = re.compile(r"\n{2,}")

# What stands before the link to the original, by language.
_ORIGINAL = {"de": "Zuerst erschienen auf", "en": "First published on"}


def body(message: Message) -> str:
    """Return what a page shows: the article, or the message's text, below its content warning.

    Raises Unreachable when the article cannot be read.
    """
    warning = f"<p><strong>{escape(message.content_warning)}</strong></p>"
    content = message.article.read() if message.article else paragraphs(message.spans)
    return f"{warning if message.content_warning else ''}{content}"


def body_with_original(message: Message, words: str = "") -> str:
    """Return what a page shows, with a link to the original below an article.

    `words` stand before the link instead of those in the message's language.
    """
    if message.article is None:
        return body(message)
    language = message.language.partition("-")[0].lower()
    words = words or _ORIGINAL.get(language, _ORIGINAL["en"])
    host = urlsplit(message.url).hostname or message.url
    link = f'<a href="{escape(message.url)}">{escape(host)}</a>'
    return f"{body(message)}\n<p><em>{escape(words)} {link}.</em></p>"


def paragraphs(spans: tuple[Span, ...]) -> str:
    """Return a text as HTML: a paragraph where a line is empty, and its links as links."""
    whole = "".join(map(_written, spans)).strip("\n")
    parts = (part.replace("\n", "<br>") for part in _GAP.split(whole) if part.strip())
    return "\n".join(f"<p>{part}</p>" for part in parts)


def _written(span: Span) -> str:
    if span.kind is SpanKind.LINK:
        return f'<a href="{escape(span.target)}">{escape(span.text)}</a>'
    return escape(span.text, quote=False)
