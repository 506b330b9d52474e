"""A server's answer, and what is picked out of the JSON in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from litfass_syndication.errors import NetworkError, OutcomeUnknown

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `headers` have lower-case names; `body` is at most as long as allowed.

    `url` is the address that answered, after redirects. `unusable` makes the error that an answer
    without what it must have means: OutcomeUnknown after a change, Unreachable after a question.
    `error` is what the policy would have raised, for a status that was asked for by `expect`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""
    unusable: Callable[[str], NetworkError] = OutcomeUnknown
    error: NetworkError | None = None

    def json(self) -> object:
        """Return the body read as JSON; raises ValueError when it is none."""
        import json  # noqa: PLC0415

        return json.loads(self.body)

    def require(self, kind: type[Value], *path: str | int) -> Value:
        """Return what the JSON body has at `path`; raises what `unusable` makes when it has not."""
        try:
            value = pick(self.json(), kind, *path)
        except ValueError:  # the server's bytes; `from None` would still keep them in the chain
            value = None
        if value is None or value == "":
            place = ".".join(map(str, path)) or kind.__name__
            raise self.unusable(f'The answer does not have the "{place}" that it must have.')
        return value

    def require_address(self, *path: str | int) -> str:
        """Return the web address at `path` of the JSON body; raises as `require` does."""
        address = self.require(str, *path)
        if not address.startswith(("https://", "http://")):
            raise self.unusable(f'The answer\'s "{".".join(map(str, path))}" is no web address.')
        return address


def pick(value: object, kind: type[Value], *path: str | int) -> Value | None:
    """Return what lies at `path` in a JSON value, or None if it is missing or of another kind."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return value if right and isinstance(value, kind) else None


def positive(value: object, *path: str | int) -> int | None:
    """Return the number at `path` of a JSON value, or None if it is none above zero."""
    number = pick(value, int, *path)
    return number if number and number > 0 else None
