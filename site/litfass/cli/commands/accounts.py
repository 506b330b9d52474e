"""`litfass accounts`: who is signed in where, until when, and what waits there."""

from __future__ import annotations

import os
from argparse import Namespace
from collections import Counter

from litfass.bridge import Visit, visit
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, surveyed
from litfass.cli.screen import Screen

NOTHING: dict[str, object] = {"accounts": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Ask each account's network whose it is. Raises LitfassError."""
    blog = blog_of(args)
    with screen.busy("Asking …"):
        visits = visit(blog, os.environ)
    _, _, syndication = surveyed(args, rehearsal=True)
    counts = Counter((one.account, str(one.standing)) for one in syndication.statuses())
    accounts = [_fields(one, counts) for one in visits]
    if not accounts:
        screen.say("There is no account yet. Connect one: litfass connect NETWORK")
    else:
        screen.table(
            ("account", "network", "signed in as", "waiting", "in doubt"), map(_row, accounts)
        )
    for one in visits:
        for line in filter(None, (one.reason, one.hint)):
            screen.say(f"  {line}" if line is one.hint else line)
    screen.result({"accounts": accounts})
    return Exit.DONE


def _fields(one: Visit, counts: Counter[tuple[str, str]]) -> dict[str, object]:
    return {
        "name": one.name,
        "network": one.network,
        "identity": one.identity or None,
        "url": one.url,
        "expires": one.expires.isoformat() if one.expires else None,
        "waiting": counts[one.name, "due"] + counts[one.name, "waiting"],
        "in_doubt": counts[one.name, "in-doubt"],
        "reason": one.reason,
        "hint": one.hint,
    }


def _row(fields: dict[str, object]) -> tuple[str, ...]:
    expires = f" until {fields['expires']}" if fields["expires"] else ""
    identity = f"{fields['identity']}{expires}" if fields["identity"] else "–"
    numbers = (str(fields["waiting"]), str(fields["in_doubt"]))
    return (str(fields["name"]), str(fields["network"]), identity, *numbers)
