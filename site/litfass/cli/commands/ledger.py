"""`litfass ledger`: all that was announced, taken out, brought in, or gone over."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from litfass.bridge import Archive, open_archive
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, now
from litfass.cli.screen import Screen
from litfass.errors import LitfassError, OutputError, Problem
from litfass.model import Post

NOTHING: dict[str, object] = {"ledger": None, "records": 0}

_STREAM = "-"


def run(args: Namespace, screen: Screen) -> Exit:
    """Do with the ledger what was asked for. Raises LitfassError."""
    ledger = open_archive(blog_of(args), os.environ)
    match args.action:
        case "export":
            return _export(ledger, args.file, screen)
        case "import":
            return _import(ledger, args.file, screen)
        case _:
            return _verify(ledger, screen)


def _export(ledger: Archive, file: str, screen: Screen) -> Exit:
    content, records = ledger.take_out()
    fields: dict[str, object] = {"ledger": ledger.name, "records": records, "file": file}
    if file != _STREAM:
        _write(Path(file), content)
        screen.say(f"{_counted(records)} of {ledger.name} written to {file}.")
    elif screen.as_json:
        fields["lines"] = [json.loads(line) for line in content.split(b"\n") if line]
    else:
        sys.stdout.buffer.write(content)
    screen.result(fields)
    return Exit.DONE


def _import(ledger: Archive, file: str, screen: Screen) -> Exit:
    content = sys.stdin.buffer.read() if file == _STREAM else _read(Path(file))
    entered = ledger.bring_in(content, "standard input" if file == _STREAM else file)
    known = f"; {entered.known} were there already" if entered.known else ""
    screen.say(f"{_counted(entered.added)} added to {ledger.name}{known}.")
    if entered.torn:
        screen.say("The last line was torn by a crash, and left out.", "yellow")
    fields = {"added": entered.added, "known": entered.known, "torn": entered.torn}
    records = entered.added + entered.known
    screen.result({"ledger": ledger.name, "records": records, "file": file, **fields})
    return Exit.DONE


def _verify(ledger: Archive, screen: Screen) -> Exit:
    posts, unreadable = _posts(ledger)
    findings, strange = ledger.go_over(posts)
    problems = (*unreadable, *strange)
    counts = ", ".join(f"{count} {standing}" for standing, count in findings.slots.items())
    screen.say(f"{ledger.name}: {_counted(findings.records)}; slots: {counts or 'none'}.")
    screen.problems(problems)
    broken = len(findings.flaws)
    lines = "1 line cannot" if broken == 1 else f"{broken} lines cannot"
    screen.say(f"{lines} be read." if broken else "All of it can be read.")
    screen.result(
        {
            "ledger": ledger.name,
            "records": findings.records,
            "slots": {str(standing): count for standing, count in findings.slots.items()},
            "posts": list(findings.posts),
            "accounts": list(findings.accounts),
            "problems": screen.listed(problems),
        }
    )
    return Exit.FAILED if broken else Exit.DONE


def _posts(ledger: Archive) -> tuple[tuple[Post, ...] | None, tuple[Problem, ...]]:
    """Return all posts, or None and why they cannot be read, which is not the ledger's fault."""
    from litfass.brief import Options  # noqa: PLC0415 - heavy
    from litfass.build import survey  # noqa: PLC0415 - heavy

    try:
        built = survey(ledger.blog, Options(now=now(), drafts=True, future=True))
    except LitfassError as error:
        return None, tuple(replace(one, severity="warning") for one in error.problems())
    return built.library.posts, ()


def _counted(records: int) -> str:
    return "1 record" if records == 1 else f"{records} records"


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        hint = "Choose another name; `litfass ledger import` is what adds to a ledger."
        raise OutputError("exists already", hint, path=str(path)) from None
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", path=str(path)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LitfassError(f"{path} cannot be read: {error.strerror}.") from None
