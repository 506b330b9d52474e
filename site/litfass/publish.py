"""The main job, as a table of contents: build → deploy → wait until live → syndicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
    """What one run did; `deployment` is None where the settings name no target."""

    built: Built
    deployment: Deployment | None
    outcomes: tuple[Outcome, ...]


def publish(
    blog: Blog,
    options: build.Options,
    *,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    steps: Steps | None = None,
) -> Published:
    """Build, deploy, wait until the pages are live, and announce what is due.

    Raises LitfassError; whatever fails before announcing stops before any announcement.
    """
    steps = steps or Steps()
    built = build.build(blog, options)
    steps.built(built)
    syndication = bridge.open_syndication(blog, built, environ, clock)
    deployment = _deployed(blog, built)
    steps.deployed(deployment)
    live = bridge.watch(blog, clock, sleep, steps.waiting)
    outcomes = syndication.run(live, report=steps.said)
    return Published(built, deployment, outcomes)


def _deployed(blog: Blog, built: Built) -> Deployment | None:
    target = blog.settings.deploy
    return deploy.deploy(built.public, target, blog=blog.root) if target else None
