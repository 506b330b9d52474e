"""What the blog itself tells a network, so that nobody has to write it down for an account."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from litfass.pages import FEED_FILES
from litfass.settings import Blog

FOLDER = "syndication"

_PATHS = {"path": f"{FOLDER}/outbox.jsonl"}
"""Options that are paths, and what each is when nobody says it; seen from the blog's folder."""

GIVEN = (*_PATHS, "home", "feeds")
"""Options that nobody needs to be asked for."""


def with_given(table: Mapping[str, object], options: type, blog: Blog) -> dict[str, object]:
    """Fill in paths, seen from the blog's folder, and the addresses of the blog and its feeds."""
    hints = typing.get_type_hints(options)
    home = blog.settings.site.address
    known = {"home": home, "feeds": [home + name for name in FEED_FILES.values()], **_PATHS}
    wanted = {key: table.get(key, known[key]) for key in GIVEN if key in hints}
    paths = {
        key: blog.root / value
        for key, value in wanted.items()
        if key in _PATHS and isinstance(value, str)
    }
    return {**table, **wanted, **paths}
