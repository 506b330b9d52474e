"""`litfass withdraw`: what was announced of a post is deleted where the network can."""

from __future__ import annotations

from argparse import Namespace

from litfass.bridge import Withdrawal, named
from litfass.cli.exits import Exit
from litfass.cli.opening import surveyed
from litfass.cli.screen import Screen
from litfass.cli.telling import titles

NOTHING: dict[str, object] = {"post": None, "withdrawn": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Withdraw a post, and say where that worked. Raises LitfassError."""
    _, built, syndication = surveyed(args)
    post = named(built.library.posts, args.post) or args.post
    with screen.busy("Withdrawing …"):
        withdrawals = syndication.withdraw(post, args.account)
    title = titles(built).get(post, post)
    for one in withdrawals:
        screen.say(f"✓ {title} · {one.account} · withdrawn" if one.done else f"✗ {one.reason}")
        if one.hint:
            screen.say(f"  {one.hint}")
    if not withdrawals:
        screen.say(f"{title} is announced nowhere.")
    screen.result({"post": post, "withdrawn": [_fields(one) for one in withdrawals]})
    return Exit.DONE if all(one.done for one in withdrawals) else Exit.DUE


def _fields(one: Withdrawal) -> dict[str, object]:
    return {
        "account": one.account,
        "done": one.done,
        "url": one.url,
        "reason": one.reason,
        "hint": one.hint,
    }
