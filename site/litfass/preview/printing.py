"""How the press builds a blog: like `litfass build`, for the preview's own address and folder."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from litfass.bridge import also_on
from litfass.brief import Options
from litfass.errors import LedgerUnusable, Problem
from litfass.model import AlsoOn
from litfass.preview.edition import Proof, Touched
from litfass.settings import Blog, open_blog
from litfass.sources import is_document
from litfass.update import update

OUTPUT = ".litfass/preview"


def printer(root: Path, *, drafts: bool, future: bool) -> Callable[[str, Touched], Proof]:
    """Return what builds the blog as it is now for an origin, like "http://127.0.0.1:8000".

    The settings are read again each time, and the folder that is deployed is left alone.
    """

    def print_blog(origin: str, touched: Touched = None) -> Proof:
        blog = open_blog(root)
        links, strange = _links(blog)
        base = blog.settings.site.base
        built = update(
            blog,
            Options(
                now=datetime.now(UTC),
                drafts=drafts,
                future=future,
                jobs=_jobs(),
                output=OUTPUT,
                url=origin + base,
                also_on=links,
            ),
            _documents(root, touched),
        )
        changed = (*built.made, *built.removed)
        return Proof(built.public, base, changed, built.total, (*built.problems, *strange))

    return print_blog


def _documents(root: Path, touched: Touched) -> tuple[str, ...] | None:
    """Return the paths of the documents that were touched; None when it is more than documents."""
    if touched is None or not all(one.is_relative_to(root) for one in touched):
        return None
    paths = tuple(one.relative_to(root).as_posix() for one in touched)
    return paths if all(map(is_document, paths)) else None


def _links(blog: Blog) -> tuple[Mapping[str, tuple[AlsoOn, ...]], tuple[Problem, ...]]:
    """Return where posts were announced. Who writes on a train need not reach the ledger."""
    try:
        return also_on(blog, os.environ), ()
    except LedgerUnusable as error:
        without = "Posts are shown without the places where they were announced."
        return {}, (Problem(f"{error.message} {without}", error.hint, severity="warning"),)


def _jobs() -> int:
    """All cores for the first build; later ones share the process with threads: no forks then."""
    return (os.cpu_count() or 1) if threading.active_count() == 1 else 1
