"""Mattermost: messages of an incoming webhook.

https://developers.mattermost.com/integrate/webhooks/incoming/
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
    "Mattermost",
    path=r"/hooks/\w+",
    example="https://chat.example.org/hooks/…",
    elsewhere="https://mattermost.invalid",
)

_REFUSALS = (400, 401, 403, 404, 501)
_NEW_ONE = "Make a new webhook in Mattermost, and put its address among the secrets."
_ELSEWHERE = 'Is the account\'s "channel" right, and may the webhook write there?'
# What Mattermost calls its errors, when it is not the message that is wrong.
_STOPS = {
    "web.incoming_webhook.invalid.app_error": f"It was deleted, or is not whole. {_NEW_ONE}",
    "web.incoming_webhook.disabled.app_error": "The server does not allow webhooks: ask its owner.",
    "web.incoming_webhook.channel.app_error": _ELSEWHERE,
    "web.incoming_webhook.channel_locked.app_error": _ELSEWHERE,
    "web.incoming_webhook.permissions.app_error": _ELSEWHERE,
    "web.incoming_webhook.user.app_error": _ELSEWHERE,
    "app.channel.get.existing.app_error": f"Its channel is gone. {_NEW_ONE}",
}

# Only these may have a backslash; before others it would be shown.
_MARKS = re.compile(r"[\\`*{}\[\]()#_>~|]")
_LISTS = re.compile(r"^(\s*\d*)([-+.])", re.MULTILINE)
# "@channel" calls everyone, and so does "<!channel>", as Slack writes it; ":tada:" is an emoji.
_CALLS = re.compile(r"@|<(?=!)|:(?=[\w+-]+:)")


@dataclass(frozen=True, slots=True)
class Options:
    """A webhook: its whole address is the secret.

    `channel`, `username` and `icon`, a picture's address, take the place of the webhook's own,
    where the server allows that.
    """

    webhook: Secret
    channel: str = ""
    username: str = ""
    icon: str = ""

    @property
    def server(self) -> str:
        """The part of the address that may be known."""
        return _WEBHOOKS.server(self.webhook)


def written(span: Span) -> str:
    """Return a stretch of text in Mattermost's Markdown: as it is, and calling nobody."""
    if span.kind in {SpanKind.LINK, SpanKind.HASHTAG}:
        return span.text
    marked = _LISTS.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", span.text))
    return _CALLS.sub("\\g<0>\u200b", marked)


class Mattermost(Network[Options]):
    """One incoming webhook on one server of Mattermost."""

    name: ClassVar[str] = "mattermost"
    title: ClassVar[str] = "Mattermost"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # As most servers have it; one that takes less makes several messages of it.
        limits=(TextLimit(16_383, Measure.CODE_POINTS),),
        dedupe=Dedupe.NONE,
        written=written,
        notes={
            "address": "a webhook does not tell where a message is",
            "mentions": "nobody is notified, whatever a title says",
            "content warning": "not shown",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, once; a webhook takes no key, and says no more than that it is done."""
        del key
        options = self._options
        webhook = _WEBHOOKS.required(options.webhook)
        given = {"channel": options.channel, "username": options.username, "icon_url": options.icon}
        body = {
            "text": "".join(map(written, message.spans)),
            **{name: value for name, value in given.items() if value},
        }
        answer = self._http.send("POST", webhook.path, json=body, expect=_REFUSALS)
        if answer.error:
            raise _meant(answer, answer.error)
        if answer.body.strip() != b"ok":
            raise answer.unusable('It did not answer "ok".')
        return _WEBHOOKS.taken(message)

    def whoami(self) -> Identity:
        """Tell at least an address that can be none; a webhook does not say whose it is."""
        _WEBHOOKS.required(self._options.webhook)
        return super().whoami()


def _meant(answer: Answer, error: NetworkError) -> NetworkError:
    """Return an error as Mattermost means it: what is wrong with a webhook stops the account."""
    try:
        hint = _STOPS.get(pick(answer.json(), str, "id") or "")
    except ValueError:
        hint = None
    return Unauthorised(error.message, hint) if hint else error
