"""What the numbers of a mail server mean for an announcement. Pure.

RFC 5321, section 4.2, has the three digits; RFC 3463 the enhanced ones, like 5.1.1, that may
follow them and tell more: 1 is about an address, 2 about a mailbox, 7 about what is allowed.
"""

from __future__ import annotations

import re

from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
)

_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})\b")
_OF_RECIPIENTS = (b"1", b"2")
_PERMANENT, _AFTER_ALL = 500, 600
# "No such mailbox" and its kin, said after RCPT by a server without enhanced numbers.
_NOBODY = frozenset({550, 551, 552, 553, 501})
# What some say, with a 5, of a sender who has sent enough for a day.
_ENOUGH = re.compile(r"\b5\.4\.5\b")
_TOO_LARGE = 552

_LATER = "Nothing was sent. The server asks for a little time: a later run tries again."
_SIGN_IN = (
    "Are user and password right, and may this account send from the address in `sender`? "
    "Some providers want a password made for programs."
)
_SMALLER = "The mail is too large for this server: give the post a smaller picture."
_OWN_WORDS = "Its own words say what it will not have."


def about_the_recipient(code: int, said: bytes) -> bool:
    """Tell whether a refusal of a recipient is about that one alone, and not about us."""
    enhanced = _ENHANCED.match(said.strip())
    if code < _PERMANENT:
        return code != 421 and code // 100 == 4  # noqa: PLR2004 - "closing", and "not now"
    return enhanced[2] in _OF_RECIPIENTS if enhanced else code in _NOBODY


def about_us(code: int, words: str) -> NetworkError:
    """Return what a refusal of the account or its sender means: nothing was sent."""
    if _is_passing(code, words):
        return RateLimited(words, _LATER)
    return Unauthorised(words, _SMALLER if code == _TOO_LARGE else _SIGN_IN)


def about_the_mail(code: int, words: str) -> NetworkError:
    """Return what an answer to the mail itself means; one that is none leaves a doubt."""
    if _is_passing(code, words):
        return RateLimited(words, _LATER)
    if not _PERMANENT <= code < _AFTER_ALL:
        return OutcomeUnknown(words, "It may have been sent all the same.")
    return Rejected(words, _SMALLER if code == _TOO_LARGE else _OWN_WORDS)


def _is_passing(code: int, words: str) -> bool:
    return code // 100 == 4 or bool(_ENOUGH.search(words))  # noqa: PLR2004 - "not now"
