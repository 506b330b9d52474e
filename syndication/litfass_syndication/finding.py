"""Is an announcement among an account's own posts, or surely not there? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from litfass_syndication.attempt import EPOCH
from litfass_syndication.links import comparable
from litfass_syndication.network import Found, Posted

# Our clock may be wrong, a server's seldom is: a claim's time is not to be taken at its word.
_DOUBTFUL_CLOCK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Own:
    """One of an account's own posts, and when it was written, where that is told.

    One that cannot be an announcement is not `posted`: it only tells how far back we are.
    """

    posted: Posted | None
    written: datetime | None


def earliest(since: datetime) -> datetime:
    """Return the time from which a post may be one that was claimed at some moment."""
    return since - _DOUBTFUL_CLOCK


def moment(text: str | None) -> datetime | None:
    """Return a time of ISO 8601, in UTC where it does not say, or None for what is none."""
    try:
        said = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def instant(seconds: float | None) -> datetime | None:
    """Return a time in seconds since 1970, or None for what is none, or none that a clock has."""
    try:
        return EPOCH + timedelta(seconds=seconds) if seconds else None
    except (OverflowError, ValueError):
        return None


def found(
    posts: Iterable[Own | None], url: str, since: datetime, *, only_one: bool = False
) -> Found:
    """Look for a post that leads to the page among those since the claim, newest first.

    None stands for the end of all posts: where it is met, everything has been seen. Where there
    can be `only_one` for a page, such as its copy, that is the one, however old it is.
    """
    for own in posts:
        is_old = own is not None and own.written is not None and own.written < earliest(since)
        if own is None or (is_old and not only_one):
            return Found(None, complete=True)
        if own.posted and comparable(url) in map(comparable, own.posted.links):
            return Found(own.posted.receipt, complete=True)
        if is_old:
            return Found(None, complete=True)
    return Found(None, complete=False)


def listed(posts: Iterable[Own | None]) -> Iterator[Posted]:
    """Yield those of an account's own posts that can be announcements."""
    return (own.posted for own in posts if own and own.posted)
