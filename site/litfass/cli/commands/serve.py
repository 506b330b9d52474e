"""`litfass serve`: the blog in the browser, while it is written."""

from __future__ import annotations

import gc
from argparse import Namespace

from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of
from litfass.cli.screen import Screen
from litfass.preview import serve

NOTHING: dict[str, object] = {"address": None}


def run(args: Namespace, screen: Screen) -> Exit:
    """Serve until Ctrl-C. Raises LitfassError when the address cannot be listened on."""
    gc.enable()  # this process stays
    serve(
        blog_of(args).root,
        host=args.host,
        port=args.port,
        drafts=args.drafts,
        future=args.future,
        open_browser=args.open,
        announce=screen.say,
        started=lambda address: screen.result({"address": address}),
    )
    return Exit.DONE
