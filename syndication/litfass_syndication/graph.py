"""One account of Meta's Graph API: how Facebook, Instagram and Threads are asked and told.

https://developers.facebook.com/docs/graph-api/overview
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litfass_syndication.answer import Answer, pick
from litfass_syndication.complaint import complaint
from litfass_syndication.errors import (
    NetworkError,
    RateLimited,
    Rejected,
    SyndicationError,
    Unauthorised,
)
from litfass_syndication.graph_codes import is_passing, meaning, regained_after
from litfass_syndication.network import Http, Secret
from litfass_syndication.pictures import Upload

_TELLING = (400, 401, 403, 404)  # all with the same form of error, and mostly 400
_NO_SUCH = 100
_NOT_THERE = 33
_NO_ALIAS = 803
_WORDS = 400  # characters that a person is shown, most of them Meta's own


class Refused(Rejected):
    """Meta will not do it; nothing was done. `code` and `subcode` are its reason, or 0."""

    def __init__(self, message: str, hint: str = "", *, code: int = 0, subcode: int = 0) -> None:
        super().__init__(message, hint)
        self.code = code
        self.subcode = subcode

    @property
    def is_missing(self) -> bool:
        """Whether there is no such thing, or not for us: Meta does not say which."""
        return self.code == _NO_ALIAS or (self.code, self.subcode) == (_NO_SUCH, _NOT_THERE)


class Graph:
    """Asks and tells the Graph API as one account; raises what its codes mean.

    `version` is that of the API ("v25.0"). With the app's secret, each request proves that it
    comes from the app: https://developers.facebook.com/docs/graph-api/guides/secure-requests
    """

    def __init__(
        self, http: Http, version: str, token: Secret, app_secret: Secret | None = None
    ) -> None:
        self._http = http
        self._version = version.strip("/")
        self._token = token
        self._headers = {"Authorization": f"Bearer {token.reveal()}"} if token else {}
        self._proof = _proof(token, app_secret) if app_secret else {}
        for proof in self._proof.values():
            http.conceal(Secret(proof))

    def ends(self) -> datetime | None:
        """Return when the access token ends, or None where it does not, or that is not told."""
        try:
            answer = self.ask("debug_token", input_token=self._token.reveal())
            seconds = answer.require(int, "data", "expires_at")
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        except (SyndicationError, ValueError, OverflowError, OSError):
            return None

    def ask(self, path: str, **params: str) -> Answer:
        """Ask for something, by default for its identifier alone."""
        return self._understood(
            self._http.get(
                self._path(path),
                params={**params, **self._proof},
                headers=self._headers,
                expect=_TELLING,
            )
        )

    def tell(
        self,
        path: str,
        body: Mapping[str, object],
        *,
        repeatable: bool = False,
        doubtful: frozenset[int] = frozenset(),
    ) -> Answer:
        """Change something. Codes that are `doubtful` leave open whether it was done."""
        parts = {"json": {**body, **self._proof}, "repeatable": repeatable}
        return self._understood(self._send("POST", path, **parts), doubtful)

    def upload(self, path: str, body: Mapping[str, str], picture: Upload) -> Answer:
        """Upload a picture that nobody sees yet, so that losing it does no harm."""
        name = f"picture.{picture.media_type.rpartition('/')[2]}"
        files = {"source": (name, picture.content, picture.media_type)}
        form = {**body, **self._proof}
        return self._understood(self._send("POST", path, form=form, files=files, repeatable=True))

    def delete(self, node: str, obstacle: str) -> None:
        """Delete something, or find it gone.

        Meta says the same of what is gone and of what we may not touch, so we look. Raises
        Unauthorised with the `obstacle` as its hint when it is still there.
        """
        query = f"?{urlencode(self._proof)}" if self._proof else ""
        try:
            self._understood(self._send("DELETE", f"{node}{query}", repeatable=True))
        except Refused as refusal:
            if not refusal.is_missing:
                raise
            if self._is_there(node):
                raise Unauthorised(refusal.message, obstacle) from None

    def listed(self, path: str, pages: int, **params: str) -> Iterator[object]:
        """Yield what a list has, page after page, and None when there is no more of it."""
        for _ in range(pages):
            answer = self.ask(path, **params)
            there = answer.require(dict)
            yield from answer.require(list, "data")
            after = pick(there, str, "paging", "cursors", "after")
            if not pick(there, str, "paging", "next"):
                yield None
                return
            if not after or after == params.get("after"):
                return  # there is more, and no way to it
            params["after"] = after

    def _is_there(self, node: str) -> bool:
        try:
            self.ask(node, fields="id")
        except Refused as refusal:
            if refusal.is_missing:
                return False
            raise
        return True

    def _path(self, path: str) -> str:
        return f"/{self._version}/{path.lstrip('/')}"

    def _send(self, method: str, path: str, **parts: Any) -> Answer:
        return self._http.send(
            method, self._path(path), headers=self._headers, expect=_TELLING, **parts
        )

    def _understood(self, answer: Answer, doubtful: frozenset[int] = frozenset()) -> Answer:
        """Let an answer pass, or raise what its code means."""
        if answer.error is None:
            return answer
        raise refusal(answer, doubtful)


@contextmanager
def at_home(hint: str) -> Iterator[None]:
    """Whatever is missing where our own account should be is a mistake in its settings."""
    try:
        yield
    except Refused as refusal:
        if refusal.is_missing:
            raise Unauthorised(refusal.message, hint) from None
        raise


def moment(post: object, name: str) -> datetime | None:
    """Return the time that a post has under a name ("2026-05-04T12:00:00+0000"), or None."""
    try:
        return datetime.strptime(pick(post, str, name) or "", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None


def refusal(answer: Answer, doubtful: frozenset[int] = frozenset()) -> NetworkError:
    """Return the error that a refusal means, in Meta's own words."""
    code, subcode, is_transient = _reason(answer)
    known = meaning(code, subcode)
    of_itself = is_passing(code, subcode) or (is_transient and known is None)
    if answer.error is None or of_itself or doubtful & {code, subcode}:
        error = answer.unusable(complaint(answer.body) or f"it answers {answer.status}.")
        error.message = error.message[:_WORDS]
        return error
    message = answer.error.message[:_WORDS]
    if known is None:
        return _by_status(answer.error, code, subcode)
    if known.error is RateLimited:
        return RateLimited(message, known.hint, retry_after=regained_after(answer.headers))
    if known.error is Rejected:
        return Refused(message, known.hint, code=code, subcode=subcode)
    return known.error(message, known.hint)


def _by_status(error: NetworkError, code: int, subcode: int) -> NetworkError:
    """Return what a code without a meaning of its own is: what its status says."""
    if not isinstance(error, Rejected):
        return error
    return Refused(error.message, error.hint, code=code, subcode=subcode)


def _reason(answer: Answer) -> tuple[int, int, bool]:
    try:
        said = answer.json()
    except ValueError:
        return 0, 0, False
    code = pick(said, int, "error", "code") or 0
    subcode = pick(said, int, "error", "error_subcode") or 0
    return code, subcode, pick(said, bool, "error", "is_transient") or False


def _proof(token: Secret, app_secret: Secret) -> Mapping[str, str]:
    key, message = app_secret.reveal().encode(), token.reveal().encode()
    return {"appsecret_proof": hmac.digest(key, message, "sha256").hex()}
