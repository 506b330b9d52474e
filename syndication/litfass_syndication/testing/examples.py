"""What the tests announce."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from litfass_syndication.announcement import Image, Message, Span, SpanKind
from litfass_syndication.attempt import new_key

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
KEY = new_key(NOW, b"litfass!")


def plain_message(**changes: Any) -> Message:
    """Return a short message with a link and a hashtag, as composing makes it."""
    url = "https://blog.example/2026/05/gruesse/"
    spans = (
        Span("Grüße aus der Werkstatt\n\n"),
        Span(url, SpanKind.LINK, url),
        Span("\n\n"),
        Span("#Werkstatt", SpanKind.HASHTAG, "Werkstatt"),
    )
    message = Message(
        post="post-1",
        account="firma",
        spans=spans,
        url=url,
        title="Grüße aus der Werkstatt",
        summary="Was wir im Mai gebaut haben.",
        published=NOW,
        language="de",
    )
    return replace(message, **changes)


def picture(folder: Path) -> Image:
    """Return a small picture, written into the folder."""
    from PIL import Image as Pixels  # noqa: PLC0415

    path = folder / "bank.png"
    Pixels.new("RGB", (64, 48), (200, 120, 40)).save(path)
    digest = sha256(path.read_bytes()).hexdigest()
    return Image(path, "Eine Hobelbank", "image/png", 64, 48, digest)
