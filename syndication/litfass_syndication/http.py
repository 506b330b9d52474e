"""Requests to a server: timeouts, retries, rate limits, redirects, redaction. The one policy.

The only module that knows the HTTP library.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from litfass_syndication.address import checked, host, is_loopback, led_to, may_follow, same_origin
from litfass_syndication.agent import user_agent
from litfass_syndication.complaint import complaint
from litfass_syndication.errors import NetworkError, OutcomeUnknown
from litfass_syndication.network import Answer, Conversation, Secret
from litfass_syndication.redaction import Redaction
from litfass_syndication.sockets import conversation
from litfass_syndication.verdict import Circumstances, Failure
from litfass_syndication.waiting import Policy, backoff

if TYPE_CHECKING:
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_WORDS = 200  # characters of a server's own words that a person is shown


_POLICY = Policy()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Request:
    """One request, ready to be sent, and what is to be known of it when it goes wrong."""

    method: str
    url: str
    headers: Mapping[str, str]
    circumstances: Circumstances
    expect: tuple[int, ...]
    rest: Mapping[str, Any] = field(default_factory=dict)


class Connection:
    """Speaks to one account's server; implements `Http` of network.py.

    `server` is its https address; plain http is only for this machine. `headers` go to this server
    alone. Every request has a connection of its own, for a kept one may be closed by the server in
    the very moment of sending, and leave a doubt. No cookies are kept. Proxies of the environment
    are used, but never to this machine. Raises AccountError when the address is none.
    """

    def __init__(  # noqa: PLR0913 - what tests inject, each with its ordinary default
        self,
        server: str,
        account: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[Secret, ...] = (),
        policy: Policy = _POLICY,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._server = checked(server, account).rstrip("/")
        self._account = account
        self._headers: Mapping[str, str] = headers or {}
        self._redact = Redaction(secrets)
        self._policy = policy
        self._transport = transport
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
        body: bool = True,
    ) -> Answer:
        """Ask; repeated on passing failures. A failure is Unreachable: nothing has happened."""
        rest, method = {"params": params} if params else {}, "GET" if body else "HEAD"
        request = self._request(method, path, headers, expect, rest, repeatable=True)
        return self._patiently(lambda: self._follow(request))

    def send(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
        repeatable: bool = False,
    ) -> Answer:
        """Change something; sent exactly once unless `repeatable`, which only the adapter can know.

        What surely came to nothing, no connection or a short rate limit, is tried again as well.
        """
        parts = {"json": json, "data": form, "files": files, "content": content}
        rest = {name: part for name, part in parts.items() if part is not None}
        request = self._request(method, path, headers, expect, rest, repeatable=repeatable)
        return self._patiently(lambda: self._once(request))

    def pause(self, seconds: float) -> None:
        """Wait, where a network asks us to poll."""
        self._sleep(seconds)

    def conceal(self, secret: Secret) -> None:
        """Redact a secret, too, that the network handed out on the way: a session's token."""
        self._redact.conceal(secret)

    def shown(self, words: str) -> str:
        """Return a server's words as a person may read them: without secrets, and not too many."""
        return self._redact(words)[:_WORDS]

    def converse(
        self, address: str, *, change: bool = False
    ) -> AbstractContextManager[Conversation]:
        """Speak over WebSocket, within the time that one request may take."""
        url = checked(address, self._account, "wss")
        circumstances = Circumstances(self._account, self._redact(host(url)), change)
        return conversation(url, circumstances, self._policy)

    def _request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        expect: tuple[int, ...],
        rest: Mapping[str, Any],
        *,
        repeatable: bool,
    ) -> _Request:
        whole = path.startswith(("https://", "http://"))
        url = checked(path, self._account) if whole else f"{self._server}/{path.lstrip('/')}"
        ours = self._headers if same_origin(url, self._server) else {}
        whom = self._redact(host(url))
        circumstances = Circumstances(
            self._account, whom, method not in {"GET", "HEAD"}, repeatable
        )
        return _Request(method, url, {**ours, **(headers or {})}, circumstances, expect, rest)

    def _patiently(self, attempt: Callable[[], Answer | Failure]) -> Answer:
        """Try until there is an answer, or a failure that trying again would not mend.

        A doubt stays one, whatever becomes of the tries after it. Errors are raised here, outside
        of any `except`: no request with its headers hangs in their chain.
        """
        doubt: NetworkError | None = None
        for failures in count(1):
            result = attempt()
            if isinstance(result, Answer):
                return result
            error = result.error
            doubt = doubt or (error if isinstance(error, OutcomeUnknown) else None)
            if failures >= self._policy.tries or not self._worth_waiting(result):
                break
            self._sleep(max(result.wait or 0.0, backoff(failures, self._chance())))
        raise self._redacted(doubt or error)

    def _worth_waiting(self, failure: Failure) -> bool:
        return failure.passing and (failure.wait or 0.0) <= self._policy.patience

    def _redacted(self, error: NetworkError) -> NetworkError:
        error.message = self._redact(error.message)
        error.hint = self._redact(error.hint)
        error.args = (error.message,)
        return error

    def _follow(self, request: _Request) -> Answer | Failure:
        """Ask, and go where the server points; what is meant for it alone stays behind."""
        for _ in range(self._policy.redirects + 1):
            result = self._once(request)
            if isinstance(result, Failure) or result.status not in _REDIRECTS - {*request.expect}:
                return result
            url = led_to(request.url, result.headers.get("location", ""))
            if not may_follow(request.url, url):
                return request.circumstances.lost(f"it points to {url}.", passing=False)
            headers = request.headers if same_origin(url, request.url) else {}
            request = replace(request, url=url, headers=headers, rest={})
        return request.circumstances.lost("it sends us round in circles.", passing=False)

    def _once(self, request: _Request) -> Answer | Failure:
        """Send one request; sort what comes of it by what is known to have happened."""
        import httpx  # noqa: PLC0415

        circumstances = request.circumstances
        try:
            with self._client.stream(
                request.method, request.url, headers=dict(request.headers), **request.rest
            ) as response:
                return self._answer(request, response)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return circumstances.unreachable("nobody answers in time")
        except (httpx.ConnectError, httpx.ProxyError) as error:
            why = _ERRNO.sub("", str(error)).rstrip(".")
            return circumstances.unreachable(why or "no connection")
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            return circumstances.unsendable("something in the request cannot be sent over HTTP")
        except httpx.TimeoutException:
            return circumstances.lost("no answer came in time.")
        except httpx.HTTPError as error:
            return circumstances.lost(f"the connection broke ({type(error).__name__}).")

    def _answer(self, request: _Request, response: httpx.Response) -> Answer | Failure:
        status, headers = response.status_code, dict(response.headers)  # their names in lower case
        circumstances = request.circumstances
        answer = Answer(status, headers, b"", str(response.url), self._unusable(circumstances))
        if status < 300:  # noqa: PLR2004 - success
            body = self._body(response)
            if body is None:
                return circumstances.lost("its answer does not end.", passing=False)
            return replace(answer, body=body)
        if status in _REDIRECTS and not circumstances.change:
            return answer
        body = self._error_body(response)
        said = self.shown(complaint(body))
        failure = circumstances.refused(status, said, headers, self._clock())
        if status in request.expect:
            return replace(answer, body=body, error=self._redacted(failure.error))
        return failure

    def _unusable(self, circumstances: Circumstances) -> Callable[[str], NetworkError]:
        return lambda why: self._redacted(circumstances.unusable(why))

    def _body(self, response: httpx.Response) -> bytes | None:
        """Read an answer; None when it is longer, or takes longer, than it may."""
        body = bytearray()
        end = self._clock() + timedelta(seconds=self._policy.whole)
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._policy.most_bytes or self._clock() > end:
                return None
        return bytes(body)

    def _error_body(self, response: httpx.Response) -> bytes:
        """Read an error's words; its status has told enough if they are lost or too many."""
        import httpx  # noqa: PLC0415

        try:
            return self._body(response) or b""
        except httpx.HTTPError:
            return b""

    @cached_property
    def _client(self) -> httpx.Client:
        from http.cookiejar import CookieJar, DefaultCookiePolicy  # noqa: PLC0415

        import httpx  # noqa: PLC0415

        for name in ("httpx", "httpcore"):  # they log addresses, and in these may be secrets
            logging.getLogger(name).setLevel(logging.WARNING)
        return httpx.Client(
            headers={
                "User-Agent": user_agent(),
                "Accept": "application/json, */*;q=0.5",
                "Accept-Encoding": "identity",  # so that "at most N bytes" cannot be a bomb
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(self._policy.read, connect=self._policy.connect),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=not is_loopback(self._server),
            transport=self._transport,
        )
