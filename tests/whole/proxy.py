"""A proxy on loopback that does to a connection what the world does to connections.

Each request has a connection of its own, so that a fault is put on "the connection number N and
all that follow", and nothing has to be guessed about what was sent before it.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from threading import Event, Thread
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HALF = 40  # bytes
_GIVE_UP = 10  # seconds


def answered(status, body=b"", *headers):
    """Return a whole answer as bytes."""
    lines = (f"HTTP/1.1 {status} Said by the proxy", *headers, f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "Connection: close", "", "")).encode() + body


class Passage:
    """One connection from a client, and the way on to the server."""

    def __init__(self, client, server, released):
        self._client = client
        self._server = server
        self.released = released

    def read(self, most=None):
        """Read the request, or the first bytes of it."""
        got = b""
        while most is None or len(got) < most:
            more = self._client.recv(65536 if most is None else most - len(got))
            got += more
            head, _, body = got.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if not more or (b"\r\n\r\n" in got and len(body) >= int(length[1] if length else 0)):
                break
        return got

    def ask(self, request):
        """Let the server do its work; return what it answers."""
        with socket.create_connection(self._server, _GIVE_UP) as way:
            way.sendall(request)
            return b"".join(iter(lambda: way.recv(65536), b""))

    def say(self, answer):
        """Give the client an answer, if it is still there."""
        with contextlib.suppress(OSError):
            self._client.sendall(answer)

    def reset(self):
        """Break the connection off, so that the client notices."""
        now = struct.pack("ii", 1, 0)
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self._client.close()


def healthy(passage):
    """Let everything pass."""
    passage.say(passage.ask(passage.read()))


class Proxy:
    """Passes connections on to a server, from number `begins` on with a fault.

    `refuses` connections then instead of having any. `late` is what the fault held back.
    """

    def __init__(self, server):
        parts = urlsplit(server)
        self._server = (parts.hostname, parts.port)
        self._socket = self._listening(0)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.connections = 0
        self._released = Event()
        self._threads = []
        self.heal()
        self._serve()

    def strike(self, fault, begins):
        """From the connection of this number on, a fault; None refuses to be connected to."""
        self._fault, self._begins = fault, begins
        self._refuse_if_it_is_time()

    def heal(self):
        """Let everything pass from now on."""
        self._fault, self._begins = healthy, 0
        self.connections = 0
        if self._socket.fileno() < 0:
            self._socket = self._listening(int(self.address.rpartition(":")[2]))
            self._serve()

    def release(self):
        """Let go what was held back, and wait until it is done."""
        self._released.set()
        for thread in self._threads:
            thread.join(_GIVE_UP)
        self._threads = [thread for thread in self._threads if thread.is_alive()]

    def close(self):
        """Stop."""
        self._stop_listening()
        self.release()

    @staticmethod
    def _listening(port):
        return socket.create_server(("127.0.0.1", port), backlog=16)

    def _serve(self):
        Thread(target=self._accept, args=(self._socket,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            struck = self._fault is not healthy and self.connections >= self._begins
            fault = self._fault if struck else healthy
            self._refuse_if_it_is_time()
            thread = Thread(target=self._pass, args=(client, fault), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass(self, client, fault):
        client.settimeout(_GIVE_UP)
        with client, contextlib.suppress(OSError):
            fault(Passage(client, self._server, self._released))

    def _refuse_if_it_is_time(self):
        if self._fault is None and self.connections + 1 >= self._begins:
            self._stop_listening()

    def _stop_listening(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
