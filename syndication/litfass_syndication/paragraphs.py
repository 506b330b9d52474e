"""A message as HTML, for networks that show pages. Pure.

The link to the original is marked: an article links to other posts of the blog, too, and must not
be taken for one of them.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import urlsplit

from litfass_syndication.announcement import Message, Span, SpanKind

_GAP = re.compile(r"\n{2,}")
_MARK = "litfass-original"
_MARKED = re.compile(rf"<a\b(?=[^>]*\b{_MARK}\b)[^>]*\bhref\s*=\s*[\"']([^\"'>]*)", re.IGNORECASE)

# What stands before the link to the original, by language.
_ORIGINAL = {"de": "Zuerst erschienen auf", "en": "First published on"}


def body(message: Message) -> str:
    """Return what a page shows: the article, or the message's text, below its content warning.

    Raises Unreachable when the article cannot be read.
    """
    warning = f"<p><strong>{escape(message.content_warning)}</strong></p>"
    content = message.article.read() if message.article else paragraphs(message)
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
    link = _link(message.url, host, marked=True)
    return f"{body(message)}\n<p><em>{escape(words)} {link}.</em></p>"


def original_of(html: str) -> str:
    """Return where a page that was made of a message says that the original is, or nothing."""
    found = _MARKED.findall(html)
    return unescape(found[-1]) if found else ""


def paragraphs(message: Message) -> str:
    """Return the text as HTML: a paragraph where a line is empty, and its links as links."""
    written = (_written(span, message.url) for span in message.spans)
    parts = (part.strip("\n") for part in _GAP.split("".join(written)))
    return "\n".join(f"<p>{part}</p>".replace("\n", "<br>") for part in parts if part)


def _written(span: Span, original: str) -> str:
    if span.kind is SpanKind.LINK:
        return _link(span.target, span.text, marked=span.target == original)
    return escape(span.text, quote=False)


def _link(url: str, text: str, *, marked: bool) -> str:
    mark = f' class="{_MARK}"' if marked else ""
    return f'<a{mark} href="{escape(url)}">{escape(text, quote=False)}</a>'
