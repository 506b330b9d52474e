"""The outbox: a network that needs no network, only a file and a page to read.

It is what a new blog announces to, shows what every other network would be told, and keeps the
promises of one: a key that is sent again changes nothing, announcements can be edited and
withdrawn. `outbox.jsonl` has one line for each announcement that stands; `outbox.html` beside it is
made from it and may be deleted.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from filelock import FileLock

from litfass_syndication.announcement import Image, Message, Receipt
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.durable import replace
from litfass_syndication.errors import Rejected, Unreachable
from litfass_syndication.measure import count
from litfass_syndication.network import Found, Http, Identity, Network, Posted
from litfass_syndication.outbox_page import page

VERSION = 1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """Where the outbox is: a file that ends in .jsonl."""

    path: Path


class Outbox(Network[Options]):
    """A file that takes announcements."""

    name: ClassVar[str] = "outbox"
    title: ClassVar[str] = "Outbox"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(None, Measure.GRAPHEMES),),
        dedupe=Dedupe.IDENTIFIER,
        images=ImageLimits(
            ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/svg+xml")
        ),
        card=Card.NONE,
        edit=True,
        withdraw=True,
        listing=True,
        notes={"server": "none: a file in the blog's folder"},
    )

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._path = options.path
        self._lock = FileLock(self._path.with_name(f"{self._path.name}.lock"))

    def publish(self, message: Message, key: str) -> Receipt:
        """Put the message in the outbox, in place of one with its key or of its post, if any."""
        with self._held():
            standing = self._standing()
            there = _key_of(standing, key, message) or key
            self._keep({**standing, there: self._entry(message, there)})
        return self._receipt(there)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the message; the file tells for certain."""
        del since
        there = _key_of(self._standing(), key, message)
        return Found(self._receipt(there) if there else None, complete=True)

    def listing(self) -> Iterator[Posted]:
        """Yield what is in the outbox, newest first."""
        for key, entry in reversed(self._standing().items()):
            yield Posted(self._receipt(key), (entry["url"],))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace an announcement; raises Rejected when it is gone."""
        with self._held():
            standing = self._standing()
            if receipt.identifier not in standing:
                raise Rejected(f"It is no longer in {self._path.name}.")
            entry = self._entry(message, receipt.identifier)
            self._keep({**standing, receipt.identifier: entry})
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Take an announcement out, or find it gone."""
        with self._held():
            standing = self._standing()
            self._keep({key: entry for key, entry in standing.items() if key != receipt.identifier})

    def whoami(self) -> Identity:
        """Say where the outbox is."""
        return Identity(self._path.name, self._page.name)

    @property
    def _page(self) -> Path:
        return self._path.with_suffix(".html")

    def _receipt(self, key: str) -> Receipt:
        # Relative: the ledger travels with the blog and is no place for a machine's folders.
        return Receipt(key, f"{self._page.name}#{key}")

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        """Keep others out; until the file is replaced, no failure has changed anything."""
        with contextlib.ExitStack() as stack:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(self._lock)
                yield
            except OSError as error:
                raise Unreachable(
                    f"The outbox {self._path} cannot be written: {error.strerror or error}.",
                    "Check the folder's permissions and the room on the disk.",
                ) from error

    def _standing(self) -> dict[str, dict[str, Any]]:
        try:
            lines = self._path.read_text("utf-8-sig").splitlines()
            entries = [json.loads(line) for line in lines if line.strip()]
            return {entry["key"]: entry for entry in entries}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise Unreachable(
                f"The outbox {self._path} cannot be read: {error}.",
                "Mend the file, or move it away to begin a new one.",
            ) from error

    def _keep(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries.values())
        replace(self._path, "".join(lines).encode())
        try:
            replace(self._page, page(tuple(entries.values())).encode())
        except OSError as error:
            # The announcement stands, whether or not it can be looked at.
            _log.warning("%s cannot be written: %s", self._page, error.strerror or error)

    def _entry(self, message: Message, key: str) -> dict[str, Any]:
        return {
            "v": VERSION,
            "key": key,
            "post": message.post,
            "account": message.account,
            "text": message.text,
            "length": count(message.text, Measure.GRAPHEMES),
            "url": message.url,
            "title": message.title,
            "published": message.published.isoformat(),
            "language": message.language,
            "content_warning": message.content_warning,
            "spans": [
                {"text": span.text, "kind": str(span.kind), "target": span.target}
                for span in message.spans
            ],
            "image": self._image(message.image) if message.image else None,
        }

    def _image(self, image: Image) -> dict[str, Any]:
        path = os.path.relpath(image.path, self._path.parent)
        return {
            "path": path.replace(os.sep, "/"),
            "alt": image.alt,
            "width": image.width,
            "height": image.height,
        }


def _key_of(standing: Mapping[str, Mapping[str, Any]], key: str, message: Message) -> str:
    """Return the key under which the message, or an earlier one of its post, stands; or nothing."""
    if key in standing:
        return key
    slot = (message.post, message.account)
    return next(
        (there for there, entry in standing.items() if (entry["post"], entry["account"]) == slot),
        "",
    )
