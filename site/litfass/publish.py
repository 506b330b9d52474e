"""The main job, as a table of contents: build → deploy → wait until live → syndicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from litfass import bridge, build, deploy
from litfass.bridge import Outcome
from litfass.brief import Built
from litfass.deploy import Deployment
from litfass.settings import Blog


@dataclass(frozen=True, slots=True)
class Steps:
    """Whom to tell of each step: that it is done, or that an address is waited for."""

    built: Callable[[Built], None] = lambda _: None
    deployed: Callable[[Deployment | None], None] = lambda _: None
    waiting: Callable[[str], None] = lambda _: None
    said: Callable[[Outcome], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Published:
    """What one run did; `deployment` is None where there is no target, or it was stopped before."""

    built: Built
    deployment: Deployment | None
    outcomes: tuple[Outcome, ...]


def publish(  # noqa: PLR0913 - what a run gets from outside
    blog: Blog,
    options: build.Options,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    sleep: Callable[[float], object],
    steps: Steps | None = None,
    stop: Event | None = None,
) -> Published:
    """Build, deploy, wait until the pages are live, and announce what is due.

    Once `stop` is set, what is begun is finished, and no other step begins.
    Raises LitfassError; whatever fails before announcing stops before any announcement.
    """
    steps = steps or Steps()
    built = build.build(blog, options)
    steps.built(built)
    if stop and stop.is_set():
        return Published(built, None, ())
    syndication = bridge.open_syndication(blog, built, environ, clock)
    deployment = _deployed(blog, built)
    steps.deployed(deployment)
    live = bridge.watch(blog, environ, clock, sleep, steps.waiting, stop)
    outcomes = syndication.run(live, report=steps.said, stop=stop)
    bridge.pin_up(blog, syndication)
    return Published(built, deployment, outcomes)


def _deployed(blog: Blog, built: Built) -> Deployment | None:
    target = blog.settings.deploy
    return deploy.deploy(built.public, target, blog=blog.root) if target else None
