"""Bytes as letters that a person can copy: Bech32, without its limit of 90 characters. Pure.

https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki; Nostr writes keys and addresses so,
https://github.com/nostr-protocol/nips/blob/master/19.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6  # letters of the checksum
_BITS, _BYTE = 5, 8


def encode(kind: str, content: bytes) -> str:
    """Return bytes as letters that begin with what kind they are, and end with a checksum."""
    values = tuple(_regrouped(content, _BYTE, _BITS))
    state = _checksum((*_spread(kind), *values, *bytes(_CHECK))) ^ 1
    check = (state >> _BITS * (_CHECK - 1 - place) & 31 for place in range(_CHECK))
    return f"{kind}1" + "".join(_LETTERS[value] for value in (*values, *check))


def decode(text: str) -> tuple[str, bytes]:
    """Return what kind the bytes are, and the bytes; raises ValueError for a slip in the text."""
    lower = text.lower()
    kind, mark, letters = lower.rpartition("1")
    if text not in (lower, text.upper()) or not (kind and mark) or len(letters) < _CHECK:
        raise ValueError("it is not written in Bech32")
    values = tuple(map(_LETTERS.index, letters))
    if _checksum((*_spread(kind), *values)) != 1:
        raise ValueError("its checksum is wrong")
    padded = tuple(_regrouped(bytes(values[:-_CHECK]), _BITS, _BYTE))
    whole = (len(values) - _CHECK) * _BITS // _BYTE
    if any(padded[whole:]):
        raise ValueError("it has bits too many")
    return kind, bytes(padded[:whole])


def _spread(kind: str) -> tuple[int, ...]:
    codes = kind.encode("ascii")
    return (*(code >> _BITS for code in codes), 0, *(code & 31 for code in codes))


def _checksum(values: Iterable[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << _BITS ^ value
        for place, factor in enumerate(_GENERATOR):
            state ^= factor if top >> place & 1 else 0
    return state


def _regrouped(values: bytes, before: int, after: int) -> Iterator[int]:
    """Yield the same bits in groups of another size, the last one filled up with zeros."""
    bits = "".join(f"{value:0{before}b}" for value in values)
    for start in range(0, len(bits), after):
        yield int(bits[start : start + after].ljust(after, "0"), 2)
