"""A tree as HTML, and what was put aside on the way put back into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


class _Ends(dict[Any, str | None]):
    """What an element ends with, by its tag; None for a tag that is unusual."""

    def __missing__(self, tag: Any) -> str | None:
        end = "" if tag in HTML_EMPTY else f"</{tag}>"
        self[tag] = end if isinstance(tag, str) and tag == tag.lower() else None
        return self[tag]


_ENDS = _Ends()


def _write(element: Element, write: Callable[[str], None]) -> None:
    tag = element.tag
    items = element.items()
    attributes = _attributes(items) if items else ""
    end = _ENDS[tag]
    if attributes is None or end is None:
        write(to_html_string(element))
        return
    write(f"<{tag}{attributes}>")
    if text := element.text:
        write(text if tag in _VERBATIM else _escaped(text))
    for child in element:
        _write(child, write)
    tail = element.tail
    write(end + _escaped(tail) if tail else end)


def _attributes(items: Iterable[tuple[str, Any]]) -> str | None:
    """Return attributes as they stand in a tag, None if any of them is unusual."""
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
