"""What can go wrong between us and a network, sorted by what it means for the slot.

SyndicationError(message, hint)
├── LedgerError                        the ledger cannot be read, locked or written
├── AccountError                       an account's settings or secrets are not usable
└── NetworkError
    ├── Unreachable      nothing was sent                → due, try again
    ├── RateLimited      retry_after                     → due, wait
    ├── Unauthorised     credentials refused             → due, stop this account
    ├── Rejected         this very message is refused    → due only when the message changes
    └── OutcomeUnknown   it may have happened            → in doubt
        └── Unfinished   a part of it has, for sure      → the next run goes on with the rest
"""

from __future__ import annotations


class SyndicationError(Exception):
    """Something that a person can mend; shown without a traceback. Never contains a secret."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class LedgerError(SyndicationError):
    """The ledger cannot be read, locked or written; nothing is announced without it."""


class AccountError(SyndicationError):
    """An account is configured wrongly, or a secret that it needs is missing."""


class NetworkError(SyndicationError):
    """A network did not do what we asked."""


class Unreachable(NetworkError):
    """Nothing was sent: no address, no connection, no handshake."""


class RateLimited(NetworkError):
    """Nothing was done; `retry_after` is in seconds, or None where the network does not say."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class Unauthorised(NetworkError):
    """Nothing was done: the credentials are refused or lack a permission."""


class Rejected(NetworkError):
    """Nothing was done: the network read the message and will not have it as it is."""


class OutcomeUnknown(NetworkError):
    """It may have happened: the answer was lost, unreadable, or a failure after sending."""


class Unfinished(OutcomeUnknown):
    """A part of it is done and the rest surely is not: resuming the attempt goes on with that."""
