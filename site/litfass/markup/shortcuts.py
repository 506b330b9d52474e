"""What is plain, known at one glance: links, emphasis, headings, rows of tables.

Python-Markdown goes through them character by character, because they can be intricate. These are
not: there is no second sign of their kind, no code and no escape in them, so that it takes them for
the same. All others are left to it.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown, inlinepatterns
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor

_LINK = re.compile(r"""\[([^\[\]]*)\]\(([^()<>\s'"\x02]*)\)""")
_EMPHASIS = re.compile(r"(?<!\S)(([*_])\2?)(?![\s*_])([^*_]*[^*_\s])\1(?![\w*_])")
_HEADING = re.compile(r"(#{1,6})([^#\\\n]*)\Z")
_INTRICATE = re.compile(r"[`\\]")
_Stock: Any = getattr(inlinepatterns, "DelimiterProcessor", InlineProcessor)  # older have none


def quicken(engine: Markdown) -> None:
    """Let an engine see at once what is plain."""
    processors = engine.parser.blockprocessors
    if type(processors["hashheader"]) is HashHeaderProcessor:
        processors.register(_Headings(engine.parser), "hashheader", 70)
    stock: Any = processors["table"]
    if type(processors["table"]) is TableProcessor:
        processors.register(_Tables(engine.parser, stock.config), "table", 75)
    patterns = engine.inlinePatterns
    if type(patterns["link"]) is LinkInlineProcessor:
        patterns.register(_Link(LINK_RE, engine), "link", 160)
    if type(patterns["em_strong"]) is _Stock:
        emphasis = _Emphasis("*", "strong,em", engine)
        emphasis.add("_", "strong,em", smart=True)
        patterns.register(emphasis, "em_strong", 61)  # of two at 60, the first one comes first


class _Headings(HashHeaderProcessor):
    def test(self, parent: Element, block: str) -> bool:
        """Return whether there is a heading in a block."""
        return bool(_HEADING.match(block)) or super().test(parent, block)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the first block as a heading."""
        if plain := _HEADING.match(blocks[0]):
            del blocks[0]
            SubElement(parent, f"h{len(plain[1])}").text = plain[2].strip()
        else:
            super().run(parent, blocks)


class _Tables(TableProcessor):
    def _split(self, row: str) -> list[str]:
        """Return the cells of a row."""
        if _INTRICATE.search(row):
            cells: list[str] = super()._split(row)  # type: ignore[misc]
            return cells
        return row.split("|")


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
