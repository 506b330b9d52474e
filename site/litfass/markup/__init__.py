"""Markdown becomes HTML, and says what is to be known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from litfass.errors import ContentError
from litfass.links import references

if TYPE_CHECKING:
    from markdown import Markdown

_MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
_ATX_TITLE = re.compile(r"\A((?:[ \t]*\n)*[ ]{0,3})#(?!#)[ \t]*([^\n]+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_SETEXT_TITLE = re.compile(r"\A(\s*)([^\n#>\-*+ ][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_FENCED = re.compile(
    r"^[ ]{0,3}(`{3,}|~{3,}).*?(?:^[ ]{0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(
    r"^#{1,6}[ \t]*(?P<atx>[^\n#][^\n]*?)[ \t]*#*[ \t]*$"
    r"|^(?P<setext>[^\n#>\-*+ ][^\n]*)\n(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[^{}\n]*\}$")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_CODE = re.compile(r'<(pre|script|style)\b.*?</\1>|<div class="toc">.*?</div>', re.DOTALL)
_NOTE = re.compile(
    r'<sup id="fnref[^>]*><a class="footnote-ref" href="#.*?</sup>'
    r'|<a class="headerlink" href="#[^"]*"[^>]*>.*?</a>',
    re.DOTALL,
)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_NO_WORDS = tuple(f" {sign} " for sign in ("–", "—", "-", "&ndash;", "&mdash;", "&amp;"))
_MARKED = re.compile(r"[`*_\[<&\\~]")
_BOX = re.compile(r'<input type="checkbox"(?= disabled( checked)?/>)')  # as a task list has it


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a text. `lead` is plain; `words` are those that are read, code left out."""

    html: str
    references: tuple[str, ...]
    lead: str
    words: int


class Markup:
    """Renders one text after the other, with one engine for each language.

    An engine is dear to make and cheap to use again; nothing of a text stays in it for the next.
    """

    def __init__(self) -> None:
        self._engines: dict[str, Markdown] = {}

    def render(self, text: str, language: str) -> Rendered:
        """Return a Markdown text as HTML, with what is to be known of it.

        Raises ContentError, without a place, for lists or quotations nested too deeply.
        """
        html = _BOX.sub(_named_box, self._convert(text, language))
        written = _NOTE.sub("", _without_coloured(html))
        flowing = _CODE.sub(" ", written)
        return Rendered(html, references(written), _lead(flowing), _words(flowing))

    def plain(self, line: str, language: str) -> str:
        """Return a line of Markdown as plain text, such as a heading that becomes a title."""
        if not _MARKED.search(line):
            return line
        return _plain(self._convert(line, language))

    def _convert(self, text: str, language: str) -> str:
        engine = self._engines.pop(language, None) or _new_engine(language)
        try:
            html = engine.reset().convert(text)
        except RecursionError:
            hint = "Make its lists and quotations flatter."
            raise ContentError("is nested too deeply", hint) from None
        self._engines[language] = engine  # one that failed is not what it was, even when reset
        return html


def _new_engine(language: str) -> Markdown:
    from litfass.markup.engine import new_engine  # noqa: PLC0415 - heavy

    return new_engine(language)


def without_title(text: str) -> tuple[str, str]:
    """Split a heading of the first level off the beginning of a text; line numbers stay."""
    match = _ATX_TITLE.match(text) or _SETEXT_TITLE.match(text)
    if not match:
        return "", text
    return _bare(match[2]), "\n" * match[0].count("\n") + text[match.end() :]


def first_heading(text: str) -> str:
    """Return the first heading of a text, of whatever level; empty if it has none."""
    match = _HEADING.search(_FENCED.sub("", text))
    return _bare(match["atx"] or match["setext"]) if match else ""


def _bare(heading: str) -> str:
    """Return a heading without its attributes, such as {#anchor}."""
    return _ATTRIBUTES.sub("", heading.strip())


def _named_box(box: re.Match[str]) -> str:
    """Return a checkbox with a name, for those who do not see it."""
    return f'{box[0]} aria-label="{"☑" if box[1] else "☐"}"'


def _without_coloured(html: str) -> str:
    """Return HTML without the code that was coloured: there is much of it, and nothing to find."""
    first, *others = html.split("<pre><span></span><code>")
    return " ".join((first, *(other.partition("</code></pre>")[2] for other in others)))


def _lead(html: str) -> str:
    """Return the plain text before the mark for more, or of the first paragraph that has any."""
    if more := _MORE.search(html):
        return _plain(html[: more.start()])
    return next((text for match in _PARAGRAPH.finditer(html) if (text := _plain(match[1]))), "")


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def _words(html: str) -> int:
    """Count words as readers do: what spaces set apart, dashes that stand alone left out."""
    text = _TAG.sub("", html)
    return len(text.split()) - sum(map(text.count, _NO_WORDS))
