"""`litfass syndicate`: what is due is announced, or, in a dry run, shown."""

from __future__ import annotations

import time
from argparse import Namespace

from litfass.bridge import named, watch
from litfass.cli.exits import Exit
from litfass.cli.opening import now, surveyed
from litfass.cli.screen import Screen
from litfass.cli.telling import Teller, exit_for, messages, summary, titles

NOTHING: dict[str, object] = {"messages": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Announce what is due. Raises LitfassError."""
    blog, built, syndication = surveyed(args, rehearsal=args.dry_run)
    posts = built.library.posts
    teller = Teller(screen, titles(built))
    outcomes = syndication.run(
        watch(blog, now, time.sleep, teller.wait),
        report=teller.rehearse if args.dry_run else teller.tell,
        dry_run=args.dry_run,
        posts=args.post and [named(posts, name) or name for name in args.post],
        accounts=args.account,
    )
    screen.say(f"Announcements: {summary(outcomes, blog)}.")
    screen.result({"messages": messages(outcomes)})
    return exit_for(outcomes)
