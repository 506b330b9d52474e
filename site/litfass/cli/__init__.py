"""The command line: `litfass [-C DIR] COMMAND`.

Commands are modules of `commands`, imported when they are called, so that the program answers
at once.
"""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from litfass.cli.arguments import WELCOME, parser
from litfass.cli.exits import Exit
from litfass.cli.screen import Screen
from litfass.errors import LitfassError, UsageError


def program() -> NoReturn:
    """Run the command that this process was started for, and end the process.

    A command is over before it would pay to look for garbage, and what the process holds goes
    with it: taking that apart takes longer than many a build. Those that stay look after it
    themselves.
    """
    gc.disable()
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status, one of `Exit`.

    Our own errors are shown without a traceback; any other is a bug and shows one.
    """
    try:
        status = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on; Python would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNREAD
    return status


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = parser().parse_args(argv)
    except SystemExit as end:  # --help, --version, or a mistake that is shown already
        return int(end.code or 0)
    if args.command is None:
        sys.stdout.write(WELCOME)
        return Exit.DONE
    command = import_module(f"litfass.cli.commands.{args.command}")
    return _obeyed(command, args, Screen(as_json=args.json))


def _obeyed(command: ModuleType, args: Namespace, screen: Screen) -> int:
    try:
        status: Exit = command.run(args, screen)
    except LitfassError as error:
        problems = error.problems()
        screen.problems(problems)
        screen.result({**command.NOTHING, "problems": screen.listed(problems)})
        return Exit.USAGE if isinstance(error, UsageError) else Exit.FAILED
    return status
