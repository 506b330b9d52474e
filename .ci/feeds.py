"""Read back feeds and pages below a folder, as feed readers would: `feeds.py PUBLIC`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import mf2py


def faults(path: Path) -> Iterator[str]:
    """Yield what a reader would stumble over in one RSS or Atom feed."""
    feed = feedparser.parse(path.read_bytes())
    if feed.bozo:
        yield str(feed.bozo_exception)
    if not feed.entries:
        yield "no entries"
    relations = [link.get("rel") for link in feed.feed.get("links", ())]
    if "hub" in relations and relations.count("self") != 1:
        yield "it names a hub, and not itself, which is what hubs go by"
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
    if feed.get("hubs") and not feed.get("feed_url"):
        yield "it names a hub, and not itself, which is what hubs go by"
    for item in feed["items"]:
        if datetime.fromisoformat(item["date_published"]).tzinfo is None:
            yield f"no time zone: {item['url']}"


def entries(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the h-entries of a page, those within an h-feed, too."""
    for item in items:
        if "h-entry" in item["type"]:
            yield item["properties"]
        yield from entries(item.get("children", []))


def page_faults(path: Path) -> Iterator[str]:
    """Yield what a reader of microformats would miss in a page's entries."""
    for entry in entries(mf2py.parse(doc=path.read_text("utf-8"))["items"]):
        missing = {"name", "url", "published"} - entry.keys()
        if missing:
            yield f"an h-entry lacks {', '.join(sorted(missing))}: {entry.get('name')}"
        for published in entry.get("published", ()):
            if datetime.fromisoformat(published).tzinfo is None:
                yield f"no time zone: {published}"


def main(public: Path) -> None:
    """Check all of them and say how many there were; fail with every fault that was found."""
    xml = [*public.rglob("feed.xml"), *public.rglob("atom.xml")]
    plain = [*public.rglob("feed.json")]
    pages = [*public.rglob("*.html")]
    found = [f"{path}: {fault}" for path in xml for fault in faults(path)]
    found += [f"{path}: {fault}" for path in plain for fault in json_faults(path)]
    found += [f"{path}: {fault}" for path in pages for fault in page_faults(path)]
    if found or not (xml and plain and pages):
        sys.exit("\n".join(found or ["There is nothing to read."]))
    print(f"Read {len(xml)} RSS and Atom feeds, {len(plain)} JSON feeds, {len(pages)} pages.")


main(Path(sys.argv[1]))
