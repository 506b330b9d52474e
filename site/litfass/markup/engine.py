"""Python-Markdown, set up once for each language with all that a writer expects of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions.admonition import AdmonitionProcessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

from litfass.markup import code
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

_SIGNS: Mapping[str, str] = {
    "backtick": "`\\",
    "escape": "\\",
    "footnote": "[",
    "reference": "[",
    "link": "[",
    "image_link": "!",
    "image_reference": "!",
    "short_reference": "[",
    "short_image_ref": "!",
    "autolink": "<",
    "automail": "<",
    "linebreak": "\n",
    "html": "<",
    "entity": "&",
}
"""What a text must contain for one of Python-Markdown's inline patterns to match in it: any of."""

_SPECIAL = re.compile(r"[`\\\[!<&*_~\x02]|  \n")

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


class _QuickInline(InlineProcessor):
    """Finds what Python-Markdown finds inline, without looking where nothing can be.

    Most of a conversion's time goes into trying each pattern on each text.
    """

    def __init__(self, engine: Markdown) -> None:
        super().__init__(engine)
        known = {
            id(engine.inlinePatterns[name]): signs
            for name, signs in _SIGNS.items()
            if name in engine.inlinePatterns
        }
        self._patterns = [(known.get(id(one), ""), one) for one in engine.inlinePatterns]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Return the tree with its inline elements."""
        text = "".join(tree.itertext())
        self.inlinePatterns: Any = [
            pattern
            for signs, pattern in self._patterns
            if not signs or any(sign in text for sign in signs)
        ]
        plain = [one for one in tree.iter() if _is_plain(one.text)]
        for element in plain:
            element.text = AtomicString(element.text or "")
        tree = super().run(tree, ancestors)
        for element in plain:
            element.text = str(element.text)  # for extensions that look at words, such as abbr
        return tree


def _is_plain(text: str | None) -> bool:
    return type(text) is str and _SPECIAL.search(text) is None


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
    engine = stock_engine(language)
    code.quicken(engine)
    engine.treeprocessors.register(_QuickInline(engine), "inline", 20)
    return engine


def stock_engine(language: str) -> Markdown:
    """Return an engine of Python-Markdown's own parts, set up as writers expect it."""
    engine = Markdown(
        extensions=list(_EXTENSIONS), extension_configs=_settings(), output_format="html"
    )
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
