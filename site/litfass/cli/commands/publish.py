"""`litfass publish`: the main job, told step by step."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from pathlib import Path

from litfass.bridge import PAGE, Outcome
from litfass.brief import Built
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, now, options_of
from litfass.cli.rounds import keep
from litfass.cli.screen import Screen
from litfass.cli.stopping import Stop
from litfass.cli.telling import (
    NO_BUILD,
    Teller,
    announcements_line,
    build_fields,
    build_line,
    deploy_fields,
    deploy_line,
    exit_for,
    messages,
    summary,
    titles,
)
from litfass.deploy import Deployment
from litfass.publish import Published, Steps, publish
from litfass.settings import Blog

NOTHING: dict[str, object] = {"build": NO_BUILD, "deploy": None, "messages": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Build, deploy, wait until live, and announce. Raises LitfassError."""
    stop = Stop()
    if args.every:
        teller = Teller(screen, {})
        return keep(args.every, lambda: _round(args, screen, teller, stop), stop, screen)
    blog = blog_of(args)
    steps = _Steps(blog, screen)
    told = Steps(steps.built, steps.deployed, steps.waiting, steps.said)
    with stop.heeded(screen.say):
        done = _published(args, blog, told, stop)
    screen.say(announcements_line(done.outcomes, blog, stopped=stop.is_set()))
    for place in _places(blog, done):
        screen.say(f"Look at {place}", "bold")
    screen.result(_fields(done, steps.seconds))
    return stop.status or exit_for(done.outcomes)


def _published(args: Namespace, blog: Blog, steps: Steps, stop: Stop) -> Published:
    return publish(
        blog,
        options_of(args, blog),
        environ=os.environ,
        clock=now,
        sleep=stop.wait,
        steps=steps,
        stop=stop,
    )


def _fields(done: Published, seconds: float) -> dict[str, object]:
    return {
        "build": build_fields(done.built, seconds),
        "deploy": deploy_fields(done.deployment),
        "messages": messages(done.outcomes),
    }


def _round(args: Namespace, screen: Screen, teller: Teller, stop: Stop) -> str:
    """Do all of it once; return what happened in a line, or nothing."""
    begun, news = time.monotonic(), teller.news
    blog = blog_of(args)
    steps = Steps(built=lambda built: teller.know(titles(built)), said=teller.tell)
    done = _published(args, blog, steps, stop)
    changes = done.deployment.changes if done.deployment else 0
    made, removed = len(done.built.made), len(done.built.removed)
    counts = ((made, "made"), (removed, "removed"), (changes, "deployed"))
    happened = [f"{count} {what}" for count, what in counts if count]
    if teller.news > news:
        happened.append(f"announcements: {summary(done.outcomes, blog)}")
    if happened:
        screen.result(_fields(done, time.monotonic() - begun))
    return " · ".join(happened)


class _Steps:
    """Tells of the steps as they are done; `seconds` is how long the build took."""

    def __init__(self, blog: Blog, screen: Screen) -> None:
        self._root = blog.root
        self._screen = screen
        self._begun = time.monotonic()
        self._teller = Teller(screen, {})
        self.seconds = 0.0

    def built(self, built: Built) -> None:
        self.seconds = time.monotonic() - self._begun
        self._teller = Teller(self._screen, titles(built))
        self._screen.problems(built.problems)
        self._screen.say(build_line(built, self.seconds, self._root))

    def deployed(self, deployment: Deployment | None) -> None:
        nowhere = "Not deployed: litfass.toml has no [deploy]."
        self._screen.say(deploy_line(deployment) if deployment else nowhere)

    def waiting(self, address: str) -> None:
        self._teller.wait(address)

    def said(self, outcome: Outcome) -> None:
        self._teller.tell(outcome)


def _places(blog: Blog, done: Published) -> list[str]:
    """Return where a person can see what was done."""
    folder = done.built.public
    if done.deployment and done.deployment.target == "folder":
        folder = Path(done.deployment.where)
    outboxes = {
        blog.root / "syndication" / one.url.partition("#")[0]
        for one in done.outcomes
        if one.network == "outbox" and one.url
    }
    awaited = any(one.outcome in ("waiting", "outdated") for one in done.outcomes)
    by_hand = [str(blog.root / PAGE)] if awaited else []
    return [str(folder / "index.html"), *sorted(map(str, outboxes)), *by_hand]
