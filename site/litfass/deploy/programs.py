"""Run git and rsync: no shell, no questions to a person, no passwords in what they say."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from litfass.errors import DeployError

SSH = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=20")
"""ssh that rather fails than asks for a password or waits for ever (seconds)."""

_GIT_PLACES = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
)
"""What git tells its hooks, and what would lead us astray when a hook deploys."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended: its exit status and what it said, passwords masked in `errors`."""

    status: int
    output: str
    errors: str


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Finished:
    """Run a program to its end, in plain English, with `env` on top of ours.

    Raises DeployError when the program is not installed.
    """
    ours = {name: value for name, value in os.environ.items() if name not in _GIT_PLACES}
    environment = ours | dict(env or {}) | {"LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 -- a list of arguments, no shell
            command, cwd=cwd, env=environment, input=stdin, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise DeployError(
            f"{command[0]} is not installed", f"Install {command[0]}, or deploy another way."
        ) from error
    output = done.stdout.decode(errors="surrogateescape")
    return Finished(done.returncode, output, redact(done.stderr.decode(errors="replace")).strip())


def redact(text: str) -> str:
    """Return the text with user names and passwords in addresses masked.

    A user name that stands alone is masked too over http, where hosts take tokens for it.
    """
    text = re.sub(r"(https?://)[^/@\s'\"]+@", r"\1***@", text, flags=re.IGNORECASE)
    return re.sub(r"([a-z+]+://[^/:@\s'\"]+):[^/@\s'\"]*@", r"\1:***@", text, flags=re.IGNORECASE)
