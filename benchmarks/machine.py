"""On which machine it was measured."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

__all__ = ["machine"]

_UNKNOWN = "unknown"


def machine() -> Mapping[str, str]:
    """Return processor, cores, memory, system, and the versions of the interpreters."""
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or _UNKNOWN,
        "cores": str(_cores()),
        "memory": _field("/proc/meminfo", "MemTotal") or _UNKNOWN,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "node": _node(),
    }


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


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        return "none"
    done = subprocess.run((node, "--version"), capture_output=True, text=True, check=False)
    return done.stdout.strip().removeprefix("v")
