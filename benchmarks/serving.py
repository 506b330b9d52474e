"""Development servers: how long from saving a file until its page is new, and seen to be new."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.builds import Entrant
from benchmarks.changes import Change, page_of
from benchmarks.measure import Failed, Sample, at_rest, cpu_of, last_words, started

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["Server", "browser", "chromium", "serving"]

PATIENCE = 600.0
"""Seconds until a server that does not answer its first request is given up: it builds first."""

PROMPT = 90.0
"""Seconds until a server that does not show a change is given up."""

CALM = 1.0
"""Seconds without work after which a server waits for the next change."""

PAUSE = 0.001
"""Seconds between two looks at a page: short beside what is measured."""

RELOADED = 30.0
"""Seconds until a browser that does not reload is given up."""

_HAS = "mark => document.body?.textContent.includes(mark)"

HOST = "127.0.0.1"


@dataclass(slots=True)
class Server:
    """A server that runs, at a port of this machine."""

    entrant: Entrant
    process: subprocess.Popen[bytes]
    port: int

    def answered(self) -> Sample:
        """Save a post with a word more, and return the seconds until its page has it."""
        self.settle()
        path, mark = self._save()
        begun = time.perf_counter()
        return Sample(self._seen(path, mark) - begun)

    def shown(self, page: Page) -> Sample:
        """Save a post, and return the seconds from the new answer until a browser shows it."""
        from playwright.sync_api import Error  # noqa: PLC0415 - heavy, and only here

        page.goto(f"http://{HOST}:{self.port}{self._next()}", wait_until="load")
        self.settle()
        path, mark = self._save()
        with ThreadPoolExecutor(1) as look:
            answered = look.submit(self._seen, path, mark)
            try:
                page.wait_for_function(_HAS, arg=mark.decode(), timeout=RELOADED * 1000)
            except Error as error:
                raise Failed(f"the browser did not show {path}: {error.message}") from error
            now = time.perf_counter()
            return Sample(max(0.0, now - answered.result()))

    def wait_for(self, path: str) -> None:
        """Wait until a path is answered, which is after the first build."""
        self._until(lambda: self._get(path) is not None, f"{path} was not answered", PATIENCE)

    def settle(self) -> None:
        """Wait until the server has nothing to do."""
        since, ticks = time.perf_counter(), cpu_of(self.process.pid)
        while time.perf_counter() - since < CALM:
            time.sleep(CALM / 10)
            now = cpu_of(self.process.pid)
            if now > ticks + 1 or not at_rest(self.process.pid):  # a tick is what polling costs
                since = time.perf_counter()
            ticks = now

    def _next(self) -> str:
        """Return the path of the page that the next change will be on."""
        entrant = self.entrant
        return _address(page_of(entrant.blog.post(entrant.turns + 1)))

    def _save(self) -> tuple[str, bytes]:
        """Change a post, and return the path of its page and what it has to have."""
        change: Change = self.entrant.change("edit")
        page, mark = change.shown[0]
        return _address(page), mark.encode()

    def _seen(self, path: str, mark: bytes) -> float:
        """Return the time when the path is answered with the mark."""
        self._until(
            lambda: mark in (self._get(path) or b""), f"{path} did not show a change", PROMPT
        )
        return time.perf_counter()

    def _until(self, done: Callable[[], bool], complaint: str, patience: float) -> None:
        end = time.perf_counter() + patience
        while not done():
            if self.process.poll() is not None:
                raise Failed(f"the server ended: {last_words(self.entrant.log)}")
            if time.perf_counter() > end:
                raise Failed(f"{complaint} in {patience:.0f} s: {last_words(self.entrant.log)}")
            time.sleep(PAUSE)

    def _get(self, path: str) -> bytes | None:
        """Return the body of an answer, or None while there is no good one."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return body if answer.status == http.client.OK else None


@contextmanager
def serving(entrant: Entrant) -> Iterator[Server]:
    """Run an entrant's server, ready and calm, and end it. Raises Failed when it does not start."""
    port = _free_port()
    entrant.empty()  # or a page of an earlier build would be answered before the server's first
    environment = entrant.contestant.warm
    process = started(entrant.serve(port), entrant.folder, environment, entrant.log, apart=True)
    try:
        server = Server(entrant, process, port)
        server.wait_for(_address(page_of(entrant.blog.post(0))))
        yield server
    finally:
        _end(process)


def chromium() -> Path | None:
    """Return the browser of this machine."""
    path = Path(os.environ.get("LITFASS_CHROMIUM", "/usr/bin/chromium"))
    return path if path.exists() else None


@contextmanager
def browser() -> Iterator[Page]:
    """Open a page in a browser without a window. Raises Failed when there is none."""
    path = chromium()
    if path is None:
        raise Failed("there is no Chromium; LITFASS_CHROMIUM can name one")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy, and only here

    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        launched: Any = playwright.chromium.launch(executable_path=str(path), args=flags)
        yield launched.new_page()
        launched.close()


def _address(page: str) -> str:
    return f"/{page.removesuffix('index.html')}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and all of its session; first kindly."""
    for kind in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
