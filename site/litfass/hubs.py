"""The hubs that an RSS feed names, for feedgen, which writes only one link of the kind.

https://www.w3.org/TR/websub/#discovery
"""

from __future__ import annotations

from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.util import xml_elem


class HubsExtension(BaseExtension):  # type: ignore[misc]
    """Names hubs in the channel of an RSS feed, as Atom does it."""

    def __init__(self) -> None:
        self.hubs: tuple[str, ...] = ()

    def extend_rss(self, feed: Any) -> Any:
        """Add the links behind those that are there."""
        for hub in self.hubs:
            xml_elem("{http://www.w3.org/2005/Atom}link", feed[0], href=hub, rel="hub")
        return feed
