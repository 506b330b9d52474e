"""Records as they stand written, one to a line: whole, torn or foreign. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from litfass_syndication.calm import undisturbed
from litfass_syndication.errors import LedgerError
from litfass_syndication.ledger import Record
from litfass_syndication.records import NewerRecordError, decode

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONFLICT = (b"<<<<<<<", b"=======", b">>>>>>>")
# Every record begins with a brace; after a power cut, zeros may stand where its bytes should be.
_BEGINNINGS = (b"{", b"\0")


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a ledger, without its end. A `torn` one is what a crash left unfinished."""

    number: int
    text: bytes
    torn: bool = False


def lines_of(content: bytes) -> tuple[Written, ...]:
    """Return the lines of a ledger's file that are not blank, numbered from 1."""
    whole, torn = without_torn_line(content)
    lines = (Written(number, _bare(line)) for number, line in enumerate(whole.split(b"\n"), 1))
    rest = (Written(whole.count(b"\n") + 1, torn, torn=True),) if torn else ()
    return (*(line for line in lines if line.text), *rest)


def without_torn_line(content: bytes) -> tuple[bytes, bytes]:
    """Split off a record that was begun after the last line end, and never finished."""
    cut = content.rfind(b"\n") + 1
    last = content[cut:]
    if not _bare(last).startswith(_BEGINNINGS):
        return content, b""
    try:
        json.loads(_bare(last))
    except ValueError:
        return content[:cut], last
    return content, b""


def understood(line: bytes, ledger: str, number: int) -> Record:
    """Return the record that a ledger's line holds.

    Raises LedgerError, which names the line and what is wrong with it.
    """
    place = f"{ledger}:{number}"
    if line.startswith(_CONFLICT):
        raise LedgerError(
            f"{place}: a merge was left half done.",
            "Keep the lines of both sides and delete the markers: order and repetition do not "
            'matter. "*.jsonl merge=union" in .gitattributes does it for you.',
        )
    try:
        return decode(_bare(line).decode())
    except NewerRecordError as error:
        raise LedgerError(
            f"{place}: a newer Litfass wrote this line: {error}.", "Update Litfass."
        ) from error
    except ValueError as error:
        raise LedgerError(
            f"{place}: this line cannot be read: {_explained(error)}.",
            "Restore the line from your repository's history, or delete it if it is foreign.",
        ) from error


def all_understood(lines: Iterable[tuple[int, bytes]], ledger: str) -> tuple[Record, ...]:
    """Return the records that numbered lines hold. Raises LedgerError at the first that is none."""
    with undisturbed():
        return tuple(understood(line, ledger, number) for number, line in lines)


def text_of(lines: Iterable[bytes]) -> bytes:
    """Return lines as a ledger's file holds them."""
    return b"".join(line + b"\n" for line in lines)


def _bare(line: bytes) -> bytes:
    return line.strip().removeprefix(_BYTE_ORDER_MARK)


def _explained(error: ValueError) -> str:
    unreadable = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
    return "it is torn or was changed by hand" if unreadable else str(error)
