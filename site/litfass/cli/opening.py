"""What commands begin with: the blog, the clock, how to build."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from litfass.errors import LitfassError, Problem, Problems
from litfass.settings import FILE, Blog, open_blog

if TYPE_CHECKING:
    from litfass.bridge import Syndication
    from litfass.brief import Built, Options


def now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


def moment(day: str, blog: Blog) -> datetime:
    """Return the time that a person means by a date. Raises LitfassError for what is none."""
    try:
        time = datetime.fromisoformat(day)
    except ValueError:
        raise LitfassError(f'"{day}" is not a date', "Write it like 2026-08-22.") from None
    return time if time.tzinfo else time.replace(tzinfo=blog.settings.site.zone)


def blog_of(args: Namespace) -> Blog:
    """Open the blog that the folder lies in. Raises SettingsError or Problems."""
    folder = Path(args.folder).absolute()
    around = (folder, *folder.parents)
    return open_blog(next((one for one in around if (one / FILE).is_file()), folder))


def options_of(args: Namespace, blog: Blog) -> Options:
    """Return how to build, as the arguments and the ledger have it.

    Raises LitfassError; when accounts are wrong, with all that is wrong with the posts as well.
    """
    from litfass.brief import Options  # noqa: PLC0415 - heavy

    options = Options(
        now=now(),
        drafts=getattr(args, "drafts", False),
        future=getattr(args, "future", False),
        force=getattr(args, "force", False),
        jobs=max(1, getattr(args, "jobs", 0) or os.cpu_count() or 1),
    )
    if not blog.settings.accounts and not _has_ledger(blog):
        return options
    from litfass.bridge import of_accounts  # noqa: PLC0415 - heavy

    try:
        also_on, signs = of_accounts(blog, os.environ)
    except LitfassError as error:
        raise Problems((*error.problems(), *_problems(blog, options))) from None
    return replace(options, also_on=also_on, signs=signs)


def _has_ledger(blog: Blog) -> bool:
    ledger = blog.settings.syndication.ledger
    return "://" in ledger or (blog.root / ledger).exists()


def _problems(blog: Blog, options: Options) -> tuple[Problem, ...]:
    """Return what a build would complain of."""
    from litfass.build import survey  # noqa: PLC0415 - heavy

    try:
        return survey(blog, options).problems
    except LitfassError as error:
        return error.problems()


def surveyed(args: Namespace, *, rehearsal: bool = False) -> tuple[Blog, Built, Syndication]:
    """Return the blog, what a build of it would be, and its accounts. Raises LitfassError."""
    from litfass.bridge import open_syndication  # noqa: PLC0415 - heavy
    from litfass.build import survey  # noqa: PLC0415 - heavy

    blog = blog_of(args)
    built = survey(blog, options_of(args, blog))
    return blog, built, open_syndication(blog, built, os.environ, now, rehearsal=rehearsal)
