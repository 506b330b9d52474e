"""A counterpart on a real socket of this machine, for whoever speaks to it from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from litfass_syndication.testing.wire import Counterpart, Fault, Reply, Request

_BODILESS = frozenset({"GET", "HEAD", "DELETE"})


@contextmanager
def listening(counterpart: Counterpart) -> Iterator[str]:
    """Let a counterpart answer on a free port of 127.0.0.1; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            url = f"http://{headers.get('host', '127.0.0.1')}{self.path}"
            content = self.rfile.read(size)
            reply = (
                counterpart(Request(self.command, url, headers, content))
                if len(content) == size and (size or self.command in _BODILESS)
                else Fault.RESET  # whoever sent it was gone before it was whole
            )
            if isinstance(reply, Fault):  # whichever it is: nobody will know what happened
                self.close_connection = True
                return
            with suppress(ConnectionError):  # whoever asked is gone
                self._reply(reply)

        def _reply(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
