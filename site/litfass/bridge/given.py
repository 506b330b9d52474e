"""What the blog itself tells a network, so that nobody has to write it down for an account."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from litfass.bridge.paths import PATHS
from litfass.pages import FEED_FILES
from litfass.settings import Blog

GIVEN = (*PATHS, "home", "feeds")
"""Options that nobody needs to be asked for."""


def with_given(table: Mapping[str, object], options: type, blog: Blog) -> dict[str, object]:
    """Fill in the addresses of the blog and of its feeds."""
    home = blog.settings.site.address
    known = {"home": home, "feeds": [home + name for name in FEED_FILES.values()]}
    hints = typing.get_type_hints(options)
    return {**{key: value for key, value in known.items() if key in hints}, **table}
