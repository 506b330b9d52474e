"""What all accounts of a run have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from litfass_syndication.announcement import Announcement
from litfass_syndication.journal import Journal


@dataclass(frozen=True, slots=True)
class Terms:
    """What all accounts of a run have in common.

    `live` tells why a page is not to be announced yet, or None. `keys` makes the key of an attempt
    claimed at a time. `patience` is how old a claim must be before "not found" proves that nothing
    arrived: a server may be slow to finish what we no longer waited for. `stopped` tells that no
    further step is to begin. An account corrects at most `max_edits` announcements, or any number.
    """

    journal: Journal
    clock: Callable[[], datetime]
    live: Callable[[Announcement], str | None]
    keys: Callable[[datetime], str]
    patience: timedelta
    stopped: Callable[[], bool]
    dry_run: bool = False
    max_edits: int | None = None
