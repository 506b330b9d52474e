"""No form of a secret is left in a text."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.network import Secret
from litfass_syndication.redaction import Redaction, secrets_in

SECRETS = st.text(min_size=6, max_size=40).filter(lambda text: len(text.strip()) >= 6)


@given(SECRETS, st.sampled_from([str, quote, quote_plus, json.dumps, lambda text: quote(text, "")]))
def test_a_secret_is_masked_however_it_is_written(secret, write):
    text = f"before {write(secret)} after"
    redacted = Redaction([Secret(secret)])(text)
    assert redacted in {"before … after", 'before "…" after'}


@given(
    SECRETS, st.text(alphabet="abc", max_size=5), st.sampled_from([b64encode, urlsafe_b64encode])
)
def test_a_basic_header_does_not_show_it(secret, user, encode):
    """What is left beside the mask are at most the bits that it shares with its neighbours."""
    encoded = encode(f"{user}:{secret}".encode()).decode()
    redacted = Redaction([Secret(secret)])(f"Basic {encoded}")
    left = redacted.removeprefix("Basic ").partition("…")
    assert left[1] == "…"
    assert len(left[0]) <= len(user) * 2 + 3
    assert len(left[2].rstrip("=")) <= 1


def test_a_secret_address_is_masked_by_its_parts_too():
    """A webhook's address is its secret, and errors name paths."""
    hook = Secret("https://hooks.example/services/T1/B2/xyz?key=geheim")
    redact = Redaction([hook])
    assert redact(f"POST {hook.reveal()}") == "POST …"
    assert redact("POST /services/T1/B2/xyz failed") == "POST … failed"
    assert redact("?key=geheim") == "?…"


def test_an_address_that_is_broken_is_masked_as_a_whole():
    assert Redaction([Secret("https://[geheim")])("at https://[geheim.") == "at …."


def test_one_secret_within_another_leaves_nothing_of_either():
    redact = Redaction([Secret("token"), Secret("token-and-more")])
    assert redact("token-and-more, token") == "…, …"


def test_an_empty_secret_masks_nothing():
    assert Redaction([Secret(""), Secret("a")])("a banana") == "a banana"


def test_the_secrets_among_options_are_found():
    @dataclass(frozen=True)
    class Options:
        server: str
        token: Secret
        other: Secret | None = None

    assert secrets_in(Options("https://a.example", Secret("t"))) == (Secret("t"),)


def test_the_last_part_of_a_secret_address_is_a_secret_by_itself():
    redact = Redaction([Secret("https://chat.example/hooks/tok%C3%ABn-12345/")])
    assert redact("no such hook: tokën-12345") == "no such hook: …"
    assert redact("tok%C3%ABn-12345") == "…"
    assert redact("hooks") == "hooks"
