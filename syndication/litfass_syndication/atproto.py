"""A signed-in account of the AT Protocol: sessions, tokens, the account's own server, its errors.

What a method is called and what it takes: https://docs.bsky.app/docs/category/http-reference
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litfass_syndication.answer import Answer, pick
from litfass_syndication.complaint import complaint
from litfass_syndication.errors import (
    NetworkError,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.network import Http, Secret, nothing_announced

# An expired token is told with 400, a wrong password with 401.
_REFUSED = 400
_TELLING = (_REFUSED, 401, 403)
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_CREDENTIALS = frozenset(
    {
        "AccountDeactivated",
        "AccountSuspended",
        "AccountTakedown",
        "AuthFactorTokenRequired",
        "AuthMissing",
        "AuthenticationRequired",
        *_EXPIRED,
    }
)
_WORDS = 300  # characters that a person is shown, most of them the server's own

_CONNECT_AGAIN = (
    "Make an app password in Bluesky (Settings, Privacy and security, App passwords); the account's"
    " own password does not do where signing in asks for a code. Then connect the account again."
)
_HELD = "Sign in there with the app: it says why, and what can be done."

Request = Callable[[str, Mapping[str, str]], Answer]


class Refused(Rejected):
    """The server will not do it, for a reason that has a `name`; nothing was done."""

    def __init__(self, message: str, hint: str = "", *, name: str = "") -> None:
        super().__init__(message, hint)
        self.name = name


@dataclass(frozen=True, slots=True)
class Member:
    """Whose session it is: `did` for ever, `handle` for now. `home` is its own server's address."""

    did: str
    handle: str
    home: str
    access: Secret
    renewal: Secret


class Session:
    """Signs an account in when it is first needed, and again when the server has forgotten it."""

    def __init__(self, http: Http, server: str, handle: str, password: Secret) -> None:
        self._http = http
        self._server = server
        self._handle = handle
        self._password = password
        self._member: Member | None = None

    @property
    def member(self) -> Member:
        """Whose session it is; raises Unauthorised when the server does not let us in."""
        if self._member is None:
            self._member = self._sign_in()
        return self._member

    def ask(self, method: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask the account's server; raises Refused with the name of its reason."""
        return self._authorised(
            lambda home, headers: self._http.get(
                f"{home}/xrpc/{method}", params=params, headers=headers, expect=_TELLING
            )
        )

    def call(self, method: str, json: Mapping[str, object]) -> Answer:
        """Change something that may be changed twice; raises Refused with the reason's name."""
        return self._authorised(
            lambda home, headers: self._http.send(
                "POST",
                f"{home}/xrpc/{method}",
                json=json,
                headers=headers,
                expect=_TELLING,
                repeatable=True,
            )
        )

    def upload(self, content: bytes, media_type: str) -> Mapping[str, object]:
        """Return the server's word for some bytes, which a record may then mention.

        The same bytes have the same word. What no record mentions is dropped after a while.
        """
        with nothing_announced():
            answer = self._authorised(
                lambda home, headers: self._http.send(
                    "POST",
                    f"{home}/xrpc/com.atproto.repo.uploadBlob",
                    content=content,
                    headers={**headers, "Content-Type": media_type},
                    expect=_TELLING,
                    repeatable=True,
                )
            )
            return answer.require(dict, "blob")

    def resolve(self, handle: str) -> str:
        """Return the DID behind a handle; empty when nobody has it, or it cannot be found out."""
        try:
            answer = self.ask("com.atproto.identity.resolveHandle", {"handle": handle})
            return answer.require(str, "did")
        except (Rejected, Unreachable):
            return ""

    def _authorised(self, request: Request) -> Answer:
        """Make a request with our token, and once more with a new one if that has expired."""
        answer = self._as(self.member, request)
        if answer.status >= _REFUSED and _reason(answer) in _EXPIRED:
            self._member = self._renewed(self.member)
            answer = self._as(self._member, request)
        if answer.status >= _REFUSED:
            raise _refusal(answer, "it refuses what we sent")
        return answer

    def _as(self, member: Member, request: Request) -> Answer:
        return request(member.home, _bearer(member.access))

    def _sign_in(self) -> Member:
        credentials = {"identifier": self._handle, "password": self._password.reveal()}
        with nothing_announced():
            answer = self._http.send(
                "POST",
                "/xrpc/com.atproto.server.createSession",
                json=credentials,
                expect=_TELLING,
                repeatable=True,
            )
            if answer.status >= _REFUSED:
                raise _refusal(answer, f"it does not let {self._handle} in")
            return self._entered(answer)

    def _renewed(self, member: Member) -> Member:
        """Exchange the renewal token, which spares the few sign-ins that a day allows."""
        with nothing_announced():
            answer = self._http.send(
                "POST",
                f"{member.home}/xrpc/com.atproto.server.refreshSession",
                headers=_bearer(member.renewal),
                expect=_TELLING,
            )
            return self._sign_in() if answer.status >= _REFUSED else self._entered(answer)

    def _entered(self, answer: Answer) -> Member:
        access, renewal = (
            Secret(answer.require(str, name)) for name in ("accessJwt", "refreshJwt")
        )
        self._http.conceal(access)
        self._http.conceal(renewal)
        session = answer.json()
        if pick(session, bool, "active") is False:
            status = pick(session, str, "status") or "not active"
            why = answer.unusable(f"the account {self._handle} is {status}.").message
            raise Unauthorised(why, _HELD)
        home = _home(session, self._server)
        return Member(
            answer.require(str, "did"), answer.require(str, "handle"), home, access, renewal
        )


def record_address(answer: Answer) -> str:
    """Return the address of the record that an answer tells of; what is none goes no further."""
    uri = answer.require(str, "uri")
    if not uri.startswith("at://"):
        raise answer.unusable('The answer\'s "uri" is not the address of a record.')
    return uri


def _bearer(token: Secret) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token.reveal()}"}


def _reason(answer: Answer) -> str:
    """Return the name of a refusal's reason; empty when it has none."""
    try:
        return pick(answer.json(), str, "error") or ""
    except ValueError:
        return ""


def _refusal(answer: Answer, what: str) -> NetworkError:
    """Return the error that a refusal means, in the server's own words."""
    reason = _reason(answer)
    said = complaint(answer.body) or f"status {answer.status}"
    # The connection names the account and hides secrets; cut before, half of one could stay.
    message = answer.unusable(f"{what}: {said}").message[:_WORDS]
    if answer.status == _REFUSED and reason not in _CREDENTIALS:
        return Refused(message, "Its own words say what it will not have.", name=reason)
    return Unauthorised(message, _HELD if reason.startswith("Account") else _CONNECT_AGAIN)


def _home(session: object, server: str) -> str:
    """Return the address of the account's own server; empty for the one where we signed in.

    bsky.social signs in accounts of many servers. On loopback is a proxy or a test: we stay there.
    """
    if not server.startswith("https://"):
        return ""
    for service in pick(session, list, "didDoc", "service") or ():
        endpoint = pick(service, str, "serviceEndpoint") or ""
        kind = pick(service, str, "type")
        if kind == "AtprotoPersonalDataServer" and endpoint.startswith("https://"):
            return endpoint.rstrip("/")
    return ""
