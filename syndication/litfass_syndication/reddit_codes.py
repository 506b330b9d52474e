"""What Reddit's codes mean for a slot. Pure.

It answers 200 even when it refuses: https://github.com/reddit-archive/reddit,
r2/r2/lib/errors.py, and the list of them at https://www.reddit.com/dev/api/ (POST /api/submit).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litfass_syndication.answer import Answer, pick
from litfass_syndication.errors import NetworkError, RateLimited, Rejected, Unauthorised

ALREADY_THERE = "ALREADY_SUB"
_TOO_OFTEN = "RATELIMIT"

_WHICH = 'Is "subreddit" in the settings its name, as after r/ in its address?'
_BARRED = "The account may not post there: it may be too young, banned, or not let in."
_NO_LINKS = "The subreddit takes no links. Look at its rules, and announce into another."
_FLAIR = 'The subreddit asks for flair: give the account one, flair = "…".'
_LINK = "Reddit or the subreddit takes no links to this address."
_WORDS = "The subreddit has rules for titles, and they are beside its posts."

_STOPS_THE_ACCOUNT: Mapping[str, str] = {
    "SUBREDDIT_NOEXIST": _WHICH,
    "SUBREDDIT_REQUIRED": _WHICH,
    "SUBREDDIT_NOTALLOWED": _BARRED,
    "SUBREDDIT_DISABLED_NON_OC": _BARRED,
    "USER_BANNED": _BARRED,
    "USER_REQUIRED": _BARRED,
    "BAD_CAPTCHA": _BARRED,
    "NO_LINKS": _NO_LINKS,
    "SUBMIT_VALIDATION_FLAIR_REQUIRED": _FLAIR,
    "SUBMIT_VALIDATION_FLAIR_INVALID": _FLAIR,
    "BAD_FLAIR_TEMPLATE_ID": _FLAIR,
}
_HINTS: Mapping[str, str] = {
    ALREADY_THERE: "Somebody has put this address there before, so that it is known there.",
    "BAD_URL": _LINK,
    "DOMAIN_BANNED": _LINK,
    "SUBMIT_VALIDATION_BLACKLISTED_DOMAIN": _LINK,
    "SUBMIT_VALIDATION_TITLE_BLACKLISTED_STRING": _WORDS,
    "SUBMIT_VALIDATION_TITLE_REQUIREMENT": _WORDS,
}

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_WAIT = re.compile(r"(\d{1,6}) (second|minute|hour|day)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Reddit's code for why it will not do it, and what that means."""

    code: str
    error: NetworkError


def refusal(answer: Answer, account: str, shown: Callable[[str], str]) -> Refusal | None:
    """Return why Reddit refused a submission, or None when it did not.

    `shown` makes Reddit's own words fit for a person.
    """
    try:
        said = answer.json()
    except ValueError:
        return None
    first = pick(said, list, "json", "errors", 0)
    if not first:
        return None
    code, words = pick(first, str, 0) or "", shown(pick(first, str, 1) or "")
    message = f"{account}: Reddit refuses it: {shown(code)}: {words}"
    return Refusal(code, _meant(code, message, _wait(said, words)))


def _meant(code: str, message: str, wait: float | None) -> NetworkError:
    if code == _TOO_OFTEN:
        hint = "Reddit lets young accounts post seldom. Try again later."
        return RateLimited(message, hint, retry_after=wait)
    if code in _STOPS_THE_ACCOUNT:
        return Unauthorised(message, _STOPS_THE_ACCOUNT[code])
    return Rejected(message, _HINTS.get(code, "Its own words say what it will not have."))


def _wait(said: object, words: str) -> float | None:
    """Return the seconds that Reddit wants us to wait: as a number, or only in its words."""
    number = pick(said, float, "json", "ratelimit") or pick(said, int, "json", "ratelimit")
    if number:
        return float(number)
    told = _WAIT.search(words)
    return float(int(told[1]) * _SECONDS[told[2]]) if told else None
