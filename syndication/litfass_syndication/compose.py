"""Announcement × account × capabilities → a message that fits. Pure.

When room is short, hashtags go first, whole and the last before the others; then the text is
shortened. Neither the address nor a disclosure is ever touched, and every limit of the account
holds at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from litfass_syndication.account import Account
from litfass_syndication.announcement import (
    Announcement,
    Article,
    Image,
    Message,
    Span,
    SpanKind,
)
from litfass_syndication.capabilities import Capabilities, Content, ImageLimits
from litfass_syndication.errors import SyndicationError
from litfass_syndication.measure import fits, graphemes
from litfass_syndication.wording import HASHTAGS, Part, clean, divided, parts, title_of

if TYPE_CHECKING:
    import regex

ELLIPSIS = "…"


def compose(announcement: Announcement, account: Account, capabilities: Capabilities) -> Message:
    """Return what the account says about the post, within all its limits.

    Raises AccountError when the account's template does not work, and SyndicationError when not
    even the address has room.
    """
    warning = clean(announcement.content_warning)
    wording = parts(announcement, account, capabilities)
    spans = _lined(wording, _Room(capabilities, warning))
    if spans is None:
        raise _no_room(announcement, account, capabilities)
    return Message(
        post=announcement.post,
        account=account.name,
        spans=spans,
        url=account.link(announcement.url),
        title=title_of(announcement),
        # A change of what is not said there is no reason to correct anything.
        summary="" if capabilities.one_line else clean(announcement.summary),
        published=announcement.published,
        language=announcement.language,
        image=_image(announcement.image, capabilities.images),
        content_warning=warning,
        tags=tuple(filter(None, map(clean, announcement.tags))) if capabilities.tags else (),
        article=_article(announcement, account, capabilities),
        disclosure=clean(announcement.disclosure),
    )


@dataclass(frozen=True, slots=True)
class _Room:
    capabilities: Capabilities
    content_warning: str

    def takes(self, spans: tuple[Span, ...]) -> bool:
        return fits(spans, self.capabilities, self.content_warning)


@dataclass(frozen=True, slots=True)
class _Cut:
    """How much of the text is kept, in units, and what marks that something is missing."""

    units: int
    ending: str = ""


def _lined(wording: tuple[Part, ...], room: _Room) -> tuple[Span, ...] | None:
    """Fit a text, its first line as a title, or as all that there is, where the network says so."""
    able = room.capabilities
    if able.one_line:
        return _fitting(divided(wording)[0], room)
    if able.heading is None:
        return _fitting(wording, room)
    line, rest = divided(wording)
    titled = replace(able, limits=(able.heading,), written=None)
    heading = _fitting(line, _Room(titled, ""))
    return heading and _fitting((Part("", "", heading), *rest), room)


def _fitting(wording: tuple[Part, ...], room: _Room) -> tuple[Span, ...] | None:
    text = tuple(unit for part in wording if not part.mark for unit in part.units)
    whole = _Cut(len(text))
    tags = sum(len(part.units) for part in wording if part.mark == HASHTAGS)
    for kept in range(tags, -1, -1):
        spans = _joined(wording, whole, kept)
        if room.takes(spans):
            return spans
    return _shortened(wording, text, room)


def _shortened(
    wording: tuple[Part, ...], text: tuple[Span, ...], room: _Room
) -> tuple[Span, ...] | None:
    def full(units: int) -> bool:
        return not room.takes(_joined(wording, _ellipsis(text, units), 0))

    most = bisect_left(range(len(text)), x=True, key=full) - 1
    for units in range(most, -1, -1):
        spans = _joined(wording, _best_cut(text, units), 0)
        if room.takes(spans):
            return spans
    return None


def _best_cut(text: tuple[Span, ...], most: int) -> _Cut:
    """Cut after a sentence if half of the room is used then, else after a word, else anywhere."""
    half = most // 2
    sentence = max((end for end in _sentence_ends(text) if half <= end <= most), default=0)
    if sentence:
        return _Cut(sentence)
    word = next((i for i in range(most, half, -1) if text[i].text.isspace()), most)
    return _ellipsis(text, word)


def _ellipsis(text: tuple[Span, ...], units: int) -> _Cut:
    while (
        units
        and text[units - 1].kind is SpanKind.PLAIN
        and text[units - 1].text in " \n\t.,;:–—-…(„“«»/"
    ):
        units -= 1
    if not units:
        return _Cut(0)
    # An ellipsis that touches a link would be read as part of it.
    return _Cut(units, ELLIPSIS if text[units - 1].kind is SpanKind.PLAIN else f" {ELLIPSIS}")


@cache
def _sentence() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    # A dot after fewer than three letters is "z. B." or "Dr." or "3. Mai", rarely an end.
    return regex.compile(
        r"""(?: (?<=\p{L}{3})\. | [!?…؟۔]+ ) [\p{Pf}\p{Pe}"'“]* (?= \s+ [^\s\p{Ll}] )
          | [。！？]+ [\p{Pf}\p{Pe}]*
          | (?<= \S ) (?= \n )""",
        regex.VERBOSE,
    )


def _sentence_ends(text: tuple[Span, ...]) -> Iterator[int]:
    index = {
        offset: units
        for units, offset in enumerate(accumulate((len(unit.text) for unit in text), initial=0))
    }
    for match in _sentence().finditer("".join(unit.text for unit in text)):
        if match.end() in index:
            yield index[match.end()]


def _joined(wording: tuple[Part, ...], cut: _Cut, tags: int) -> tuple[Span, ...]:
    """Put the parts together again: so much of the text, so many hashtags."""
    spans: list[Span] = []
    left = cut.units
    for part in wording:
        units = part.units
        if part.mark == HASHTAGS:
            units = _spaced(units[:tags])
        elif not part.mark:
            units = units[:left]
            left -= len(units)
            units += (Span(cut.ending),) if units and not left else ()
        if units:
            spans += (Span(part.gap if spans else ""), *units)
    return tuple(_merged(spans))


def _spaced(units: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(span for unit in units for span in (Span(" "), unit))[1:]


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    for kind, run in groupby(spans, lambda span: span.kind):
        if kind is not SpanKind.PLAIN:
            yield from run
        elif text := "".join(span.text for span in run):
            yield Span(text)


def _image(image: Image | None, limits: ImageLimits | None) -> Image | None:
    if image is None or limits is None:
        return None
    return replace(image, alt=_within(clean(image.alt), limits.max_alt))


def _article(
    announcement: Announcement, account: Account, capabilities: Capabilities
) -> Article | None:
    """Return the whole post where the account passes it on; what it says is read by the adapter."""
    takes = capabilities.contents
    wanted = account.content if account.content in takes else next(iter(takes), None)
    return announcement.article if wanted is Content.ARTICLE else None


def _within(alt: str, maximum: int | None) -> str:
    """Shorten an alternative text to so many characters, at a word if one ends late enough."""
    if maximum is None or len(alt) <= maximum:
        return alt
    units = tuple(map(Span, graphemes(alt)))
    ends = tuple(accumulate(len(unit.text) for unit in units))
    most = bisect_right(ends, maximum - len(ELLIPSIS))
    word = next((i for i in range(most, most // 2, -1) if units[i].text.isspace()), most)
    return "".join(span.text for span in _joined((Part("", "", units),), _ellipsis(units, word), 0))


def _no_room(
    announcement: Announcement, account: Account, capabilities: Capabilities
) -> SyndicationError:
    limits = " and ".join(
        f"{limit.maximum} {limit.measure}"
        for limit in capabilities.limits
        if limit.maximum is not None
    )
    return SyndicationError(
        f"{account.name} takes at most {limits}: not even the address "
        f"{account.link(announcement.url)} has room.",
        "Give the post a shorter address or content warning, or leave this account out of it.",
    )
