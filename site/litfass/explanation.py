"""Why a file is made: what it was made from before, and what of that is another now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

from litfass.artifacts import Item


def reasons(
    stale: Iterable[Item], known: Mapping[str, str], parts: Mapping[str, Mapping[str, int]]
) -> dict[str, str]:
    """Return in a few words, by path, why each file is made; `known` are the keys so far."""
    return {item.path: _reason(item, known, parts.get(item.path)) for item in stale}


def _reason(item: Item, known: Mapping[str, str], before: Mapping[str, int] | None) -> str:
    if item.path not in known:
        return "it is new"
    if known[item.path] == item.key:
        return "its file is gone or was changed by others"
    if before is None:
        return "it is not known any more what it was made from"
    changed = [
        name for name, part in item.depends.items() if before.get(name) != crc32(part.encode())
    ]
    return ", ".join(changed) or "the program"
