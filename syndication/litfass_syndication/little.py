"""LinkedIn's "little" text, in which every mark that may begin something has to be escaped. Pure.

https://learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format

LinkedIn cuts a text at the first mark that it cannot read, and answers that all is well.
"""

from __future__ import annotations

import re

from litfass_syndication.announcement import Span, SpanKind

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")
_HASHTAG = re.compile(r"\{hashtag\|\\?[#＃]\|([^}]*)\}")
# The name of whom a mention leads to, and LinkedIn's identifier: "@[Firma](urn:li:organization:1)"
_MENTION = re.compile(r"@\[([^\[\]\n]+)\]\((urn:li:(?:organization|person):[\w-]+)\)", re.ASCII)


def escaped(text: str) -> str:
    """Return a text so that LinkedIn shows it as it is."""
    return _RESERVED.sub(r"\\\g<0>", text)


def written(span: Span) -> str:
    """Return a stretch of text as it is sent; a link's marks are escaped like any others.

    In plain text, the author may have written a mention as LinkedIn has it.
    """
    if span.kind is SpanKind.HASHTAG:
        return rf"{{hashtag|\#|{escaped(span.target)}}}"
    if span.kind is SpanKind.LINK:
        return escaped(span.target)
    return "".join(_with_mentions(span.text))


def _with_mentions(text: str) -> list[str]:
    """Return a text in pieces, each escaped, or a mention."""
    pieces, end = [], 0
    for mention in _MENTION.finditer(text):
        pieces += [escaped(text[end : mention.start()]), f"@[{escaped(mention[1])}]({mention[2]})"]
        end = mention.end()
    return [*pieces, escaped(text[end:])]


def plain(commentary: str) -> str:
    """Return a text of LinkedIn's as a person reads it."""
    return _ESCAPED.sub(r"\1", _HASHTAG.sub(r"#\1", commentary))
