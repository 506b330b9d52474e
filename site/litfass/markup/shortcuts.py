"""The plainest links and emphasis, known at one glance; all others are Python-Markdown's matter.

Python-Markdown goes through a link or an emphasis character by character. What these expressions
match, it takes for the same: one pair of brackets or signs, with no other such sign in it.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor

_LINK = re.compile(r"""\[([^\[\]]*)\]\(([^()<>\s'"\x02]*)\)""")
_EMPHASIS = re.compile(r"(?<!\S)(([*_])\2?)(?![\s*_])([^*_]*[^*_\s])\1(?![\w*_])")
_Stock: Any = getattr(inlinepatterns, "DelimiterProcessor", InlineProcessor)  # older have none


def quicken(engine: Markdown) -> None:
    """Let an engine see plain links and plain emphasis at once."""
    patterns = engine.inlinePatterns
    if type(patterns["link"]) is LinkInlineProcessor:
        patterns.register(_Link(LINK_RE, engine), "link", 160)
    if type(patterns["em_strong"]) is _Stock:
        emphasis = _Emphasis("*", "strong,em", engine)
        emphasis.add("_", "strong,em", smart=True)
        patterns.register(emphasis, "em_strong", 61)  # of two at 60, the first one comes first


class _Link(LinkInlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override] # noqa: N802
        """Return a link with where it begins and ends."""
        plain = _LINK.match(data, m.start())
        if plain is None:
            return super().handleMatch(m, data)
        element = Element("a", href=plain[2])
        element.text = plain[1]
        return element, plain.start(), plain.end()


class _Emphasis(_Stock):  # type: ignore[misc]
    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # noqa: N802
        """Return emphasis with where it begins and ends; first what was found with another one."""
        plain = None if self.regions else _EMPHASIS.match(data, m.start())
        if plain is None:
            return super().handleMatch(m, data)
        element = Element("em" if plain[1] == plain[2] else "strong")
        element.text = plain[3]
        return element, plain.start(), plain.end()
