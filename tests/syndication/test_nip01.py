"""Events are what NIP-01 says, and their signatures what BIP-340 says."""

from __future__ import annotations

import csv
import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.bech32 import decode
from litfass_syndication.errors import AccountError
from litfass_syndication.network import Secret
from litfass_syndication.nip01 import KeyPair, address, digest, is_signed, sign, understood
from litfass_syndication.testing.relay import objection, serialised

# https://github.com/bitcoin/bips/blob/master/bip-0340/test-vectors.csv, those of 32 bytes
with Path(__file__).with_name("bip340.csv").open(encoding="utf-8", newline="") as table:
    VECTORS = list(csv.DictReader(table))
SECRET = "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
KEYS = KeyPair(Secret(SECRET))
WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))


def read(vector, name):
    return bytes.fromhex(vector[name])


@pytest.mark.parametrize("vector", VECTORS[:4])
def test_the_vectors_of_bip_340_are_signed_as_there(vector):
    secret, message, randomness = (
        read(vector, name) for name in ("secret key", "message", "randomness")
    )
    assert sign(secret, message, randomness) == read(vector, "signature")
    assert KeyPair(Secret(vector["secret key"])).public == vector["public key"].lower()


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_bip_340_are_told_apart(vector):
    parts = (read(vector, name) for name in ("public key", "message", "signature"))
    assert is_signed(*parts) is (vector["valid"] == "TRUE")


def test_only_what_must_be_escaped_is():
    author, text = "0" * 64, 'a\nb"c\\d/ä \u2028 😀'
    whole = f'[0,"{author}",1700000000,1,[["t","x"]],"a\\nb\\"c\\\\d/ä \u2028 😀"]'
    event = {"pubkey": author, "created_at": 1700000000, "kind": 1, "tags": [["t", "x"]]}
    assert serialised({**event, "content": text}) == whole
    wanted = sha256(whole.encode()).hexdigest()
    assert digest(author, 1700000000, 1, [["t", "x"]], text) == wanted


@given(st.integers(0, 2**32), WRITTEN, st.lists(st.lists(WRITTEN, min_size=1, max_size=3)))
def test_every_event_passes_a_relay_and_comes_back_as_it_was(moment, content, tags):
    event = KEYS.signed(moment, 1, tuple(map(tuple, tags)), content)
    there = json.loads(json.dumps(event.record()))
    assert objection(there) == ""
    assert understood(there) == event
    assert event == KEYS.signed(moment, 1, event.tags, content)


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "other"},
        {"created_at": 2},
        {"pubkey": "0" * 64},
        {"pubkey": "none"},
        {"sig": "0" * 128},
        {"sig": "00"},
        {"id": "0" * 64},
        {"tags": [["r", 1]]},
        {"tags": [[]]},
        {"tags": None},
        {"kind": "1"},
    ],
)
def test_what_was_not_signed_so_is_no_event(changes):
    there = json.loads(json.dumps(KEYS.signed(1, 1, (("r", "a"),), "words").record()))
    assert understood(there)
    assert understood({**there, **changes}) is None


@pytest.mark.parametrize("there", [None, [], {}, "event", 1])
def test_what_is_none_is_no_event(there):
    assert understood(there) is None


def test_an_address_leaves_out_a_relay_that_it_has_no_room_for():
    event = KEYS.signed(1, 1, (), "")
    long = "wss://relay.example/" + "a" * 250
    assert address(event, (long,)) == address(event, ())
    assert decode(address(event, ("wss://a.example",)))[1][34:36] == bytes((1, 15))


def test_a_secret_key_shows_nowhere():
    assert SECRET not in repr(KEYS)
    assert SECRET not in repr(KEYS.signed(1, 1, (), ""))


def test_without_the_extra_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "coincurve", None)
    with pytest.raises(AccountError) as caught:
        KeyPair(Secret(SECRET))
    assert "pip install 'litfass[nostr]'" in caught.value.hint
