# ruff: noqa: PLC0415 - what an extra brings is imported where it is needed
"""A relay of Nostr on this machine, as strict as NIP-01 is, with faults on what it is told.

It checks identifiers and signatures by its own reading of the text, not by ours.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING, Any

from litfass_syndication.complaint import complaint
from litfass_syndication.testing.wire import BEFORE_SENDING, Fault, Reply, Request

if TYPE_CHECKING:
    from websockets.http11 import Response
    from websockets.sync.server import Server, ServerConnection

_FIELDS = {"id", "pubkey", "created_at", "kind", "tags", "content", "sig"}
_ESCAPES = {
    "\n": r"\n",
    '"': r"\"",
    "\\": r"\\",
    "\r": r"\r",
    "\t": r"\t",
    "\b": r"\b",
    "\f": r"\f",
}
_DELETION = 5
_FIRST_ERROR, _FIRST_BREAKDOWN = 400, 500
_BROKEN = 1011  # RFC 6455, section 7.4.1
_PREFIXES = {401: "auth-required", 403: "restricted", 429: "rate-limited"}

Record = Mapping[str, Any]


@dataclass
class Relay:
    """A relay at `address`, with a `fault` on every event that it is told.

    `requests` are all texts that it heard, in order, `struck` those that met the fault. A fault
    lets the relay keep the event first, as the worst one does. A Reply is a refusal in words of
    the relay's, a breakdown (5xx), or a text that is no answer. One that `welcomes` nobody will
    not even speak WebSocket.
    """

    fault: Fault | Reply | None = None
    requests: list[Request] = field(default_factory=list)
    struck: list[Request] = field(default_factory=list)
    events: dict[str, Record] = field(default_factory=dict)
    most_shown: int = 500
    welcomes: bool = True
    address: str = ""

    def __post_init__(self) -> None:
        self._stop: Callable[[], None] = lambda: None
        self.open()

    def open(self) -> None:
        """Begin to listen, unless nobody is to be reached here."""
        if self.fault in BEFORE_SENDING:
            self._deaf(listening=self.fault is Fault.CONNECT_TIMEOUT)
        else:
            self._listen()

    def close(self) -> None:
        """Let go of the address."""
        self._stop()

    def _deaf(self, *, listening: bool) -> None:
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        self.address = f"ws://127.0.0.1:{door.getsockname()[1]}"
        self.struck.append(Request("EVENT", self.address, {}, b""))
        if listening:
            door.listen()
        self._stop = door.close

    def _listen(self) -> None:
        from websockets.sync.server import serve

        server: Server = serve(
            self._converse, "127.0.0.1", 0, close_timeout=0.1, process_request=self._greet
        )
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"

        def stop() -> None:
            server.shutdown()
            thread.join()

        self._stop = stop

    def _greet(self, talk: ServerConnection, _: object) -> Response | None:
        return None if self.welcomes else talk.respond(403, "Members only")

    def _converse(self, talk: ServerConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        with suppress(ConnectionClosed):
            for text in talk:
                self._hear(talk, str(text))

    def _hear(self, talk: ServerConnection, text: str) -> None:
        message = json.loads(text)
        request = Request(message[0], self.address, {}, text.encode())
        self.requests.append(request)
        if message[0] == "REQ":
            self._show(talk, message[1], message[2])
        elif message[0] == "EVENT" and self.fault is not None:
            self.struck.append(request)
            self._strike(talk, message[1], self.fault)
        elif message[0] == "EVENT":
            say(talk, "NOTICE", "welcome")
            say(talk, "OK", message[1]["id"], *self.verdict(message[1]))

    def verdict(self, event: Record) -> tuple[bool, str]:
        """Keep an event, or say what is wrong with it."""
        if wrong := objection(event):
            return False, f"invalid: {wrong}"
        if event["id"] in self.events:
            return True, "duplicate: it is there already"
        self.events[event["id"]] = event
        for name, value, *_ in event["tags"] if event["kind"] == _DELETION else ():
            if name == "e" and self.events.get(value, event)["pubkey"] == event["pubkey"]:
                self.events.pop(value, None)
        return True, ""

    def _show(self, talk: ServerConnection, name: str, wanted: Record) -> None:
        found = [event for event in self.events.values() if _is_wanted(event, wanted)]
        found.sort(key=lambda event: (-event["created_at"], event["id"]))
        for event in found[: min(wanted.get("limit", self.most_shown), self.most_shown)]:
            say(talk, "EVENT", name, event)
        say(talk, "EOSE", name)

    def _strike(self, talk: ServerConnection, event: Record, fault: Fault | Reply) -> None:
        if isinstance(fault, Reply):
            self._reply(talk, event, fault)
            return
        if fault is Fault.ENDLESS:
            while True:
                say(talk, "NOTICE", "and another thing")
        self.verdict(event)
        if fault is not Fault.READ_TIMEOUT:
            talk.socket.shutdown(socket.SHUT_RDWR)

    def _reply(self, talk: ServerConnection, event: Record, reply: Reply) -> None:
        if _FIRST_ERROR <= reply.status < _FIRST_BREAKDOWN:
            why = f"{_PREFIXES.get(reply.status, 'invalid')}: {complaint(reply.content)}"
            say(talk, *["OK", event["id"], False, why])
            return
        self.verdict(event)
        if reply.status < _FIRST_ERROR and reply.content:
            talk.send(reply.content.decode())
        talk.close(_BROKEN, complaint(reply.content)[:100])


def say(talk: ServerConnection, *message: object) -> None:
    """Send a message of the protocol's."""
    talk.send(json.dumps(message))


def objection(event: Record) -> str:
    """Return what NIP-01 has against an event; empty when nothing."""
    from coincurve import PublicKeyXOnly

    if event.keys() != _FIELDS:
        return "it has other fields"
    identifier = sha256(serialised(event).encode()).digest()
    if event["id"] != identifier.hex():
        return "its id is not that of its content"
    key = PublicKeyXOnly(bytes.fromhex(event["pubkey"]))
    return "" if key.verify(bytes.fromhex(event["sig"]), identifier) else "bad signature"


def serialised(event: Record) -> str:
    """Return the text whose digest is an event's identifier, letter by letter as NIP-01 has it."""
    tags = ",".join("[" + ",".join(map(_quoted, tag)) + "]" for tag in event["tags"])
    author, content = _quoted(event["pubkey"]), _quoted(event["content"])
    return f"[0,{author},{event['created_at']},{event['kind']},[{tags}],{content}]"


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'


def _is_wanted(event: Record, wanted: Record) -> bool:
    return (
        event["pubkey"] in wanted.get("authors", [event["pubkey"]])
        and event["kind"] in wanted.get("kinds", [event["kind"]])
        and wanted.get("since", 0) <= event["created_at"] <= wanted.get("until", 1 << 40)
    )
