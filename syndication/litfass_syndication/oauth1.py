"""Requests signed for one account: OAuth 1.0a with HMAC-SHA1, RFC 5849."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from litfass_syndication.answer import Answer
from litfass_syndication.network import Http, Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """An app's key and secret, and the token and secret with which it speaks for an account."""

    key: Secret
    secret: Secret
    token: Secret
    token_secret: Secret

    def signature(self, base: str) -> str:
        """Return the signature of a base string (RFC 5849, section 3.4.2)."""
        import hmac  # noqa: PLC0415

        key = "&".join(_quoted(each.reveal()) for each in (self.secret, self.token_secret))
        return b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()


@dataclass(frozen=True, slots=True)
class Moment:
    """What makes each signature another: when it was made, and a value never used before."""

    at: datetime
    nonce: str


class Signed:
    """Speaks to one server for one account, each request signed at a `moment` of its own.

    What `Http` repeats by itself is the same request, with its signature.
    """

    def __init__(
        self, http: Http, server: str, credentials: Credentials, moment: Callable[[], Moment]
    ) -> None:
        self._http = http
        self._server = server.rstrip("/")
        self._credentials = credentials
        self._moment = moment

    def get(self, path: str, query: Mapping[str, str], **rest: Any) -> Answer:
        """Ask, as `Http.get` does."""
        return self._http.get(
            path, params=query or None, headers=self._header("GET", path, query), **rest
        )

    def send(self, method: str, path: str, **rest: Any) -> Answer:
        """Change something, as `Http.send` does; the body is not a form's."""
        return self._http.send(method, path, headers=self._header(method, path, {}), **rest)

    def _header(self, method: str, path: str, query: Mapping[str, str]) -> dict[str, str]:
        url = self._server + path
        header = authorization(self._credentials, method, url, query, self._moment())
        return {"Authorization": header}


def authorization(
    credentials: Credentials, method: str, url: str, query: Mapping[str, str], moment: Moment
) -> str:
    """Return the header "Authorization" of a request.

    `url` is the address without its query. A body in JSON or of several parts is not signed
    (RFC 5849, section 3.4.1.3.1); one of a form would have to be.
    """
    signed = {
        "oauth_consumer_key": credentials.key.reveal(),
        "oauth_nonce": moment.nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(moment.at.timestamp())),
        "oauth_token": credentials.token.reveal(),
        "oauth_version": "1.0",
    }
    base = signature_base(method, url, {**query, **signed})
    header = {**signed, "oauth_signature": credentials.signature(base)}
    return "OAuth " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in header.items())


def signature_base(method: str, url: str, parameters: Mapping[str, str]) -> str:
    """Return the text that is signed (RFC 5849, section 3.4.1)."""
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.netloc}".lower() + parts.path
    pairs = sorted((_quoted(name), _quoted(value)) for name, value in parameters.items())
    written = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(map(_quoted, (method.upper(), place, written)))


def _quoted(text: str) -> str:
    return quote(text, safe="~")
