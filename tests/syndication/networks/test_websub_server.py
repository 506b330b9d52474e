"""WebSub's adapter and a real hub, Flask-WebSub: whoever subscribed gets the new feed."""

from __future__ import annotations

from queue import Queue

import httpx
import pytest

from litfass_syndication.errors import Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.networks.websub import Options, WebSub
from litfass_syndication.testing import KEY, Reply, listening, plain_message

pytestmark = pytest.mark.server

SECONDS = 20


class Blog:
    """A blog with one feed that names its hub in a header, and somebody who subscribes to it."""

    def __init__(self, hub):
        self.hub = hub
        self.feed = b"<feed/>"
        self.events = Queue()

    def __call__(self, request):
        if request.path == "/callback":
            return self._notified(request)
        place = request.url.partition("?")[0]
        return Reply(
            200,
            self.feed,
            {"Link": f'<{self.hub}>; rel="hub", <{place}>; rel="self"'},
        )

    def _notified(self, request):
        if request.method == "GET":
            self.events.put(request.query["hub.mode"])
            return Reply(200, request.query["hub.challenge"].encode())
        self.events.put(request.content)
        return Reply(200)


def test_whoever_subscribed_gets_the_feed_as_it_is_now(websub_hub):
    blog = Blog(websub_hub)
    with listening(blog) as address:
        feed = f"{address}/atom.xml"
        form = {"hub.mode": "subscribe", "hub.topic": feed, "hub.callback": f"{address}/callback"}
        assert httpx.post(websub_hub, data=form).status_code == 202
        assert blog.events.get(timeout=SECONDS) == "subscribe"
        blog.feed = b"<feed>A new post</feed>"
        options = Options(websub_hub, (feed,))
        for _ in range(50):  # the hub may still be writing the subscription down
            WebSub(options, Connection(websub_hub, "firma")).publish(plain_message(), KEY)
            if not blog.events.empty():
                break
        assert blog.events.get(timeout=SECONDS) == blog.feed


def test_a_hub_that_is_asked_for_nothing_says_so(websub_hub):
    with listening(Blog(websub_hub)) as address:
        options = Options(f"{websub_hub}/elsewhere", (f"{address}/atom.xml",))
        with pytest.raises(Unauthorised, match="404"):
            WebSub(options, Connection(websub_hub, "firma")).publish(plain_message(), KEY)
