"""`litfass adopt`: what an account has announced is known, and the past stays unannounced."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from litfass.bridge import Findings, Syndication
from litfass.cli.exits import Exit
from litfass.cli.opening import moment, surveyed
from litfass.cli.screen import Screen
from litfass.cli.telling import line_drawn, titles

NOTHING: dict[str, object] = {"account": None, "since": None, "waived": 0}


def run(args: Namespace, screen: Screen) -> Exit:
    """Draw the line at a day, or now; before that, look on the network. Raises LitfassError."""
    blog, built, syndication = surveyed(args, rehearsal=not args.from_network)
    since = moment(args.since, blog) if args.since else None
    found = _found(args, syndication, screen, titles(built)) if args.from_network else None
    # Whoever looks for what is there already need not mean to give up what is still to come.
    drawn = bool(since) or not (args.from_network and syndication.is_known(args.account))
    besides = [one.post for one in found.adopted] if found else []
    terms = {"besides": besides, "dry_run": args.dry_run}
    waived = syndication.adopt(args.account, since, **terms) if drawn else 0
    if drawn:
        screen.say(line_drawn(args.account, waived))
    if args.dry_run:
        screen.say("Nothing was written down.")
    day = since.isoformat() if since else None
    screen.result({"account": args.account, "since": day, "waived": waived, **_fields(found)})
    return Exit.DONE


def _found(
    args: Namespace, syndication: Syndication, screen: Screen, titles: Mapping[str, str]
) -> Findings:
    """Look through what the account posted, and tell what is found."""
    with screen.busy("Looking through the posts there …"):
        findings = syndication.adopt_from_network(args.account, dry_run=args.dry_run)
    for one in findings.adopted:
        screen.say(f"{'✓' if one.news else '·'} {titles[one.post]} · {one.url}")
    for line in _told(args.account, findings):
        screen.say(line)
    return findings


def _fields(findings: Findings | None) -> dict[str, object]:
    if findings is None:
        return {}
    found = [{"post": one.post, "url": one.url, "news": one.news} for one in findings.adopted]
    return {"looked_through": findings.looked_through, "found": found}


def _told(account: str, findings: Findings) -> tuple[str, ...]:
    news = sum(one.news for one in findings.adopted)
    known = len(findings.adopted) - news
    head = f"{account}: {findings.looked_through} posts there looked through"
    several = f"{findings.several} that lead to several posts were left alone."
    line = f"{head}; {news} announce one of ours and were not known, {known} were."
    return (line, several) if findings.several else (line,)
