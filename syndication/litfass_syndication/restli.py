"""One account of LinkedIn's API: how it is asked and told, and what its refusals mean.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import quote, unquote, urlencode

from litfass_syndication.address import checked, host, same_origin
from litfass_syndication.answer import Answer
from litfass_syndication.errors import (
    AccountError,
    NetworkError,
    Rejected,
    SyndicationError,
    Unauthorised,
)
from litfass_syndication.network import Http, Secret
from litfass_syndication.pictures import Upload

_TELLING = (400, 401, 403, 404, 409, 422, 426)
_NO_TOKEN, _NO_PERMISSION, _OLD_VERSION = 401, 403, 426
_VERSIONS = (b"NONEXISTENT_VERSION", b"VERSION_MISSING")
_DUPLICATE = re.compile(rb"duplicate of (urn:li:(?:share|ugcPost):\d+)")

_PAUSES = (1, 2, 4, 8, 15, 30)  # a minute in all, for a picture that is being processed
_SETTLING = 4  # seconds for a picture of which we are told nothing; members are not

_RENEW = (
    "Make a new one with the token generator in LinkedIn's developer portal, and put it into the "
    "account's secrets: a token lives for 60 days."
)


class Refused(Rejected):
    """LinkedIn will not do it; nothing was done. `duplicate` is the post that it has already."""

    def __init__(
        self, message: str, hint: str = "", *, status: int = 0, duplicate: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.duplicate = duplicate


@dataclass(frozen=True, slots=True)
class Keys:
    """A token, and the app that it was made for: with its secret, LinkedIn tells when it ends.

    `server` is that of the API, `sign_in` the one that makes the tokens.
    """

    token: Secret
    client_id: str
    client_secret: Secret | None
    server: str
    sign_in: str


class RestLi:
    """Asks and tells LinkedIn as one account; raises what its answers mean.

    `version` is that of the API ("202606"). `lacking` says what to do without a permission.
    """

    def __init__(self, http: Http, keys: Keys, version: str, lacking: str) -> None:
        self._http = http
        self._keys = keys
        self._version = version
        self._lacking = lacking

    @cached_property
    def ends(self) -> datetime | None:
        """When the token ends or did end, asked once; None where LinkedIn is not to tell.

        https://learn.microsoft.com/linkedin/shared/authentication/token-introspection
        """
        keys = self._keys
        if not (keys.client_id and keys.client_secret):
            return None
        form = {
            "client_id": keys.client_id,
            "client_secret": keys.client_secret.reveal(),
            "token": keys.token.reveal(),
        }
        address = f"{keys.sign_in.rstrip('/')}/oauth/v2/introspectToken"
        try:
            answer = self._http.send("POST", address, form=form, repeatable=True)
            seconds = answer.require(int, "expires_at")
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        except (SyndicationError, ValueError, OverflowError, OSError):
            return None

    def ask(self, path: str, verb: str = "", **params: str) -> Answer:
        """Ask for something; `verb` is Rest.li's own, where it has to be said."""
        query = f"?{urlencode(params)}" if params else ""
        headers = self._headers(path, verb)
        return self._understood(self._http.get(f"{path}{query}", headers=headers, expect=_TELLING))

    def tell(
        self, method: str, path: str, body: object = None, verb: str = "", *, repeatable: bool
    ) -> Answer:
        """Change something."""
        headers = self._headers(path, verb)
        answer = self._http.send(
            method, path, json=body, headers=headers, expect=_TELLING, repeatable=repeatable
        )
        return self._understood(answer)

    def upload(self, owner: str, picture: Upload) -> str:
        """Return LinkedIn's name for a picture, which nobody sees until a post has it.

        Raises OutcomeUnknown where an answer was lost; no post is in doubt for that.

        https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api
        """
        body = {"initializeUploadRequest": {"owner": owner}}
        answer = self.tell("POST", "/rest/images?action=initializeUpload", body, repeatable=True)
        image = answer.require(str, "value", "image")
        address = answer.require_address("value", "uploadUrl")
        if not self._is_theirs(address):
            where = self._http.shown(host(address) or address)
            raise Rejected(f"LinkedIn wants it uploaded to {where}, which is not its own.")
        self._put(address, picture)
        self._wait_for(image)
        return image

    def _put(self, address: str, picture: Upload) -> None:
        """Send a picture where it is wanted; being refused there says nothing about the account."""
        headers = {"Authorization": self._bearer, "Content-Type": picture.media_type}
        answer = self._http.send(
            "PUT",
            address,
            content=picture.content,
            headers=headers,
            expect=(_NO_TOKEN, _NO_PERMISSION),
            repeatable=True,
        )
        if answer.error:
            raise Rejected(answer.error.message)

    @property
    def _bearer(self) -> str:
        return f"Bearer {self._keys.token.reveal()}"

    def _headers(self, path: str, verb: str) -> dict[str, str]:
        headers = {"Authorization": self._bearer}
        if path.startswith("/rest/"):
            headers |= {"LinkedIn-Version": self._version, "X-Restli-Protocol-Version": "2.0.0"}
        return {**headers, **({"X-RestLi-Method": verb} if verb else {})}

    def _is_theirs(self, address: str) -> bool:
        """Tell whether the token may be sent to an address that an answer names."""
        try:
            checked(address)
        except AccountError:
            return False
        theirs = f".{host(address)}".endswith(".linkedin.com")
        return theirs or same_origin(address, self._keys.server)

    def _wait_for(self, image: str) -> None:
        """Wait until a picture is ready; raises Rejected when it never will be."""
        for pause in _PAUSES:
            status = self._status(image)
            if status == "AVAILABLE":
                return
            if status == "PROCESSING_FAILED":
                raise Rejected("LinkedIn cannot process it.")
            if not status:
                self._http.pause(_SETTLING)
                return
            self._http.pause(pause)
        raise Rejected("LinkedIn has not processed it in time.")

    def _status(self, image: str) -> str:
        """Return how a picture is; empty where that is not told, as it is not to members."""
        try:
            return self.ask(f"/rest/images/{quote(image, safe='')}").require(str, "status")
        except SyndicationError:
            return ""

    def _understood(self, answer: Answer) -> Answer:
        """Let an answer pass, or raise what it means."""
        if answer.error is None:
            return answer
        raise self._meant(answer, answer.error)

    def _meant(self, answer: Answer, error: NetworkError) -> NetworkError:
        """Return the error as LinkedIn means it."""
        if answer.status == _OLD_VERSION or any(code in answer.body for code in _VERSIONS):
            return Unauthorised(error.message, self._of_age)
        if answer.status == _NO_TOKEN:
            return Unauthorised(error.message, self._renewal)
        if answer.status == _NO_PERMISSION:
            return Unauthorised(error.message, self._lacking)
        twin = _DUPLICATE.search(answer.body.replace(b"%3A", b":"))
        duplicate = twin[1].decode() if twin else ""
        return Refused(error.message, error.hint, status=answer.status, duplicate=duplicate)

    @property
    def _of_age(self) -> str:
        return (
            f"LinkedIn keeps a version of its API for about a year, and {self._version} is over. "
            'Update Litfass, or give the account a newer `version = "YYYYMM"`.'
        )

    @property
    def _renewal(self) -> str:
        if self.ends is None:
            return f"Its token has ended, or was taken back. {_RENEW}"
        return f"Its token ended on {self.ends:%Y-%m-%d}, or was taken back before. {_RENEW}"


def made(answer: Answer) -> str:
    """Return the name of what was made, which stands in no body; empty if it was not told."""
    return unquote(answer.headers.get("x-restli-id", ""))
