"""IndexNow, against a search engine that looks for the key."""

from __future__ import annotations

import json

import pytest

from litfass_syndication.errors import RateLimited, Unauthorised, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.networks.indexnow import IndexNow, Options, written
from litfass_syndication.testing import KEY, Reply, Wire, listening, plain_message
from litfass_syndication.testing.quiet import QuietContract

SERVER = "https://engine.example/indexnow"
HOME = "https://blog.example/"
PAGE = plain_message().url


class Engine:
    """A search engine, and the blog that it looks at: files by address."""

    def __init__(self, options):
        self.files = {f"{options.home}{path}": text for path, text in _files(options).items()}
        self.gone = set()
        self.submissions = []

    def __call__(self, request):
        if request.method == "GET":
            return self._page(request.url)
        told = request.json()
        if self.files.get(told["keyLocation"], "").strip() != told["key"]:
            return Reply(403)
        if any(f"//{told['host']}/" not in url for url in told["urlList"]):
            return Reply(422)
        assert request.headers["content-type"] == "application/json; charset=utf-8"
        self.submissions.append(told["urlList"])
        return Reply(202)

    def _page(self, url):
        if url in self.files:
            return Reply(200, self.files[url].encode())
        return Reply(404) if url in self.gone else Reply(200, b"<title>A page")


def _files(options):
    return IndexNow.signs(options).files


OPTIONS = Options(SERVER, home=HOME)


def indexnow(engine, options=OPTIONS, fault=None):
    wire = Wire(engine, lambda request: request.method == "POST", fault)
    return IndexNow(options, wire.connection(SERVER))


class TestIndexNow(QuietContract):
    network = IndexNow
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        return Engine(OPTIONS)

    def publishes(self, request):
        return request.method == "POST"


def test_the_key_is_the_blogs_own_and_always_the_same():
    ((path, key),) = _files(OPTIONS).items()
    assert path == f"{key}.txt"
    assert len(key) == 32
    assert int(key, 16)
    assert _files(OPTIONS) == _files(Options(home=HOME))
    assert _files(OPTIONS) != _files(Options(home="https://other.example/"))
    assert _files(Options(key="my-own-key", home=HOME)) == {"my-own-key.txt": "my-own-key"}


def test_the_front_page_goes_with_the_first_page_of_a_run():
    engine = Engine(OPTIONS)
    network = indexnow(engine)
    assert network.publish(plain_message(), KEY).identifier == PAGE
    network.publish(plain_message(url=f"{HOME}other/"), KEY)
    assert engine.submissions == [[PAGE, HOME], [f"{HOME}other/"]]


def test_a_page_that_moved_is_told_with_its_former_address():
    engine = Engine(OPTIONS)
    receipt = indexnow(engine).publish(plain_message(), KEY)
    moved = indexnow(engine).edit(receipt, plain_message(url=f"{HOME}moved/"))
    assert moved.identifier == f"{HOME}moved/"
    assert engine.submissions[1] == [f"{HOME}moved/", PAGE, HOME]
    indexnow(engine).edit(moved, plain_message(url=f"{HOME}moved/"))
    assert engine.submissions[2] == [f"{HOME}moved/", HOME]


def test_a_page_is_told_to_be_gone_once_it_is():
    engine = Engine(OPTIONS)
    receipt = indexnow(engine).publish(plain_message(), KEY)
    with pytest.raises(Unreachable, match="still there") as caught:
        indexnow(engine).withdraw(receipt)
    assert caught.value.hint
    engine.gone.add(PAGE)
    indexnow(engine).withdraw(receipt)
    assert engine.submissions[1:] == [[PAGE, HOME]]


@pytest.mark.parametrize("found", [None, "<title>Not found</title>", "another-key"])
def test_nobody_is_told_before_the_key_is_live(found):
    engine = Engine(OPTIONS)
    for place in engine.files:
        engine.files[place] = found
    if found is None:
        engine.gone |= engine.files.keys()
        engine.files.clear()
    with pytest.raises(Unreachable, match=r"\.txt is not live"):
        indexnow(engine).publish(plain_message(), KEY)
    assert not engine.submissions


@pytest.mark.parametrize("status", [400, 403, 422])
def test_what_is_wrong_with_the_key_says_where_it_is_looked_for(status):
    with pytest.raises(Unauthorised, match=rf"firma.*{status}") as caught:
        indexnow(Engine(OPTIONS), fault=Reply(status)).publish(plain_message(), KEY)
    assert f"{next(iter(_files(OPTIONS)))}" in caught.value.hint


def test_too_much_is_left_for_later():
    limited = Reply(429, headers={"Retry-After": "86400"})
    with pytest.raises(RateLimited) as caught:
        indexnow(Engine(OPTIONS), fault=limited).publish(plain_message(), KEY)
    assert caught.value.retry_after == 86400


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://blog.example/a/?b=1&c=%20", "https://blog.example/a/?b=1&c=%20"),
        ("https://blog.example/grüße/", "https://blog.example/gr%C3%BC%C3%9Fe/"),
        ("https://bücher.example:8080/x", "https://xn--bcher-kva.example:8080/x"),
    ],
)
def test_addresses_are_told_in_ascii(address, told):
    assert written(address) == told


@pytest.mark.server
@pytest.mark.parametrize("path", ["", "blog/"])
def test_it_works_over_a_real_wire_also_below_a_path(path):
    engine = Engine(OPTIONS)
    with listening(engine) as address:
        options = Options(f"{address}/indexnow", home=f"{address}/{path}")
        engine.files = {f"{options.home}{name}": text for name, text in _files(options).items()}
        network = IndexNow(options, Connection(options.server, "firma"))
        network.publish(plain_message(url=f"{options.home}p/"), KEY)
        assert engine.submissions == [[f"{options.home}p/", options.home]]
        assert json.dumps(engine.submissions).isascii()
