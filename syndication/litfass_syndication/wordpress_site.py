"""A WordPress site's REST API: where it is, how we sign in, and what its refusals mean.

https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/, /authentication/
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urlencode

from litfass_syndication.address import same_origin
from litfass_syndication.answer import Answer, pick
from litfass_syndication.discovery import service
from litfass_syndication.errors import AccountError, NetworkError, Rejected, Unauthorised
from litfass_syndication.network import Http, Secret

_API = "https://api.w.org/"
_REFUSALS = (400, 401, 403, 404)
_UNKNOWN = 401
_FORBIDDEN = 403
_NO_TRASH = 501
_UNREMOVED = (404, 410, _NO_TRASH)
_GONE = frozenset({"rest_post_invalid_id", "rest_already_trashed"})

_NEW_ONE = (
    "Are the user's name and the application password right? A new one is made under Users, "
    "Profile, Application Passwords; the password for signing in is no use here."
)
ROLE = "The user needs the role Author or more; a Contributor can write drafts (status)."
_STRIPPED = (
    f"{_NEW_ONE} If they are, the host may keep the header Authorization from WordPress: "
    "ask its support."
)
_NO_API = "Is the address right, and that of WordPress? A plugin may have shut the REST API."
# What WordPress calls its refusals, where the account has to be seen to.
_STOPS = {
    "rest_cannot_create": ROLE,
    "rest_cannot_publish": ROLE,
    "rest_cannot_edit": ROLE,
    "rest_cannot_delete": ROLE,
    "rest_no_route": _NO_API,
}


class Site:
    """One user's way to one site, with an application password."""

    def __init__(self, http: Http, server: str, user: str, password: Secret) -> None:
        self._http = http
        self._server = server
        self._user = user
        self._password = password

    @cached_property
    def root(self) -> str:
        """Where the site's API is: as the site says, or where it mostly is."""
        server = self._server.rstrip("/")
        root = service(self._http.get("/", expect=_REFUSALS), _API) or f"{server}/wp-json/"
        if not same_origin(root, server):
            site = root.partition("?")[0].rstrip("/").removesuffix("/wp-json")
            hint = f'If that is right, write: server = "{site}".'
            raise AccountError(f"{server} says that its API is at {root}.", hint)
        return root.rstrip("/")

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        pair = f"{self._user}:{self._password.reveal()}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    def _address(self, route: str, params: Mapping[str, str]) -> str:
        """Return an address within the API, whose root has a query where links are plain."""
        if not params:
            return f"{self.root}{route}"
        return f"{self.root}{route}{'&' if '?' in self.root else '?'}{urlencode(params)}"

    def get(self, route: str, **params: str) -> Answer:
        """Ask for what is at a route of the API."""
        address = self._address(route, params)
        return _understood(self._http.get(address, headers=self._headers, expect=_REFUSALS))

    def send(
        self,
        method: str,
        route: str,
        params: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
        **rest: Any,
    ) -> Answer:
        """Change something at a route of the API."""
        address = self._address(route, params or {})
        answer = self._http.send(
            method, address, headers=self._headers, expect=(*_REFUSALS, *expect), **rest
        )
        return answer if answer.status in expect else _understood(answer)

    def remove(self, route: str) -> None:
        """Put what is there into the trash, or delete it where there is none, or find it gone."""
        forced: dict[str, str] = {}
        for _ in range(2):
            answer = self.send("DELETE", route, forced, expect=_UNREMOVED, repeatable=True)
            if answer.status != _NO_TRASH:
                break
            forced = {"force": "true"}
        if answer.error and _code(answer) not in _GONE:
            raise _sorted(answer, answer.error)

    def term(self, kind: str, name: str) -> int:
        """Return the number of a tag or category by its name; it is made where there is none."""
        route = f"/wp/v2/{kind}"
        for term in self.get(route, search=name, per_page="100").require(list):
            known, number = pick(term, str, "name") or "", pick(term, int, "id")
            if number and unescape(known).casefold() == name.casefold():
                return number
        answer = self._allowed(route, json={"name": name}, expect=(400,), repeatable=True)
        if answer.error is None:
            return answer.require(int, "id")
        number = pick(_json(answer), int, "data", "term_id")  # made by another in this moment
        if number is None:
            raise answer.error
        return number

    def upload(self, name: str, content: bytes, media_type: str, alt: str) -> int:
        """Upload a picture with its alternative text; return its number."""
        files = {"file": (name, content, media_type)}
        answer = self._allowed("/wp/v2/media", form={"alt_text": alt}, files=files)
        return answer.require(int, "id")

    def describe(self, number: int, alt: str) -> None:
        """Give a picture another alternative text."""
        self._allowed(f"/wp/v2/media/{number}", json={"alt_text": alt}, repeatable=True)

    def _allowed(self, route: str, expect: tuple[int, ...] = (), **rest: Any) -> Answer:
        """Make what a post can do without; raises Rejected where the user only lacks a right."""
        answer = self.send("POST", route, expect=(*expect, _FORBIDDEN), **rest)
        if answer.error and answer.status == _FORBIDDEN:
            raise Rejected(answer.error.message, ROLE)
        return answer


def _understood(answer: Answer) -> Answer:
    """Return an answer, or raise what WordPress means by its refusal."""
    if answer.error is None:
        return answer
    raise _sorted(answer, answer.error)


def _sorted(answer: Answer, error: NetworkError) -> NetworkError:
    hint = _STOPS.get(_code(answer))
    if answer.status == _UNKNOWN:  # whoever is not known is said to lack a role
        hint = _STRIPPED
    if hint or isinstance(error, Unauthorised):
        return Unauthorised(error.message, hint or _NEW_ONE)
    return error


def _code(answer: Answer) -> str:
    return pick(_json(answer), str, "code") or ""


def _json(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None
