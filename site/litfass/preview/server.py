"""Run the preview: listen, build, watch, answer, and end cleanly."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvicorn

import litfass_templates
from litfass.errors import LitfassError
from litfass.preview.app import Bell, application, is_everywhere
from litfass.preview.edition import Proof, Touched
from litfass.preview.press import Press
from litfass.preview.watch import watching

LAST_PORT = 65535
LAST_ANSWERS = 2
"""Whole seconds that answers under way have to end when the preview does."""


class Preview:
    """A blog's preview.

    `builder` is told the origin, like "http://127.0.0.1:8000", and what was touched.
    """

    def __init__(
        self, builder: Callable[[str, Touched], Proof], root: Path, announce: Callable[[str], None]
    ) -> None:
        self._builder = builder
        self._root = root
        self._announce = announce
        self._server: uvicorn.Server | None = None

    def run(self, host: str, port: int, opened: Callable[[str], None]) -> None:
        """Serve until Ctrl-C or `stop`; tell `opened` the address as soon as it answers.

        Raises LitfassError when the address is not to be had.
        """
        with listen(host, port) as door, suppress(KeyboardInterrupt):
            origin = origin_of(host, door)
            bell = Bell()
            press = Press(partial(self._builder, origin), self._announce, bell.ring)
            self._server = _Server(
                application(press, bell, host), bell, lambda: opened(origin + press.edition.base)
            )
            press.print_edition()
            with watching(self._root, press.order, also=_theme()), press.at_work():
                press.order()  # for what was saved while the first edition was printed
                self._server.run([door])

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


def _theme() -> tuple[Path, ...]:
    """Return the folders of the default theme, for those who work on it."""
    return (litfass_templates.folder(), litfass_templates.translations())


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises LitfassError that says why it cannot be had."""
    if not 0 <= port <= LAST_PORT:
        raise LitfassError(f"{port} is not a port.", f"Ports are numbers from 0 to {LAST_PORT}.")
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
        family, *_, address = found[0]
        return socket.create_server((address[0], port), family=family)
    except OSError as error:
        raise _refused(host, port, error) from None


def origin_of(host: str, door: socket.socket) -> str:
    """Return where a browser on this machine finds the door, without a slash at the end."""
    name = "localhost" if is_everywhere(host) else host.strip("[]")
    return f"http://{f'[{name}]' if ':' in name else name}:{door.getsockname()[1]}"


def _refused(host: str, port: int, error: OSError) -> LitfassError:
    if error.errno == errno.EADDRINUSE:
        hint = f"Another preview may be running. Take another: litfass serve --port {port + 1}"
        return LitfassError(f"Port {port} is taken.", hint)
    if error.errno == errno.EACCES:
        hint = "Ports below 1024 belong to the system. Take another: litfass serve --port 8000"
        return LitfassError(f"Port {port} may not be used.", hint)
    hint = "Leave --host and --port out, or give an address of this machine: --host 127.0.0.1"
    return LitfassError(f"Nothing can listen on {host}, port {port}: {error}.", hint)
