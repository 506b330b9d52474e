"""What an account's subscribers were sent: nobody has it twice, whatever crashes when.

One line for each step, on the disk before the next one, in a file beside that of the addresses.
People stand in it under digests that tell nothing without its salt; like the addresses it is for
their owner's eyes alone, and does not belong in git.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

from litfass_syndication.durable import append
from litfass_syndication.errors import Unreachable

_OURS = 0o600


class Step(StrEnum):
    """How far a mail to one subscriber has come; BEGUN without another after it is a doubt."""

    BEGUN = "begun"
    WAITING = "waiting"  # surely not sent; it is to be sent yet
    REFUSED = "refused"  # its address is none any more
    SENT = "sent"


class Postbook:
    """What an account's subscribers were sent, in a file beside that of their addresses."""

    def __init__(self, subscribers: Path, account: str) -> None:
        self._path = subscribers.with_name(f"{subscribers.name}.{account}.sent")

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    def begin(self, key: str, post: str) -> None:
        """Write down that an attempt begins. Raises Unreachable: nothing is sent without it."""
        try:
            self._path.touch(mode=_OURS)
        except OSError as error:
            raise self._unusable("written", error) from None
        if not self._salt():
            self._write({"salt": os.urandom(16).hex()})
        self._write({"key": key, "post": post})

    def knows(self, key: str) -> bool:
        """Tell whether an attempt is in it. Raises Unreachable."""
        return any(line.get("key") == key for line in self._lines())

    def names(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Return what stands for each address: 24 hexadecimal digits. Raises Unreachable."""
        salt = bytes.fromhex(self._salt())
        return tuple(
            blake2b(one.casefold().encode(), key=salt, digest_size=12).hexdigest()
            for one in addresses
        )

    def steps(self, key: str, post: str) -> dict[str, Step]:
        """Return how far an attempt has come with each, and who has the post by another one."""
        posts: dict[str, str] = {}
        steps: dict[str, Step] = {}
        for line in self._lines():
            posts.setdefault(line.get("key", ""), line.get("post", ""))
            step, who = line.get("step", ""), line.get("who", "")
            own = line.get("key") == key
            theirs = step == Step.SENT and posts.get(line.get("key", "")) == post
            if step in set(Step) and (own or theirs) and steps.get(who) is not Step.SENT:
                steps[who] = Step(step)
        return steps

    def write(self, key: str, who: str, step: Step) -> None:
        """Write a step down; it is on the disk when this returns. Raises Unreachable."""
        self._write({"key": key, "who": who, "step": str(step)})

    def _salt(self) -> str:
        salts = (line["salt"] for line in self._lines() if "salt" in line)
        return next(salts, "")

    def _write(self, line: dict[str, str]) -> None:
        try:
            append(self._path, json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise self._unusable("written", error) from None

    def _lines(self) -> Iterator[dict[str, str]]:
        """Yield what is written; a line that a crash has torn says nothing."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable("read", error) from None
        for line in content.splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict):
                yield {str(name): str(value) for name, value in said.items()}

    def _unusable(self, done: str, error: OSError) -> Unreachable:
        return Unreachable(
            f"{self._path.name} cannot be {done}: {error.strerror or error}.",
            "Who has got what is written there: nothing is sent without it.",
        )
