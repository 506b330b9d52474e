"""Publishing in two steps, as Instagram and Threads do: a container, then the word that shows it.

What becomes of a container is known to whoever has its identifier, so that a lost answer to the
second step can be made up for. Nobody sees one, and it is dropped after a day.
https://developers.facebook.com/docs/instagram-platform/content-publishing
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from litfass_syndication.announcement import Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.attempt import EPOCH
from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    Rejected,
    SyndicationError,
    Unreachable,
)
from litfass_syndication.finding import Own, found
from litfass_syndication.graph import Graph, at_home, moment
from litfass_syndication.graph_codes import meaning
from litfass_syndication.links import links_in_text
from litfass_syndication.network import Http, Posted, nothing_announced

_WHICH_ACCOUNT = "Is the account's number in the settings right, and is the token of this account?"

_READY = "FINISHED"
_OUT = "PUBLISHED"
_WAITING = "IN_PROGRESS"
_FAILED = "ERROR"

_LATER = "Nothing was announced yet. Try again later."

# Five minutes in all, and in the end once a minute, as Meta asks; most are ready at once.
_PAUSES = (2, 4, 8, 16, 30, 60, 60, 60, 60)

# Meta has been seen to answer these when the post was out.
_DOUBTFUL = frozenset({4, 2207051})
_NO_ADDRESS = "Its address there was not told; look at the account."
_PAGE = "50"
_CODE = re.compile(r"\b\d{7}\b", re.ASCII)


class Containers:
    """Makes containers as one account, and publishes them.

    `state` and `words` are the fields in which a container tells how it is, and why.
    """

    def __init__(self, graph: Graph, http: Http, *, state: str, words: str) -> None:
        self._graph = graph
        self._http = http
        self._state = state
        self._words = words

    def prepared(self, path: str, body: Mapping[str, object], account: str) -> str:
        """Return a container that can be published, after at most five minutes.

        Whatever goes wrong on the way, nothing was announced.
        """
        with nothing_announced(), at_home(_WHICH_ACCOUNT):
            container = self._graph.tell(path, body, repeatable=True).require(str, "id")
        pauses = iter(_PAUSES)
        while not self._is_ready(container, account):
            pause = next(pauses, None)
            if pause is None:
                why = f"{account}: Meta has not made the post ready in time."
                raise Unreachable(why, _LATER)
            self._http.pause(pause)
        return container

    def published(
        self, path: str, container: str, url: str, newest: Iterable[Own | None]
    ) -> Receipt:
        """Let everybody see what is in a container, once, and say where it is.

        If the answer is lost and the container is published, it is the one of the `newest` posts
        that leads to `url`. Raises OutcomeUnknown as long as nobody knows: the request may still
        be at work.
        """
        body = {"creation_id": container}
        try:
            post = self._graph.tell(path, body, doubtful=_DOUBTFUL).require(str, "id")
        except OutcomeUnknown:
            there = _standing(url, newest) if self._is_out(container) else None
            if there is None:
                raise
            return there
        return self._receipt(post)

    def listed(self, path: str, pages: int, *texts: str) -> Iterator[Own | None]:
        """Yield the account's own posts, newest first, and None when there are no more.

        `texts` are the fields in which a post may have links.
        """
        shown = ",".join(("id", "permalink", "timestamp", *texts))
        for post in self._graph.listed(path, pages, fields=shown, limit=_PAGE):
            yield None if post is None else _own(post, texts)

    def _receipt(self, post: str) -> Receipt:
        """Ask where a post is. It is there, whatever becomes of the question."""
        try:
            answer = self._graph.ask(post, fields="permalink")
            return Receipt(post, answer.require_address("permalink"))
        except SyndicationError:
            return Receipt(post, "", (_NO_ADDRESS,))

    def _is_ready(self, container: str, account: str) -> bool:
        """Tell whether a container is ready; raises what it means when it never will be."""
        answer = self._asked(container)
        state = answer.require(str, self._state)
        if state not in {_READY, _WAITING}:
            words = pick(answer.json(), str, self._words) or state
            raise _unprepared(state, self._http.shown(words), account)
        return state == _READY

    def _is_out(self, container: str) -> bool:
        """Tell whether a container surely is published."""
        try:
            return self._asked(container).require(str, self._state) == _OUT
        except NetworkError:
            return False

    def _asked(self, container: str) -> Answer:
        return self._graph.ask(container, fields=f"{self._state},{self._words}")


def _standing(url: str, newest: Iterable[Own | None]) -> Receipt | None:
    try:
        return found(newest, url, EPOCH).receipt
    except SyndicationError:
        return None


def _own(post: object, texts: Iterable[str]) -> Own:
    address = pick(post, str, "permalink") or ""
    public = address if address.startswith(("https://", "http://")) else ""
    said = " ".join(pick(post, str, name) or "" for name in texts)
    receipt = Receipt(pick(post, str, "id") or "", public)
    return Own(Posted(receipt, links_in_text(said)), moment(post, "timestamp"))


def _unprepared(state: str, words: str, account: str) -> NetworkError:
    """Return what a container means that will not be ready."""
    if state == _OUT:
        return OutcomeUnknown(f"{account}: what was just made ready is published already.")
    code = _CODE.search(words)
    known = meaning(int(code[0])) if code else None
    if known:
        return known.error(f"{account}: Meta has not made the post ready: {words}", known.hint)
    if state == _FAILED:
        return Rejected(f"{account}: Meta cannot make the post ready: {words}")
    return Unreachable(f"{account}: Meta has not made the post ready: {words}", _LATER)
