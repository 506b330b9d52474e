"""How long a large ledger takes to read and to add up: `python benchmarks/ledger.py [RECORDS]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Event, Slot, Step, claimable, fold

START = datetime(2026, 1, 1, tzinfo=UTC)


def events(number: int) -> Iterator[Event]:
    """Yield the claims and receipts of three accounts' announcements."""
    for turn in range(number // 2):
        slot = Slot(f"2026-01-01-post-{turn // 3}.md", ("firma", "verein", "outbox")[turn % 3])
        at, attempt = START + timedelta(minutes=turn), f"{turn:014x}-0123456789abcdef"
        yield Event(slot, attempt, Step.CLAIMED, at, "d" * 32)
        url = f"https://social.example/@firma/{turn}"
        later = at + timedelta(seconds=1)
        yield Event(slot, attempt, Step.PUBLISHED, later, "d" * 32, str(turn), url)


def timed(what: str, begun: float) -> float:
    """Print how many seconds something took; return the time."""
    now = time.perf_counter()
    print(f"{what:30} {now - begun:6.3f} s")
    return now


def main(number: int) -> None:
    """Measure a ledger of so many events on this machine's disk."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        FileJournal(path).append(*events(number))
        print(f"{number} events, {path.stat().st_size / 1e6:.1f} MB")
        journal = FileJournal(path)
        begun = time.perf_counter()
        records = journal.read()
        begun = timed("read for the first time", begun)
        ledger = fold(records)
        begun = timed("add up", begun)
        journal.read()
        begun = timed("read again", begun)
        fresh = Event(Slot("new.md", "firma"), "1", Step.CLAIMED, START)
        journal.claim(fresh)
        timed("claim a slot", begun)
        print(f"{sum(not claimable(entry) for entry in ledger.entries.values())} announced")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
