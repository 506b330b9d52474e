"""Python-Markdown, set up once for each language with all that a writer expects of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions.admonition import AdmonitionProcessor

from litfass.markup import blocks, fences, inline, serial, shortcuts, source, trees
from litfass.markup.quotes import Typography, quotes_of
from litfass.urls import slugify

_EXTENSIONS = (
    "markdown.extensions.abbr",
    "markdown.extensions.admonition",
    "markdown.extensions.attr_list",
    "markdown.extensions.def_list",
    "markdown.extensions.footnotes",
    "markdown.extensions.md_in_html",
    "markdown.extensions.sane_lists",
    "markdown.extensions.tables",
    "markdown.extensions.toc",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tasklist",
    "pymdownx.tilde",
)

_TITLES: Mapping[str, Mapping[str, str]] = {
    "de": {
        "note": "Hinweis",
        "info": "Hinweis",
        "important": "Wichtig",
        "tip": "Tipp",
        "hint": "Tipp",
        "success": "Geschafft",
        "warning": "Achtung",
        "caution": "Vorsicht",
        "attention": "Achtung",
        "danger": "Gefahr",
        "error": "Fehler",
        "bug": "Fehler",
    },
}
"""What stands above an admonition that its author gave no title, by language and kind."""


class _NamedAdmonitions(AdmonitionProcessor):
    """Gives an admonition without a title of its own one in the language of the text."""

    def __init__(self, parser: BlockParser, titles: Mapping[str, str]) -> None:
        super().__init__(parser)
        self._titles = titles

    def get_class_and_title(self, match: re.Match[str]) -> tuple[str, str | None]:
        """Return the kinds of an admonition and its title, None for one without."""
        kinds, title = super().get_class_and_title(match)
        if match[2] is None:
            title = self._titles.get(kinds.split(" ", 1)[0], title)
        return kinds, title


def new_engine(language: str) -> Markdown:
    """Return a quick engine for texts in a language; reset it before each text.

    It makes of every text what `stock_engine` makes of it, byte by byte.
    """
    engine = _engine(blocks.QuickMarkdown, language)
    for part in (source, fences, shortcuts, blocks, inline, trees, serial):
        part.quicken(engine)
    return engine


def stock_engine(language: str) -> Markdown:
    """Return an engine of Python-Markdown's own parts, with the same settings."""
    return _engine(Markdown, language)


def _engine(kind: type[Markdown], language: str) -> Markdown:
    engine = kind(extensions=list(_EXTENSIONS), extension_configs=_settings(), output_format="html")
    titles = _TITLES.get(language.split("-", 1)[0].lower(), {})
    engine.parser.blockprocessors.register(
        _NamedAdmonitions(engine.parser, titles), "admonition", 105
    )
    engine.treeprocessors.register(Typography(quotes_of(language)), "typography", 6)
    engine.ESCAPED_CHARS.extend("\"'")
    return engine


def _settings() -> dict[str, dict[str, Any]]:
    return {
        "markdown.extensions.footnotes": {"BACKLINK_TEXT": "↩\ufe0e", "BACKLINK_TITLE": "↩ {}"},
        "markdown.extensions.toc": {"permalink": "#", "permalink_title": "", "slugify": _anchor},
        "pymdownx.highlight": {"css_class": "highlight"},
        "pymdownx.tilde": {"subscript": False},
    }


def _anchor(text: str, separator: str) -> str:
    return slugify(text).replace("-", separator)
