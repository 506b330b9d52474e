"""Places where a person posts: what they are called, where they are, how much they take."""

from __future__ import annotations

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Span
from litfass_syndication.compose import compose
from litfass_syndication.measure import fits
from litfass_syndication.network import UnsupportedError
from litfass_syndication.networks.manual import Manual, Options
from litfass_syndication.testing import KEY, NOW, Script, Wire, plain_message


def place(title="XING", **options):
    wire = Wire(Script())
    return Manual(Options(title, **options), wire.connection("https://nowhere.invalid")), wire


def test_each_place_has_a_name_of_its_own():
    xing, _ = place()
    forum, _ = place("Forum")
    assert (xing.title, forum.title, Manual.title) == ("XING", "Forum", "By hand")
    assert Account("a", xing).title == "XING"


def test_nothing_is_ever_sent():
    network, wire = place()
    with pytest.raises(UnsupportedError, match="XING"):
        network.publish(plain_message(), KEY)
    network.limits()
    network.whoami()
    assert not wire.requests


FAMILY = "👩‍👩‍👧"


@pytest.mark.parametrize(
    ("measure", "letter", "counts"),
    [
        ("graphemes", FAMILY, 1),
        ("graphemes", "é", 1),
        ("code points", FAMILY, 5),
        ("code points", "ü", 1),
        ("UTF-16 units", "😀", 2),
        ("bytes", "ü", 2),
        ("bytes", "ش", 2),
        ("bytes", FAMILY, 18),
    ],
)
def test_a_text_is_counted_as_its_place_counts(measure, letter, counts):
    network, _ = place(limit=420 * counts, measure=measure)
    assert fits((Span(letter * 419),), network.capabilities)
    assert fits((Span(letter * 420),), network.capabilities)
    assert not fits((Span(f"{letter * 420}a"),), network.capabilities)


def test_without_a_limit_a_text_stays_whole():
    network, _ = place()
    post = Announcement("p", "https://blog.example/p/", "A", NOW, "r", summary="Wort " * 9999)
    assert compose(post, Account("a", network), network.limits()).text.count("Wort") == 9999


@pytest.mark.parametrize(
    ("address", "filled"),
    [
        ("https://forum.example/new", "https://forum.example/new"),
        (
            "https://xing.example/new?url={url}",
            "https://xing.example/new?url=https%3A%2F%2Fblog.example%2F%C3%BC%3Fa%3Db%26c%23d",
        ),
        ("https://n.example/?u={url}&t={title}", "&t=Stra%C3%9Fe%20%26%20%7Burl%7D"),
        ("https://n.example/?q={text}", "%0A%0A"),
        ("", ""),
    ],
)
def test_an_address_is_filled_in_so_that_nothing_of_it_is_misread(address, filled):
    network, _ = place(address=address)
    message = plain_message(url="https://blog.example/ü?a=b&c#d", title="Straße & {url}")
    shown = network.place(message)
    assert filled in shown
    assert bool(shown) == bool(filled)
    assert network.whoami().url == address
