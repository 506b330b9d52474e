"""`litfass build`: the public folder, made."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import replace

from litfass.bridge import unknown_names
from litfass.build import build
from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, options_of
from litfass.cli.screen import Screen
from litfass.cli.telling import NO_BUILD, build_fields, build_line

NOTHING = NO_BUILD


def run(args: Namespace, screen: Screen) -> Exit:
    """Build the blog. Raises LitfassError, and has written nothing then."""
    begun = time.monotonic()
    blog = blog_of(args)
    with screen.busy("Building …"):
        built = build(blog, options_of(args, blog))
    seconds = time.monotonic() - begun
    strangers = (replace(one, severity="warning") for one in unknown_names(blog, built))
    built = replace(built, problems=(*built.problems, *strangers))
    screen.problems(built.problems)
    screen.say(build_line(built, seconds, blog.root))
    screen.result(build_fields(built, seconds))
    return Exit.DONE
