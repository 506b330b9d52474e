"""Is an announcement among an account's own posts, or surely not there? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from litfass_syndication.links import comparable
from litfass_syndication.network import Found, Posted

# The network's clock and ours may differ; a claim's time is not to be taken at its word.
_DOUBTFUL_CLOCK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Own:
    """One of an account's own posts, and when it was written, where that is told."""

    posted: Posted
    written: datetime | None


def found(posts: Iterable[Own | None], url: str, since: datetime) -> Found:
    """Look for a post that leads to the page among those since the claim, newest first.

    None stands for the end of all posts: where it is met, everything has been seen.
    """
    for own in posts:
        if own is None or (own.written and own.written < since - _DOUBTFUL_CLOCK):
            return Found(None, complete=True)
        if comparable(url) in map(comparable, own.posted.links):
            return Found(own.posted.receipt, complete=True)
    return Found(None, complete=False)
