"""What a session's token tells of itself: JSON Web Tokens, RFC 7519. Pure.

Nothing is verified: the tokens are our own, and only their servers can say whether they are good.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

from litfass_syndication.answer import pick

_TOKEN = re.compile(r"eyJ[\w-]+\.([\w-]+)\.[\w-]+", re.ASCII)


def is_token(text: str) -> bool:
    """Tell whether a text is made like a token, and not like a password."""
    return bool(_TOKEN.fullmatch(text))


def ends(token: str) -> datetime | None:
    """Return when a token ends, or None where it does not, or does not say."""
    parts = _TOKEN.fullmatch(token)
    if not parts:
        return None
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        seconds = pick(claims, int, "exp")
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, RecursionError, OverflowError, OSError):  # the year 262142 is never
        return None
