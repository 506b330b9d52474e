"""An account: one configured identity on one network, and how it wants to be spoken for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from litfass_syndication.capabilities import Content
from litfass_syndication.links import with_parameters
from litfass_syndication.network import Network

DEFAULT_TEMPLATE = """\
{{ title }}

{{ summary }}

{{ url }}

{{ hashtags }}
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One account. Its `name` is the author's own and permanent: the ledger knows it by that.

    `label` is what readers see of it, the network's title by default. `template` (Jinja2) knows
    title, summary, url, tags and hashtags; at most `hashtags` tags become hashtags. `backlog`
    announces what was published before the account was connected, too. `corrections` says what
    happens to an announcement whose message changes later. `content` is how much of a post it
    passes on, where its network takes more than a message; None is as the network has it. `utm`
    are parameters that every link to a post carries, for the blog's statistics.
    """

    name: str
    network: Network[Any]
    label: str = ""
    template: str = DEFAULT_TEMPLATE
    hashtags: int = 3
    backlog: bool = False
    corrections: Literal["update", "leave"] = "update"
    content: Content | None = None
    utm: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How readers and messages to people call it."""
        return self.label or self.network.title

    def link(self, url: str) -> str:
        """Return a post's address as the account's messages link to it."""
        return with_parameters(url, self.utm)
