"""A token is known by its form, and tells when it ends."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest

from litfass_syndication.jwt import ends, is_token

NEVER = 8_210_266_876_799  # as Lemmy 1.0 writes it: the last second of the year 262142


def token(claims):
    parts = (b'{"alg":"HS256"}', claims, b"a-signature")
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("claims", [b"{}", b'{"sub":"7"}', b'{"sub":"7","iss":"lemmy.example"}'])
def test_a_token_is_none_of_the_passwords_that_people_have(claims):
    assert is_token(token(claims))
    assert not any(map(is_token, ("", "eyJ", "correct.horse.battery", "eyJ a.b.c", "ey.J.x.y")))


def test_it_tells_when_it_ends():
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    claims = {"sub": "7", "exp": int(moment.timestamp())}
    assert ends(token(json.dumps(claims).encode())) == moment


@pytest.mark.parametrize(
    "claims",
    [b"{}", b"[]", b"7", b"\xff", b"{", b'{"exp": "soon"}', f'{{"exp": {NEVER}}}'.encode()],
)
def test_what_does_not_end_or_does_not_say_ends_never(claims):
    assert ends(token(claims)) is None


def test_a_password_does_not_end():
    assert ends("a password") is None
