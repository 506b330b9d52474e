"""Read back every feed below a folder, as a feed reader would: `feeds.py PUBLIC`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import feedparser


def faults(path: Path) -> Iterator[str]:
    """Yield what a reader would stumble over in one RSS or Atom feed."""
    feed = feedparser.parse(path.read_bytes())
    if feed.bozo:
        yield str(feed.bozo_exception)
    if not feed.entries:
        yield "no entries"
    for entry in feed.entries:
        # feedparser lets a date that it cannot read pass as an empty one.
        if not (entry.get("published_parsed") or entry.get("updated_parsed")):
            yield f"no date: {entry.get('title')}"
        if not entry.get("link", "").startswith(("http://", "https://")):
            yield f"no whole address: {entry.get('title')}"


def json_faults(path: Path) -> Iterator[str]:
    """Yield what a reader would stumble over in one JSON feed."""
    feed = json.loads(path.read_text("utf-8"))
    if not feed["items"]:
        yield "no items"
    for item in feed["items"]:
        if datetime.fromisoformat(item["date_published"]).tzinfo is None:
            yield f"no time zone: {item['url']}"


def main(public: Path) -> None:
    """Check all feeds and say how many there were; fail with every fault that was found."""
    xml = [*public.rglob("feed.xml"), *public.rglob("atom.xml")]
    plain = [*public.rglob("feed.json")]
    found = [f"{path}: {fault}" for path in xml for fault in faults(path)]
    found += [f"{path}: {fault}" for path in plain for fault in json_faults(path)]
    if found or not xml or not plain:
        sys.exit("\n".join(found or ["There are no feeds."]))
    print(f"{len(xml)} RSS and Atom feeds and {len(plain)} JSON feeds can be read.")


main(Path(sys.argv[1]))
