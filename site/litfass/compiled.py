"""Templates in the form that Jinja makes of them, so that not every run compiles them anew."""

from __future__ import annotations

from collections.abc import MutableMapping

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps compiled templates in a mapping, each under the digest of its source.

    Jinja takes them as they are: the mapping must be one that cannot have been damaged.
    """

    def __init__(self, known: MutableMapping[str, bytes]) -> None:
        self._known = known

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is known."""
        code = self._known.get(bucket.key + bucket.checksum)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        self._known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()
