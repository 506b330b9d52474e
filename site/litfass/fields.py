"""The fields of one file, taken one after the other, with a note of all that is wrong in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, tzinfo
from typing import Literal

from litfass.dates import DATE_HINT, NotADate, moment
from litfass.errors import Problem
from litfass.frontmatter import KNOWN, NAMES, FrontMatter

YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})

_WORDS = re.compile(r"[a-z0-9][a-z0-9.+#_-]*(?: +[a-z0-9][a-z0-9.+#_-]*)+")
_SEPARATORS = {True: re.compile(r"[\n;,]"), False: re.compile(r"[\n;]")}
_MANY = frozenset({"tags", "categories", "authors", "aliases", "redirect_from", "syndicate"})
_PRINTABLE = 64  # bits of an integer that Python does not mind to print


def plain(value: object) -> object:
    """Return a value as JSON would have it, lists as tuples; a number too long to print in hex."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return tuple(map(plain, value))
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > _PRINTABLE:
        return hex(value)
    return value


def written(value: object) -> str | None:
    """Return a single value as text in one line, or None for lists and mappings."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return None
    return " ".join(str(plain(value)).split())


class Fields:
    """Takes one field after the other, and notes what is wrong."""

    def __init__(self, front: FrontMatter, path: str, zone: tzinfo) -> None:
        self.problems: list[Problem] = []
        self.front = front
        self.path = path
        self.zone = zone
        self._taken: set[str] = set()

    def take(self, name: str) -> tuple[str, object]:
        """Return the name that a field goes by here and its value; None if it is empty."""
        for key in NAMES[name]:
            value = self.front.fields.get(key)
            if value is not None and value != "":
                self._taken.add(key)
                return key, value
        return name, None

    def rest(self) -> dict[str, object]:
        """Return the fields that were not taken, without those of ours that are empty."""
        return {
            key: value
            for key, value in self.front.fields.items()
            if key not in self._taken and (key not in KNOWN or value not in (None, ""))
        }

    def note(
        self,
        key: str,
        message: str,
        hint: str,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Note a problem with a field, where it is written."""
        line = self.front.lines.get(key, 1)
        self.problems.append(Problem(message, hint, self.path, line, severity))

    def text(self, name: str) -> str:
        """Return a field in one line."""
        key, value = self.take(name)
        text = "" if value is None else written(value)
        if text is None:
            self.note(key, f'"{key}" is not a text', f'Write one: {key}: "…"')
        return text or ""

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list, each of its items once, from all of the field's names."""
        found: dict[str, None] = {}
        for key in NAMES[name]:
            value = self.front.fields.get(key)
            self._taken.add(key)
            if value is not None:
                found |= dict.fromkeys(self._names(key, value))
        return tuple(filter(None, found))

    def _names(self, key: str, value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from (" ".join(one.split()) for one in self._split(key, value))
            return
        for one in value if isinstance(value, list) else [value]:
            item = one.get("name", one) if isinstance(one, dict) else one
            text = "" if item is None else written(item)
            if text is None:
                hint = f"Write it like {key}: [one, two]"
                self.note(key, f'"{key}" is not a list of names', hint)
                return
            yield text

    def _split(self, key: str, value: str) -> Iterable[str]:
        """Split at commas, semicolons or lines; Jekyll's tags and categories at spaces.

        The latter only in YAML, and where every word is in small ASCII letters: "Street Art" is
        one tag. As Pelican has it, commas belong to the names beside a semicolon, and to the name
        of a single `author`.
        """
        if self.front.form == "yaml" and key in {"tags", "categories"} and _WORDS.fullmatch(value):
            return value.split()
        return _SEPARATORS[key in _MANY and ";" not in value].split(value)

    def flag(self, name: str) -> bool | None:
        """Return yes, no, or nothing."""
        key, value = self.take(name)
        if value is None:
            return None
        word = (written(value) or "").lower()
        if word not in YES | NO:
            hint = f"Write {key}: true or {key}: false."
            self.note(key, f'"{key}" is neither true nor false', hint)
            return None
        return word in YES

    def moment(self, name: str) -> datetime | None:
        """Return a date."""
        key, value = self.take(name)
        try:
            return None if value is None else moment(value, self.zone)
        except NotADate as error:
            self.note(key, f'"{key}" {error}', DATE_HINT)
            return None
