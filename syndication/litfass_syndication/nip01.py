"""Nostr's events: how they are made, signed and told apart.

https://github.com/nostr-protocol/nips/blob/master/01.md; signatures are those of BIP-340, and
only this module knows the library that makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from types import ModuleType

from litfass_syndication.answer import pick
from litfass_syndication.bech32 import decode, encode
from litfass_syndication.errors import AccountError
from litfass_syndication.network import Secret

NOTE = 1  # a short text
DELETION = 5  # https://github.com/nostr-protocol/nips/blob/master/09.md

_KEY = 32  # bytes
_HEX = 64  # digits
_LONGEST = 200  # characters of a relay's address; 255 bytes have room
_WHERE = "It begins with nsec1; the app that you use Nostr with shows it in its settings."

Tags = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What a key says, signed. Its `identifier` is the digest of all else but the signature."""

    identifier: str
    author: str
    moment: int
    kind: int
    tags: Tags
    content: str
    signature: str

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of the tags that are called so."""
        return tuple(tag[1] for tag in self.tags if tag[0] == name and len(tag) > 1)

    def record(self) -> Mapping[str, object]:
        """Return the event as it goes over the wire."""
        return {
            "id": self.identifier,
            "pubkey": self.author,
            "created_at": self.moment,
            "kind": self.kind,
            "tags": self.tags,
            "content": self.content,
            "sig": self.signature,
        }


class KeyPair:
    """A secret key, as nsec1… or 64 hexadecimal digits, and the public one that belongs to it.

    Raises AccountError when it is none, without a word of it.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = _secret_key(secret.reveal().strip())

    @cached_property
    def public(self) -> str:
        """The public key, in hexadecimal digits."""
        public: bytes = _coincurve().PublicKeyXOnly.from_secret(self._secret).format()
        return public.hex()

    @property
    def npub(self) -> str:
        """The public key, as people give it to each other."""
        return encode("npub", bytes.fromhex(self.public))

    def signed(self, moment: int, kind: int, tags: Tags, content: str) -> Event:
        """Return an event; the same words at the same moment (seconds) are always the same one."""
        identifier = digest(self.public, moment, kind, tags, content)
        signature = sign(self._secret, bytes.fromhex(identifier)).hex()
        return Event(identifier, self.public, moment, kind, tags, content, signature)


def digest(author: str, moment: int, kind: int, tags: Sequence[Sequence[str]], content: str) -> str:
    """Return an event's identifier, in hexadecimal digits."""
    parts = [0, author, moment, kind, tags, content]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sign(secret: bytes, message: bytes, randomness: bytes | None = None) -> bytes:
    """Return the signature of 32 bytes; without randomness always the same one."""
    signature: bytes = _coincurve().PrivateKey(secret).sign_schnorr(message, randomness)
    return signature


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is that of the public key's owner."""
    try:
        return bool(_coincurve().PublicKeyXOnly(public).verify(signature, message))
    except ValueError:  # there is no such key, or no such signature
        return False


def understood(record: object) -> Event | None:
    """Return the event that a relay showed us, or None: for what is none, or is not signed so."""
    texts = [pick(record, str, name) for name in ("id", "pubkey", "content", "sig")]
    numbers = [pick(record, int, name) for name in ("created_at", "kind")]
    tags = pick(record, list, "tags")
    if None in (*texts, *numbers, tags) or not all(map(_is_tag, tags or ())):
        return None
    identifier, author, content, signature = (text or "" for text in texts)
    moment, kind = (number or 0 for number in numbers)
    event = Event(
        identifier, author, moment, kind, tuple(map(tuple, tags or ())), content, signature
    )
    return event if _is_genuine(event) else None


def address(event: Event, relays: Sequence[str]) -> str:
    """Return an event's nevent1…, which says where to look for it and whose it is: NIP-19."""
    parts = (
        (0, bytes.fromhex(event.identifier)),
        *((1, relay.encode()) for relay in relays if len(relay) < _LONGEST),
    )
    fields = (*parts, (2, bytes.fromhex(event.author)))
    return encode("nevent", b"".join(bytes((kind, len(text))) + text for kind, text in fields))


def _is_tag(tag: object) -> bool:
    return isinstance(tag, list) and bool(tag) and all(isinstance(text, str) for text in tag)


def _is_genuine(event: Event) -> bool:
    wanted = digest(event.author, event.moment, event.kind, event.tags, event.content)
    if event.identifier != wanted:
        return False
    try:
        parts = (bytes.fromhex(text) for text in (event.author, wanted, event.signature))
        return is_signed(*parts)
    except ValueError:
        return False


def _secret_key(written: str) -> bytes:
    key = _bytes_of(written)
    if key is None or not _is_secret_key(key):
        raise AccountError("The secret key is none of Nostr's.", _WHERE)
    return key


def _is_secret_key(key: bytes) -> bool:
    try:
        return len(key) == _KEY and bool(_coincurve().PrivateKey(key))
    except ValueError:
        return False


def _bytes_of(written: str) -> bytes | None:
    try:
        if len(written) == _HEX:
            return bytes.fromhex(written)
        kind, key = decode(written)
    except ValueError:
        return None
    return key if kind == "nsec" else None


def _coincurve() -> ModuleType:
    try:
        import coincurve  # noqa: PLC0415
    except ImportError:
        raise AccountError(
            "What signs Nostr's events is not installed.", "Say: pip install 'litfass[nostr]'"
        ) from None
    return coincurve
