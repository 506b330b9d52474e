"""Images that say nothing to those who cannot see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from litfass.errors import Problem
from litfass.frontmatter import parse
from litfass.links import line_of
from litfass.markup import Markup
from litfass.model import Post, StandingPage
from litfass.sources import read

_HINT = "Say in a few words what it shows: ![A red kite over the harbour](kite.jpg)"


def images_without_alt(root: Path, documents: Iterable[Post | StandingPage]) -> Iterator[Problem]:
    """Yield a warning for each image of the documents that has no alternative text."""
    markup = Markup()
    for document in documents:
        source = read(root, document.source)
        html = markup.render(parse(source).body, document.language).html
        for image in _silent(html):
            message = f'the image "{image}" has no alternative text'
            line = line_of(source.text, image)
            yield Problem(message, _HINT, document.source, line, "warning")
        if document.picture and not document.picture.alt:
            hint = "Say what it shows: image_alt, or image with src and alt."
            message = "its picture has no alternative text"
            yield Problem(message, hint, document.source, severity="warning")


def _silent(html: str) -> tuple[str, ...]:
    images = _Images()
    images.feed(html)
    images.close()
    return tuple(dict.fromkeys(images.silent))


class _Images(HTMLParser):
    """Collects the addresses of images whose alternative text is missing or empty."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        hidden = values.get("role") == "presentation" or values.get("aria-hidden") == "true"
        if tag == "img" and not hidden and not (values.get("alt") or "").strip():
            self.silent.append(values.get("src") or "")
