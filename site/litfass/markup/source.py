"""A text before it is parsed: its white space and its HTML.

Where a text has nothing of what such a step looks for, the step would return it as it is.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions.md_in_html import HtmlBlockPreprocessor
from markdown.preprocessors import NormalizeWhitespace

_UNEVEN = "\x02\x03\r\t"
_BLANK = re.compile(r"\n +(?:\n|\Z)")
_ENTITY = re.compile(r"&[#a-zA-Z]")


def quicken(engine: Markdown) -> None:
    """Let an engine prepare its texts quickly."""
    steps = engine.preprocessors
    steps.register(_Whitespace(engine), "normalize_whitespace", 30)
    if type(steps["html_block"]) is HtmlBlockPreprocessor:
        steps.register(_HtmlBlocks(engine), "html_block", 20)


class _Whitespace(NormalizeWhitespace):
    """Makes white space even."""

    def run(self, lines: list[str]) -> list[str]:
        """Return lines with nothing but spaces in them, and none of those on empty lines."""
        text = "\n".join(lines)
        if any(map(text.__contains__, _UNEVEN)) or _BLANK.search(text):
            return super().run(lines)
        return [*lines, "", ""]


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Puts blocks of HTML aside."""

    def run(self, lines: list[str]) -> list[str]:
        """Return lines with placeholders for blocks of HTML."""
        text = "\n".join(lines)
        return super().run(lines) if "<" in text or _ENTITY.search(text) else lines
