"""Which program this is, as far as what it makes depends on it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import litfass_templates
from litfass import __version__
from litfass.digest import digest

_HERE = Path(__file__).parent
_LIBRARIES = ("markdown", "pymdown_extensions", "pygments", "jinja2", "feedgen", "pyyaml")


def fingerprint() -> str:
    """Stand for all that turns text into pages, the theme apart: another may make other bytes.

    Our own files count by size and time, so that who works on Litfass is not shown yesterday's.
    """
    own = sorted((*_files(_HERE), *_files(_HERE / "markup")))
    return digest(repr((__version__, platform.python_version(), _versions(), own)))


def theme() -> str:
    """Stand for the default theme."""
    folder = litfass_templates.folder()
    translations = litfass_templates.translations()
    folders = (folder, folder / "assets", translations)
    return digest(repr(sorted(file for one in folders for file in _files(one))))


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                status = entry.stat()
                yield entry.name, status.st_size, status.st_mtime_ns


def _versions() -> tuple[str, ...]:
    """Return the versions of the libraries that pages are made with.

    The names of their metadata's folders have them; importlib.metadata, slow to load, is asked
    where they do not.
    """
    found = {
        name.partition("-")[0].lower(): name
        for folder in reversed(dict.fromkeys(sys.path))
        if folder.endswith("-packages")
        for name in _names(folder)
        if name.endswith(".dist-info")
    }
    if all(name in found for name in _LIBRARIES):
        return tuple(found[name] for name in _LIBRARIES)
    from importlib.metadata import version  # noqa: PLC0415 - heavy

    return tuple(version(name.replace("_", "-")) for name in _LIBRARIES)


def _names(folder: str) -> tuple[str, ...]:
    try:
        return tuple(os.listdir(folder))  # noqa: PTH208 - pathlib makes an object of each
    except OSError:
        return ()
