"""Markdown becomes HTML: Python-Markdown with the extensions that a writer expects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from litfass.links import references
from litfass.model import Heading
from litfass.urls import slugify

if TYPE_CHECKING:
    from markdown import Markdown

MORE = "<!-- more -->"

_EXTENSIONS = (
    "markdown.extensions.abbr",
    "markdown.extensions.admonition",
    "markdown.extensions.attr_list",
    "markdown.extensions.def_list",
    "markdown.extensions.footnotes",
    "markdown.extensions.md_in_html",
    "markdown.extensions.smarty",
    "markdown.extensions.tables",
    "markdown.extensions.toc",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)

# Double and single quotes, left and right, as a language's printers set them.
_QUOTES: Mapping[str, str] = {
    "de": "„“‚‘", "cs": "„“‚‘", "sk": "„“‚‘", "sl": "„“‚‘", "bg": "„“‚‘", "is": "„“‚‘",
    "fr": "«»‹›", "it": "«»“”", "es": "«»“”", "pt": "«»“”", "ru": "«»„“", "uk": "«»„“",
    "pl": "„”‚’", "hu": "„”’’", "ro": "„”«»", "nl": "“”‘’", "sv": "””’’", "fi": "””’’",
    "da": "»«›‹", "nb": "«»‘’", "nn": "«»‘’", "no": "«»‘’", "en": "“”‘’",
}  # fmt: skip
_SPACED = "fr"  # French sets a space inside its quotes, one that does not break

_ATX_TITLE = re.compile(r"\A(\s*)#[ \t]+([^\n]+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_SETEXT_TITLE = re.compile(r"\A(\s*)([^\n#>\-*+ ][^\n]*)\n=+[ \t]*(?:\n|\Z)")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_CODE = re.compile(r'<(pre|script|style)\b.*?</\1>|<div class="toc">.*?</div>', re.DOTALL)
_NOTE = re.compile(r'<sup id="fnref.*?</sup>|<a class="headerlink".*?</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_BOX = re.compile(r'<input type="checkbox"')


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a text. `lead` is plain; `words` are those that are read, code left out."""

    html: str
    headings: tuple[Heading, ...]
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
        """Return a Markdown text as HTML, with what is to be known of it."""
        engine = self._engine(language.split("-", 1)[0].lower())
        html = _BOX.sub('<input type="checkbox" aria-label="☐"', engine.reset().convert(text))
        headings = tuple(_headings(getattr(engine, "toc_tokens", ())))
        flowing = _NOTE.sub("", _CODE.sub(" ", html))
        return Rendered(html, headings, references(html), _lead(flowing), _words(flowing))

    def _engine(self, language: str) -> Markdown:
        if language not in self._engines:
            self._engines[language] = _new_engine(language)
        return self._engines[language]


def without_title(text: str) -> tuple[str, str]:
    """Split a heading of the first level off the beginning of a text; line numbers stay."""
    match = _ATX_TITLE.match(text) or _SETEXT_TITLE.match(text)
    if not match:
        return "", text
    return match[2].strip(), "\n" * match[0].count("\n") + text[match.end() :]


def _new_engine(language: str) -> Markdown:
    from markdown import Markdown  # noqa: PLC0415 - heavy

    quotes = _QUOTES.get(language, _QUOTES["en"])
    settings: dict[str, dict[str, Any]] = {
        "markdown.extensions.smarty": {"substitutions": _substitutions(quotes, language)},
        "markdown.extensions.toc": {
            "permalink": "#",
            "permalink_title": "",
            "permalink_leading": False,
            "slugify": lambda text, separator: slugify(text).replace("-", separator),
        },
        "markdown.extensions.footnotes": {"BACKLINK_TEXT": "↩\ufe0e", "BACKLINK_TITLE": "↩ {}"},
        "pymdownx.highlight": {"use_pygments": True, "guess_lang": False, "css_class": "highlight"},
        "pymdownx.tilde": {"subscript": False},
        "pymdownx.superfences": {"disable_indented_code_blocks": False},
    }
    return Markdown(extensions=list(_EXTENSIONS), extension_configs=settings, output_format="html")


def _substitutions(quotes: str, language: str) -> dict[str, str]:
    left, right, left_single, right_single = quotes
    if language == _SPACED:
        left, right = f"{left}\u202f", f"\u202f{right}"
        left_single, right_single = f"{left_single}\u202f", f"\u202f{right_single}"
    return {
        "left-double-quote": left,
        "right-double-quote": right,
        "left-single-quote": left_single,
        "right-single-quote": right_single,
        "ellipsis": "…",
        "ndash": "–",
        "mdash": "—",
    }


def _headings(tokens: Any) -> list[Heading]:
    found = []
    for token in tokens:
        found.append(Heading(token["level"], token["id"], unescape(token["name"])))
        found += _headings(token["children"])
    return found


def _lead(html: str) -> str:
    """Return the plain text before the mark for more, or of the first paragraph that has any."""
    if MORE in html:
        return _plain(html.split(MORE, 1)[0])
    return next((text for match in _PARAGRAPH.finditer(html) if (text := _plain(match[1]))), "")


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def _words(html: str) -> int:
    return len(_WORD.findall(unescape(_TAG.sub(" ", html))))
