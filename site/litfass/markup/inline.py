"""What Python-Markdown finds inline, found without looking where nothing can be.

Python-Markdown tries each of its patterns on each text, whatever is in it. Here a pattern is tried
only where the characters stand without which it cannot match. Whatever it finds is replaced by a
placeholder that has none of these characters, so what is not in a text will not come into it later.
All else is the walk through the tree as Python-Markdown makes it: its order, what it looks at
twice, and what becomes of placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor as Pattern
from markdown.inlinepatterns import ReferenceInlineProcessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import (
    INLINE_PLACEHOLDER,
    INLINE_PLACEHOLDER_PREFIX,
    INLINE_PLACEHOLDER_RE,
    AtomicString,
)

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("](",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("://",),
    "automail": ("@",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
    "delimiter": ("~",),
}
"""What a text must contain for one of Python-Markdown's inline patterns to match in it: any of."""

_SPECIAL = re.compile(r"`|\\|\[|<|&|\*|_|~|\x02|\n(?<=  \n)")
"""What a text must contain for any of them to match, or for a placeholder to be in it.

Each alternative begins with a character of its own: that is what makes a search quick.
"""

_PREFIX_LENGTH = len(INLINE_PLACEHOLDER_PREFIX)


class _Search(NamedTuple):
    """A pattern at its place in the order, and what a text must contain for it."""

    place: int
    needed: tuple[str, ...]
    refers: bool
    matches: Callable[[str, int], Iterator[re.Match[str]]]
    take: Callable[[re.Match[str], str], tuple[Element | str | None, int | None, int | None]]


def quicken(engine: Markdown) -> None:
    """Let an engine look for inline patterns quickly, if they are those that are known here."""
    patterns = engine.inlinePatterns
    known = {id(patterns[name]): _NEEDED[name] for name in _NEEDED if name in patterns}
    if all(
        id(one) in known and isinstance(one, Pattern) and not one.ANCESTOR_EXCLUDES
        for one in patterns
    ):
        searches = [_search(place, one, known[id(one)]) for place, one in enumerate(patterns)]
        engine.treeprocessors.register(QuickInline(engine, searches), "inline", 20)


def _search(place: int, pattern: Any, needed: tuple[str, ...]) -> _Search:
    refers = isinstance(pattern, ReferenceInlineProcessor)
    return _Search(place, needed, refers, pattern.getCompiledRegExp().finditer, pattern.handleMatch)


class QuickInline(InlineProcessor):
    """Replaces Python-Markdown's search for inline elements in a tree."""

    def __init__(self, engine: Markdown, searches: Sequence[_Search]) -> None:
        super().__init__(engine)
        self.stashed_nodes: dict[str, Element | str] = {}  # patterns look into it
        self._all = self._searches = tuple(searches)
        self._without_references = tuple(
            one._replace(needed=()) if one.refers else one for one in searches
        )

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Return the tree with its inline elements; no pattern here asks for ancestors."""
        del ancestors
        self.stashed_nodes = {}
        self._searches = self._all if self.md.references else self._without_references
        waiting = [tree]
        for parent in waiting:  # more come while these are walked through, as do more children
            insertions = []
            for child in parent:
                if _is_open(child.text):
                    found = self._text_elements(child)
                    waiting += found
                    insertions.append((child, found))
                if child.tail and _SPECIAL.search(child.tail):
                    self._insert_tail_elements(parent, child)
                if len(child):
                    waiting.append(child)
            for element, found in insertions:
                element[0:0] = found
        return tree

    def _text_elements(self, child: Element) -> list[Element]:
        text = self._replaced(child.text or "")
        child.text = None
        return self._restored(text, child, tail=False)

    def _insert_tail_elements(self, parent: Element, child: Element) -> None:
        tail = self._replaced(child.tail or "")
        child.tail = None
        place = list(parent).index(child) + 1
        parent[place:place] = self._restored(tail, child, tail=True)

    def _replaced(self, text: str, first: int = 0) -> str:
        """Return a text with placeholders for all that the patterns find, from the first one on."""
        if isinstance(text, AtomicString) or not _SPECIAL.search(text):
            return text
        for search in self._searches[first:]:
            for sign in search.needed:
                if sign in text:
                    text = self._replace(text, search)
                    break
        return text

    def _replace(self, text: str, search: _Search) -> str:
        start = 0
        while True:
            for match in search.matches(text, start):
                node, begin, end = search.take(match, text)
                if begin is not None and end is not None:
                    break
            else:
                return text
            start = end
            if node is not None:
                placeholder = self._stash(node, search.place)
                text = f"{text[:begin]}{placeholder}{text[end:]}"
                start = begin + len(placeholder)

    def _stash(self, node: Element | str, place: int) -> str:
        """Keep what a pattern found, looked through by those after it; return its placeholder."""
        if not isinstance(node, str) and not isinstance(node.text, AtomicString):
            for child in (node, *node):
                if child.text:
                    child.text = self._replaced(child.text, place + 1)
                if child.tail:
                    child.tail = self._replaced(child.tail, place)
        key = f"{len(self.stashed_nodes):04}"
        self.stashed_nodes[key] = node
        return INLINE_PLACEHOLDER % key

    def _restored(self, text: str, parent: Element, *, tail: bool) -> list[Element]:
        """Write a text into an element or behind it, as far as the first element in the text.

        Return the elements for which there are placeholders, each with the text that follows it.
        """
        found: list[Element] = []
        start = 0
        while (index := text.find(INLINE_PLACEHOLDER_PREFIX, start)) >= 0:
            match = INLINE_PLACEHOLDER_RE.search(text, index)
            node = self.stashed_nodes.get(match[1]) if match else None
            end = match.end() if match and node is not None else index + _PREFIX_LENGTH
            _append(text[start : index if node is not None else end], parent, found, tail=tail)
            start = end
            if isinstance(node, str):
                _append(node, parent, found, tail=tail)
            elif node is not None:
                self._restore_within(node)
                found.append(node)
        rest = text[start:]
        _append(
            AtomicString(rest) if isinstance(text, AtomicString) else rest, parent, found, tail=tail
        )
        return found

    def _restore_within(self, node: Element) -> None:
        for child in (node, *node):
            if child.tail and child.tail.strip():
                tail, child.tail = child.tail, None
                place = list(node).index(child) + 1 if child is not node else 0
                node[place:place] = self._restored(tail, child, tail=True)
            if child.text and child.text.strip():
                text, child.text = child.text, None
                child[0:0] = self._restored(text, child, tail=False)


def _is_open(text: str | None) -> bool:
    """Return whether there may be something to find in a text."""
    return bool(text and not isinstance(text, AtomicString) and _SPECIAL.search(text))


def _append(text: str, parent: Element, found: list[Element], *, tail: bool) -> None:
    """Write more text where the last element that was found ends, or else where all began."""
    if not text:
        return
    if found:
        found[-1].tail = found[-1].tail + text if found[-1].tail else text
    elif tail:
        parent.tail = parent.tail + text if parent.tail else text
    else:
        parent.text = parent.text + text if parent.text else text
