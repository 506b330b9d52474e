"""`litfass adopt`: an account's line is drawn, so that the past stays unannounced."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

from litfass.cli.exits import Exit
from litfass.cli.opening import surveyed
from litfass.cli.screen import Screen
from litfass.errors import LitfassError

NOTHING: dict[str, object] = {"account": None, "since": None, "waived": 0}


def run(args: Namespace, screen: Screen) -> Exit:
    """Draw the line at a day, or now. Raises LitfassError."""
    blog, _, syndication = surveyed(args, rehearsal=True)
    since = _moment(args.since, blog.settings.site.zone) if args.since else None
    waived = syndication.adopt(args.account, since)
    posts = "1 post stays" if waived == 1 else f"{waived} posts stay"
    screen.say(f"{args.account}: {posts} unannounced; what is newer will be announced.")
    day = since.isoformat() if since else None
    screen.result({"account": args.account, "since": day, "waived": waived})
    return Exit.DONE


def _moment(day: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(day)
    except ValueError:
        raise LitfassError(f'"{day}" is not a date', "Write it like 2026-08-22.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
