"""Conversations over WebSocket: timeouts, sizes, sorting of what goes wrong. The one policy.

The only module that knows the WebSocket library, which comes with the extras that need it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

from litfass_syndication.address import is_loopback
from litfass_syndication.agent import user_agent
from litfass_syndication.errors import AccountError
from litfass_syndication.verdict import Circumstances, Failure
from litfass_syndication.waiting import Policy

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

_CLOSING = 1.0  # seconds that a server has to say goodbye


@contextmanager
def conversation(url: str, circumstances: Circumstances, policy: Policy) -> Iterator[_Conversation]:
    """Hold a connection as long as the block; raises Unreachable when there is none.

    Proxies of the environment are used, but never to this machine. Redirects are not followed.
    """
    opened = _opened(url, circumstances, policy)
    if isinstance(opened, Failure):
        raise opened.error
    with opened:
        yield _Conversation(opened, circumstances, policy)


def _opened(url: str, circumstances: Circumstances, policy: Policy) -> ClientConnection | Failure:
    client, exceptions = _library()
    try:
        connection: ClientConnection = client.connect(
            url,
            user_agent_header=user_agent(),
            open_timeout=policy.connect,
            close_timeout=_CLOSING,
            max_size=policy.most_bytes,
            compression=None,  # so that "at most N bytes" cannot be a bomb
            proxy=None if is_loopback(url) else True,
        )
    except TimeoutError:
        return circumstances.unreachable("nobody answers in time")
    except exceptions.InvalidStatus as error:
        return circumstances.unreachable(f"it answers {error.response.status_code}")
    except (exceptions.ProxyError, exceptions.InvalidProxy, ImportError):  # SOCKS needs a library
        return circumstances.unreachable("the environment's proxy does not let us through")
    except exceptions.WebSocketException:
        return circumstances.unreachable("it does not speak WebSocket")
    except OSError as error:
        return circumstances.unreachable(error.strerror or "no connection")
    return connection


class _Conversation:
    """Implements `Conversation` of network.py."""

    def __init__(
        self, connection: ClientConnection, circumstances: Circumstances, policy: Policy
    ) -> None:
        self._connection = connection
        self._circumstances = circumstances
        self._read = policy.read
        self._end = time.monotonic() + policy.whole

    def say(self, text: str) -> None:
        """Send a text. A line that breaks meanwhile may have carried it."""
        failure = self._said(text)
        if failure:
            raise failure.error

    def hear(self) -> str:
        """Return the next text; whatever is not one is passed over as empty."""
        heard = self._heard()
        if isinstance(heard, Failure):
            raise heard.error
        return heard

    def words(self, what: str) -> str:
        """Return a sentence about the server that names the account."""
        return self._circumstances.words(what)

    def _said(self, text: str) -> Failure | None:
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415

        try:
            self._connection.send(text)
        except ConnectionClosed:
            return self._circumstances.lost("it has closed the connection.")
        return None

    def _heard(self) -> str | Failure:
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415

        left = self._end - time.monotonic()
        if left <= 0:  # what has come already would be handed out for ever
            return self._circumstances.lost("no answer came in time.")
        try:
            heard = self._connection.recv(timeout=min(self._read, left))
        except TimeoutError:
            return self._circumstances.lost("no answer came in time.")
        except ConnectionClosed:
            return self._circumstances.lost("it has closed the connection.")
        return heard if isinstance(heard, str) else ""


def _library() -> tuple[ModuleType, ModuleType]:
    try:
        from websockets import exceptions  # noqa: PLC0415
        from websockets.sync import client  # noqa: PLC0415
    except ImportError:
        raise AccountError(
            "What speaks WebSocket is not installed.", "Nostr needs: pip install 'litfass[nostr]'"
        ) from None
    logging.getLogger("websockets").setLevel(logging.WARNING)  # it logs all that is said
    return client, exceptions
