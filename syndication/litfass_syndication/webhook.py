"""Webhooks: addresses that are secrets themselves, and let whoever has them write. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.errors import AccountError
from litfass_syndication.network import Secret


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook's address: the server may be known to others, the path may not."""

    server: str
    path: str


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the webhooks of a service look like, and what they have in common.

    An address ends with what the pattern `path` matches, or with a slash after it; `example` shows
    one to a person. `elsewhere` is the server of what is no such address.
    """

    title: str
    path: str
    example: str
    elsewhere: str

    def parted(self, address: Secret) -> Webhook | None:
        """Take an address apart; None when it is no such address."""
        pattern = rf"(https?://[^/?#\s]+[^?#\s]*?)({self.path})/?"
        found = re.fullmatch(pattern, address.reveal().strip(), re.ASCII)
        return Webhook(found[1], found[2]) if found else None

    def server(self, address: Secret) -> str:
        """Return the part of an address that may be known."""
        webhook = self.parted(address)
        return webhook.server if webhook else self.elsewhere

    def required(self, address: Secret) -> Webhook:
        """Take an address apart; raises AccountError, which does not show it, when it is none."""
        webhook = self.parted(address)
        if webhook is None:
            said = f"The secret webhook is not the address of a webhook on {self.title}."
            hint = f"One looks like {self.example}. Copy it whole, and put it among the secrets."
            raise AccountError(said, hint)
        return webhook

    def taken(self, message: Message) -> Receipt:
        """Return the receipt of a message: a webhook says no more than that it is done."""
        warning = f"{self.title} has no content warnings, and shows none."
        return Receipt("", "", (warning,) if message.content_warning else ())
