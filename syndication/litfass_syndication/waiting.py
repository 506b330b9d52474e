"""How long to wait before a server is asked again. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Below this a number in a reset header counts seconds from now; above, since 1970.
_EPOCH_BEGINS = 1_000_000_000
_FIRST = 1.0
_LONGEST = 30.0

_RETRY_AFTER = "retry-after"
# Mastodon's X-RateLimit-Reset is an ISO time, Bluesky's RateLimit-Reset seconds since 1970.
_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient we are: `connect`, `read` and `whole` (one request in all) in seconds.

    A request is tried at most `tries` times, and waits for a rate limit of at most `patience`
    seconds. An answer has at most `most_bytes`, and comes after at most `redirects`.
    """

    connect: float = 10.0
    read: float = 30.0
    whole: float = 120.0
    tries: int = 4
    patience: float = 20.0
    most_bytes: int = 4 * 2**20
    redirects: int = 5


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that a server asks us to wait, at least 0, or None when it does not say.

    Retry-After is read as RFC 9110, section 10.2.3, has it: seconds or a date.
    """
    if _RETRY_AFTER in headers:
        return _seconds(headers[_RETRY_AFTER], now)
    values = (_seconds(headers[name], now) for name in _RESETS if name in headers)
    return next((value for value in values if value is not None), None)


def _seconds(value: str, now: datetime) -> float | None:
    value = value.strip()
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", value):
        number = float(value)
        return max(0.0, number - now.timestamp()) if number > _EPOCH_BEGINS else number
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        moment = _moment(read, value)
        if moment:
            return max(0.0, (moment - now).total_seconds())
    return None


def _moment(read: Callable[[str], datetime], value: str) -> datetime | None:
    try:
        moment = read(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def backoff(failures: int, chance: float) -> float:
    """Return the seconds to wait after so many failures: doubled each time, and scattered.

    `chance`, from 0 to 1, keeps many clients from coming back in one moment.
    """
    doubled = min(_LONGEST, _FIRST * 2.0 ** min(failures - 1, 16))
    return doubled * (0.5 + chance)
