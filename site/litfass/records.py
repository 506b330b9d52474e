"""Posts and pages as bytes, for the cache: compact, and the same value again.

Marshal is fast and reads only what this Python wrote; the cache proves a record's bytes before
they come here, and is of one program and Python version.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from litfass.model import Body, Picture, Post, StandingPage, Target, Term

Document = Post | StandingPage
Change = Callable[[Any], Any]

_WITHOUT_REFERENCES = 2  # a version of marshal's; later ones depend on which values are shared


def encode(document: Document) -> bytes:
    """Return a post or page as bytes."""
    return packed(plain(document), is_post=isinstance(document, Post))


def packed(values: Mapping[str, Any], *, is_post: bool) -> bytes:
    """Return what `encode` does, of the plain fields of a post or page."""
    return marshal.dumps((is_post, list(values.values())))


def plain(document: Document) -> dict[str, Any]:
    """Return the fields of a post or page by their names, as values that marshal knows."""
    shape = _POST if isinstance(document, Post) else _PAGE
    values = dict(zip(shape.names, shape.values(document), strict=True))
    for name, flatten in shape.flatten:
        values[name] = flatten(values[name])
    return values


def substance(values: Any) -> bytes:
    """Return bytes that stand for plain values, the same ones in every run."""
    return marshal.dumps(values, _WITHOUT_REFERENCES)


def decode(record: bytes) -> Document:
    """Return the post or page again. Raises ValueError, EOFError or TypeError for other bytes."""
    is_post, values = marshal.loads(record)  # noqa: S302 - proved to be ours
    shape = _POST if is_post else _PAGE
    for index, restore in shape.restore:
        if value := values[index]:  # nothing is itself already
            values[index] = restore(value)
    return shape.kind(*values)


def encode_links(targets: Mapping[str, Target], picture: Picture | None) -> bytes:
    """Return where a document's links lead, and the picture with its address, as bytes."""
    plain = {one: (target.url, target.width, target.height) for one, target in targets.items()}
    return marshal.dumps((plain, _picture_values(picture) if picture else None))


def decode_links(record: bytes) -> tuple[Mapping[str, Target], Picture | None]:
    """Return the targets and the picture again."""
    plain, picture = marshal.loads(record)  # noqa: S302 - proved to be ours
    targets = {one: Target(*values) for one, values in plain.items()}
    return targets, picture and Picture(*picture)


def _same(value: Any) -> Any:
    return value


def _optional(change: Change) -> Change:
    return lambda value: None if value is None else change(value)


def _each(change: Change) -> Change:
    return lambda values: tuple(map(change, values))


_term_values = attrgetter("kind", "name", "slug", "url")
_body_values = attrgetter("digest", "references", "lead", "words")
_picture_values = attrgetter("src", "alt", "width", "height")


@lru_cache(maxsize=1 << 16)
def _term(values: tuple[Any, ...]) -> Term:
    """Return a term; many posts share a tag, and get one value for all of them."""
    return Term(*values)


_terms = (_each(_term_values), _each(_term))
_CHANGES: Mapping[str, tuple[Change, Change]] = {
    "published": (datetime.isoformat, datetime.fromisoformat),
    "updated": (_optional(datetime.isoformat), datetime.fromisoformat),
    "body": (_body_values, lambda values: Body(*values)),
    "tags": _terms,
    "categories": _terms,
    "authors": _terms,
    "series": (_optional(_term_values), _term),
    "picture": (_optional(_picture_values), lambda values: Picture(*values)),
    "announce": (dict, _same),
    "extra": (dict, _same),
}
"""What marshal does not know: how a field becomes plain, and how it becomes itself again.

What is empty, and so false, is not made itself again: it is plain already.
"""


class _Shape:
    """The fields of a kind of document, in their order."""

    def __init__(self, kind: type[Document]) -> None:
        self.names = [one.name for one in fields(kind)]
        self.kind = kind
        self.values = attrgetter(*self.names)
        self.flatten = [(name, _CHANGES[name][0]) for name in self.names if name in _CHANGES]
        self.restore = [
            (index, _CHANGES[name][1])
            for index, name in enumerate(self.names)
            if name in _CHANGES and _CHANGES[name][1] is not _same
        ]


_POST, _PAGE = _Shape(Post), _Shape(StandingPage)
