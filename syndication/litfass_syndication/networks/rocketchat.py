"""Rocket.Chat: messages of an incoming webhook, which it calls an integration.

https://docs.rocket.chat/docs/integrations; what is not said there is as its own code has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from litfass_syndication.announcement import Message, Receipt, Span, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.errors import NetworkError, Unauthorised
from litfass_syndication.network import Identity, Network, Secret
from litfass_syndication.webhook import Webhooks

_WEBHOOKS = Webhooks(
    "Rocket.Chat",
    path=r"/hooks/\w+(?:/\w+)?/[\w%-]+",
    example="https://chat.example.org/hooks/…/…",
    elsewhere="https://rocketchat.invalid",
)

_REFUSALS = (400, 401, 403, 404, 503)
_SWITCHED_OFF = 503
_NEW_ONE = "Make a new integration in Rocket.Chat, and put its webhook URL among the secrets."
_CHANNEL = 'Is the account\'s "channel" right, and may the integration write there?'
# What Rocket.Chat says when it is not the message that is wrong.
_STOPS = {
    "Invalid integration id or token": f"It was deleted, or its address is not whole. {_NEW_ONE}",
    "overriding destination channel": 'Take "channel" out of the settings, or have that allowed.',
    "invalid-channel": _CHANNEL,
    "error-not-allowed": _CHANNEL,
    "You can't send messages": _CHANNEL,
}

# What calls people, leads to channels and other pages, hides text, or becomes an emoji. A backslash
# would be shown; a space of no width is not.
_LIVE = re.compile(r"[@#]|\](?=\()|\|(?=\|)|:(?=[\w.+-]+:)")


@dataclass(frozen=True, slots=True)
class Options:
    """An integration: the whole address of its webhook is the secret.

    `channel` (#name or @user), `alias`, the name that is shown, and `avatar`, a picture's address,
    take the place of the integration's own.
    """

    webhook: Secret
    channel: str = ""
    alias: str = ""
    avatar: str = ""

    @property
    def server(self) -> str:
        """The part of the address that may be known."""
        return _WEBHOOKS.server(self.webhook)


def written(span: Span) -> str:
    """Return a stretch of text so that it calls nobody."""
    return span.text if span.kind is SpanKind.LINK else _LIVE.sub("\\g<0>\u200b", span.text)


class RocketChat(Network[Options]):
    """One incoming webhook on one server of Rocket.Chat."""

    name: ClassVar[str] = "rocketchat"
    title: ClassVar[str] = "Rocket.Chat"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Message_MaxAllowedSize, as it is set at first; the length of a string in JavaScript.
        limits=(TextLimit(5000, Measure.UTF16),),
        dedupe=Dedupe.NONE,
        written=written,
        hashtags=False,
        notes={
            "address": "a webhook does not tell where a message is",
            "mentions": "nobody is notified, whatever a title says",
            "text": "*stars* and _underscores_ become bold and italic there",
            "content warning": "not shown",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, once; a webhook takes no key, and says no more than that it is done."""
        del key
        options = self._options
        webhook = _WEBHOOKS.required(options.webhook)
        given = {"channel": options.channel, "alias": options.alias, "avatar": options.avatar}
        body = {
            "text": "".join(map(written, message.spans)),
            **{name: value for name, value in given.items() if value},
        }
        answer = self._http.send("POST", webhook.path, json=body, expect=_REFUSALS)
        if answer.error:
            raise _meant(answer, answer.error)
        if not answer.require(bool, "success"):
            raise answer.unusable("It does not say that it is done.")
        return _WEBHOOKS.taken(message)

    def whoami(self) -> Identity:
        """Tell at least an address that can be none; a webhook does not say whose it is."""
        _WEBHOOKS.required(self._options.webhook)
        return super().whoami()


def _meant(answer: Answer, error: NetworkError) -> NetworkError:
    """Return an error as Rocket.Chat means it: what is wrong with a webhook stops the account."""
    try:
        said = answer.json()
    except ValueError:
        return error
    if answer.status == _SWITCHED_OFF:  # in the server's own words, not in those of a proxy
        ours = pick(said, bool, "success") is False
        return Unauthorised(error.message, "Switch the integration on again.") if ours else error
    words = pick(said, str, "error") or ""
    hint = next((hint for stop, hint in _STOPS.items() if stop in words), "")
    return Unauthorised(error.message, hint) if hint else error
