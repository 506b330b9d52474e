"""What a build wants of the accounts: where posts were announced, and what the blog carries.

It needs no more than this room.
"""

from __future__ import annotations

from collections.abc import Mapping

from litfass.bridge.accounts import describe
from litfass.bridge.borders import border
from litfass.bridge.keys import Keys
from litfass.bridge.ledger import journal_of
from litfass.bridge.links import also_on as links_of
from litfass.errors import Problems
from litfass.model import AlsoOn, Artifact, Signs
from litfass.settings import Blog
from litfass_syndication.ledger import fold


def also_on(blog: Blog, environ: Mapping[str, str]) -> Mapping[str, tuple[AlsoOn, ...]]:
    """Return where posts were announced, for a build.

    Raises Problems for wrong accounts, and LedgerUnusable.
    """
    described, problems = describe(blog, Keys())
    if problems:
        raise Problems(problems)
    with border():
        ledger = fold(journal_of(blog, environ).read())
    return links_of(ledger, {one.name: one.title for one in described})


def signs(blog: Blog) -> Signs:
    """Return what the blog has to carry for its accounts. Raises Problems for wrong accounts."""
    described, problems = describe(blog, Keys())
    if problems:
        raise Problems(problems)
    wanted = [one.adapter.signs(one.options) for one in described]
    hubs = dict.fromkeys(hub for one in wanted for hub in one.hubs)
    files = {path: text for one in wanted for path, text in one.files.items()}
    carried = (Artifact(path, text.encode()) for path, text in sorted(files.items()))
    return Signs(tuple(hubs), tuple(carried))
