"""Run the preview: listen, build, watch, answer, and end cleanly."""

from __future__ import annotations

import errno
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

import litfass_templates
from litfass.errors import LitfassError
from litfass.preview.app import Bell, application, is_everywhere
from litfass.preview.edition import Proof
from litfass.preview.press import Press
from litfass.preview.watch import watching

LAST_ANSWERS = 2
"""Whole seconds that answers under way have to end when the preview does."""


class Preview:
    """A blog's preview; `builder` is told the origin, like "http://127.0.0.1:8000"."""

    def __init__(
        self, builder: Callable[[str], Proof], root: Path, announce: Callable[[str], None]
    ) -> None:
        self._builder = builder
        self._root = root
        self._announce = announce
        self._server: uvicorn.Server | None = None

    def run(
        self,
        host: str,
        port: int,
        *,
        started: Callable[[str], None] | None = None,
        open_browser: bool = False,
    ) -> None:
        """Serve until Ctrl-C or `stop`. Raises LitfassError when the address is not to be had."""
        with listen(host, port) as door, suppress(KeyboardInterrupt):
            origin = origin_of(host, door)
            bell = Bell()
            press = Press(lambda: self._builder(origin), self._announce, bell.ring)

            def open_doors() -> None:
                address = origin + press.edition.base
                if started is not None:
                    started(address)
                if open_browser:
                    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

            theme = (litfass_templates.folder(), litfass_templates.translations())
            press.print_edition()
            with watching(self._root, press.order, also=theme):
                press.order()  # for what was saved while the first edition was printed
                press.start()
                self._server = _Server(application(press, bell, host), bell, open_doors)
                try:
                    self._server.run([door])
                finally:
                    press.stop()

    def stop(self) -> None:
        """End the preview, from another thread."""
        if self._server is not None:
            self._server.should_exit = True


class _Server(uvicorn.Server):
    """A server that ends open streams before it waits for them."""

    def __init__(self, app: object, bell: Bell, opened: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type] # uvicorn has its own name for ASGI
                lifespan="off",
                ws="none",
                http="h11",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS,
            )
        )
        self._bell = bell
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._bell.hang()
        self._opened()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._bell.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises LitfassError that says why it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except (OSError, OverflowError) as error:
        raise _refused(host, port, error) from None


def origin_of(host: str, door: socket.socket) -> str:
    """Return where a browser on this machine finds the door, without a slash at the end."""
    name = "localhost" if is_everywhere(host) else host.strip("[]")
    return f"http://{f'[{name}]' if ':' in name else name}:{door.getsockname()[1]}"


def _refused(host: str, port: int, error: OSError | OverflowError) -> LitfassError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        hint = f"Another preview may be running. Take another: litfass serve --port {port + 1}"
        return LitfassError(f"Port {port} is taken.", hint)
    if number == errno.EACCES:
        hint = "Ports below 1024 belong to the system. Take another: litfass serve --port 8000"
        return LitfassError(f"Port {port} may not be used.", hint)
    hint = "Leave --host and --port out, or give an address of this machine: --host 127.0.0.1"
    return LitfassError(f"Nothing can listen on {host}, port {port}: {error}.", hint)
