"""What the program understands: its commands and their options."""

from __future__ import annotations

import re
from argparse import (
    SUPPRESS,
    ArgumentParser,
    ArgumentTypeError,
    BooleanOptionalAction,
    RawDescriptionHelpFormatter,
)
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, NoReturn

from litfass import __version__

WELCOME = """\
Litfass puts a post up once, and the whole town reads it.

  litfass init my-blog     begin a blog
  litfass new "A title"    begin a post
  litfass serve            read it in the browser while you write
  litfass publish          build, deploy, and announce what is new

`litfass --help` has all commands, `litfass COMMAND --help` all about one.
"""

_WRONG_COMMAND = re.compile(r"argument COMMAND: invalid choice: '([^']*)'")


class _Parser(ArgumentParser):
    """Says what may have been meant."""

    def error(self, message: str) -> NoReturn:
        """Show what is wrong with the arguments, and leave with status 2."""
        wrong = _WRONG_COMMAND.match(message)
        if wrong:
            near = get_close_matches(wrong[1], COMMANDS, 1)
            hint = f'Did you mean "{near[0]}"?' if near else "`litfass --help` has all commands."
            message = f'there is no command "{wrong[1]}"\n  {hint}'
        else:
            message = f"{message}\n  `{self.prog} --help` says more."
        self.exit(2, f"litfass: {message}\n")


def parser() -> ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        "litfass", description="Markdown posts become a blog, and the blog announces itself."
    )
    top.add_argument("--version", action="version", version=f"litfass {__version__}")
    _add_folder(top, ".")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (summary, arguments) in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary, formatter_class=RawDescriptionHelpFormatter
        )
        _add_folder(command, SUPPRESS)
        _add_json(command, default=False)
        arguments(command)
    return top


def _add_folder(command: ArgumentParser, default: Any) -> None:
    command.add_argument(
        "-C", dest="folder", metavar="DIR", default=default, help="work in the blog in this folder"
    )


def _add_json(command: ArgumentParser, default: Any) -> None:
    command.add_argument(
        "--json",
        action="store_true",
        default=default,
        help="print one JSON object, for programs",
    )


def _init(command: ArgumentParser) -> None:
    command.add_argument("directory", metavar="DIR", help="the new blog's folder")
    command.add_argument("--language", choices=("en", "de"), default="en", help="en or de")
    command.add_argument("--title", default="", help="what the blog is called")
    command.add_argument("--url", default="", help="where it will be: https://blog.example")
    command.add_argument("--author", default="", help="who writes it")


def _new(command: ArgumentParser) -> None:
    command.add_argument("title", metavar="TITLE", help="the post's title")
    command.add_argument("--draft", action="store_true", help="begin it as a draft")


def _build(command: ArgumentParser) -> None:
    command.add_argument("--drafts", action="store_true", help="drafts, too")
    command.add_argument("--future", action="store_true", help="posts of the future, too")
    command.add_argument("--explain", action="store_true", help="say why each file is made")
    _making(command)


def _making(command: ArgumentParser) -> None:
    command.add_argument("--jobs", type=int, metavar="N", default=0, help="processes at once")
    command.add_argument("--force", action="store_true", help="make every page anew")


def _serve(command: ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="address to listen on: 127.0.0.1")
    command.add_argument("--port", type=int, default=8000, help="port to listen on: 8000")
    command.add_argument("--open", action="store_true", help="open it in the browser")
    command.add_argument("--drafts", action=BooleanOptionalAction, default=True, help="show drafts")
    command.add_argument(
        "--future", action=BooleanOptionalAction, default=True, help="show posts of the future"
    )


def _deploy(command: ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="only list what would change")


def _syndicate(command: ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="only show what would be said")
    _naming(command)


def _naming(command: ArgumentParser) -> None:
    command.add_argument(
        "--post", action="append", metavar="ID", help="only this post, by its id, file or slug"
    )
    command.add_argument("--account", action="append", metavar="NAME", help="only this account")


def _settle(command: ArgumentParser) -> None:
    command.add_argument("post", metavar="POST", help="a post, by its id, file or slug")
    command.add_argument("account", metavar="ACCOUNT", help="the account's name")
    answer = command.add_mutually_exclusive_group()
    answer.add_argument(
        "--published",
        "--url",
        nargs="?",
        const="",
        metavar="URL",
        help="it is there, at this address if it has one",
    )
    answer.add_argument("--missing", action="store_true", help="it is not there")
    answer.add_argument(
        "--never", action="store_true", help="it is not to be announced there, or stays as it is"
    )


def _adopt(command: ArgumentParser) -> None:
    command.add_argument("account", metavar="ACCOUNT", help="the account's name")
    command.add_argument("--since", metavar="DATE", help="posts from this day on are still due")
    command.add_argument(
        "--from-network",
        action="store_true",
        help="look through what the account posted, and write down what is there already",
    )
    command.add_argument("--dry-run", action="store_true", help="only show what would be known")


def _connect(command: ArgumentParser) -> None:
    command.add_argument("network", metavar="NETWORK", help="one of those of `litfass networks`")
    command.add_argument("--name", default="", help="what you call the account; it stays")
    command.add_argument(
        "--set",
        action="append",
        type=_setting,
        metavar="OPTION=VALUE",
        default=[],
        help="what the network wants to know, but for secrets; you are asked for what is missing",
    )
    past = command.add_mutually_exclusive_group()
    past.add_argument("--since", metavar="DATE", help="posts from this day on are still due")
    past.add_argument("--backlog", action="store_true", help="older posts are due, too")


def _setting(text: str) -> tuple[str, str]:
    """Return name and value of an option such as "server=https://social.example"."""
    name, sign, value = text.partition("=")
    if not (sign and name.strip() and value.strip()):
        raise ArgumentTypeError("write it like server=https://social.example")
    return name.strip(), value.strip()


def _withdraw(command: ArgumentParser) -> None:
    command.add_argument("post", metavar="POST", help="a post, by its id, file or slug")
    command.add_argument("--account", action="append", metavar="NAME", help="only this account")


def _publish(command: ArgumentParser) -> None:
    _making(command)
    command.add_argument(
        "--every",
        type=_span,
        metavar="TIME",
        help="keep running, and do it again after so long: 30s, 10m, 2h",
    )


def _span(text: str) -> float:
    """Return the seconds in a span of time such as "10m"."""
    parts = re.fullmatch(r"(\d{1,6})([smhd])", text.strip())
    if not parts or not int(parts[1]):
        raise ArgumentTypeError(f'"{text}" is no span of time; write it like 30s, 10m or 2h')
    return int(parts[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}[parts[2]]


def _ledger(command: ArgumentParser) -> None:
    actions = command.add_subparsers(
        dest="action", metavar="ACTION", title="actions", required=True
    )
    for name, summary, file in _LEDGER_ACTIONS:
        action = actions.add_parser(name, help=summary, description=summary)
        _add_folder(action, SUPPRESS)
        _add_json(action, SUPPRESS)
        if file:
            action.add_argument("file", metavar="FILE", help=file)


_LEDGER_ACTIONS = (
    ("export", "write all records into a file of JSON lines", "a new file, or - to print them"),
    ("import", "add a file's records that are not there yet", "a ledger's file, or - to read them"),
    ("verify", "read everything, and tell what is wrong or strange", ""),
)


def _plain(command: ArgumentParser) -> None:
    """Take no options of its own."""
    del command


COMMANDS: dict[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "init": ("begin a blog, ready to build", _init),
    "new": ("begin a post, and print its path", _new),
    "serve": ("show the blog in the browser while you write", _serve),
    "build": ("build the blog into its public folder", _build),
    "check": ("look for what is wrong or missing", _plain),
    "deploy": ("bring the public folder to where the world reads it", _deploy),
    "syndicate": ("announce what is due on every account", _syndicate),
    "publish": ("build, deploy, wait until live, and announce", _publish),
    "status": ("show which post stands where", _plain),
    "settle": ("say what you saw or did: it is there, or it is not", _settle),
    "withdraw": ("take back what was announced of a post", _withdraw),
    "adopt": ("leave the posts so far unannounced on an account", _adopt),
    "ledger": ("take the ledger elsewhere, or go over it", _ledger),
    "connect": ("sign in to an account, and announce there from now on", _connect),
    "accounts": ("show the accounts, and who is signed in", _plain),
    "networks": ("show the networks that Litfass knows", _plain),
}
"""What each command does, and its arguments, in the order of a blog's life."""
