"""Micropub's adapter and a real site: django-indieweb."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from litfass_syndication.announcement import Article
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.micropub import Micropub, Options
from litfass_syndication.testing import KEY, NOW, Fault, Reply, Wire, picture, plain_message

pytestmark = pytest.mark.server


def real(request):
    """Hand a request to the real site, and its answer back."""
    answer = httpx.request(
        request.method, request.url, headers=dict(request.headers), content=request.content
    )
    headers = {name: answer.headers[name] for name in ("location",) if name in answer.headers}
    return Reply(answer.status_code, answer.content, headers)


@pytest.fixture
def site(micropub_site):
    """Return how to sign in at the real site, over a wire that may have a fault."""

    def connect(fault=None, token="token"):
        wire = Wire(real, lambda request: request.method == "POST", fault)
        connection = Connection(
            micropub_site, "firma", transport=wire.transport(), sleep=lambda _: None
        )
        return Micropub(Options(micropub_site, Secret(token)), connection)

    return connect


@pytest.fixture
def message(request):
    """Return a message that no other test has."""
    return plain_message(url=f"https://blog.example/{request.node.nodeid.rpartition(':')[2]}/")


@pytest.fixture
def there(micropub_site):
    """Return what the site keeps at an address."""
    return lambda url: httpx.get(f"{micropub_site}/entries.json").json().get(url)


def test_an_article_is_created_corrected_and_withdrawn(site, there, message):
    network = site()
    whole = replace(message, article=Article("e", lambda: "<p>Alles</p>"), tags=("Holz",))
    receipt = network.publish(whole, KEY)
    kept = there(receipt.url)
    assert (kept["name"], kept["category"]) == ([message.title], ["Holz"])
    assert kept["content"][0]["html"].startswith("<p>Alles</p>")
    assert network.edit(receipt, replace(whole, title="Berichtigt", tags=())) == receipt
    assert there(receipt.url)["name"] == ["Berichtigt"]
    assert "category" not in there(receipt.url)
    network.withdraw(receipt)
    assert there(receipt.url) is None
    network.withdraw(receipt)


def test_a_picture_is_uploaded_even_if_its_words_are_not_taken(site, there, message, tmp_path):
    receipt = site().publish(replace(message, image=picture(tmp_path)), KEY)
    (photo,) = there(receipt.url)["photo"]
    assert photo.startswith("http://127.0.0.1:")
    assert receipt.notes == ("The site took its picture without the words for it.",)


@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.RESET, Reply(502)], ids=repr)
def test_a_post_whose_answer_was_lost_is_found(site, there, message, fault):
    note = replace(message, spans=plain_message(url=message.url).spans)
    whole = replace(note, article=Article("e", lambda: "<p>Alles</p>"))
    with pytest.raises(OutcomeUnknown):
        site(fault).publish(whole, KEY)
    found = site().find(whole, KEY, NOW)
    assert there(found.receipt.url)["mp-slug"]
    site().withdraw(found.receipt)


def test_what_never_came_is_surely_not_there(site, message):
    found = site().find(message, KEY, NOW)
    assert (found.receipt, found.complete) == (None, True)


def test_own_posts_are_listed(site, message):
    whole = replace(message, article=Article("e", lambda: "<p>Alles</p>"))
    receipt = site().publish(whole, KEY)
    listed = {one.receipt: one.links for one in site().listing()}
    assert listed[receipt] == (message.url,)


def test_a_correction_of_what_is_gone_is_refused(site, message):
    network = site()
    receipt = network.publish(message, KEY)
    network.withdraw(receipt)
    with pytest.raises(Rejected, match="firma"):
        network.edit(receipt, message)


@pytest.mark.parametrize("token", ["wrong", "reader"])
def test_a_token_that_may_not_write_is_told(site, message, token):
    with pytest.raises(Unauthorised, match="firma") as caught:
        site(token=token).publish(message, KEY)
    assert "token" in caught.value.hint


def test_whoami_asks_whether_the_token_is_taken(site):
    assert site().whoami().handle.startswith("127.0.0.1:")
    with pytest.raises(Unauthorised):
        site(token="wrong").whoami()
