"""What a server says went wrong, in plain words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser

# Where networks put their words, most telling last: a code, then a sentence.
_KEYS = (
    "error",
    "errors",
    "title",
    "message",
    "error_description",
    "error_user_msg",
    "detail",
    "description",
)
_DEPTH = 3
_UNSEEN = frozenset({"script", "style", "template", "svg"})


def complaint(body: bytes) -> str:
    """Return the words of an error's body, JSON, HTML or text, on one line, perhaps none."""
    text = body.decode("utf-8", "replace")
    try:
        said = ": ".join(dict.fromkeys(_sentences(json.loads(text), _DEPTH)))
    except (ValueError, RecursionError):
        said = _visible(text)
    return " ".join(word for word in said.split() if word.isprintable())


def _sentences(value: object, depth: int) -> Iterator[str]:
    """Yield the strings that a JSON error tells people."""
    if isinstance(value, str):
        yield _visible(value)
    elif depth and isinstance(value, list):
        for item in value:
            yield from _sentences(item, depth - 1)
    elif depth and isinstance(value, dict):
        for key in _KEYS:
            yield from _sentences(value.get(key), depth - 1)


class _Visible(HTMLParser):
    """Collects the text that a browser would show."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.text.append(data)


def _visible(text: str) -> str:
    if "<" not in text:
        return text
    page = _Visible()
    with suppress(AssertionError):  # what Python's parser makes of "<![x["
        page.feed(text)
        page.close()
    return " ".join(page.text)
