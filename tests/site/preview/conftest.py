"""Previews that run, of blogs built by a few lines here or by Litfass itself."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from urllib.parse import urlsplit

import pytest

from litfass.errors import Problem, Problems
from litfass.preview.edition import Proof, Touched
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


@dataclass
class Copyist:
    """A builder that copies `posts/` into the public folder, as pages, when it changed."""

    root: Path
    base: str = "/"
    origins: list[str] = field(default_factory=list)

    @property
    def public(self) -> Path:
        return self.root / ".litfass" / "preview"

    def write(self, name: str, content: str) -> None:
        path = self.root / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def __call__(self, origin: str, _touched: Touched = None) -> Proof:
        self.origins.append(origin)
        sources = sorted(path for path in (self.root / "posts").rglob("*") if path.is_file())
        texts = {path: path.read_bytes() for path in sources}
        broken = [path.name for path, text in texts.items() if b"BROKEN" in text]
        if broken:
            raise Problems(Problem("is broken", "Mend it.", f"posts/{one}", 3) for one in broken)
        if any(b"BUG" in text for text in texts.values()):
            raise ZeroDivisionError("division by <b>zero</b>")
        return Proof(self.public, self.base, tuple(self._changed(texts)), len(texts))

    def _changed(self, texts):
        for source, text in texts.items():
            path = self.public / source.relative_to(self.root / "posts")
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != text:
                path.write_bytes(text)
                yield path.name


@pytest.fixture
def blog(tmp_path) -> Copyist:
    blog = Copyist(tmp_path / "blog")
    blog.write("index.html", "<html><body><p>Hello</p></body></html>")
    blog.write("404.html", "<html><body>Nothing here</body></html>")
    blog.write("2026/post/index.html", "<p>Grüße</p>")
    return blog


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    """Start previews; all of them end with the test, and must end cleanly."""
    running: list[Running] = []

    def start(
        builder: Callable[[str, Touched], Proof], root: Path, host: str = "127.0.0.1"
    ) -> Running:
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
