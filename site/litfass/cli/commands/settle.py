"""`litfass settle`: a person has looked, and ends a doubt."""

from __future__ import annotations

from argparse import Namespace

from litfass.bridge import named
from litfass.cli.exits import Exit
from litfass.cli.opening import surveyed
from litfass.cli.screen import Screen
from litfass.errors import LitfassError

NOTHING: dict[str, object] = {"post": None, "account": None, "standing": None, "url": ""}


def run(args: Namespace, screen: Screen) -> Exit:
    """Write down what a person saw. Raises LitfassError when there is nothing to settle."""
    url = args.published
    if url is not None and not url.startswith(("https://", "http://")):
        raise LitfassError(f'"{url}" is not a whole address', "It begins with https://.")
    _, built, syndication = surveyed(args, rehearsal=True)
    post = named(built.library.posts, args.post) or args.post
    syndication.settle(post, args.account, url)
    standing = "announced" if url else "due"
    screen.say(f"{post} on {args.account} is settled: {standing}.")
    screen.result({"post": post, "account": args.account, "standing": standing, "url": url or ""})
    return Exit.DONE
