"""On which machine it was measured."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["machine"]

_UNKNOWN = "unknown"


def machine(folder: Path) -> Mapping[str, str]:
    """Return processor, cores, memory, system, versions, and the file system of a folder."""
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or _UNKNOWN,
        "cores": str(_cores()),
        "memory": _field("/proc/meminfo", "MemTotal") or _UNKNOWN,
        "system": f"{platform.system()} {platform.release()}",
        "python": _python(),
        "node": _node(),
        "disk": _file_system(folder),
    }


def _python() -> str:
    """Return the version and whose build it is: one may be a tenth quicker than another."""
    own = "the system's" if sys.base_prefix == "/usr" else "built apart"
    return f"{platform.python_version()}, {own}"


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _field(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return ""
    values = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in values if key.strip() == name), "")


def _file_system(folder: Path) -> str:
    """Return the kind of file system that a folder is on, or will be."""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return _UNKNOWN
    kinds = {Path(place): kind for _, place, kind, *_ in map(str.split, mounts)}
    place = folder.resolve()
    return next((kinds[one] for one in (place, *place.parents) if one in kinds), _UNKNOWN)


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        return "none"
    done = subprocess.run((node, "--version"), capture_output=True, text=True, check=False)
    return done.stdout.strip().removeprefix("v")
