"""A TOML table becomes a frozen dataclass: strictly, with all that is wrong in it at once.

The dataclass is the schema: its field names are the keys, its types are checked, its defaults
make a key optional. A field's metadata may carry `check`, a function that returns what is wrong
with a value, or None. Keys in TOML may be written with "-" for "_".
"""

from __future__ import annotations

import dataclasses
import difflib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, Union, cast

from litfass.errors import Problem

T = TypeVar("T")
Check = Callable[[Any], str | None]

_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(slots=True)
class Reader:
    """Reads tables of one file and collects what is wrong with them.

    `supply` gives values for fields of types that are never in the file (secrets): it is asked
    with the table's name, the field and its type, and returns None to have the key read as usual.
    """

    path: str
    text: str = ""
    supply: Callable[[str, str, type], object | None] = lambda _table, _field, _type: None
    problems: list[Problem] = field(default_factory=list)

    def read(self, kind: type[T], table: Mapping[str, object], name: str) -> T | None:
        """Return the table as `kind`, or None when a problem was found (and noted)."""
        before = len(self.problems)
        hints = typing.get_type_hints(kind)
        fields = {one.name: one for one in dataclasses.fields(cast("Any", kind))}
        values = {key.replace("-", "_"): (key, value) for key, value in table.items()}
        self.note_unknown(
            (key for plain, (key, _) in values.items() if plain not in fields), fields, name
        )
        ready = {
            plain: self._value(hints[plain], values.get(plain), one, name)
            for plain, one in fields.items()
        }
        if len(self.problems) > before:
            return None
        return kind(**{plain: value for plain, value in ready.items() if value is not _ABSENT})

    def note(self, message: str, hint: str = "", *, table: str = "", key: str = "") -> None:
        """Note a problem at a key, with the line where it stands."""
        line = line_of(self.text, table, key) if self.text else None
        self.problems.append(Problem(message, hint, self.path, line))

    def note_unknown(self, keys: Iterable[str], known: Iterable[str], table: str = "") -> None:
        """Note keys that nobody reads, with the known one that each may be meant for."""
        known = tuple(known)
        for key in keys:
            near = difflib.get_close_matches(key.replace("-", "_"), known, 1, 0.6)
            hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            self.note(f'unknown key "{key}"{_inside(table)}', hint, table=table, key=key)

    def _value(
        self, hint: Any, written: tuple[str, object] | None, one: dataclasses.Field[Any], table: str
    ) -> object:
        supplied = self.supply(table, one.name, hint) if isinstance(hint, type) else None
        if supplied is not None:
            return supplied
        if written is None:
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING:
                self.note(
                    f'"{one.name}" is missing{_inside(table)}',
                    f"Add a line: {one.name} = …",
                    table=table,
                )
            return _ABSENT
        key, value = written
        wrong = _mismatch(hint, value)
        if wrong is None and "check" in one.metadata:
            wrong = cast("Check", one.metadata["check"])(value)
        if wrong is not None:
            self.note(f'"{key}"{_inside(table)} {wrong}', table=table, key=key)
            return _ABSENT
        return _convert(hint, value)


_ABSENT = object()


def line_of(text: str, table: str, key: str = "") -> int | None:
    """Return the line of a key in TOML text, or of the table's header when `key` is empty."""
    current = ""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("[") and "]" in bare:
            current = bare.strip("[").split("]", 1)[0].strip()
            if current == table and not key:
                return number
        elif key and current == table and bare.split("=", 1)[0].strip().strip("\"'") == key:
            return number
    return None


def _inside(table: str) -> str:
    return f" in [{table}]" if table else ""


def _mismatch(hint: Any, value: object) -> str | None:
    """Say in words what is wrong with a value, or None."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        found = [_mismatch(one, value) for one in arguments if one is not type(None)]
        return None if None in found else found[-1 if isinstance(value, dict) else 0]
    if origin is Literal:
        choices = ", ".join(f'"{one}"' for one in arguments)
        return None if value in arguments else f"is {_shown(value)}; it can be one of {choices}"
    if origin is tuple:
        fits = isinstance(value, list) and all(
            _mismatch(arguments[0], one) is None for one in value
        )
        return None if fits else 'must be a list, like ["one", "two"]'
    if origin in (dict, Mapping):
        return _table_mismatch(arguments[1], value)
    return _plain_mismatch(hint, value)


def _table_mismatch(hint: Any, value: object) -> str | None:
    if not isinstance(value, dict):
        return "must be a table"
    wrong = ((key, _mismatch(hint, one)) for key, one in value.items())
    return next((f'has a "{key}" that {what}' for key, what in wrong if what), None)


def _plain_mismatch(hint: Any, value: object) -> str | None:
    if hint in (object, Any):
        return None
    fits = isinstance(value, hint) and not (isinstance(value, bool) and hint is not bool)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        fits = True
    return (
        None
        if fits
        else f"must be {_WORDS.get(hint, 'another kind of value')}, not {_shown(value)}"
    )


def _shown(value: object) -> str:
    return (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _convert(hint: Any, value: object) -> object:
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        return tuple(value)
    return value
