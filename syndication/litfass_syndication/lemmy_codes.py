"""What Lemmy's names for its reasons mean for a slot. Pure.

https://github.com/LemmyNet/lemmy, crates/utils/src/error.rs, of versions 0.19 and 1.0; most come
with the status 400, whatever they are.
"""

from __future__ import annotations

from litfass_syndication.answer import Answer, pick
from litfass_syndication.errors import NetworkError, RateLimited, Unauthorised

SIGN_IN = (
    "Is the password right? If the account asks for a second factor, put the token of a session in "
    "its place, as the guide to Lemmy says; one that has ended has to be made anew."
)
_BARRED = "Sign in on its site and look: the account may not post there, or not yet."
_WHICH = 'Is "community" in the settings its name, or name@server where it is on another server?'
_WORDING = "Change what the post says of itself; it is sent again then."
_TITLE = "Lemmy wants a title of 3 to 200 characters that can be seen."
_LINK = "The server takes no links to this address, or cannot read it."

_STRANGER = frozenset(
    {"incorrect_login", "not_logged_in", "missing_totp_token", "incorrect_totp_token"}
)
_UNWANTED = frozenset(
    {
        "banned_from_community",
        "community_is_locked",
        "deleted",
        "email_not_verified",
        "instance_is_private",
        "not_a_moderator",
        "only_mods_can_post_in_community",
        "person_is_banned_from_community",
        "registration_application_is_pending",
        "site_ban",
    }
)
_NO_COMMUNITY = frozenset({"couldnt_find_community", "invalid_community", "not_found"})
GONE = frozenset({"couldnt_find_post", "deleted", "not_found"})
_TOO_MUCH = frozenset({"rate_limit_error", "too_many_requests"})
_HINTS = {
    "invalid_post_title": _TITLE,
    "invalid_url": _LINK,
    "invalid_url_scheme": _LINK,
    "blocked_url": _LINK,
    "slurs": f"A word in it is on the server's list of slurs. {_WORDING}",
    "nsfw_not_allowed": 'Take "nsfw" out of the account\'s settings: the server has no such posts.',
}


def reason(answer: Answer) -> str:
    """Return Lemmy's name for what is wrong, or nothing."""
    if answer.error is None:
        return ""
    try:
        return pick(answer.json(), str, "error") or ""
    except ValueError:
        return ""


def understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what Lemmy's name for the reason means."""
    error = answer.error
    if error is None:
        return answer
    raise _meant(error, reason(answer))


def _meant(error: NetworkError, name: str) -> NetworkError:
    if name in _TOO_MUCH:
        return RateLimited(error.message, "The server lets nobody post more often. Try later.")
    for names, hint in ((_STRANGER, SIGN_IN), (_UNWANTED, _BARRED), (_NO_COMMUNITY, _WHICH)):
        if name in names:
            return Unauthorised(error.message, hint)
    return type(error)(error.message, _HINTS.get(name, error.hint))
