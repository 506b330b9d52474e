"""What Meta's Graph API answers when it refuses, for the counterparts of tests."""

from __future__ import annotations

from litfass_syndication.testing.wire import Reply


def refused(code: int, said: str = "It will not.", status: int = 400, **more: object) -> Reply:
    """Return an error in the form of the Graph API; `more` are its other fields."""
    error = {"message": f"(#{code}) {said}", "type": "OAuthException", "code": code, **more}
    return Reply.of({"error": error}, status)
