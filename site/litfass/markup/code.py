"""Code with its words coloured, as Pygments' formatter writes it for the options that we set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO
from typing import Any, NamedTuple

from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.token import Text, _TokenType
from pygments.util import ClassNotFound

from litfass.markup.lexing import Lexing

_OPEN, _AS, _CLOSE = "\x01", "\x02", "\x03"  # stand for the parts of tags until all is escaped
MARKS = re.compile("[\x01-\x03]")
"""What code must not contain to be coloured here."""

_LANGUAGES = 256


class NoStyle:
    """Colours are the theme's matter: this spares each block of code the making of a stylesheet."""

    background_color = highlight_color = ""
    line_number_color = line_number_background_color = ""
    line_number_special_color = line_number_special_background_color = ""

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def _formatted(kind: _TokenType, text: str) -> str:
    """Return a token as Pygments writes it."""
    html = StringIO()
    formatter: Any = HtmlFormatter  # its type knows only styles of Pygments' own
    formatter(nowrap=True, style=NoStyle()).format([(kind, text)], html)
    return html.getvalue().removesuffix("\n")


_ESCAPES = tuple((sign, _formatted(Text, sign)) for sign in "&<>\"'")  # older ones escape quotes


class _Span(NamedTuple):
    begin: str
    end: str


class _Spans(dict[_TokenType, _Span]):
    """What Pygments' formatter puts around each kind of token; it is asked once for each."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, _Span] = {}

    def __missing__(self, kind: _TokenType) -> _Span:
        begin, closed, _ = _formatted(kind, "x").partition("x</span>")
        names = begin.removeprefix('<span class="').removesuffix('">') if closed else ""
        span = _Span(f"{_OPEN}{names}{_AS}", _CLOSE) if names else _Span("", "")
        self[kind] = self._known.setdefault(names, span)
        return self[kind]


_LEXING = Lexing(_Spans())


def coloured(code: str, language: str) -> str:
    """Return code as Pygments' formatter writes it, in one block and with nothing else."""
    lines = _lines(_LEXING.tokens(_lexer(language)(stripnl=True), code))
    return f'<div class="highlight"><pre><span></span><code>{lines}</code></pre></div>'


@lru_cache(_LANGUAGES)
def _lexer(language: str) -> type[Lexer]:
    """Return a language's lexer: plain text for a language that Pygments does not know."""
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return TextLexer


def _lines(found: Iterable[tuple[_Span, str]]) -> str:
    """Return tokens as Pygments' formatter writes them: a span around each run of one kind.

    A span ends with its line and begins again on the next.
    """
    parts: list[str] = []
    write = parts.append
    current, end = None, ""
    for span, text in found:
        if "\n" in text:
            *lines, text = text.split("\n")  # noqa: PLW2901 - the last line goes on like any text
            for line in lines:
                if line and span is not current:
                    write(end + span.begin)
                    end = span.end
                write(f"{line}{end}\n")
                current, end = None, ""
        if text:
            if span is not current:
                write(end + span.begin)
                current, end = span, span.end
            write(text)
    return _unmarked("".join(parts) + (f"{end}\n" if current else ""))


def _unmarked(html: str) -> str:
    for sign, escaped in _ESCAPES:
        html = html.replace(sign, escaped)
    return html.replace(_OPEN, '<span class="').replace(_AS, '">').replace(_CLOSE, "</span>")
