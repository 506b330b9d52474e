"""How X counts a text: configuration 3 of https://github.com/twitter/twitter-text. Pure.

Counted in NFC. A letter of Latin, Greek, Cyrillic, Hebrew, Arabic and their like weighs 1, one of
Chinese and of whatever else 2, a whole emoji 2, and every address that X makes a link of 23.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from litfass_syndication.domains import TOP_LEVEL

if TYPE_CHECKING:
    import regex

_LINK = 23
_EMOJI = 2
_HEAVY = 2
_LIGHT = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))

_LONGEST_HOST = 253
_LONGEST_SLUG = 40  # of an address that X has shortened itself

# A letter of a host's name is what is no punctuation, no white space and not invisible.
_LETTER = r"[^\p{P}\p{Z}\p{C}$+<=>^`|~]"
_PLAIN = r"[\p{Script=Latin}&&[\u0000-\u024f\u1e00-\u1eff]]"
_ANY_LABEL = rf"(?:{_LETTER}(?:[_\-]|{_LETTER})*+(?<![_\-])\.)"
_LAST_LABEL = rf"(?:{_LETTER}(?:-|{_LETTER})*+(?<!-)\.)"
_PLAIN_LABEL = rf"(?:[0-9\-{_PLAIN}]++\.)"

_IN_PATH = rf"[0-9\p{{Script=Cyrillic}}{_PLAIN}!*';:=+,.$/%#\[\]\-–_~@|&]"
_ENDS_PATH = rf"[0-9\p{{Script=Cyrillic}}{_PLAIN}=_#/+\-]"
_BRACKETS = rf"\((?:{_IN_PATH}|\({_IN_PATH}+\))+\)"
_REST = rf"""
    (?: :\d+ )?
    (?: / (?: (?: {_IN_PATH} | {_BRACKETS} )* (?: {_ENDS_PATH} | {_BRACKETS} ) )? )?
    (?: \? [a-zA-Z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]* [a-zA-Z0-9\-_&=\#/] )?
"""


class Link(NamedTuple):
    """An address in a text that X makes a link of, and where it is."""

    start: int
    end: int
    url: str


def weight(text: str) -> int:
    """Return what a text weighs on X, which takes 280 of most accounts."""
    text, total, position = unicodedata.normalize("NFC", text), 0, 0
    for link in links(text):
        total += _plain_weight(text[position : link.start]) + _LINK
        position = link.end
    return total + _plain_weight(text[position:])


def links(text: str) -> Iterator[Link]:
    """Yield the addresses in a text as X finds them: "https://example.org/a", and "example.org"."""
    if "." not in text:
        return
    for match in _address().finditer(text):
        url = match.group()
        if _is_host(match["host"] or match["bare"]):
            short = _shortened().match(url)
            if short is None:
                yield Link(match.start(), match.end(), url)
            elif len(short[1]) <= _LONGEST_SLUG:
                yield Link(match.start(), match.start() + short.end(), short.group())


def _plain_weight(text: str) -> int:
    if text.isascii():
        return len(text)
    shown, emoji = _emoji().subn("", text)
    return emoji * _EMOJI + sum(map(_letter_weight, shown))


def _letter_weight(letter: str) -> int:
    return 1 if any(ord(letter) in light for light in _LIGHT) else _HEAVY


def _is_host(host: str) -> bool:
    try:
        return len(host.encode("idna")) <= _LONGEST_HOST
    except UnicodeError:
        return False


@cache
def _address() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    ends = r"(?:(?i:\L<top_level>)|xn--[\-0-9a-z]+)(?![0-9a-zA-Z@+\-])"
    return regex.compile(
        rf"""
        (?<![a-zA-Z0-9@＠$\#＃\ufffe\ufeff\uffff])
        (?: (?i:https?)://(?P<host>{_ANY_LABEL}*{_LAST_LABEL}{ends})
          | (?<![\-_./])(?P<bare>{_PLAIN_LABEL}+{ends}) )
        {_REST}
        """,
        regex.VERBOSE | regex.VERSION1,
        top_level=TOP_LEVEL,
    )


@cache
def _shortened() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    return regex.compile(r"(?i:https?)://t\.co/([a-zA-Z0-9]+)(?:\?\S*)?")


@cache
def _emoji() -> regex.Pattern[str]:
    """Flags, keycaps, and pictures with their skins, joined to others or alone."""
    import regex  # noqa: PLC0415

    picture = r"""\p{Extended_Pictographic}(?!\ufe0e)
        (?: (?<=\p{Emoji_Modifier_Base})\p{Emoji_Modifier} | \ufe0f )? [\U000e0020-\U000e007f]*"""
    flag, keycap = r"\p{Regional_Indicator}{2}", r"[0-9\#*]\ufe0f?\u20e3"
    return regex.compile(
        rf"{flag} | {keycap} | {picture} (?: \u200d {picture} )*", regex.VERBOSE | regex.VERSION1
    )
