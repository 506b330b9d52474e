"""Webhooks: addresses that are secrets themselves, and let whoever has them write. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litfass_syndication.errors import AccountError
from litfass_syndication.network import Secret


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook's address: the server may be known to others, the path may not."""

    server: str
    path: str


def parted(address: Secret, path: str) -> Webhook | None:
    """Take an address apart that ends with what the pattern `path` matches, or a slash after it.

    None when it is no such address.
    """
    whole = address.reveal().strip()
    found = re.fullmatch(rf"(https?://[^/?#\s]+[^?#\s]*?)({path})/?", whole, re.ASCII)
    return Webhook(found[1], found[2]) if found else None


def required(address: Secret, path: str, title: str, example: str) -> Webhook:
    """Take an address apart; raises AccountError, which does not show it, when it is none."""
    webhook = parted(address, path)
    if webhook is None:
        hint = f"One looks like {example}. Copy it whole, and put it among the secrets."
        raise AccountError(f"The secret webhook is not the address of a webhook on {title}.", hint)
    return webhook
