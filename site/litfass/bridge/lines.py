"""What an account's adapter speaks through: mail or HTTP."""

from __future__ import annotations

from typing import Any

from litfass_syndication.http import Connection
from litfass_syndication.mail import Patience, Relay
from litfass_syndication.network import Secret, Speech
from litfass_syndication.waiting import Policy

_HURRIED = (Policy(connect=5, read=10, whole=20, tries=1), Patience(connect=5, answer=10))


def line_to(speech: Speech, server: str, account: str, secrets: tuple[Secret, ...]) -> Any:
    """Return a line to an account's server, patient enough to announce. Raises AccountError."""
    return _line(speech, server, account, secrets, (Policy(), Patience()))


def brisk_line_to(speech: Speech, server: str, account: str, secrets: tuple[Secret, ...]) -> Any:
    """Return a line for a question that a person waits for. Raises AccountError."""
    return _line(speech, server, account, secrets, _HURRIED)


def _line(
    speech: Speech,
    server: str,
    account: str,
    secrets: tuple[Secret, ...],
    patience: tuple[Policy, Patience],
) -> Any:
    policy, calm = patience
    if speech is Speech.MAIL:
        return Relay(server, account, secrets=secrets, patience=calm)
    return Connection(server, account, secrets=secrets, policy=policy)
