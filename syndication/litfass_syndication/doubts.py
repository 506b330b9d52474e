"""The words for what may have happened."""

from __future__ import annotations

import traceback
from pathlib import Path

from litfass_syndication.errors import OutcomeUnknown, SyndicationError
from litfass_syndication.ledger import Slot

LOST = "The answer to an earlier attempt was lost."
AGAIN = "A later run looks again."
TOO_SOON = "It is not there yet."
GONE = "Its post is no longer on the blog."
STOPPED = "The run was stopped before."
NOT_TOLD = "Whether it arrived cannot be found out."


def settling(slot: Slot, url: str = "") -> str:
    """Return the commands with which a person who has looked ends a doubt."""
    command = f"litfass settle {slot.post} {slot.account}"
    return (
        f"Look there, then tell: `{command} --published {url or 'URL'}` or `{command} --missing`."
    )


def withdrawing(slot: Slot) -> str:
    """Return the command that takes an announcement back."""
    command = f"litfass withdraw {slot.post} --account {slot.account}"
    return f"`{command}` deletes it there, too."


def shown(error: Exception, account: str) -> SyndicationError:
    """Return an error as one to show. What a bug says is not shown: it may hold a secret."""
    if isinstance(error, SyndicationError):
        return error
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return OutcomeUnknown(
        f"{account}: the program failed with {type(error).__name__}{place}.",
        "This is a bug in Litfass; please report it.",
    )
