"""The bridge between the blog and the networks: the only room that knows both sides.

    litfass.toml + secrets → accounts ─┐
    library → announcements ───────────┴→ Syndication → outcomes, statuses
    ledger → links to where posts were announced, for the next build

What goes wrong on the other side arrives here as a LitfassError.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litfass.bridge.announcements import named, unknown_names
    from litfass.bridge.connecting import Introduction, Newcomer, newcomer
    from litfass.bridge.handwork import PAGE, is_by_hand, never, pin_up, posted, taken_down, waiting
    from litfass.bridge.ledger import Archive, open_archive
    from litfass.bridge.receipts import also_on, of_accounts, signs
    from litfass.bridge.syndication import Syndication, Withdrawal, open_syndication, watch
    from litfass.bridge.visits import Visit, networks, visit
    from litfass_syndication.adoption import Findings
    from litfass_syndication.by_hand import Manuscript
    from litfass_syndication.desk import Status
    from litfass_syndication.ledger import Standing
    from litfass_syndication.outcome import Outcome, Result

__all__ = [
    "PAGE",
    "Archive",
    "Findings",
    "Introduction",
    "Manuscript",
    "Newcomer",
    "Outcome",
    "Result",
    "Standing",
    "Status",
    "Syndication",
    "Visit",
    "Withdrawal",
    "also_on",
    "is_by_hand",
    "named",
    "networks",
    "never",
    "newcomer",
    "of_accounts",
    "open_archive",
    "open_syndication",
    "pin_up",
    "posted",
    "signs",
    "taken_down",
    "unknown_names",
    "visit",
    "waiting",
    "watch",
]

_ROOMS = {
    "litfass.bridge.announcements": ("named", "unknown_names"),
    "litfass.bridge.connecting": ("Introduction", "Newcomer", "newcomer"),
    "litfass.bridge.handwork": (
        "PAGE",
        "is_by_hand",
        "never",
        "pin_up",
        "posted",
        "taken_down",
        "waiting",
    ),
    "litfass.bridge.ledger": ("Archive", "open_archive"),
    "litfass.bridge.receipts": ("also_on", "of_accounts", "signs"),
    "litfass.bridge.syndication": ("Syndication", "Withdrawal", "open_syndication", "watch"),
    "litfass.bridge.visits": ("Visit", "networks", "visit"),
    "litfass_syndication.adoption": ("Findings",),
    "litfass_syndication.by_hand": ("Manuscript",),
    "litfass_syndication.desk": ("Status",),
    "litfass_syndication.ledger": ("Standing",),
    "litfass_syndication.outcome": ("Outcome", "Result"),
}


def __getattr__(name: str) -> Any:
    """Open a room when it is asked for: a build with nothing to do needs one, and none that sends.

    Raises AttributeError for what is in none of them.
    """
    room = next((room for room, names in _ROOMS.items() if name in names), None)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(room), name)
