"""A tree as HTML, and what was put aside on the way put back into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import HTML_EMPTY, Element

from markdown import Markdown
from markdown.extensions.md_in_html import MarkdownInHTMLPostprocessor
from markdown.serializers import RE_AMP, to_html_string
from markdown.util import HTML_PLACEHOLDER_RE

_VERBATIM = frozenset({"script", "style"})


def quicken(engine: Markdown) -> None:
    """Let an engine write HTML quickly."""
    engine.serializer = to_html
    if type(engine.postprocessors["raw_html"]) is MarkdownInHTMLPostprocessor:
        engine.postprocessors.register(_RawHtml(engine), "raw_html", 30)


def to_html(element: Element) -> str:
    """Return an element and what follows it as HTML, as `markdown.serializers.to_html_string`."""
    parts: list[str] = []
    _write(element, parts.append)
    return "".join(parts)


def _write(element: Element, write: Callable[[str], None]) -> None:
    tag: Any = element.tag
    attributes = _attributes(element)
    if attributes is None or not isinstance(tag, str) or not tag.islower():
        write(to_html_string(element))
        return
    write(f"<{tag}{attributes}>")
    if text := element.text:
        write(text if tag in _VERBATIM else _escaped(text))
    for child in element:
        _write(child, write)
    if tag not in HTML_EMPTY:
        write(f"</{tag}>")
    if tail := element.tail:
        write(_escaped(tail))


def _attributes(element: Element) -> str | None:
    """Return an element's attributes as they stand in its tag, None for any that are unusual."""
    items: Any = element.items()
    if not items:
        return ""
    written = []
    for name, value in sorted(items):
        if value is None or value == name:
            return None
        written.append(f' {name}="{_quoted(value)}"')
    return "".join(written)


def _escaped(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def _quoted(value: str) -> str:
    value = _escaped(value)
    return value.replace('"', "&quot;") if '"' in value else value


class _RawHtml(MarkdownInHTMLPostprocessor):
    """Puts raw HTML back, without a paragraph around a block of it."""

    def run(self, text: str) -> str:
        """Return a text in which no placeholder is left for what was put aside."""
        count = self.md.htmlStash.html_counter
        parts: list[str] = []
        done = 0
        for match in HTML_PLACEHOLDER_RE.finditer(text):
            if int(match[1]) >= count:
                continue
            start, end = match.span()
            html = self.stash_to_string(self.md.htmlStash.rawHtmlBlocks[int(match[1])])
            if text.startswith("<p>", max(done, start - 3)) and text.startswith("</p>", end):
                start, end = start - 3, end + 4
                html = html if self.isblocklevel(html) else f"<p>{html}</p>"
            parts += (text[done:start], self.run(html))
            done = end
        return "".join((*parts, text[done:]))
