"""Keeping secrets out of what people read. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from json import dumps
from urllib.parse import quote, quote_plus, unquote, urlsplit

from litfass_syndication.network import Secret

MASK = "…"

# Fewer characters protect nothing, and masking them would make every sentence unreadable.
_SHORTEST = 4
# The last part of a webhook's address is what must not be known; a shorter one is only a word.
_TELLING = 8


class Redaction:
    """Replaces secrets by "…", in each form in which a request or a server may show them."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.conceal(secret)

    def conceal(self, secret: Secret) -> None:
        """Learn one more secret."""
        known = {*self._forms, *_forms(secret.reveal())}
        # The longest first, so that no part of one is left when a shorter one lies within it.
        self._forms = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """Return the text without the secrets."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text


def secrets_in(options: object) -> tuple[Secret, ...]:
    """Return the secrets among the fields of a network's options."""
    values = (getattr(options, each.name) for each in fields(options))  # type: ignore[arg-type]
    return tuple(value for value in values if isinstance(value, Secret))


def _forms(value: str) -> Iterator[str]:
    """Yield how a secret may appear: as it is, in an address, in JSON, within a Basic header."""
    for plain in _parts(value):
        written = (plain, quote(plain, safe=""), quote(plain), quote_plus(plain))
        for form in (*written, dumps(plain)[1:-1], *_base64(plain)):
            if len(form) >= _SHORTEST:
                yield form


def _parts(value: str) -> Iterator[str]:
    """Yield the secret; where it is an address, what follows its host, and the last part of it."""
    yield value
    yield value.strip()
    if value.strip().startswith(("https://", "http://")):
        with suppress(ValueError):  # an address that is broken has no parts
            address = urlsplit(value.strip())
            yield address.path
            yield address.path.lstrip("/")
            yield address.query
            last = unquote(address.path.rstrip("/").rpartition("/")[2])
            if len(last) >= _TELLING:
                yield last


def _base64(plain: str) -> Iterator[str]:
    """Yield the value as it lies within Base64, whichever of three bytes it begins at."""
    raw = plain.encode()
    for before, skipped in enumerate((0, 2, 3)):
        whole = b64encode(bytes(before) + raw).decode()
        inner = whole[skipped : (before + len(raw)) * 8 // 6]
        if len(inner) > _SHORTEST:
            yield inner
            yield inner.translate(str.maketrans("+/", "-_"))
