"""Digests: what tells two things apart without looking at both."""

from __future__ import annotations

import hashlib


def digest(content: bytes | str) -> str:
    """Return what stands for some bytes, or for a text's UTF-8: 32 hexadecimal digits."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()
