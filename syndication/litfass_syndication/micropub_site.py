"""A site's Micropub: where it is, what it is asked, and what its answers mean.

https://www.w3.org/TR/micropub/; lists of posts are as https://indieweb.org/Micropub-extensions has
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import urlencode, urljoin

from litfass_syndication.announcement import Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.discovery import service
from litfass_syndication.errors import AccountError, Unauthorised
from litfass_syndication.network import Http, Secret

_NO_ENTRANCE = (401, 403, 404, 410)
MISSING = (404, 410)
BAD_REQUEST = 400
_CREATED = frozenset({201, 202})
_NO_LISTS = (400, 404, 405, 501)

_PAGE = 50
_PAGES = 40

_SCOPES = "Make a new token that may create, update, delete and upload (media)."
_WHERE = 'Is it the address of the site? If it is, write endpoint = "https://…" as its maker says.'


class Site:
    """One site that is written to; its own page says where, unless we are told."""

    def __init__(
        self, http: Http, server: str, token: Secret, endpoint: str, destination: str
    ) -> None:
        self._http = http
        self._server = server
        self._token = token
        self._given = endpoint
        self._destination = destination

    @cached_property
    def endpoint(self) -> str:
        """Where the site is written to: as it says in a link to it, section 5.3."""
        found = self._given or service(self._http.get("/", expect=_NO_ENTRANCE), "micropub")
        if not found:
            raise AccountError(f"{self._server} does not say where its Micropub is.", _WHERE)
        return found

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token.reveal()}"}

    @cached_property
    def uploads(self) -> str:
        """Where pictures are uploaded to, or nothing."""
        answer = self.get({"q": "config"}, expect=_NO_LISTS)
        place = "" if answer.error else pick(_json(answer), str, "media-endpoint") or ""
        return urljoin(answer.url, place) if place else ""

    def get(self, query: Mapping[str, str], expect: tuple[int, ...] = ()) -> Answer:
        """Ask the endpoint; refusals of the token come back, too."""
        own = {"mp-destination": self._destination} if self._destination else {}
        joint = "&" if "?" in self.endpoint else "?"
        address = f"{self.endpoint}{joint}{urlencode({**query, **own})}"
        return self._http.get(address, headers=self._headers, expect=(401, 403, *expect))

    def post(
        self, body: dict[str, object], expect: tuple[int, ...] = (), *, repeatable: bool = False
    ) -> Answer:
        """Have the endpoint do something; refusals come back, too."""
        if self._destination:
            body = {**body, "mp-destination": self._destination}
        return self._http.send(
            "POST",
            self.endpoint,
            json=body,
            headers=self._headers,
            expect=(BAD_REQUEST, 401, 403, *expect),
            repeatable=repeatable,
        )

    def upload(self, name: str, content: bytes, media_type: str) -> str:
        """Upload a picture; return its address."""
        files = {"file": (name, content, media_type)}
        form = {"mp-destination": self._destination} if self._destination else None
        answer = self._http.send(
            "POST", self.uploads, form=form, files=files, headers=self._headers
        )
        return created(answer).url

    def posts(self) -> Iterator[object]:
        """Yield the site's posts, and `END` when there are no more; nothing if it has no list.

        A site that knows no pages gives the first one again: that is no end.
        """
        seen: set[str] = set()
        for page in range(_PAGES):
            query = {"q": "source", "limit": str(_PAGE), "offset": str(page * _PAGE)}
            answer = self.get(query, expect=_NO_LISTS)
            known = answer.status not in _NO_LISTS
            posts = pick(_json(understood(answer)), list, "items") if known else None
            fresh = [post for post in posts or () if _address(post) not in seen]
            yield from fresh
            if posts == []:
                yield END
            if not fresh:
                return
            seen.update(map(_address, fresh))


END: object = object()


def understood(answer: Answer) -> Answer:
    """Return an answer, or raise what its refusal means."""
    if answer.error is None:
        return answer
    if isinstance(answer.error, Unauthorised):
        raise Unauthorised(answer.error.message, _SCOPES)
    raise answer.error


def created(answer: Answer) -> Receipt:
    """Return where something was made; raises what `unusable` makes when that is not said."""
    place = answer.headers.get("location", "")
    if answer.status not in _CREATED or not place:
        raise answer.unusable("It does not say where the post is.")
    return placed(answer, place)


def placed(answer: Answer, place: str) -> Receipt:
    """Return the whole address that an answer names; raises as `created` does."""
    address = urljoin(answer.url, place)
    if not address.startswith(("https://", "http://")):
        raise answer.unusable("It says that the post is at what is no web address.")
    return Receipt(address, address)


def _address(post: object) -> str:
    return pick(post, str, "properties", "url", 0) or ""


def _json(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
