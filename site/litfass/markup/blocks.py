"""Blocks of text become elements, each by the first processor that takes it.

Python-Markdown asks some twenty processors about each block, and most blocks are paragraphs, which
the last one takes. Here a processor is asked only about blocks that have what it cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Self
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.util import Registry

_Condition = Callable[[str], object]


def _begins(*starts: str) -> _Condition:
    return lambda block: block.startswith(starts)


def _has(*signs: str) -> _Condition:
    if len(signs) == 1:
        return lambda block: signs[0] in block
    return lambda block: any(sign in block for sign in signs)


_INDENT = " " * 4
_CONDITIONS: Mapping[str, _Condition] = {
    "markdown_block": _begins("\x02"),
    "admonition": lambda block: block.startswith(_INDENT) or "!!!" in block,
    "empty": lambda block: not block or block[0] == "\n",
    "indent": _begins(_INDENT),
    "defindent": _begins(_INDENT),
    "code": _begins(_INDENT),
    "table": lambda block: "|" in block and "\n" in block,
    "hashheader": lambda block: block[0] == "#" or "\n#" in block,
    "setextheader": _has("\n=", "\n-"),
    "hr": re.compile(r"^[ ]{0,3}([-_*])(?:[ ]{0,2}\1){2}", re.MULTILINE).search,
    "olist": re.compile(r"[ ]{0,3}\d").match,
    "ulist": re.compile(r"[ ]{0,3}[*+-]").match,
    "deflist": _has(": "),
    "quote": _has(">"),
    "footnote": _has("[^"),
    "abbr": _has("*["),
    "reference": _has("]:"),
    "paragraph": _begins(""),
}
"""What a block must be like for a processor to take it."""

_NO_PARAGRAPH = re.compile(r"[ ]{0,3}[#>*+\-_=\[:!\d\x02]|[ ]{4}|\n|\Z")
_NO_LINE_OF_ONE = re.compile(r"\n[ ]{0,3}[#>*+\-_=\[:!]")
"""What all other processors but that for paragraphs need: at the beginning, and on a later line."""


class QuickMarkdown(Markdown):
    """An engine with a quick parser of blocks."""

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Extension:
        """Return an extension by its module; Python-Markdown first asks all that is installed."""
        if "." not in ext_name:
            return super().build_extension(ext_name, configs)
        extension: Extension = import_module(ext_name).makeExtension(**configs)
        return extension

    def build_parser(self) -> Self:
        """Put the parser in its place before any extension sees it."""
        super().build_parser()
        self.parser = QuickParser(self, self.parser.blockprocessors)
        return self


def quicken(engine: Markdown) -> None:
    """Let an engine parse blocks quickly, now that all its processors are there."""
    if isinstance(engine.parser, QuickParser):
        engine.parser.learn()


class QuickParser(BlockParser):
    """Parses blocks, asking only those processors that may take one."""

    def __init__(self, engine: Markdown, processors: Registry[BlockProcessor]) -> None:
        super().__init__(engine)
        self.blockprocessors = processors
        self._conditions: list[tuple[BlockProcessor, _Condition]] = []
        self._text = ""
        self._fences = 0
        self._has_elements = False
        for processor in processors:
            processor.parser = self

    def learn(self) -> None:
        """Take note of the processors, when they are complete and all of them are known."""
        registered = self.blockprocessors
        known = {
            id(registered[name]): _CONDITIONS[name] for name in _CONDITIONS if name in registered
        }
        if all(id(processor) in known for processor in registered):
            self._conditions = [(processor, known[id(processor)]) for processor in registered]

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802
        """Return the tree of a text, and remember the text for `may_hold`."""
        self._text = "\n".join(lines)
        self._fences = self._stashed_fences()
        self._has_elements = any(
            isinstance(one, Element) for one in self.md.htmlStash.rawHtmlBlocks
        )
        self.root = Element(self.md.doc_tag)
        self.parseChunk(self.root, self._text)
        return ElementTree(self.root)

    def may_hold(self, *signs: str) -> bool:
        """Return whether one of some signs can be in the tree of the text.

        They come from the text or from Markdown within HTML, which was put aside before; and from
        a fence that was mistaken for one, and is text again.
        """
        return (
            self._has_elements
            or self._stashed_fences() != self._fences
            or any(map(self._text.__contains__, signs))
        )

    def _stashed_fences(self) -> int:
        fences: Any = self.md.preprocessors["fenced_code_block"]
        return len(fences.extension.stash)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        """Make elements of blocks of text, within a parent."""
        if not self._conditions:
            super().parseBlocks(parent, blocks)
            return
        paragraph = self._conditions[-1][0]
        while blocks:
            block = blocks[0]
            if _is_paragraph(block):
                paragraph.run(parent, blocks)
                continue
            for processor, may_take in self._conditions:
                taken = may_take(block) and processor.test(parent, block)
                if taken and processor.run(parent, blocks) is not False:
                    break


def _is_paragraph(block: str) -> bool:
    """Return whether a block can be nothing else."""
    return not (
        "|" in block
        or _NO_PARAGRAPH.match(block)
        or ("\n" in block and _NO_LINE_OF_ONE.search(block))
    )
