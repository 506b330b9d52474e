"""Requests to a server: timeouts, retries, rate limits, redirects, redaction. The one policy.

The only module that speaks HTTP, with what `client` makes.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import count
from typing import TYPE_CHECKING, Any

from litfass_syndication import client
from litfass_syndication.address import (
    checked,
    host,
    is_loopback,
    led_to,
    may_be_outside,
    may_follow,
    same_origin,
)
from litfass_syndication.answer import Answer
from litfass_syndication.complaint import complaint
from litfass_syndication.errors import NetworkError, OutcomeUnknown
from litfass_syndication.network import Conversation, Secret
from litfass_syndication.outside import InsideError, hang_up_inside
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
    are used, but not to this machine, nor for strangers. Raises AccountError for no address.
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
        clock: Callable[[], datetime] = partial(datetime.now, UTC),  # noqa: B008
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
        self._outside = False

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

    def outside(self) -> Connection:
        """Return the same for addresses that strangers chose: nothing near us is asked for them."""
        other = copy(self)
        other.__dict__.pop("_client", None)  # which was made for another server
        other._outside = True  # noqa: SLF001 - it is one of us
        other._policy = replace(self._policy, read=10.0, whole=30.0, tries=1)  # noqa: SLF001
        return other

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
        url = path if whole else f"{self._server}/{path.lstrip('/')}"
        if not self._outside:
            checked(url, self._account)
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
            if not may_follow(request.url, url, outside=self._outside):
                return request.circumstances.lost(f"it points to {url}.", passing=False)
            headers = request.headers if same_origin(url, request.url) else {}
            request = replace(request, url=url, headers=headers, rest={})
        return request.circumstances.lost("it sends us round in circles.", passing=False)

    def _once(self, request: _Request) -> Answer | Failure:
        """Send one request; sort what comes of it by what is known to have happened."""
        import httpx  # noqa: PLC0415

        circumstances = request.circumstances
        if self._outside and not may_be_outside(request.url):
            return circumstances.inside()
        watch = {"trace": hang_up_inside} if self._outside else {}
        parts = {"headers": dict(request.headers), "extensions": watch, **request.rest}
        try:
            with self._client.stream(request.method, request.url, **parts) as response:
                return self._answer(request, response)
        except InsideError:
            return circumstances.inside()
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
        import httpx  # noqa: PLC0415

        timeout = httpx.Timeout(self._policy.read, connect=self._policy.connect)
        proxies = not (is_loopback(self._server) or self._outside)
        return client.made(timeout, self._transport, proxies=proxies)
