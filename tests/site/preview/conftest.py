"""Previews that run, of blogs built by a few lines here or by Litfass itself."""

import http.client
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import pytest

from litfass.preview.edition import Proof
from litfass.preview.server import Preview

PATIENCE = 20
"""Seconds until a test that waits gives up."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Running:
    """A preview that answers at `address`; `said` is what it told the terminal."""

    address: str
    thread: threading.Thread
    preview: Preview
    said: list[str] = field(default_factory=list)

    def stop(self) -> None:
        self.preview.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the preview did not end"

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 80

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def get(self, path: str, *, host: str = "", method: str = "GET") -> Answer:
        """Ask for a path just as written: dots and all."""
        with closing(self.connection()) as connection:
            connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())

    @contextmanager
    def news(self) -> Iterator[Iterator[dict]]:
        """Listen to the events: each is the state that a browser is told."""
        with closing(self.connection()) as connection:
            connection.request("GET", "/-litfass/events")
            response = connection.getresponse()
            assert response.getheader("content-type", "").startswith("text/event-stream")
            yield (json.loads(line[5:]) for line in response if line.startswith(b"data:"))


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    """Start previews; all of them end with the test, and must end cleanly."""
    running: list[Running] = []

    def start(builder: Callable[[str], Proof], root: Path, host: str = "127.0.0.1") -> Running:
        said: list[str] = []
        doors: Queue[str | BaseException] = Queue()
        preview = Preview(builder, root, said.append)

        def work() -> None:
            try:
                preview.run(host, 0, doors.put)
            except BaseException as error:
                doors.put(error)
                raise

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        address = doors.get(timeout=PATIENCE)
        if isinstance(address, BaseException):
            raise address
        running.append(Running(address, thread, preview, said))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def browser():
    """A headless Chromium; without one the test is skipped, or fails where servers are required."""
    chromium = Path(os.environ.get("LITFASS_CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        missing = f"there is no Chromium at {chromium}; set LITFASS_CHROMIUM to one"
        if os.environ.get("LITFASS_REQUIRE_SERVERS") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield launched
        launched.close()
