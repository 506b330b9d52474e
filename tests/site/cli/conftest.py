"""The program as a person or a script calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from litfass.cli import main
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "Tok3n-that-nobody-may-see"


@dataclass(frozen=True)
class Said:
    """What a command left: its exit status and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def litfass(capsys, monkeypatch, tmp_path) -> Callable[..., Said]:
    """Return the program, called in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> Said:
        capsys.readouterr()
        status = main(argv)
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def begun(litfass, tmp_path, monkeypatch) -> Path:
    """Return a blog fresh from `litfass init`, and stand in it."""
    assert litfass("init", "blog").status == 0
    monkeypatch.chdir(tmp_path / "blog")
    return tmp_path / "blog"


@pytest.fixture
def add(begun) -> Callable[..., Path]:
    """Return who adds a post to the blog, or settings to its litfass.toml."""

    def write(text: str, path: str = "litfass.toml") -> Path:
        file = begun / path
        before = file.read_text("utf-8") if file.exists() else ""
        file.write_text(before + text, "utf-8")
        return file

    return write


@pytest.fixture
def mastodon(add, monkeypatch):
    """Give the blog an account on a Mastodon of this machine, and return the server."""
    server = MastodonServer(TOKEN)
    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    with listening(server) as address:
        server.address = address
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        yield server
