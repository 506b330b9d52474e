"""How long a text is, as each network counts it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from litfass_syndication.announcement import Span, SpanKind
from litfass_syndication.capabilities import Capabilities, Measure, TextLimit
from litfass_syndication.weighted import weight

if TYPE_CHECKING:
    import regex


@cache
def _cluster() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    return regex.compile(r"\X")


@cache
def _emoji() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    return regex.compile(
        r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u20e3]"
    )


def graphemes(text: str) -> tuple[str, ...]:
    """Split a text into what a reader sees as its characters: extended clusters, UAX #29."""
    if text.isascii() and "\r" not in text:
        return tuple(text)
    return tuple(_cluster().findall(text))


def _with_emoji_in_bytes(text: str) -> int:
    """Count an emoji, with all that is joined to it, by its bytes; everything else by code points.

    What may be shown as an emoji counts as one, so that "©" is never too short.
    """
    if text.isascii():
        return len(text)
    return sum(
        len(cluster.encode()) if _emoji().search(cluster) else len(cluster)
        for cluster in graphemes(text)
    )


_COUNT: Mapping[Measure, Callable[[str], int]] = {
    Measure.GRAPHEMES: lambda text: len(graphemes(text)),
    Measure.CODE_POINTS: len,
    Measure.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    Measure.BYTES: lambda text: len(text.encode()),
    Measure.WEIGHTED: weight,
    Measure.EMOJI_BYTES: _with_emoji_in_bytes,
}


def count(text: str, measure: Measure) -> int:
    """Return the length of a text in the measure's unit."""
    return _COUNT[measure](text)


def shortened(text: str, limit: TextLimit, written: Callable[[str], str] = str) -> str:
    """Return a text, or as much of its beginning as fits, in whole graphemes and with an ellipsis.

    It fits as it is `written`, with the escapes of a markup.
    """

    def taken(text: str) -> bool:
        return limit.maximum is None or count(written(text), limit.measure) <= limit.maximum

    visible = graphemes(text)
    if taken(text):
        return text
    full = bisect_left(range(len(visible)), x=True, key=lambda most: not taken(_cut(visible, most)))
    return _cut(visible, full - 1)


def _cut(visible: tuple[str, ...], most: int) -> str:
    return "".join(visible[:most]).rstrip() + "…" if most > 0 else ""


def length(spans: Iterable[Span], limit: TextLimit, capabilities: Capabilities) -> int:
    """Return a text's length in the limit's unit, links and mentions as the network counts."""
    if capabilities.written:
        return count("".join(map(capabilities.written, spans)), limit.measure)
    if capabilities.url_length is None and not capabilities.short_mentions:
        return count("".join(span.text for span in spans), limit.measure)
    return sum(_weight(span, limit.measure, capabilities) for span in spans)


def _weight(span: Span, measure: Measure, capabilities: Capabilities) -> int:
    if span.kind is SpanKind.LINK and capabilities.url_length is not None:
        return capabilities.url_length
    if span.kind is SpanKind.MENTION and capabilities.short_mentions:
        name, _, _ = span.text.removeprefix("@").partition("@")
        return count("@" + name, measure)
    return count(span.text, measure)


def fits(spans: tuple[Span, ...], capabilities: Capabilities, content_warning: str = "") -> bool:
    """Tell whether a text keeps all limits at once, with its content warning where that counts."""
    aside = content_warning if capabilities.counts_content_warning else ""
    return all(
        length(spans, limit, capabilities) + count(aside, limit.measure) <= limit.maximum
        for limit in capabilities.limits
        if limit.maximum is not None
    )
