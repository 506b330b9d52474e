"""What Meta's error codes mean for a slot. Pure.

https://developers.facebook.com/docs/graph-api/guides/error-handling, and for 22070xx
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from litfass_syndication.answer import pick
from litfass_syndication.errors import (
    NetworkError,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)

_USAGE = "x-business-use-case-usage"
_PERMISSIONS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What became of a request that was answered with some code, and what a person can do."""

    error: type[NetworkError]
    hint: str


def meaning(code: int, subcode: int = 0) -> Meaning | None:
    """Return what a code means, the subcode before it; None where only its words tell."""
    known = _MEANINGS.get(subcode) or _MEANINGS.get(code)
    return known or (_NOT_PERMITTED if code in _PERMISSIONS else None)


def is_passing(code: int, subcode: int) -> bool:
    """Tell whether Meta failed by itself: nobody knows whether it did what was asked."""
    return bool(_PASSING & {code, subcode})


def regained_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until Meta lets us in again, or None where it does not say.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting: in minutes, for each
    object and each kind of use.
    """
    try:
        usage = json.loads(headers.get(_USAGE, ""))
    except ValueError:
        return None
    minutes = [
        pick(kind, int, "estimated_time_to_regain_access") or 0
        for each in (usage if isinstance(usage, dict) else {})
        for kind in pick(usage, list, each) or ()
    ]
    return max(minutes, default=0) * 60.0 or None


_PASSING = frozenset({1, 2, 1363047, 1609010, 2207001, 2207032, 2207053})

_CONNECT_AGAIN = "Make a new access token, as this network's guide says, in place of the old one."
_ON_ITS_SITE = "Sign in on its site, do what it asks for there, and make a new access token then."

_NOT_PERMITTED = Meaning(
    Unauthorised,
    "Its access token lacks a permission, or belongs to somebody who has no say here: make one"
    " with all the permissions that this network's guide names.",
)
_TOKEN = Meaning(Unauthorised, f"Tokens end, and a new password ends them all. {_CONNECT_AGAIN}")
_HELD = Meaning(Unauthorised, f"Meta wants to know more about this account first. {_ON_ITS_SITE}")
_TOO_MUCH = Meaning(RateLimited, "This app or account has asked enough for now. Try again later.")
_QUOTA = Meaning(RateLimited, "The account has published as much as a day allows. Try tomorrow.")
_BLOCKED = Meaning(
    RateLimited,
    "Meta has blocked this for a while. The account's Support Inbox says why, and for how long.",
)
_NOT_FETCHED = Meaning(
    Unreachable,
    "Meta could not fetch it from the blog. Its address must be open to everybody, without a"
    " redirect, and robots.txt must let facebookexternalhit in.",
)
_NOT_READY = Meaning(Unreachable, "Nothing was published. The next run begins anew.")
_PICTURE = Meaning(Rejected, "Give the post another picture: a JPEG of less than 8 MB.")
_WORDING = Meaning(Rejected, "Change what the post says of itself; it is sent again then.")

_MEANINGS: Mapping[int, Meaning] = {
    **dict.fromkeys((102, 190, 463, 467), _TOKEN),
    458: Meaning(Unauthorised, f"The app was removed from the account. {_CONNECT_AGAIN}"),
    460: Meaning(Unauthorised, f"The password was changed. {_CONNECT_AGAIN}"),
    492: Meaning(Unauthorised, f"Its owner has no role on the Page any more. {_CONNECT_AGAIN}"),
    **dict.fromkeys((459, 464, 1404078, 4854002, 2207050), _HELD),
    **dict.fromkeys((3, 10), _NOT_PERMITTED),
    **dict.fromkeys((4, 17, 32, 341, 613, 80001, 80002, 1390008), _TOO_MUCH),
    **dict.fromkeys((9, 2207042), _QUOTA),
    **dict.fromkeys((368, 2207051), _BLOCKED),
    **dict.fromkeys((1609005, 2207003, 2207052), _NOT_FETCHED),
    **dict.fromkeys((24, 2207006, 2207008, 2207020, 2207027), _NOT_READY),
    **dict.fromkeys((1366046, 2207004, 2207005, 2207009, 36003), _PICTURE),
    **dict.fromkeys((506, 1346003, 1404006, 1404102, 2207010), _WORDING),
}
