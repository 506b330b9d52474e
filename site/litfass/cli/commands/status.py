"""`litfass status`: posts × accounts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence

from litfass.bridge import PAGE, Status, waiting
from litfass.cli import copying
from litfass.cli.exits import Exit
from litfass.cli.opening import surveyed
from litfass.cli.screen import Screen

NOTHING: dict[str, object] = {"slots": [], "waiting": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Show where every post stands on every account. Raises LitfassError."""
    blog, built, syndication = surveyed(args, rehearsal=True)
    statuses = syndication.statuses()
    titles = {post.id: post.title for post in built.library.posts}
    accounts = tuple(dict.fromkeys((*blog.settings.accounts, *(one.account for one in statuses))))
    if statuses:
        screen.table(("post", *accounts), _rows(statuses, accounts, titles))
    else:
        screen.say("There is nothing to announce: no post, or no account.")
    for reason in dict.fromkeys(_reasons(statuses, titles)):
        screen.say(reason)
    awaited = waiting(syndication)
    copying.show(awaited, blog.root, screen)
    if awaited and (blog.root / PAGE).is_file():
        screen.say(f"\nOr copy with a click, as of the last run: {blog.root / PAGE}")
    slots = [_fields(one) for one in statuses]
    screen.result({"slots": slots, "waiting": copying.listed(awaited, blog.root)})
    return Exit.DONE


def _rows(
    statuses: Iterable[Status], accounts: Sequence[str], titles: dict[str, str]
) -> list[tuple[str, ...]]:
    standings: dict[str, dict[str, str]] = {}
    for one in statuses:
        standings.setdefault(one.post, {})[one.account] = str(one.standing)
    gone = sorted(standings.keys() - titles.keys())
    order = [*(post for post in titles if post in standings), *gone]
    return [
        (titles.get(post, post), *(standings[post].get(name, "") for name in accounts))
        for post in order
    ]


def _reasons(statuses: Iterable[Status], titles: dict[str, str]) -> Iterator[str]:
    """Yield why posts are not announced; what holds back a whole account comes out the same."""
    for one in statuses:
        if one.reason and one.standing == "due":
            yield f"{one.account}: {one.reason}"
        elif one.reason and one.standing == "announced":
            yield f"{titles.get(one.post, one.post)} · {one.account} · announced: {one.reason}"
        elif one.standing in ("in-doubt", "refused"):
            title = titles.get(one.post, one.post)
            settle = f"litfass settle {one.post} {one.account} --published URL (or --missing)"
            reason = one.reason or f"look there, then tell what you saw: {settle}"
            yield f"{title} · {one.account} · {one.standing}: {reason}"


def _fields(one: Status) -> dict[str, object]:
    return {
        "post": one.post,
        "account": one.account,
        "standing": str(one.standing),
        "url": one.url,
        "at": one.at.isoformat() if one.at else None,
        "reason": one.reason,
    }
