"""Nostr's relays: what they are told and asked, and what their answers mean.

https://github.com/nostr-protocol/nips/blob/master/01.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.network import Conversation, Http
from litfass_syndication.nip01 import Event, understood

_SUBSCRIPTION = "litfass"

# What the first word of a refusal means: NIP-01 and NIP-42. All others are the relay's own trouble.
_REFUSALS: Mapping[str, type[NetworkError]] = {
    "rate-limited": RateLimited,
    "invalid": Rejected,
    **dict.fromkeys(("blocked", "restricted", "auth-required", "pow", "mute"), Unauthorised),
}
_NEXT: Mapping[type[NetworkError], str] = {
    RateLimited: "Try again later.",
    Rejected: "Its own words say what it will not have.",
    Unauthorised: "Ask who runs the relay to let this key write, or take it out of the settings.",
    Unreachable: "Try again later, or take it out of the settings.",
}
# Where every relay failed, each in another way: what could come of trying again decides.
_WEIGHT = (OutcomeUnknown, RateLimited, Unreachable, Unauthorised, Rejected)


class Relays:
    """The relays of one account. Each is spoken to by itself, and may fail by itself."""

    def __init__(self, http: Http, addresses: Sequence[str]) -> None:
        self._http = http
        self.addresses = tuple(addresses)

    def hand(self, event: Event) -> Mapping[str, NetworkError]:
        """Hand an event to each relay; return why not, for those that do not have it then.

        Raises a NetworkError when none of them has it.
        """
        verdicts = {relay: self._objection(relay, event) for relay in self.addresses}
        objections = {relay: error for relay, error in verdicts.items() if error}
        if len(objections) == len(verdicts):
            raise weightiest(tuple(objections.values()))
        return objections

    def ask(self, relay: str, wanted: Mapping[str, object]) -> tuple[Event, ...] | NetworkError:
        """Return the events that a relay has of those that are wanted, or why it does not tell."""
        try:
            with self._http.converse(relay) as talk:
                talk.say(_written(["REQ", _SUBSCRIPTION, wanted]))
                return self._shown(talk)
        except NetworkError as error:
            return error

    def _objection(self, relay: str, event: Event) -> NetworkError | None:
        try:
            with self._http.converse(relay, change=True) as talk:
                talk.say(_written(["EVENT", event.record()]))
                return self._verdict(talk, event.identifier)
        except NetworkError as error:
            return error

    def _verdict(self, talk: Conversation, identifier: str) -> NetworkError | None:
        """Return what a relay has against an event; what else it says meanwhile is passed over."""
        while True:
            match _heard(talk):
                case ["OK", name, bool(taken), *words] if name == identifier:
                    said = " ".join(map(str, words))
                    there = taken or said.startswith("duplicate")
                    return None if there else self._refused(talk, said)

    def _shown(self, talk: Conversation) -> tuple[Event, ...]:
        """Return the events that a relay shows before it has come to the end of what it has."""
        events: list[Event] = []
        while True:
            match _heard(talk):
                case ["EVENT", _, record] if event := understood(record):
                    events.append(event)
                case ["EOSE", *_]:
                    return tuple(events)
                case ["CLOSED", _, *words]:
                    raise self._refused(talk, " ".join(map(str, words)))

    def _refused(self, talk: Conversation, said: str) -> NetworkError:
        kind = _REFUSALS.get(said.partition(":")[0], Unreachable)
        return kind(talk.words(f"refuses it: {self._http.shown(said)}"), _NEXT[kind])


def weightiest(errors: Sequence[NetworkError]) -> NetworkError:
    """Return one error for all: of the kind that matters most, with the words of each."""
    if len(errors) == 1:
        return errors[0]
    kind = next(kind for kind in _WEIGHT if any(isinstance(one, kind) for one in errors))
    hint = next(one.hint for one in errors if isinstance(one, kind))
    return kind(" ".join(one.message for one in errors), hint)


def _written(message: Sequence[object]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def _heard(talk: Conversation) -> object:
    """Return the next message of a relay; None for what is not even JSON."""
    heard = talk.hear()
    try:
        return json.loads(heard)
    except (ValueError, RecursionError):
        return None
