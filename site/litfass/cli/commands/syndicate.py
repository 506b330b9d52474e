"""`litfass syndicate`: what is due is announced, or, in a dry run, shown."""

from __future__ import annotations

import os
from argparse import Namespace

from litfass.bridge import named, pin_up, watch
from litfass.cli.exits import Exit
from litfass.cli.opening import now, surveyed
from litfass.cli.screen import Screen
from litfass.cli.stopping import Stop
from litfass.cli.telling import Teller, announcements_line, exit_for, messages, titles

NOTHING: dict[str, object] = {"messages": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Announce what is due. Raises LitfassError."""
    blog, built, syndication = surveyed(args, rehearsal=args.dry_run)
    posts = built.library.posts
    teller = Teller(screen, titles(built))
    stop = Stop()
    with stop.heeded(screen.say):
        outcomes = syndication.run(
            watch(blog, os.environ, now, stop.wait, teller.wait, stop),
            report=teller.rehearse if args.dry_run else teller.tell,
            dry_run=args.dry_run,
            posts=args.post and [named(posts, name) or name for name in args.post],
            accounts=args.account,
            stop=stop,
        )
    if not args.dry_run:
        pin_up(blog, syndication)
    screen.say(announcements_line(outcomes, blog, stopped=stop.is_set()))
    screen.result({"messages": messages(outcomes)})
    return stop.status or exit_for(outcomes)
