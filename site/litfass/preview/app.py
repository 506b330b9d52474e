"""What the preview answers, and to whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from litfass.preview.edition import Edition
from litfass.preview.pages import KEPT, SCRIPT, Pages, no_page_yet

EVENTS = "/-litfass/events"
PATIENCE, GLANCE = 2.0, 0.004
"""Seconds that a page is waited for while it is made, and between two looks at whether it is."""
BREATH = 15.0
"""Seconds after which a silent stream shows that it is alive."""


class Latest(Protocol):
    """Whoever knows the edition that holds now."""

    @property
    def edition(self) -> Edition:
        """What the blog shows, or what is wrong with it."""

    @property
    def pending(self) -> bool:
        """Tell whether something was saved that is not shown yet."""


class Bell:
    """Tells every open stream, from any thread, that there is a new edition."""

    def __init__(self) -> None:
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()

    def hang(self) -> None:
        """Belong to the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Wake the streams; without a loop there are none."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended in the same moment
                self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Let all streams end."""
        self.closed = True
        self._wake()

    def next(self) -> asyncio.Event:
        """Return what the next ring sets."""
        return self._rung

    def _wake(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()


def application(latest: Latest, bell: Bell, host: str) -> ASGIApp:
    """Return the preview as an ASGI application that answers to `host` and to this machine."""

    async def page(request: Request) -> Response:
        await _printed(latest)
        edition = latest.edition
        if edition.pages == 0:
            return no_page_yet(edition)
        if request.url.path in ("/", edition.base.rstrip("/")) and edition.base != "/":
            return RedirectResponse(edition.base)
        return await Pages(edition).answer(request.scope)

    async def events(_: Request) -> Response:
        return StreamingResponse(_news(latest, bell), media_type="text/event-stream")

    async def script(_: Request) -> Response:
        place = Path(__file__).with_name("preview.js")
        return FileResponse(place, media_type="text/javascript", headers=KEPT)

    return Starlette(
        routes=[Route(EVENTS, events), Route(SCRIPT, script), Route("/{path:path}", page)],
        middleware=[Middleware(OwnHosts, host=host), Middleware(SeldomKept)],
    )


async def _printed(latest: Latest) -> None:
    """Wait while pages are being made: who reloads right after saving sees what was saved."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while latest.pending:  # noqa: ASYNC110 - the press, a thread of its own, has no event
                await asyncio.sleep(GLANCE)


async def _news(latest: Latest, bell: Bell) -> AsyncIterator[str]:
    """Tell the edition now and whenever there is another, as server-sent events."""
    yield "retry: 500\n\n"
    while not bell.closed:
        rung = bell.next()  # taken before the edition is read, so that no ring is missed
        yield f"data: {latest.edition.as_json()}\n\n"
        while not await _rang(rung):
            yield ": still here\n\n"


async def _rang(rung: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(BREATH):
            await rung.wait()
    return rung.is_set()


class OwnHosts:
    """Refuses requests that a foreign name led here: another site may point its name at us."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 to a Host that is not ours."""
        named = _host_of(scope)
        if may_ask_for(named, self._host):
            await self._app(scope, receive, send)
            return
        refusal = (
            f'This preview does not answer to the name "{named}", only to this machine\'s own.\n'
            "Open it as http://localhost with its port; to be reached under another name or from\n"
            "another device, start it with: litfass serve --host NAME\n"
        )
        await PlainTextResponse(refusal, 421)(scope, receive, send)


class SeldomKept:
    """Keeps browsers from remembering what is about to change: all that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark every answer."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_marked)


def may_ask_for(named: str, host: str) -> bool:
    """Tell whether a Host header (without its port) names this preview, listening on `host`.

    Who listens on all addresses may be asked for by any number, but not by any name: only names
    can be pointed here by others.
    """
    if named in ("localhost", "127.0.0.1", "::1", host.strip("[]").lower()):
        return True
    return is_everywhere(host) and _is_number(named)


def is_everywhere(host: str) -> bool:
    """Tell whether a host to listen on means all addresses of this machine."""
    return _is_number(host) and ip_address(host.strip("[]")).is_unspecified


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _host_of(scope: Scope) -> str:
    """Return the Host header in small letters, without its port and without brackets."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    named = hosts[0].lower() if len(hosts) == 1 else ""
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0]
