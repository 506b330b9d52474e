"""Strangers' addresses lead to nobody near us: not as they are, by another name, or by a detour."""

from __future__ import annotations

import pytest

from litfass_syndication.address import is_outside, may_be_outside
from litfass_syndication.errors import Rejected, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.testing import Reply, Script, Wire, listening

HOME = "https://blog.example"


@pytest.mark.parametrize(
    ("peer", "outside"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.178.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.251", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("", False),
        ("/run/socket", False),
    ],
)
def test_only_the_internet_is_outside(peer, outside):
    assert is_outside(peer) is outside


@pytest.mark.parametrize(
    ("address", "maybe"),
    [
        ("https://friend.example/post", True),
        ("http://friend.example:8080/?q=1", True),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", True),
        ("https://localhost/", False),
        ("https://printer.localhost/", False),
        ("https://[::1]/", False),
        ("https://192.168.178.1/", False),
        ("https://me:secret@friend.example/", False),
        ("ftp://friend.example/", False),
        ("mailto:friend@example.com", False),
        ("https:///nobody", False),
        ("https://[broken", False),
        ("https://friend.example:port/", False),
        ("/relative", False),
    ],
)
def test_what_leads_near_us_for_certain_is_none(address, maybe):
    assert may_be_outside(address) is maybe


@pytest.mark.server
@pytest.mark.parametrize("name", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whoever_is_near_hears_nothing_whatever_it_is_called(name, method):
    heard = []
    with listening(lambda request: heard.append(request) or Reply(200)) as address:
        http = Connection(HOME, "firma").outside()
        near = address.replace("127.0.0.1", name)
        with pytest.raises(Rejected, match=r"firma.*private network") as caught:
            http.get(near) if method == "GET" else http.send("POST", near, form={"a": "b"})
    assert caught.value.hint
    assert not heard


@pytest.mark.parametrize("there", ["http://127.0.0.1/", "https://[fd00::1]/", "http://localhost/"])
def test_no_detour_leads_near_us(there):
    wire = Wire(Script(Reply(302, headers={"Location": there})))
    with pytest.raises(Rejected, match="private network"):
        wire.connection(HOME).outside().get("https://friend.example/")
    assert [request.url for request in wire.requests] == ["https://friend.example/"]


def test_strangers_need_not_be_encrypted():
    there = Reply(302, headers={"Location": "http://friend.example/b"})
    wire = Wire(Script(there, Reply(200, b"hello")))
    answer = wire.connection(HOME).outside().get("http://friend.example/a")
    assert (answer.body, answer.url) == (b"hello", "http://friend.example/b")


def test_strangers_are_not_asked_twice():
    wire = Wire(Script(Reply(503)))
    with pytest.raises(Unreachable):
        wire.connection(HOME).outside().get("https://friend.example/")
    assert len(wire.requests) == 1


def test_one_that_speaks_to_strangers_leaves_the_other_as_it_is():
    with listening(lambda _: Reply(200, b"home")) as address:
        http = Connection(address)
        with pytest.raises(Rejected):
            http.outside().get("/")
        assert http.get("/").body == b"home"
