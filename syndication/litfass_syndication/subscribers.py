"""The people in a file of addresses: one address a line; what stands after "#" is a remark.

It is for its owner's eyes alone, and nothing that is said about it shows anybody's address.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from litfass_syndication.errors import AccountError

_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]]+\.[^\s@<>(),;:\"\\\[\]]+")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person's address, as mail servers take it, and the line that it stands on."""

    address: str
    line: int


def mailbox(written: str) -> str:
    """Return an address as mail servers take it, or nothing when it is none."""
    name, _, domain = written.strip().rpartition("@")
    try:
        address = f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""
    return address if address.isascii() and _ADDRESS.fullmatch(address) else ""


def read_subscribers(path: Path) -> tuple[Subscriber, ...]:
    """Return who is in the file, each once. Raises AccountError, which shows nobody's address."""
    lines = _content(path).splitlines()
    written = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    known: dict[str, Subscriber] = {}
    for number, text in written:
        address = mailbox(text)
        if text and not address:
            hint = "One address a line, like name@example.org, and nothing else."
            raise AccountError(f"{path.name}:{number} is no address of a mailbox.", hint)
        if text:
            known.setdefault(address.casefold(), Subscriber(address, number))
    if not known:
        raise AccountError(f"Nobody is in {path.name}.", "One address a line.")
    return tuple(known.values())


def _content(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        content = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise AccountError(f"{path.name} is not text in UTF-8.") from None
    except OSError as error:
        message = f"The file of subscribers {path.name} cannot be read: {error.strerror}."
        raise AccountError(message, "One address a line.") from None
    if os.name == "posix" and mode & _OTHERS:
        hint = f"Let only yourself read it: chmod 600 {path.name}"
        raise AccountError(f"{path.name} can be read by others on this machine.", hint)
    return content
