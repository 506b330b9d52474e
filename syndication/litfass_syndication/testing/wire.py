"""The wire that a network is tested on: a counterpart at its end, and faults along it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.testing.examples import NOW

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Request:
    """What came over the wire. `query` has the last value of each name; headers in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def path(self) -> str:
        """The path, without the query."""
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        """The query, decoded."""
        values = parse_qs(urlsplit(self.url).query, keep_blank_values=True)
        return {name: value[-1] for name, value in values.items()}

    def json(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.content)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a counterpart answers."""

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200, **headers: str) -> Reply:
        """Return an answer in JSON; "_" in the names of headers stands for "-"."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        content = json.dumps(value).encode()
        return cls(status, content, {"content-type": "application/json", **named})


class Fault(Enum):
    """What may happen on the wire instead of an answer."""

    CONNECT_REFUSED = "ConnectError"
    CONNECT_TIMEOUT = "ConnectTimeout"
    READ_TIMEOUT = "ReadTimeout"
    RESET = "ReadError"
    DISCONNECTED = "RemoteProtocolError"
    ENDLESS = "an answer that does not end"


BEFORE_SENDING = (Fault.CONNECT_REFUSED, Fault.CONNECT_TIMEOUT)

Counterpart = Callable[[Request], "Reply | Fault"]


class Script:
    """A counterpart that gives its answers one after the other, the last of them for ever."""

    def __init__(self, *answers: Reply | Fault) -> None:
        self._answers = list(answers)

    def __call__(self, request: Request) -> Reply | Fault:
        """Give the next answer, whatever was asked."""
        del request
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@dataclass
class Wire:
    """A transport to a counterpart, with a `fault` on the requests that it `strikes`.

    `requests` are all that were sent, in order; `struck` those that met the fault. A fault after
    sending lets the counterpart do its work first, as the worst one does.
    """

    counterpart: Counterpart
    strikes: Callable[[Request], bool] = lambda _: False
    fault: Fault | Reply | None = None
    requests: list[Request] = field(default_factory=list)
    struck: list[Request] = field(default_factory=list)

    def transport(self) -> httpx.BaseTransport:
        """Return what a `Connection` sends through."""
        import httpx  # noqa: PLC0415

        return httpx.MockTransport(self._answer)

    def connection(self, server: str, *secrets: Secret, **changes: Any) -> Connection:
        """Return a connection of account "firma" along the wire, which never really sleeps."""
        ordinary = {"clock": lambda: NOW, "sleep": lambda _: None, "chance": lambda: 0.5}
        given = {"secrets": secrets, "transport": self.transport(), **ordinary, **changes}
        return Connection(server, "firma", **given)

    def _answer(self, sent: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in sent.headers.items()}
        request = Request(sent.method, str(sent.url), headers, sent.read())
        self.requests.append(request)
        fault = self.fault if self.fault and self.strikes(request) else None
        if fault:
            self.struck.append(request)
        if fault and fault in BEFORE_SENDING:
            return self._reply(sent, fault)
        answer = self.counterpart(request)
        return self._reply(sent, fault or answer)

    def _reply(self, sent: httpx.Request, answer: Fault | Reply) -> httpx.Response:
        import httpx  # noqa: PLC0415

        if isinstance(answer, Reply):
            headers = dict(answer.headers)
            return httpx.Response(answer.status, content=answer.content, headers=headers)
        if answer is Fault.ENDLESS:
            return httpx.Response(200, content=_endless())
        error: httpx.TransportError = getattr(httpx, answer.value)("the wire broke", request=sent)
        raise error


def _endless() -> Iterator[bytes]:
    while True:
        yield b" " * 2**20
