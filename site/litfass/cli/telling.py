"""How builds, deployments and announcements are told, to a person and to a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from litfass.cli.exits import Exit
from litfass.cli.screen import Screen

if TYPE_CHECKING:
    from litfass.bridge import Outcome
    from litfass.brief import Built
    from litfass.brief import Outcome as BuildOutcome
    from litfass.deploy import Deployment
    from litfass.settings import Blog

NO_BUILD: dict[str, object] = {
    "pages": {"total": 0, "made": 0, "removed": 0},
    "seconds": 0.0,
    "problems": [],
}

_SIGNS = {
    "announced": ("✓", "green"),
    "edited": ("✓", "green"),
    "would-announce": ("→", "cyan"),
    "due": ("…", "yellow"),
    "waiting": ("✎", "cyan"),
    "outdated": ("✎", "cyan"),
    "waived": ("·", "dim"),
    "unsuited": ("·", "dim"),
    "refused": ("✗", "red"),
    "in-doubt": ("?", "bold red"),
    "unchanged": ("·", "dim"),
}


def build_fields(built: BuildOutcome, seconds: float) -> dict[str, object]:
    """Return a build as programs read it."""
    return {
        "pages": {"total": built.total, "made": len(built.made), "removed": len(built.removed)},
        "seconds": round(seconds, 3),
        "problems": Screen.listed(built.problems),
        **({"reasons": dict(built.reasons)} if built.reasons else {}),
    }


def build_line(built: BuildOutcome, seconds: float, root: Path) -> str:
    """Return a build in a line: "12 pages made, 340 unchanged, 1 removed · 0.4 s · public/"."""
    made, removed = len(built.made), len(built.removed)
    pages = "1 file made" if made == 1 else f"{made} files made"
    gone = f", {removed} removed" if removed else ""
    where = built.public.relative_to(root).as_posix()
    return f"{pages}, {built.total - made} unchanged{gone} · {seconds:.1f} s · {where}/"


def deploy_fields(deployment: Deployment | None) -> dict[str, object] | None:
    """Return a deployment as programs read it; None where there is no target."""
    if deployment is None:
        return None
    return {
        "target": deployment.target,
        "where": deployment.where,
        "added": list(deployment.added),
        "changed": list(deployment.changed),
        "removed": list(deployment.removed),
    }


def deploy_line(deployment: Deployment, *, dry_run: bool = False) -> str:
    """Return a deployment in a line."""
    if not deployment.changes:
        return f"Nothing to deploy: {deployment.where} is as it should be."
    parts = (
        (len(deployment.added), "new"),
        (len(deployment.changed), "changed"),
        (len(deployment.removed), "removed"),
    )
    counts = ", ".join(f"{count} {what}" for count, what in parts if count)
    return f"{'Would be deployed' if dry_run else 'Deployed'} to {deployment.where}: {counts}"


def messages(outcomes: Iterable[Outcome]) -> list[dict[str, object]]:
    """Return outcomes as programs read them."""
    return [
        {
            "post": one.post,
            "account": one.account,
            "network": one.network,
            "text": one.text,
            "length": one.length,
            "limit": one.limit,
            "measure": one.measure,
            "outcome": str(one.outcome),
            "url": one.url,
            "reason": one.reason,
            "hint": one.hint,
            "whole": one.whole,
        }
        for one in outcomes
    ]


class Teller:
    """Tells a person what becomes of posts on accounts; `titles` are by post id."""

    def __init__(self, screen: Screen, titles: Mapping[str, str]) -> None:
        self._screen = screen
        self._titles = titles
        self._told: set[tuple[str, str]] = set()
        self._standings: dict[tuple[str, str], Outcome] = {}
        self.news = 0

    def know(self, titles: Mapping[str, str]) -> None:
        """Call the posts by these titles from now on."""
        self._titles = titles

    def tell(self, outcome: Outcome) -> None:
        """Tell what became of a post on an account, unless it is old news; `news` counts.

        A reason that many posts share, such as a server that is away, is told once.
        """
        why = (outcome.account, outcome.reason)
        told = not outcome.reason or why in self._told
        if self._is_old(outcome) or (outcome.outcome == "unchanged" and told):
            return
        self._told.add(why)
        self.news += 1
        sign, style = _SIGNS[outcome.outcome]
        title = self._titles.get(outcome.post, outcome.post)
        where = f" · {outcome.url}" if outcome.url else ""
        self._screen.say(f"{sign} {title} · {outcome.account} · {outcome.outcome}{where}", style)
        for line in () if told else filter(None, (outcome.reason, outcome.hint)):
            self._screen.say(f"  {line}")

    def _is_old(self, outcome: Outcome) -> bool:
        """Tell whether the post stood there before, as a program that keeps running knows it."""
        slot = (outcome.post, outcome.account)
        known, self._standings[slot] = self._standings.get(slot), outcome
        return outcome.outcome == "waived" or known == outcome

    def wait(self, address: str) -> None:
        """Tell that a page must be live before it is announced."""
        self._screen.say(f"Waiting until it is live: {address}")

    def rehearse(self, outcome: Outcome) -> None:
        """Show a message as it would be sent, with its length."""
        self.tell(outcome)
        if outcome.outcome == "would-announce" and outcome.whole:
            self._screen.say("  The whole article, with a link to the original.\n", "dim")
        elif outcome.text and outcome.outcome in ("would-announce", "waiting", "outdated"):
            limit = "" if outcome.limit is None else f" of {outcome.limit}"
            text = "\n".join(f"  │ {line}".rstrip() for line in outcome.text.split("\n"))
            self._screen.say(text)
            self._screen.say(f"  {outcome.length}{limit} {outcome.measure}\n", "dim")


def titles(built: Built) -> dict[str, str]:
    """Return what a person calls the posts, by their ids."""
    return {post.id: post.title for post in built.library.posts}


def summary(outcomes: Iterable[Outcome], blog: Blog) -> str:
    """Return in a line how many announcements became what; no account is never passed over."""
    if not blog.settings.accounts:
        return "none, for litfass.toml has no account. `litfass networks` shows what there is"
    counts: dict[str, int] = {}
    for one in outcomes:
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    told = (f"{counts[kind]} {_WORDS.get(kind, kind)}" for kind in _SIGNS if kind in counts)
    return ", ".join(told) or "nothing to announce"


def announcements_line(outcomes: Iterable[Outcome], blog: Blog, *, stopped: bool = False) -> str:
    """Return in a line what became of all announcements, as far as the run got."""
    line = f"Announcements: {summary(outcomes, blog)}."
    return f"Stopped. {line} The next run goes on." if stopped else line


def line_drawn(account: str, waived: int) -> str:
    """Return in a line what becomes of an account's past."""
    posts = "1 post stays" if waived == 1 else f"{waived} posts stay"
    return f"{account}: {posts} unannounced; what is newer will be announced."


_WORDS = {
    "would-announce": "would be announced",
    "in-doubt": "in doubt",
    "waiting": "waiting for you",
    "outdated": "out of date where you posted",
    "waived": "left out",
}


def exit_for(outcomes: Iterable[Outcome]) -> Exit:
    """Return the status that the outcomes mean: the gravest."""
    found = {str(one.outcome) for one in outcomes}
    if "in-doubt" in found:
        return Exit.IN_DOUBT
    return Exit.DUE if found & {"due", "refused"} else Exit.DONE
