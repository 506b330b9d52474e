"""What a build wants of the accounts: where posts were announced, and what the blog carries.

It needs no more than this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from litfass.bridge.accounts import Described, describe
from litfass.bridge.borders import border
from litfass.bridge.keys import Keys
from litfass.bridge.ledger import journal_of
from litfass.bridge.links import also_on as links_of
from litfass.errors import Problems
from litfass.model import AlsoOn, Artifact, Signs
from litfass.settings import Blog
from litfass_syndication.ledger import fold

Places = Mapping[str, tuple[AlsoOn, ...]]
"""Where posts were announced, by their ids."""


def of_accounts(blog: Blog, environ: Mapping[str, str]) -> tuple[Places, Signs]:
    """Return where posts were announced, and what the blog has to carry, for a build.

    Raises Problems for wrong accounts, and LedgerUnusable.
    """
    described = _described(blog)
    return _also_on(blog, environ, described), _signs(described)


def also_on(blog: Blog, environ: Mapping[str, str]) -> Places:
    """Return where posts were announced. Raises Problems for wrong accounts, and LedgerUnusable."""
    return _also_on(blog, environ, _described(blog))


def signs(blog: Blog) -> Signs:
    """Return what the blog has to carry for its accounts. Raises Problems for wrong accounts."""
    return _signs(_described(blog))


def _described(blog: Blog) -> tuple[Described, ...]:
    described, problems = describe(blog, Keys())
    if problems:
        raise Problems(problems)
    return described


def _also_on(blog: Blog, environ: Mapping[str, str], described: Iterable[Described]) -> Places:
    with border():
        ledger = fold(journal_of(blog, environ).read())
    return links_of(ledger, {one.name: one.title for one in described})


def _signs(described: Iterable[Described]) -> Signs:
    wanted = [one.adapter.signs(one.options) for one in described]
    hubs = dict.fromkeys(hub for one in wanted for hub in one.hubs)
    files = {path: text for one in wanted for path, text in one.files.items()}
    carried = (Artifact(path, text.encode()) for path, text in sorted(files.items()))
    return Signs(tuple(hubs), tuple(carried))
