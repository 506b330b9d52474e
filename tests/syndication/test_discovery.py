"""A page says where its services are, in a header or in its HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.answer import Answer
from litfass_syndication.discovery import service

HOME = "https://me.example/home/"


def found(header="", html="", rel="micropub"):
    headers = {"link": header} if header else {}
    return service(Answer(200, headers, html.encode(), HOME), rel)


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('<https://api.example/mp>; rel="micropub"', "https://api.example/mp"),
        ("<https://api.example/mp>; rel=micropub", "https://api.example/mp"),
        ('</mp?a=1,2>; title="a, b"; rel="me MicroPub"', "https://me.example/mp?a=1,2"),
        ('<x>; rel="authorization_endpoint", <mp>; rel="micropub"', "https://me.example/home/mp"),
        ('<>; rel="micropub"', HOME),
        ('<x>; rel="micropub_media"', ""),
        ('<x>; title="rel=micropub"', ""),
        ("<http://[broken>; rel=micropub", ""),
    ],
)
def test_a_header_s_links_are_read_by_their_kind(header, address):
    assert found(header) == address


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<link rel="micropub" href="/mp">', "https://me.example/mp"),
        ("<body><a HREF='https://a.example/?x&amp;y' rel='Micropub'>", "https://a.example/?x&y"),
        ('<link href="/1" rel="micropub"><link href="/2" rel="micropub">', "https://me.example/1"),
        ('<!-- <link rel="micropub" href="/mp"> -->', ""),
        ('<link rel="micropub">', ""),
        ('<link rel="micropub" href="/mp"><![x[', "https://me.example/mp"),
    ],
)
def test_so_are_those_of_a_page(html, address):
    assert found(html=html) == address


def test_the_header_goes_first():
    assert found("<a>; rel=micropub", '<link rel="micropub" href="b">').endswith("/a")


@given(st.text(), st.binary())
def test_nothing_that_a_server_says_is_too_much(header, body):
    address = service(Answer(200, {"link": header}, body, HOME), "micropub")
    assert isinstance(address, str)
