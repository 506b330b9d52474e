"""Nobody near us is spoken to on a stranger's word.

A page may name any address: that of a router, of a machine behind it, or a name that leads there
only when we ask. So the peer itself is looked at, once it is connected and before it hears a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litfass_syndication.address import is_outside


class InsideError(Exception):
    """Who answered is on this machine, or on a private network."""


def hang_up_inside(event: str, info: Mapping[str, Any]) -> None:
    """Close a connection to a peer near us. Raises InsideError.

    It is called at each step of a request: https://www.encode.io/httpcore/extensions/#trace
    """
    if event != "connection.connect_tcp.complete":
        return
    stream = info["return_value"]
    if not is_outside(stream.get_extra_info("server_addr")[0]):
        stream.close()
        raise InsideError
