"""Sort what went wrong with a request by what it means for the slot. Pure.

Nothing happened for sure: no connection, 429, and what a server refuses with 4xx. It may have
happened: everything else, once a change was sent. A question changes nothing, so whatever goes
wrong with one is Unreachable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.waiting import retry_after

# The server says itself that it did not begin: no whole request came, wrong connection, too early.
_NOT_BEGUN = frozenset({408, 421, 425})
_MOVED = frozenset({301, 307, 308})
_SERVER_ERROR = 500

_LOOK = "It may have been done all the same."
_LATER = "Try again later."
_SIGN_IN = "Its credentials may have expired or lack a permission: connect the account again."
_WHY = {
    404: "Is the server's address in the settings right?",
    413: "What was sent is too large for this server.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong; `passing`: asking again, after `wait` seconds, is harmless and may help."""

    error: NetworkError
    passing: bool = False
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Whom we asked and for what: `change` is a request that changes something.

    `repeatable` changes may be sent again when nobody knows what became of them.
    """

    account: str
    host: str
    change: bool
    repeatable: bool = False

    def words(self, what: str) -> str:
        """Return a sentence about the server that names the account, if there is one."""
        return f"{self.account}: {self.host} {what}" if self.account else f"{self.host} {what}"

    def unreachable(self, why: str) -> Failure:
        """Nothing was sent: harmless to try again."""
        hint = "Is the network up, and the server's address right? Nothing was sent."
        return Failure(Unreachable(self.words(f"cannot be reached: {why}."), hint), passing=True)

    def unsendable(self, why: str) -> Failure:
        """Nothing was sent, and never will be: a value does not go into a request."""
        hint = "Look for stray spaces, line breaks or special characters in the account's secrets."
        return Failure(Unauthorised(self.words(f"was not asked: {why}."), hint))

    def inside(self) -> Failure:
        """Nothing was sent: a stranger's word leads to nobody near us."""
        what = "was not asked: it is not out on the internet, but on a private network or here."
        return Failure(Rejected(self.words(what), "A stranger's address may not lead there."))

    def lost(self, why: str, *, passing: bool = True) -> Failure:
        """It was sent, and no usable answer came."""
        return Failure(self.unusable(why), passing and (self.repeatable or not self.change))

    def unusable(self, why: str) -> NetworkError:
        """Return the error that a useless answer means."""
        if self.change:
            return OutcomeUnknown(self.words(f"leaves us in doubt: {why}"), _LOOK)
        return Unreachable(self.words(f"cannot be asked: {why}"), _LATER)

    def refused(self, status: int, said: str, headers: Mapping[str, str], now: datetime) -> Failure:
        """Sort a status of 300 or more by what it means, with the server's own words."""
        reason = f" ({status}): {said}" if said else f" ({status})."
        wait = retry_after(headers, now)
        if status in {401, 403}:
            return Failure(Unauthorised(self.words(f"refuses us{reason}"), _SIGN_IN))
        if status == 429:  # noqa: PLR2004 - Too Many Requests
            return self._limited(reason, wait)
        if status in _MOVED:
            return self._moved(headers.get("location", ""))
        if status >= _SERVER_ERROR or status < 400:  # noqa: PLR2004 - a redirect tells nothing
            return Failure(
                self.unusable(f"it fails{reason}"), self.repeatable or not self.change, wait
            )
        if status in _NOT_BEGUN:
            return Failure(Unreachable(self.words(f"did not begin{reason}"), _LATER), passing=True)
        hint = _WHY.get(status, "Its own words say what it will not have.")
        return Failure(Rejected(self.words(f"refuses what we sent{reason}"), hint))

    def _limited(self, reason: str, wait: float | None) -> Failure:
        hint = _LATER if wait is None else f"It asks us to come back in {wait:.0f} seconds."
        error = RateLimited(self.words(f"wants us to wait{reason}"), hint, retry_after=wait)
        return Failure(error, passing=wait is not None, wait=wait)

    def _moved(self, address: str) -> Failure:
        where = f" to {address}" if address else ""
        hint = "Put the new address into the account's settings. Nothing was changed."
        return Failure(Rejected(self.words(f"has moved{where}."), hint))
