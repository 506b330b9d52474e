"""The key of an attempt: made once at the claim, and the same however often the attempt is resumed.

It carries the time of the claim, so that a record that must not differ when it is sent again
(its identifier, its date) can be derived from the key alone. It is safe in a header and in a URL.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BY_HAND = "by-hand"  # the attempt of a person who did it herself

_KEY = re.compile(r"([0-9a-f]{1,14})-(?:[0-9a-f]{2})+", re.ASCII)


def new_key(now: datetime, random: bytes) -> str:
    """Return the key of an attempt claimed at `now`, unique by at least 8 bytes of `random`."""
    return f"{(now - EPOCH) // MICROSECOND:x}-{random.hex()}"


def claimed_at(key: str, otherwise: datetime) -> datetime:
    """Return when the attempt was claimed; a key of another make has no time, then `otherwise`."""
    try:
        return key_time(key)
    except ValueError:
        return otherwise


def key_time(key: str) -> datetime:
    """Return when the attempt was claimed, in UTC; raises ValueError for a key of another make."""
    parts = _KEY.fullmatch(key)
    if not parts:
        raise ValueError(f"{key!r} is not the key of an attempt")
    return EPOCH + int(parts[1], 16) * MICROSECOND
