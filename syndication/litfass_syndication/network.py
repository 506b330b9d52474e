"""The interface of a network adapter, and of the HTTP that is handed to it.

An adapter only translates: message → request, answer → receipt. Limits are checked before it is
asked; timeouts, retries, rate limits and redaction are `Http`'s.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Protocol, TypeVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.errors import NetworkError, OutcomeUnknown, Unreachable

Value = TypeVar("Value")


class Secret:
    """A value that never shows: not in a repr, a log, a message or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself, for the one request that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"


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


@contextmanager
def nothing_announced() -> Iterator[None]:
    """Whatever is lost on the way to an announcement leaves no doubt about the announcement."""
    try:
        yield
    except OutcomeUnknown as error:
        raise Unreachable(error.message, "Nothing was announced yet.") from None


class Conversation(Protocol):
    """A connection over which both sides speak whenever they like, until the block ends."""

    def say(self, text: str) -> None:
        """Send a text, once."""

    def hear(self) -> str:
        """Return the next text, when it comes."""

    def words(self, what: str) -> str:
        """Return a sentence about the server that names the account: what it does, in words."""


class Http(Protocol):
    """Requests to one account's server, under the one policy of `http.py`.

    `path` is relative to the account's server, or a whole address. Any status below 300 comes back
    as an Answer. Everything else raises a NetworkError, sorted: 401 Unauthorised, 403 Unauthorised,
    429 RateLimited, other 4xx Rejected, no connection Unreachable; whatever may have happened
    after a mutation was sent, OutcomeUnknown. `expect` names statuses of 300 and above that come
    back as an Answer too, for adapters that read them better than the policy does.
    Redirects are followed when asking, never when changing something.
    Secrets are redacted from everything raised.
    """

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
        body: bool = True,
    ) -> Answer:
        """Ask; repeated on passing failures. A failure is Unreachable: nothing has happened.

        Without `body`, only whether and how it would be answered (HEAD).
        """

    def send(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
        repeatable: bool = False,
    ) -> Answer:
        """Change something; sent once unless `repeatable`, which only the adapter can know."""

    def converse(
        self, address: str, *, change: bool = False
    ) -> AbstractContextManager[Conversation]:
        """Speak with a server over WebSocket; `address` is wss, ws only on this machine.

        Raises Unreachable when nobody answers. `change` says that what is said changes something:
        what goes wrong after that is OutcomeUnknown then, and otherwise Unreachable, too.
        """

    def pause(self, seconds: float) -> None:
        """Wait, where a network asks us to poll."""

    def conceal(self, secret: Secret) -> None:
        """Redact a secret, too, that the network handed out on the way: a session's token."""

    def shown(self, words: str) -> str:
        """Return a server's words as a person may read them: without secrets, and not too many."""


Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose account it is: shown to the person who connects it."""

    handle: str
    url: str
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to "is it there already?". `complete`: not finding it proves that it is not."""

    receipt: Receipt | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """One of the account's own posts: where it is, and which pages it leads to."""

    receipt: Receipt
    links: tuple[str, ...]


class Network(ABC, Generic[Options]):
    """One account on one network."""

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    options: ClassVar[type]

    def __init__(self, options: Options, http: Http) -> None:
        self._options = options
        self._http = http

    @abstractmethod
    def publish(self, message: Message, key: str) -> Receipt:
        """Put the message on the network, once, and say where it is.

        `key` belongs to the attempt and is the same whenever that attempt is resumed.
        Raises a NetworkError; only OutcomeUnknown leaves a doubt.
        """

    def limits(self) -> Capabilities:
        """Return what this very account allows; may ask its server."""
        return self.capabilities

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for an earlier, interrupted publication of the message, claimed at `since`."""
        del message, key, since
        return Found(None, complete=False)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own posts, newest first, without answers to others.

        Only where `capabilities.listing`; how far back it goes is the network's affair.
        """
        raise UnsupportedError(f"{self.title} does not list an account's posts.")

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace what was announced; only where `capabilities.edit`."""
        del receipt, message
        raise UnsupportedError(f"{self.title} cannot edit an announcement.")

    def withdraw(self, receipt: Receipt) -> None:
        """Delete what was announced, or find it gone; only where `capabilities.withdraw`."""
        del receipt
        raise UnsupportedError(f"{self.title} cannot withdraw an announcement.")

    def whoami(self) -> Identity:
        """Say whose account it is, asking the network."""
        raise UnsupportedError(f"{self.title} does not tell whose account it is.")


class UnsupportedError(Exception):
    """The core asked for what the capabilities do not declare: a bug, not a person's mistake."""
