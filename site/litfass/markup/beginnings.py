"""Which characters can begin what a regular expression matches, as far as it can be told.

Patterns are read by the parser of `re` itself. It is not public: where it is missing or says
something new, the answer is "any character", which is always true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

_ASCII = 128
ANY = (1 << _ASCII) - 1
"""The set of all ASCII characters: bit n stands for character n."""

_NOTHING = (0, True)
_UNKNOWN = (ANY, True)
_FOLDED = re.compile(r"[^\x00-\x7f]|\\[xuUN0-7]")  # İ and K are i and k where case is ignored
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
_KNOWN_FLAGS = re.UNICODE | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE


@cache
def beginnings(pattern: re.Pattern[str]) -> int:
    """Return the ASCII characters that a match can begin with; ANY if it can be empty."""
    try:
        from re import _parser  # type: ignore[attr-defined] # noqa: PLC0415 - may be missing
    except ImportError:
        return ANY
    folds = pattern.flags & re.IGNORECASE
    if pattern.flags & ~_KNOWN_FLAGS or (folds and _FOLDED.search(pattern.pattern)):
        return ANY
    begin, empty = _sequence(_parser.parse(pattern.pattern, pattern.flags))
    if empty:
        return ANY
    return _both_cases(begin) if folds else begin


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[int, bool]:
    """Return what items in a row begin with, and whether all of them can be empty."""
    begin = 0
    for kind, value in items:
        more, empty = _item(str(kind), value)
        begin |= more
        if not empty:
            return begin, False
    return begin, True


def _item(kind: str, value: Any) -> tuple[int, bool]:
    match kind:
        case "LITERAL":
            return _character(value), False
        case "NOT_LITERAL" | "ANY":
            return ANY, False
        case "IN":
            return _class(value), False
        case "BRANCH":
            return _either(value[1])
        case "SUBPATTERN":
            return _UNKNOWN if value[1] or value[2] else _sequence(value[3])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            begin, empty = _sequence(value[2])
            return begin, empty or value[0] == 0
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _NOTHING
        case _:
            return _UNKNOWN


def _either(branches: Iterable[Any]) -> tuple[int, bool]:
    begins, empties = zip(*map(_sequence, branches), strict=True)
    return _union(begins), any(empties)


def _union(sets: Iterable[int]) -> int:
    union = 0
    for one in sets:
        union |= one
    return union


def _class(members: Iterable[tuple[Any, Any]]) -> int:
    """Return the characters of a class such as [a-z_] or [^a-z_]."""
    kinds = [(str(kind), value) for kind, value in members]
    sets = [_member(kind, value) for kind, value in kinds if kind != "NEGATE"]
    within = _union(one for one in sets if one is not None)
    if len(sets) < len(kinds):
        return ANY & ~within
    return ANY if None in sets else within


def _member(kind: str, value: Any) -> int | None:
    """Return the characters that a member of a class stands for, None if it is unknown."""
    match kind:
        case "LITERAL":
            return _character(value)
        case "RANGE":
            return _union(1 << code for code in range(value[0], min(value[1] + 1, _ASCII)))
        case "CATEGORY":
            return _category(str(value))
        case _:
            return None


@cache
def _category(name: str) -> int | None:
    escape = _CATEGORIES.get(name)
    if escape is None:
        return None
    return _union(1 << code for code in range(_ASCII) if re.match(escape, chr(code)))


def _character(code: int) -> int:
    return 1 << code if code < _ASCII else 0


def _both_cases(begin: int) -> int:
    letters = (chr(code) for code in range(_ASCII) if begin >> code & 1)
    return _union(1 << ord(case) for one in letters for case in (one.lower(), one.upper()))
