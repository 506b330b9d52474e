"""Which program this is, as far as what it makes depends on it."""

from __future__ import annotations

import platform
from pathlib import Path

from litfass import __version__
from litfass.digest import digest

_HERE = Path(__file__).parent


def fingerprint() -> str:
    """Stand for all that turns text into pages: another program may make other bytes.

    Our own files count by size and time, so that who works on Litfass is not shown yesterday's.
    """
    from importlib.metadata import version  # noqa: PLC0415 - heavy

    names = ("markdown", "pymdown-extensions", "pygments", "jinja2", "feedgen", "pyyaml")
    own = sorted(
        (file.name, file.stat().st_size, file.stat().st_mtime_ns)
        for folder in (_HERE, _HERE / "markup")
        for file in folder.glob("*.py")
    )
    versions = (__version__, platform.python_version(), *(version(name) for name in names))
    return digest(repr((versions, own)))
