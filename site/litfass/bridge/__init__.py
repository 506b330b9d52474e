"""The bridge between the blog and the networks: the only room that knows both sides.

    litfass.toml + secrets → accounts ─┐
    library → announcements ───────────┴→ Syndication → outcomes, statuses
    ledger → links to where posts were announced, for the next build

What goes wrong on the other side arrives here as a LitfassError.
"""

from __future__ import annotations

from litfass.bridge.announcements import named, unknown_names
from litfass.bridge.ledger import Archive, open_archive
from litfass.bridge.syndication import Syndication, Withdrawal, also_on, open_syndication, watch
from litfass.bridge.visits import Visit, networks, visit
from litfass_syndication.adoption import Findings
from litfass_syndication.desk import Status
from litfass_syndication.ledger import Standing
from litfass_syndication.outcome import Outcome, Result

__all__ = [
    "Archive",
    "Findings",
    "Outcome",
    "Result",
    "Standing",
    "Status",
    "Syndication",
    "Visit",
    "Withdrawal",
    "also_on",
    "named",
    "networks",
    "open_archive",
    "open_syndication",
    "unknown_names",
    "visit",
    "watch",
]
