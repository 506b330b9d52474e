"""Text as a note on Misskey has it: in MFM, its markup, and nothing taken for markup by accident.

https://misskey-hub.net/en/docs/for-users/features/mfm/; the rules are those of its parser, mfm.js.
"""

from __future__ import annotations

import re
from functools import cache

from litfass_syndication.announcement import Span, SpanKind

_PLAIN = "<plain>{}</plain>"
_END = "</plain"

# A line that ends so becomes a button that searches for all that is before it, tags included.
_SEARCH = re.compile(r"(\s\[?(?:search|検索)\]?)$", re.IGNORECASE | re.MULTILINE)


@cache
def _live() -> re.Pattern[str]:
    """Return what in a text would be more than text, or less; rather too much than too little."""
    return re.compile(
        r"""
          ` | \*\* | __ | ~~ | \$\[ | \\[(\[] | \]\( | <[a-z/] | https?://
        | (?<![a-z0-9]) (?: [*_] | @[\w-] | \#\S )
        | :[a-z0-9_+-]+:                  # an emoji of the server's own
        | ^>                              # a quotation
        | \A [^\s\w.,!?'"\#:/\]】)」）<>]  # what a hashtag before it would take in
        """,
        re.VERBOSE | re.IGNORECASE | re.MULTILINE,
    )


def written(span: Span) -> str:
    """Return a stretch of a note in MFM: links, hashtags and mentions live, all else as it is.

    Where the markup has no way to say so, a space of no width does.
    """
    if span.kind is SpanKind.LINK:
        return f"<{span.text}>"  # without the brackets, a letter or a sign may end it, or go on
    if span.kind is SpanKind.HASHTAG or (span.kind is SpanKind.MENTION and span.text.isascii()):
        return span.text
    whole = _SEARCH.sub("\\1\u200b", span.text)
    if not _live().search(whole):
        return whole
    text = whole.strip()
    before, _, after = whole.partition(text)
    return before + _PLAIN.format(text.replace(_END, "<\u200b/plain")) + after
