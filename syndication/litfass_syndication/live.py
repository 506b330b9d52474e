"""Is the page live? Its address answers 200 and carries the revision that we built.

Otherwise a network would scrape its link card from a page that is not there, or from the old one,
or make one without its picture.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

from litfass_syndication.address import same_origin
from litfass_syndication.announcement import Announcement
from litfass_syndication.errors import SyndicationError
from litfass_syndication.network import Http
from litfass_syndication.waiting import backoff

REVISION = "litfass:revision"

# Caches between us and the server shall ask it, not answer for it.
_FRESH = {"Accept": "text/html", "Cache-Control": "no-cache", "Pragma": "no-cache"}
_OK = 200
_NO_HEAD = (405, 501)  # a server that answers no HEAD has a file there, or it has not: who knows
_PICTURE = "og:image"
_STEADY = 0.5  # no scattering: one reader, one page


def reason_not_live(http: Http, url: str, revision: str) -> str | None:
    """Return why the page is not live in this revision, in words for its author; None if it is.

    A redirect is followed: where it leads, the revision must be as well. Without a revision, a page
    that answers is enough. Its preview picture must answer, too, where it lies on the same server.

    The page is first asked for past all caches: one that was asked too early would remember for
    minutes that there is no such page, and tell it to the networks.
    """
    if revision and (reason := _seen(http, _past_caches(url, revision), url, revision)[0]):
        return reason
    reason, picture = _seen(http, url, url, revision)
    return reason or _picture_missing(http, picture)


def _past_caches(url: str, revision: str) -> str:
    """Return an address that no cache has an answer for; a server of files takes no notice."""
    return f"{url}{'&' if '?' in url else '?'}litfass={revision}"


def _seen(http: Http, asked: str, url: str, revision: str) -> tuple[str | None, str]:
    """Look at a page once; return what is wrong, and the address of its preview picture."""
    try:
        answer = http.get(asked, headers=_FRESH)
    except SyndicationError as error:
        return f"{url} is not live: {error.message}", ""
    if answer.status != _OK:
        return f"{url} is not live: it answers {answer.status}.", ""
    head = _head(answer.body.decode("utf-8", "replace"))
    picture = urljoin(answer.url or url, head.picture) if head.picture else ""
    ours = same_origin(picture, answer.url or url) or same_origin(picture, url)
    if not revision or head.revision == revision:
        return None, picture if ours else ""
    if head.revision is None:
        return f"{url} answers, but does not show a page that Litfass built.", ""
    return f"{url} still shows another version of the page.", ""


def _picture_missing(http: Http, picture: str) -> str | None:
    """Return why the preview picture is not live; a network would make a card without it."""
    if not picture:
        return None
    try:
        http.get(picture, headers=_FRESH | {"Accept": "image/*"}, expect=_NO_HEAD, body=False)
    except SyndicationError as error:
        return f"Its preview picture {picture} is not live: {error.message}"
    return None


def shown_revision(html: str) -> str | None:
    """Return the revision that a page carries in its head, or None."""
    return _head(html).revision


def _head(html: str) -> _Head:
    page = _Head()
    page.feed(html)
    page.close()
    return page


class _Head(HTMLParser):
    """Reads the revision and the preview picture from a page's head."""

    def __init__(self) -> None:
        super().__init__()
        self.revision: str | None = None
        self.picture = ""
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_body = self._in_body or tag == "body"
        values = dict(attrs)
        if tag != "meta" or self._in_body:
            return
        if values.get("name") == REVISION:
            self.revision = values.get("content")
        elif values.get("property") == _PICTURE:
            self.picture = self.picture or values.get("content") or ""


class Watch:
    """Waits until pages are live, at most `seconds` for all of them together; 0 does not look.

    `look` is asked for an address and a revision, and returns why the page is not live, or None.
    Once it is `stopped`, it waits no longer.
    A deployment brings all pages at once: when the first is there, the others seldom need a wait.
    """

    def __init__(
        self,
        look: Callable[[str, str], str | None],
        seconds: float,
        clock: Callable[[], datetime],
        sleep: Callable[[float], object],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._look = look
        self._allowed = timedelta(seconds=seconds)
        self._clock = clock
        self._sleep = sleep
        self._stopped = stopped
        self._end: datetime | None = None

    def __call__(self, announcement: Announcement) -> str | None:
        """Return why the announcement's page is not live, or None."""
        return self.until_live(announcement.url, announcement.revision)

    def until_live(self, url: str, revision: str) -> str | None:
        """Look again and again, ever less often, until the page is live or the time is over."""
        if not self._allowed:
            return None
        self._end = self._end or self._clock() + self._allowed
        looks = 1
        while reason := self._look(url, revision):
            left = (self._end - self._clock()).total_seconds()
            if left <= 0 or self._stopped():
                return reason
            self._sleep(min(left, backoff(looks, _STEADY)))
            looks += 1
        return None
