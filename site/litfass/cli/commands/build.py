"""`litfass build`: the public folder, made."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import replace

from litfass.brief import Options, Outcome
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, options_of
from litfass.cli.screen import Screen
from litfass.cli.telling import NO_BUILD, build_fields, build_line
from litfass.errors import Problem
from litfass.settings import Blog
from litfass.update import update

NOTHING = NO_BUILD


def run(args: Namespace, screen: Screen) -> Exit:
    """Build the blog. Raises LitfassError, and has written nothing then."""
    begun = time.monotonic()
    blog = blog_of(args)
    options = replace(options_of(args, blog), explain=args.explain)
    with screen.busy("Building …"):
        done = update(blog, options)
        done = replace(done, problems=(*done.problems, *_strangers(blog, options, done)))
    seconds = time.monotonic() - begun
    screen.problems(done.problems)
    for path, reason in sorted(done.reasons.items()):
        screen.say(f"{path}: {reason}")
    screen.say(build_line(done, seconds, blog.root))
    screen.result(build_fields(done, seconds))
    return Exit.DONE


def _strangers(blog: Blog, options: Options, done: Outcome) -> tuple[Problem, ...]:
    """Return a warning for each name in a post that is no account."""
    if blog.settings.accounts.keys() >= set(done.accounts):
        return ()
    from litfass.bridge import unknown_names  # noqa: PLC0415 - heavy
    from litfass.build import survey  # noqa: PLC0415 - heavy

    strangers = unknown_names(blog, survey(blog, options))
    return tuple(replace(one, severity="warning") for one in strangers)
