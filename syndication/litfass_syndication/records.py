"""A ledger's records as text: one JSON object to a line. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

from litfass_syndication.ledger import Event, Line, Record, Renamed, Seen, Slot, Step

VERSION = 1

_OPTIONAL = ("digest", "identifier", "url", "reason")
_STEPS = {step.name.lower(): step for step in Step}
_JSON = json.JSONDecoder()


class NewerRecordError(ValueError):
    """The record was written by a newer version of this program."""


def encode(record: Record) -> str:
    """Return a record as one line, without its end; optional fields that are empty are left out."""
    fields = {"v": VERSION, **_FIELDS[type(record)](record)}
    text = json.dumps(fields, ensure_ascii=False)
    # Half a surrogate pair, as a broken server may send one, is no UTF-8; its escape is JSON.
    return text.encode(errors="backslashreplace").decode()


def decode(line: str) -> Record:
    """Read a record; fields that we do not know are left alone.

    Raises NewerRecordError for a newer version, and ValueError for anything else that is no record.
    """
    fields, end = _JSON.raw_decode(line)
    if line[end:].strip():
        raise json.JSONDecodeError("Extra data", line, end)
    if not (isinstance(fields, dict) and isinstance(fields.get("v"), int)):
        raise ValueError("it is no record of a ledger")  # noqa: TRY004 - of text, not of types
    if fields["v"] > VERSION:
        raise NewerRecordError(f"it has version {fields['v']}, and we read up to {VERSION}")
    try:
        return _record(fields)
    except KeyError as error:
        raise ValueError(f"{error} is missing or unknown") from error
    except (TypeError, AttributeError) as error:
        raise ValueError("a field has the wrong type") from error


def _event(record: Any) -> dict[str, object]:
    return {
        "event": record.step.name.lower(),
        "at": _written(record.at),
        "post": record.slot.post,
        "account": record.slot.account,
        "attempt": record.attempt,
        **{name: value for name in _OPTIONAL if (value := getattr(record, name))},
    }


def _line(record: Any) -> dict[str, object]:
    since = _written(record.since) if record.since else None
    return {"event": "line", "at": _written(record.at), "account": record.account, "since": since}


def _renamed(record: Any) -> dict[str, object]:
    return {
        "event": "renamed",
        "at": _written(record.at),
        "post": record.post,
        "former": record.former,
    }


def _seen(record: Any) -> dict[str, object]:
    return {
        "event": "seen",
        "at": _written(record.at),
        "post": record.post,
        "page": record.page,
        "likeness": record.likeness,
    }


_FIELDS: Mapping[type[Any], Callable[[Any], dict[str, object]]] = {
    Event: _event,
    Line: _line,
    Renamed: _renamed,
    Seen: _seen,
}


def _record(fields: Mapping[str, Any]) -> Record:
    at = _time(fields["at"])
    match fields["event"]:
        case "line":
            since = fields["since"]
            return Line(_text(fields["account"]), None if since is None else _time(since), at)
        case "renamed":
            return Renamed(_text(fields["post"]), _text(fields["former"]), at)
        case "seen":
            return Seen(_text(fields["post"]), _text(fields["page"]), _text(fields["likeness"]), at)
        case step:
            post, account, attempt = map(fields.__getitem__, ("post", "account", "attempt"))
            said = (post, account, attempt, *map(fields.get, _OPTIONAL, repeat("")))
            if set(map(type, said)) != {str}:
                raise TypeError
            return Event(Slot(post, account), attempt, _STEPS[step], at, *said[3:])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _time(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f'the time "{value}" says nothing of its time zone')
    return moment
