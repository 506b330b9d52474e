"""Webmention's adapter and a real receiver, django-wm: it finds the link where it is to look."""

from __future__ import annotations

import httpx
import pytest

from litfass_syndication.announcement import Article
from litfass_syndication.http import Connection
from litfass_syndication.networks.webmention import Options, Webmention
from litfass_syndication.testing import KEY, Reply, listening, plain_message

pytestmark = pytest.mark.server


class Blog:
    """A blog with pages, by path."""

    def __init__(self):
        self.pages = {}

    def __call__(self, request):
        if request.path not in self.pages:
            return Reply(404)
        return Reply(200, self.pages[request.path].encode(), {"content-type": "text/html"})


def test_the_site_finds_the_link_and_later_that_it_is_gone(mentioned_site):
    blog = Blog()
    with listening(blog) as address:
        network = Webmention(Options(f"{address}/"), Connection("https://nowhere.invalid"))
        source, target = f"{address}/p/", f"{mentioned_site}/pages/hello?a=1&b=2"

        def taken():
            found = httpx.get(f"{mentioned_site}/taken").json()["mentions"]
            return [one["validated"] for one in found if one["source_url"] == source]

        def message(html):
            blog.pages["/p/"] = f"<!doctype html><title>P</title><main>{html}</main>"
            return plain_message(url=source, article=Article(html, lambda: html))

        link = f'<p>See <a href="{target.replace("&", "&amp;")}">this</a>.</p>'
        receipt = network.publish(message(link), KEY)
        assert receipt.notes == ("1 of 1 linked pages told.",)
        assert taken() == [True]
        receipt = network.edit(receipt, message("<p>Nothing to see.</p>"))
        assert receipt.notes == ("It links to no other page.",)
        assert taken() == [True, False]
