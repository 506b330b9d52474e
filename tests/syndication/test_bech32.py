"""Bytes as letters: the vectors of BIP-173 and NIP-19, and every slip is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.bech32 import decode, encode

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "?1ezyfcl",
    ],
)
def test_the_valid_vectors_of_bip_173_are_read(text):
    try:
        decode(text)
    except ValueError as error:
        assert str(error) == "it has bits too many"  # noqa: PT017 - no bytes, but the sum is right


@pytest.mark.parametrize(
    "text",
    ["pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", "1qzzfhee",
     "", "1", "a1", "nsec", "A12uEL5L"],
)  # fmt: skip
def test_the_invalid_vectors_of_bip_173_are_refused(text):
    with pytest.raises(ValueError, match=r"it is not|checksum|substring"):
        decode(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        (
            "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg",
            "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e",
        ),
        (
            "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5",
            "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa",
        ),
    ],
)
def test_the_vectors_of_nip_19(text, digits):
    assert decode(text) == (text[:4], bytes.fromhex(digits))
    assert encode(text[:4], bytes.fromhex(digits)) == text


@given(st.sampled_from(["npub", "nevent", "a1b"]), st.binary(max_size=200))
def test_what_is_written_is_read_again(kind, content):
    assert decode(encode(kind, content)) == (kind, content)


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_letter_that_is_wrong_is_noticed(content, data):
    text = encode("nsec", content)
    place = data.draw(st.integers(5, len(text) - 1))
    letter = data.draw(st.sampled_from(LETTERS.replace(text[place], "")))
    with pytest.raises(ValueError, match="checksum"):
        decode(text[:place] + letter + text[place + 1 :])
