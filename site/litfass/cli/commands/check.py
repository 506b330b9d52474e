"""`litfass check`: all that is wrong or missing, and nothing is written."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator

from litfass.alternatives import images_without_alt
from litfass.bridge import open_syndication
from litfass.brief import Built
from litfass.build import survey
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, now, options_of
from litfass.cli.screen import Screen
from litfass.errors import LitfassError, Problem
from litfass.settings import Blog

NOTHING: dict[str, object] = {}


def run(args: Namespace, screen: Screen) -> Exit:
    """Look at everything, and show what is wrong."""
    blog = blog_of(args)
    with screen.busy("Looking …"):
        problems = tuple(dict.fromkeys(_found(args, blog)))
    screen.problems(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    screen.say(_verdict(errors, warnings))
    screen.result({"problems": screen.listed(problems)})
    return Exit.FAILED if errors else Exit.DONE


def _found(args: Namespace, blog: Blog) -> Iterator[Problem]:
    try:
        built = survey(blog, options_of(args, blog))
    except LitfassError as error:
        yield from error.problems()
        return
    yield from built.problems
    yield from images_without_alt(blog.root, (*built.library.posts, *built.library.pages))
    yield from _unsayable(blog, built)


def _unsayable(blog: Blog, built: Built) -> Iterator[Problem]:
    """Yield what is wrong with accounts and with messages that would not fit."""
    sources = {post.id: post.source for post in built.library.posts}
    try:
        syndication = open_syndication(blog, built, os.environ, now, rehearsal=True)
    except LitfassError as error:
        yield from error.problems()
        return
    for post, message, hint in syndication.misfits():
        yield Problem(message, hint, sources[post])


def _verdict(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "All is well."
    counted = ((errors, "error"), (warnings, "warning"))
    return ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counted if n)
