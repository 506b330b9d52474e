"""What no generator in Python can save; run as a program: `floor.py stat|markdown FILE [JOBS]`.

FILE lists paths, one a line. `stat` asks the system about each; `markdown` turns each into HTML
by Python-Markdown without any extension, on so many processes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def stat(paths: Sequence[str]) -> None:
    """Look at each file as a build has to, to know that it is as it was."""
    for path in paths:
        os.stat(path)  # noqa: PTH116 - as bare as can be


def markdown(paths: Sequence[str], jobs: int) -> None:
    """Turn each file into HTML."""
    from importlib import import_module  # noqa: PLC0415 - `stat` must not pay for it
    from multiprocessing import get_context  # noqa: PLC0415 - nor for this

    import_module("markdown")  # once, before the processes are forked
    share = max(1, len(paths) // (jobs * 8))
    with get_context("fork").Pool(jobs) as pool:
        for _ in pool.imap_unordered(_convert, paths, chunksize=share):
            pass


def _convert(path: str) -> int:
    from markdown import markdown as converted  # noqa: PLC0415 - imported above

    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as bare as can be
        body = file.read().partition("\n---\n")[2]
    return len(converted(body))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as listing:  # noqa: PTH123
        files = listing.read().splitlines()
    if sys.argv[1] == "stat":
        stat(files)
    else:
        markdown(files, int(sys.argv[3]))
