"""The interface of a network adapter, and of the HTTP or the mail that is handed to it.

An adapter only translates: message → request, answer → receipt. Limits are checked before it is
asked; timeouts, retries, rate limits and redaction are `Http`'s, and `Mail`'s.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import Answer
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.errors import OutcomeUnknown, Unreachable


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

    def outside(self) -> Http:
        """Return the same for addresses that strangers chose.

        They may be unencrypted, and are Rejected where they lead to this machine or into a private
        network, whatever they are called and wherever they redirect. They are tried once, briefly.
        """

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A mail server takes nothing for one recipient. `passing`: it may take it later.

    `code` is the server's number and nothing else; its `words` show no address of anybody.
    """

    code: str
    words: str
    passing: bool


class Mail(Protocol):
    """One account's mail server, under the one policy of `mail.py`.

    What goes wrong is a NetworkError, sorted: no connection, or one that broke before a mail's
    last dot, Unreachable; credentials or a sender that are refused, Unauthorised; 4xx RateLimited;
    5xx for the mail itself Rejected; no answer to its last dot, OutcomeUnknown. A server that would
    have us send in the clear is an AccountError. Secrets and the addresses in a server's words are
    redacted from everything raised.
    """

    def signed_in(self, user: str, password: Secret) -> AbstractContextManager[Outgoing]:
        """Sign in, and stay so until the end of the block."""


class Outgoing(Protocol):
    """Mail on its way, one after the other, over one connection as long as that holds."""

    def send(self, sender: str, recipient: str, letter: bytes) -> Refusal | None:
        """Hand over a mail for one recipient, once; None when the server has taken it.

        `letter` has all its header lines, and CRLF at the end of every line.
        """


class Speech(StrEnum):
    """What an adapter speaks to its server, and is handed when it is made: `Http` or `Mail`."""

    HTTP = "http"
    MAIL = "mail"


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


@dataclass(frozen=True, slots=True)
class Signs:
    """What a blog has to carry itself: `hubs` that its feeds name, and `files` by their paths."""

    hubs: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


class Network(ABC, Generic[Options]):
    """One account on one network."""

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    options: ClassVar[type]
    speaks: ClassVar[Speech] = Speech.HTTP

    def __init__(self, options: Options, http: Http) -> None:
        self._options = options
        self._http = http

    @classmethod
    def signs(cls, options: Any) -> Signs:
        """Return what the blog has to carry for an account with these options. Asks nobody."""
        del options
        return Signs()

    @abstractmethod
    def publish(self, message: Message, key: str) -> Receipt:
        """Put the message on the network, once, and say where it is.

        `key` belongs to the attempt and is the same whenever that attempt is resumed.
        Raises a NetworkError; only OutcomeUnknown leaves a doubt.
        """

    def resume(self, message: Message, key: str) -> Receipt:
        """Go on with an attempt that was broken off; only where repeating it is safe."""
        return self.publish(message, key)

    def limits(self) -> Capabilities:
        """Return what this very account allows; may ask its server.

        The accounts of a network may differ, even in what makes repeating safe: the declaration
        is for people who choose a network, and this is what holds.
        """
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

    def place(self, message: Message) -> str:
        """Return the address where a person posts it; only where `capabilities.by_hand`."""
        del message
        raise UnsupportedError(f"{self.title} is posted to by us.")

    def whoami(self) -> Identity:
        """Say whose account it is, asking the network."""
        raise UnsupportedError(f"{self.title} does not tell whose account it is.")


class UnsupportedError(Exception):
    """The core asked for what the capabilities do not declare: a bug, not a person's mistake."""
