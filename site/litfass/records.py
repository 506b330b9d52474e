"""Posts and pages as bytes, for the cache: compact, and the same value again.

Marshal is fast and reads only what this Python wrote; the cache proves a record's bytes before
they come here, and is of one program and Python version.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from typing import Any

from litfass.model import Body, Heading, Picture, Post, StandingPage, Term

_POST = tuple(one.name for one in fields(Post))
_PAGE = tuple(one.name for one in fields(StandingPage))


def encode(document: Post | StandingPage) -> bytes:
    """Return a post or page as bytes."""
    names = _POST if isinstance(document, Post) else _PAGE
    values = [_flat(getattr(document, name)) for name in names]
    return marshal.dumps((isinstance(document, Post), values))


def decode(record: bytes) -> Post | StandingPage:
    """Return the post or page again. Raises ValueError, EOFError or TypeError for other bytes."""
    is_post, values = marshal.loads(record)  # noqa: S302 - proved to be ours
    values = [_whole(value) for value in values]
    return Post(*values) if is_post else StandingPage(*values)


def _flat(value: Any) -> Any:
    """Return a value of the model as what marshal knows: a pair of kind and parts for our types."""
    match value:
        case datetime():
            offset = value.utcoffset() or timedelta()
            return ("d", value.replace(tzinfo=None).isoformat(), int(offset.total_seconds()))
        case Term():
            return ("t", value.kind, value.name, value.slug, value.url)
        case Picture():
            return ("p", value.src, value.alt, value.width, value.height)
        case Body():
            headings = [(one.level, one.anchor, one.text) for one in value.headings]
            return ("b", value.digest, value.references, headings, value.lead, value.words)
        case tuple():
            return ("l", *map(_flat, value))
        case Mapping():
            return {key: _flat(one) for key, one in value.items()}
        case _:
            return value


def _whole(value: Any) -> Any:
    if type(value) is dict:
        return {key: _whole(one) for key, one in value.items()}
    if type(value) is not tuple:
        return value
    return _MAKERS[value[0]](*value[1:])


def _date(text: str, offset: int) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(seconds=offset)))


def _body(
    digest: str, references: tuple[str, ...], headings: list[Any], lead: str, words: int
) -> Body:
    return Body(digest, references, tuple(Heading(*one) for one in headings), lead, words)


def _list(*values: Any) -> tuple[Any, ...]:
    return tuple(map(_whole, values))


_MAKERS: Mapping[str, Any] = {"d": _date, "t": Term, "p": Picture, "b": _body, "l": _list}
