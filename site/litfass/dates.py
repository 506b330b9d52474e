"""Dates as people and other tools write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo

DATE_HINT = "Write it like 2026-08-22 or 2026-08-22 09:30."

_PRINTABLE = 64  # bits of an integer that Python does not mind to print
_BRIEF = 40  # characters that are enough to find it again
_FIRST_YEAR, _LAST_YEAR = 1000, 9998  # any time zone's clock can show them
_DATE = re.compile(
    r"""
    (?P<year>\d{4}) (?P<dash>[-/]) (?P<month>\d{1,2}) (?P=dash) (?P<day>\d{1,2})
    (?: (?:[Tt]|[ ]+) (?P<hour>\d{1,2}) : (?P<minute>\d{2})
        (?: : (?P<second>\d{2}) (?: [.,] (?P<fraction>\d{1,9}) )? )?
        [ ]* (?P<zone>
            [Zz] | UTC | GMT | (?P<sign>[+-]) (?P<hours>\d{1,2}) (?: :? (?P<minutes>\d{2}) )?
        )?
    )?
    """,
    re.VERBOSE | re.ASCII,
)


class NotADate(ValueError):
    """Says what is wrong, such as `is not a date: "yesterday"`."""


def moment(value: object, zone: tzinfo) -> datetime:
    """Return a date with its time and a fixed offset; midnight, and in `zone`, unless it says so.

    Takes ISO 8601 and RFC 3339, Jekyll's "2026-08-22 09:30:00 +0200", "2026-08-22 9:30 UTC", and
    the dates of TOML. Raises NotADate.
    """
    if isinstance(value, datetime):
        return _fixed(value, zone)
    if isinstance(value, date):
        return _fixed(datetime.combine(value, time()), zone)
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise NotADate(f'is not a date: "{_brief(value)}"')
    return _fixed(_built(found), zone)


def _brief(value: object) -> str:
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    if isinstance(value, int) and value.bit_length() > _PRINTABLE:
        return hex(value)[:_BRIEF]
    text = " ".join(str(value).split())
    return text if len(text) <= _BRIEF else text[: _BRIEF - 1] + "…"


def _built(found: re.Match[str]) -> datetime:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise NotADate(f'is not a day of the calendar: "{found[0]}"') from None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    fraction = int((found["fraction"] or "0").ljust(6, "0")[:6])
    try:
        return datetime.combine(day, time(hour, minute, second, fraction, _offset(found)))
    except ValueError:
        raise NotADate(f'is not a time of the day: "{found[0]}"') from None


def _offset(found: re.Match[str]) -> timezone | None:
    """Return the time zone that a date names. Raises ValueError beyond a day."""
    if not found["zone"]:
        return None
    ahead = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    return timezone(-ahead if found["sign"] == "-" else ahead)


def _fixed(value: datetime, zone: tzinfo) -> datetime:
    """Give a date a fixed offset, in whole minutes: feeds cannot say more of old local times."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise NotADate(f"is too far away: its year is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    offset = value.utcoffset()
    if offset is None:
        offset = value.replace(tzinfo=zone).utcoffset() or timedelta()
    minutes = offset // timedelta(minutes=1)
    return value.replace(tzinfo=timezone(timedelta(minutes=minutes)))
