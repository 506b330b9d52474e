"""`litfass settle`: a person has looked, and ends a doubt; or she has posted a text by hand."""

from __future__ import annotations

from argparse import Namespace

from litfass.bridge import (
    Syndication,
    is_by_hand,
    named,
    never,
    pin_up,
    posted,
    taken_down,
)
from litfass.cli.exits import Exit
from litfass.cli.opening import surveyed
from litfass.cli.screen import Screen
from litfass.errors import LitfassError, Problem, UsageError

NOTHING: dict[str, object] = {"post": None, "account": None, "standing": None, "url": ""}


def run(args: Namespace, screen: Screen) -> Exit:
    """Write down what a person saw or did. Raises LitfassError when there is nothing to settle."""
    url = args.published
    if url and not url.startswith(("https://", "http://")):
        raise LitfassError(f'"{url}" is not a whole address', "It begins with https://.")
    blog, built, syndication = surveyed(args, rehearsal=True)
    post = named(built.library.posts, args.post) or args.post
    if args.never:
        standing, text = str(never(syndication, post, args.account)), ""
    elif is_by_hand(syndication, args.account):
        standing, text = _by_hand(args, post, syndication)
    else:
        standing, text = _looked(args, post, syndication), ""
    pin_up(blog, syndication)
    screen.say(f"{post} on {args.account} is settled: {standing}.")
    if text:
        screen.say("This is the text that we take to be there now:\n")
        screen.say(text)
    told = {"post": post, "account": args.account, "standing": standing, "url": url or ""}
    screen.result(told)
    return Exit.DONE


def _by_hand(args: Namespace, post: str, syndication: Syndication) -> tuple[str, str]:
    """Return where it stands now, and the text that a person has posted."""
    if args.missing:
        taken_down(syndication, post, args.account)
        return "withdrawn", ""
    return "announced", posted(syndication, post, args.account, args.published or "")


def _looked(args: Namespace, post: str, syndication: Syndication) -> str:
    """Return where it stands now that a person has looked. Raises UsageError without an answer."""
    if args.published is None and not args.missing:
        hint = "Say --published with its address, --missing, or --never."
        raise UsageError(Problem(f"what did you see on {args.account}?", hint))
    syndication.settle(post, args.account, args.published)
    return "due" if args.missing else "announced"
