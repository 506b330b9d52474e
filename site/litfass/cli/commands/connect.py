"""`litfass connect`: sign in to an account, keep its secrets, and draw its line."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from getpass import getpass

from litfass.bridge import Introduction, Newcomer, Visit, newcomer, open_syndication
from litfass.brief import Options
from litfass.build import survey
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, moment, now
from litfass.cli.screen import Screen
from litfass.cli.telling import line_drawn

NOTHING: dict[str, object] = {
    "account": None,
    "network": None,
    "identity": None,
    "url": "",
    "expires": None,
    "waived": 0,
}


def run(args: Namespace, screen: Screen) -> Exit:
    """Ask what is to be known, and the network; then write. Raises LitfassError."""
    blog = blog_of(args)
    since = moment(args.since, blog) if args.since else None
    said = dict(args.set) | ({"backlog": "true"} if args.backlog else {})
    new = newcomer(blog, args.network, args.name, said, os.environ)
    built = survey(blog, Options(now=now()))  # a post that is wrong is told before anyone types
    if new.name != (args.name or args.network):
        screen.say(f'There is an account "{args.network}" already; this one is "{new.name}".')
    ready = _asked(new).introduced(now().astimezone(blog.settings.site.zone).date())
    with screen.busy("Asking …"):
        visit = ready.whose()
    syndication = open_syndication(ready.blog, built, os.environ, now, rehearsal=True)
    drawn = since is not None or not ready.described.settings.backlog
    waived = syndication.adopt(new.name, since, dry_run=True) if drawn else 0
    ready.write()
    waived = syndication.adopt(new.name, since) if drawn else 0
    _tell(screen, ready, visit)
    screen.say(line_drawn(new.name, waived) if drawn else f"{new.name}: older posts are due, too.")
    screen.say("Look at what will be said: litfass syndicate --dry-run")
    screen.result(_fields(visit, waived))
    return Exit.DONE


def _asked(new: Newcomer) -> Newcomer:
    """Ask the person at the terminal for what is missing; nobody is asked anywhere else."""
    questions = new.questions()
    if not questions or not sys.stdin.isatty():
        return new
    sys.stderr.write(f"{new.title}. {new.explanation}\n\n")
    for name, secret in questions:
        new = new.answered(name, _answer(name.replace("_", " "), secret=secret))
    return new


def _answer(question: str, *, secret: bool) -> str:
    """Return what a person says, who is asked until there is something."""
    answer = ""
    while not answer:
        answer = (_hidden(question) if secret else _visible(question)).strip()
    return answer


def _visible(question: str) -> str:
    # On standard error: standard output may be a program's.
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    try:
        return input()
    except EOFError:
        raise KeyboardInterrupt from None


def _hidden(question: str) -> str:
    try:
        return getpass(f"{question} (is not shown): ")
    except EOFError:
        raise KeyboardInterrupt from None


def _tell(screen: Screen, ready: Introduction, visit: Visit) -> None:
    who = " · ".join(filter(None, (visit.identity, visit.url)))
    screen.say(f"✓ {visit.name} is connected{f': {who}' if who else '.'}", "green")
    if visit.reason:
        screen.say(f"  {visit.reason} The first announcement will show whether it is right.")
    if visit.expires:
        screen.say(f"  We are signed in until {visit.expires.isoformat()}.")
    for name, place in ready.newcomer.kept():
        access = ", which only you may read" if place.endswith(".toml") else " of the environment"
        screen.say(f"  Its {name.replace('_', ' ')} is in {place}{access}.")


def _fields(visit: Visit, waived: int) -> dict[str, object]:
    return {
        "account": visit.name,
        "network": visit.network,
        "identity": visit.identity or None,
        "url": visit.url,
        "expires": visit.expires.isoformat() if visit.expires else None,
        "waived": waived,
    }
