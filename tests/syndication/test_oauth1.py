"""Signatures, as RFC 5849 shows them."""

from __future__ import annotations

from datetime import UTC, datetime

from litfass_syndication.network import Secret
from litfass_syndication.oauth1 import Credentials, Moment, authorization, signature_base

WHOSE = Credentials(*map(Secret, ("dpf43f3p2l4k3l03", "kd94hf93k423kf44", "nnch734d00sl2jdk",
                                  "pfkkdhi9sl3r4s00")))  # fmt: skip


def test_the_example_of_the_standard_is_signed_as_there():
    """Section 1.2; the standard leaves the version out, and so does its signature."""
    parameters = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
        "file": "vacation.jpg",
        "size": "original",
    }
    base = signature_base("get", "HTTP://photos.example.net/photos", parameters)
    assert base == (
        "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key"
        "%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal"
    )
    assert WHOSE.signature(base) == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


def test_letters_of_any_script_are_sorted_by_how_they_are_quoted():
    base = signature_base("GET", "https://a.example/ü", {"ü": "~", "b": "1 +"})
    assert base.endswith("&%25C3%25BC%3D~%26b%3D1%2520%252B")


def test_the_header_has_all_but_the_secrets():
    moment = Moment(datetime(2026, 5, 4, 12, tzinfo=UTC), "once")
    header = authorization(WHOSE, "POST", "https://a.example/b", {}, moment)
    assert header.startswith('OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_nonce="once", ')
    assert 'oauth_timestamp="1777896000"' in header
    assert "kd94hf93k423kf44" not in header
    assert "pfkkdhi9sl3r4s00" not in header


def test_another_moment_is_another_signature():
    at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    first, second = (
        authorization(WHOSE, "GET", "https://a.example/", {}, Moment(at, nonce))
        for nonce in ("1", "2")
    )
    assert first.partition("signature=")[2] != second.partition("signature=")[2]
