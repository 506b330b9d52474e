"""What Meta's networks share: lists in pages, and what is looked for in them."""

from __future__ import annotations

import pytest

from litfass_syndication.errors import Unreachable
from litfass_syndication.graph import Graph, moment
from litfass_syndication.network import Secret
from litfass_syndication.testing import NOW, Reply, Script, Wire


def graph(*answers, app_secret=None):
    wire = Wire(Script(*map(Reply.of, answers)))
    connection = wire.connection("https://graph.example")
    return Graph(connection, "/v1.0/", Secret("token-of-the-test"), app_secret), wire


def page(*items, after="", more=False):
    paging = {
        "cursors": {"after": after},
        **({"next": "https://graph.example/?x=1"} if more else {}),
    }
    return {"data": list(items), "paging": paging}


def test_a_list_is_read_page_after_page_to_its_end():
    asker, wire = graph(page("a", "b", after="1", more=True), page("c", after="2"))
    assert list(asker.listed("me/posts", 9, limit="2")) == ["a", "b", "c", None]
    assert [request.query.get("after") for request in wire.requests] == [None, "1"]
    assert {request.path for request in wire.requests} == {"/v1.0/me/posts"}
    assert {request.query["limit"] for request in wire.requests} == {"2"}


@pytest.mark.parametrize("after", ["", "1"])
def test_a_list_that_goes_round_or_leads_nowhere_has_no_end(after):
    asker, _ = graph(page("a", after=after, more=True))
    assert None not in list(asker.listed("me/posts", 9))


def test_a_list_without_data_is_none():
    asker, _ = graph({"posts": []})
    with pytest.raises(Unreachable):
        list(asker.listed("me/posts", 1))


def test_the_token_is_in_no_address():
    asker, wire = graph({"id": "1"}, app_secret=Secret("secret-of-the-app"))
    asker.ask("me")
    asker.delete("1", "")
    asker.tell("me/posts", {"text": "Hallo"})
    for request in wire.requests:
        assert request.headers["authorization"] == "Bearer token-of-the-test"
        assert "token-of-the-test" not in request.url
        assert b"token-of-the-test" not in request.content
        assert b"secret-of-the-app" not in request.content + request.url.encode()
    proofs = {request.query.get("appsecret_proof") for request in wire.requests[:2]}
    assert proofs == {wire.requests[2].json()["appsecret_proof"]}


@pytest.mark.parametrize("text", ["", "yesterday", "2026-05-04", "2026-05-04T12:00:00"])
def test_what_is_no_time_is_none(text):
    assert moment({"at": text}, "at") is None
    assert moment({}, "at") is None


def test_a_time_is_read_as_meta_writes_it():
    assert moment({"at": "2026-05-04T12:00:00+0000"}, "at") == NOW
