"""Typographic quotes, dashes and ellipses, as the printers of each language set them.

It does what Python-Markdown's smarty does, in one pass over each text instead of twenty; and it
sees over the edges of emphasis, links and code, so that `"*Yes*"` opens and closes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, AtomicString

APOSTROPHE = "’"

# Each alternative begins with a character of its own: that is what makes a search quick.
_STRAIGHT = re.compile(r"""\"|'|-(?<!--)-{1,2}(?!-)|\.(?<!\.\.)\.{2}(?!\.)""")
_SIGNS = {"--": "–", "---": "—", "...": "…"}
_BEFORE_OPENING = frozenset(" \t\n\r\u00a0\u202f([{-–—/=¿¡<>")
_AFTER_CLOSING = frozenset(" \t\n\r\u00a0\u202f.,;:!?)]}…")
_DECADE = re.compile(r"\d\ds?\b")
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img",
        "ins", "kbd", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time",
        "u", "var",
    }
)  # fmt: skip
_VERBATIM = frozenset({"code", "kbd", "math", "pre", "samp", "script", "style", "textarea"})


@dataclass(frozen=True, slots=True)
class Quotes:
    """What a language puts around what is said, and around what is said within it."""

    left: str
    right: str
    left_single: str
    right_single: str


_ENGLISH = Quotes(*"“”‘’")
_LANGUAGES: Mapping[str, Quotes] = {
    **dict.fromkeys(("bg", "cs", "de", "is", "sk", "sl"), Quotes(*"„“‚‘")),
    **dict.fromkeys(("el", "es", "it", "pt"), Quotes(*"«»“”")),
    **dict.fromkeys(("nb", "nn", "no"), Quotes(*"«»‘’")),
    **dict.fromkeys(("fi", "sv"), Quotes(*"””’’")),
    **dict.fromkeys(("pl", "ro"), Quotes(*"„”«»")),
    **dict.fromkeys(("ru", "uk"), Quotes(*"«»„“")),
    **dict.fromkeys(("de-ch", "fr-ch"), Quotes(*"«»‹›")),
    "da": Quotes(*"»«›‹"),
    "fr": Quotes("«\u202f", "\u202f»", "‹\u202f", "\u202f›"),
    "hr": Quotes(*"„”‚’"),
    "hu": Quotes(*"„”»«"),
    "pt-br": _ENGLISH,
}


def quotes_of(language: str) -> Quotes:
    """Return the quotes of a language tag such as "de" or "pt-BR"; English ones if unknown."""
    tag = language.lower().replace("_", "-")
    return _LANGUAGES.get(tag) or _LANGUAGES.get(tag.split("-", 1)[0], _ENGLISH)


class Typography(Treeprocessor):
    """Sets the signs in a tree of elements, once all that is inline in it has been found."""

    def __init__(self, quotes: Quotes) -> None:
        super().__init__()
        self._quotes = quotes

    def run(self, root: Element) -> None:
        """Set the signs in place."""
        for block in root:
            if _STRAIGHT.search("".join(block.itertext())):
                lines: list[list[_Piece]] = [[]]
                _collect(block, lines, verbatim=False)
                for line in lines:
                    _Line(line, self._quotes).set()


class _Piece(NamedTuple):
    """A text of an element: what it begins with, or what follows it (`tail`)."""

    element: Element
    tail: bool
    text: str
    verbatim: bool


def _collect(element: Element, lines: list[list[_Piece]], *, verbatim: bool) -> None:
    """Collect an element's pieces of text in their order; those of a block make a line."""
    inline = element.tag in _INLINE
    within = verbatim or element.tag in _VERBATIM
    if not inline:
        lines.append([])
    if element.text:
        aside = within or isinstance(element.text, AtomicString)
        lines[-1].append(_Piece(element, tail=False, text=element.text, verbatim=aside))
    for child in element:
        _collect(child, lines, verbatim=within)
        if child.tail:
            lines[-1].append(_Piece(child, tail=True, text=child.tail, verbatim=within))
    if not inline:
        lines.append([])


class _Line:
    """One block's text, in which a quote that was opened is waiting to be closed."""

    def __init__(self, pieces: list[_Piece], quotes: Quotes) -> None:
        self._pieces = pieces
        self._quotes = quotes
        self._text = "".join(piece.text for piece in pieces)
        self._opened_at = -1  # where the text goes on after an opening quote
        self._single = False  # whether a single quote is open

    def set(self) -> None:
        """Write the signs into the elements."""
        start = 0
        for piece in self._pieces:
            end = start + len(piece.text)
            if not piece.verbatim:
                self._write(piece, self._typeset(start, end))
            start = end

    def _write(self, piece: _Piece, text: str) -> None:
        if piece.tail:
            piece.element.tail = text
        else:
            piece.element.text = text

    def _typeset(self, start: int, end: int) -> str:
        parts: list[str] = []
        done = start
        for found in _STRAIGHT.finditer(self._text, start, end):
            parts += (self._text[done : found.start()], self._sign(found))
            done = found.end()
        return "".join((*parts, self._text[done:end]))

    def _sign(self, found: re.Match[str]) -> str:
        if found[0] == '"':
            return self._quotes.left if self._opens(found) else self._quotes.right
        if found[0] == "'":
            return self._single_sign(found)
        return _SIGNS[found[0]]

    def _single_sign(self, found: re.Match[str]) -> str:
        before, after = self._around(found)
        if before.isalnum() and after.isalnum():
            return APOSTROPHE  # don't
        if not before.isalnum() and _DECADE.match(self._text, found.end()):
            return APOSTROPHE  # the '80s
        if self._opens(found) and "'" in self._text[found.end() :]:
            self._single = True
            return self._quotes.left_single
        closes, self._single = self._single, False
        return self._quotes.right_single if closes else APOSTROPHE  # the boys' room

    def _opens(self, found: re.Match[str]) -> bool:
        before, after = self._around(found)
        free = found.start() == self._opened_at or before in _BEFORE_OPENING
        if before == ETX:  # after raw HTML, which is not to be seen here
            free = after.isalnum()
        opens = free and after not in _AFTER_CLOSING
        if opens:
            self._opened_at = found.end()
        return opens

    def _around(self, found: re.Match[str]) -> tuple[str, str]:
        """Return the characters before and after, a space at the edges of the block."""
        text, start, end = self._text, found.start(), found.end()
        return text[start - 1 : start] or " ", text[end : end + 1] or " "
