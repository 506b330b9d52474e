"""Walks through the tree of a text, as Python-Markdown takes them, where there is a reason for one.

Escapes, attribute lists and task lists have a sign that has to be in the text; without it, there is
nothing for them in the tree. A heading of plain words need not be rendered to learn its name, and a
table of contents is made for those who ask for one.
"""

from __future__ import annotations

import re
from html import unescape as unescape_html
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.toc import (
    TocExtension,
    TocTreeprocessor,
    nest_toc_tokens,
    remove_fnrefs,
    render_inner_html,
    strip_tags,
    unescape,
    unique,
)
from markdown.treeprocessors import PrettifyTreeprocessor, Treeprocessor, UnescapeTreeprocessor
from markdown.util import AtomicString
from pymdownx.tasklist import TasklistTreeprocessor

from litfass.markup.blocks import QuickParser

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MARKED = re.compile(r"[&<>\x02]")


def quicken(engine: Markdown) -> None:
    """Let an engine walk through its trees quickly."""
    processors = engine.treeprocessors
    processors.register(_Prettify(engine), "prettify", 10)
    if not isinstance(engine.parser, QuickParser):
        return
    processors.register(_Escapes(engine), "unescape", 0)
    processors.register(_Attributes(engine), "attr_list", 8)
    stock: Any = processors["task-list"]
    tasks = _Tasks(engine)
    tasks.config = stock.config
    processors.register(tasks, "task-list", 25)
    for extension in engine.registeredExtensions:
        if isinstance(extension, TocExtension):
            processors.register(_Contents(engine, extension.getConfigs()), "toc", 5)


class _Sometimes(Treeprocessor):
    """Runs when one of its signs is in the text."""

    md: Any
    signs: ClassVar[tuple[str, ...]]

    def run(self, root: Element) -> Any:
        """Change the tree, if there can be anything to change."""
        return super().run(root) if self.md.parser.may_hold(*self.signs) else None


class _Escapes(_Sometimes, UnescapeTreeprocessor):
    signs = ("\\",)


class _Attributes(_Sometimes, AttrListTreeprocessor):
    signs = ("{",)


class _Tasks(_Sometimes, TasklistTreeprocessor):  # type: ignore[misc]
    signs = ("[ ]", "[x]", "[X]")


class _BlockLevel(dict[Any, bool]):
    """Whether a tag is that of a block, looked up once."""

    def __init__(self, engine: Markdown) -> None:
        super().__init__()
        self._engine = engine

    def __missing__(self, tag: Any) -> bool:
        self[tag] = self._engine.is_block_level(tag)
        return self[tag]


class _Prettify(PrettifyTreeprocessor):
    """Breaks lines between blocks."""

    def __init__(self, engine: Markdown) -> None:
        super().__init__(engine)
        self._is_block = _BlockLevel(engine)

    def run(self, root: Element) -> None:
        """Break lines in a tree."""
        self._break_lines(root)
        for line_break in root.iter("br"):
            tail = line_break.tail
            line_break.tail = f"\n{tail}" if tail and tail.strip() else "\n"
        for block in root.iter("pre"):
            if len(block) and block[0].tag == "code":
                code = block[0]
                if not len(code) and code.text is not None:
                    code.text = AtomicString(code.text.rstrip() + "\n")

    def _break_lines(self, element: Element) -> None:
        is_block = self._is_block
        if is_block[element.tag] and element.tag not in {"code", "pre"}:
            text = element.text
            if len(element) and not (text and text.strip()) and is_block[element[0].tag]:
                element.text = "\n"
            for child in element:
                if is_block[child.tag]:
                    self._break_lines(child)
        tail = element.tail
        if not (tail and tail.strip()):
            element.tail = "\n"


class _Contents(TocTreeprocessor):
    """Gives headings their anchors and lists them, as our settings want it."""

    md: Any

    def run(self, doc: Element) -> None:
        """Find the headings; what asks for more than them is left to the original."""
        if self.md.parser.may_hold(self.marker, "data-toc-label"):
            super().run(doc)
            return
        taken: set[Any] = set()
        headings = []
        for element in doc.iter():
            taken.add(element.get("id"))
            if element.tag in _HEADINGS:
                headings.append(element)
        self.md.toc_tokens = nest_toc_tokens([self._token(one, taken) for one in headings])

    def _token(self, heading: Element, taken: set[Any]) -> Any:
        html, name = self._content(heading)
        if "id" not in heading.attrib:
            heading.set("id", unique(self.slugify(unescape_html(name), self.sep), taken))
        anchor = heading.attrib["id"]
        self.add_permalink(heading, anchor)
        return {
            "level": int(heading.tag[1]),
            "id": unescape(anchor),
            "name": name,
            "html": html,
            "data-toc-label": "",
        }

    def _content(self, heading: Element) -> tuple[str, str]:
        """Return a heading's HTML and its plain words, which often are the same."""
        text = heading.text or ""
        if len(heading) or _MARKED.search(text):
            html = render_inner_html(remove_fnrefs(heading), self.md)
            return html, strip_tags(html)
        return text.strip(), " ".join(text.split())
