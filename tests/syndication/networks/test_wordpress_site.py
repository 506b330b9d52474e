"""WordPress's adapter and WordPress itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from litfass_syndication.announcement import Article, Receipt
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.wordpress import Options, WordPress
from litfass_syndication.testing import KEY, Fault, Reply, Wire, picture, plain_message

pytestmark = pytest.mark.server

PASSWORD = "abcd EFGH 1234 ijkl MNOP 5678"
HTML = (
    "<p>Alles [gallery] &lt;b&gt; 👨‍👩‍👧‍👦 مرحبا</p>\n\n<pre><code>a\n\n  b[0]\n</code></pre>\n"
    '<p>Mehr <a href="https://blog.example/x/">dort</a>.</p>'
)


def real(request):
    """Hand a request to the real site, and its answer back."""
    answer = httpx.request(
        request.method, request.url, headers=dict(request.headers), content=request.content,
        timeout=60,
    )  # fmt: skip
    headers = {name: answer.headers[name] for name in ("link",) if name in answer.headers}
    return Reply(answer.status_code, answer.content, headers)


@pytest.fixture
def site(wordpress_site):
    """Return how to sign in at the real site, over a wire that may have a fault."""

    def connect(fault=None, password=PASSWORD, **options):
        wire = Wire(real, lambda one: one.method == "POST" and one.path.endswith("/posts"), fault)
        connection = Connection(
            wordpress_site, "firma", transport=wire.transport(), sleep=lambda _: None
        )
        return WordPress(Options(wordpress_site, "autor", Secret(password), **options), connection)

    return connect


@pytest.fixture
def message(request):
    """Return an article that no other test has."""
    url = f"https://blog.example/{request.node.name.partition('[')[0]}-{id(request)}/"
    return plain_message(url=url, article=Article("e", lambda: HTML))


@pytest.fixture
def there(wordpress_site):
    """Return what the site shows of a post to everybody."""
    posts = f"{wordpress_site}/wp-json/wp/v2/posts"
    return lambda receipt: httpx.get(f"{posts}/{receipt.identifier}", timeout=60)


def test_a_post_is_published_corrected_and_put_into_the_trash(site, there, message, tmp_path):
    network, image = site(categories=("Uncategorized",)), picture(tmp_path)
    whole = replace(message, image=image, tags=("Leim & Lack",), title="Leim & <Holz>")
    receipt = network.publish(whole, KEY)
    assert not receipt.notes
    post = there(receipt).json()
    assert post["title"]["rendered"] == "Leim &amp; &lt;Holz&gt;"
    assert post["link"] == receipt.url
    assert (len(post["tags"]), post["categories"]) == (1, [1])
    shown = post["content"]["rendered"]
    assert "<p>Alles &#091;gallery] &lt;b&gt; 👨‍👩‍👧‍👦 مرحبا</p>" in shown
    assert "<pre><code>a\n\n  b&#091;0]\n</code></pre>" in shown
    assert shown.count("<p>") == 3
    changed = replace(whole, title="Berichtigt", tags=("leim & lack",))
    assert network.edit(receipt, changed) == receipt
    corrected = there(receipt).json()
    assert corrected["title"]["rendered"] == "Berichtigt"
    assert corrected["tags"] == post["tags"]
    assert corrected["featured_media"] == post["featured_media"] != 0
    network.withdraw(receipt)
    with pytest.raises(Rejected, match="trash"):
        network.edit(receipt, whole)
    network.withdraw(receipt)
    assert there(receipt).status_code in {401, 404}


def test_a_post_whose_answer_was_lost_is_found(site, there, message):
    now = datetime.now(UTC)
    assert site().find(message, KEY, now).complete
    with pytest.raises(OutcomeUnknown):
        site(Fault.READ_TIMEOUT).publish(message, KEY)
    found = site().find(message, KEY, now)
    assert there(found.receipt).json()["link"] == found.receipt.url
    assert (found.receipt, (message.url,)) in [(one.receipt, one.links) for one in site().listing()]


def test_an_author_does_without_a_category_that_is_not_there(site, message):
    receipt = site(categories=("Neues",), status="draft").publish(message, KEY)
    assert receipt.notes[0].startswith('It is not under "Neues".')
    assert site().find(message, KEY, datetime.now(UTC)).receipt == replace(receipt, notes=())


def test_what_is_not_there_is_not_corrected_and_needs_no_withdrawing(site, message):
    with pytest.raises(Rejected, match="Invalid post ID"):
        site().edit(Receipt("99999", ""), message)
    site().withdraw(Receipt("99999", ""))


def test_a_wrong_password_is_told_as_one(site, message):
    assert site().whoami().handle.startswith("autor on 127.0.0.1:")
    for call in (site(password="wrong").whoami, lambda: site(password="no").publish(message, KEY)):
        with pytest.raises(Unauthorised, match="firma") as caught:
            call()
        assert "Application Passwords" in caught.value.hint
