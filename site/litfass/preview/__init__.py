"""Show a blog while it is written: build, watch, serve, reload.

    watch ─ order → press (one build at a time) → edition ─ bell → browsers
                                                     └→ pages of the preview's own folder

The generator does not know that a preview is running: what the browser needs on top is added
to a page when it is answered, never to a file.
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Thread

__all__ = ["serve"]


def serve(  # noqa: PLR0913 - the options of `litfass serve`
    blog_root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    drafts: bool = True,
    future: bool = True,
    open_browser: bool = False,
    announce: Callable[[str], None] = print,
    started: Callable[[str], None] | None = None,
) -> None:
    """Build the blog, serve it, and show every change, until Ctrl-C.

    `started` is told the blog's address as soon as it answers; port 0 takes a free one. A blog
    that cannot be built is served too: the browser then shows what to mend. Raises LitfassError
    when the address cannot be listened on.
    """
    from litfass.preview.printing import printer  # noqa: PLC0415 - heavy
    from litfass.preview.server import Preview  # noqa: PLC0415 - heavy

    def opened(address: str) -> None:
        if started is not None:
            started(address)
        if open_browser:
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    root = blog_root.resolve()
    preview = Preview(printer(root, drafts=drafts, future=future), root, announce)
    preview.run(host, port, opened)
