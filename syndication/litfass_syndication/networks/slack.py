"""Slack: messages of a channel's incoming webhook.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, /formatting-message-text
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from litfass_syndication.announcement import Message, Receipt, Span, SpanKind
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.errors import Unauthorised
from litfass_syndication.network import Identity, Network, Secret
from litfass_syndication.webhook import Webhooks

_SLACK = "https://hooks.slack.com"
_WEBHOOKS = Webhooks(
    "Slack",
    path=r"/services/\w+/\w+/\w+",
    example=f"{_SLACK}/services/T…/B…/…",
    elsewhere=_SLACK,
)

_REFUSALS = (400, 403, 404, 410)
_NEW_ONE = "Make a new webhook in Slack, and put its address among the secrets."
# What Slack says in a word when it is not the message that is wrong.
_STOPS = {
    "action_prohibited": "Those who run the workspace do not allow it: ask them.",
    "channel_is_archived": f"Its channel is archived. {_NEW_ONE}",
    "channel_not_found": f"Its channel is gone. {_NEW_ONE}",
    "invalid_token": f"Its address is not whole, or no longer valid. {_NEW_ONE}",
    "no_active_hooks": f"It was switched off. {_NEW_ONE}",
    "no_service": f"It was deleted or switched off. {_NEW_ONE}",
    "no_service_id": f"Its address is not whole. {_NEW_ONE}",
    "no_team": f"Its workspace is gone, or its address is not whole. {_NEW_ONE}",
    "posting_to_general_channel_denied": "Only some may write into that channel: ask who runs it.",
    "team_disabled": "The workspace is switched off.",
}


@dataclass(frozen=True, slots=True)
class Options:
    """A channel's webhook: its whole address is the secret."""

    webhook: Secret

    @property
    def server(self) -> str:
        """The part of the address that may be known."""
        return _WEBHOOKS.server(self.webhook)


def written(span: Span) -> str:
    """Return a stretch of text as Slack reads it: nothing in it is a link or calls anyone."""
    if span.kind is SpanKind.LINK:
        return f"<{_escaped(span.target.replace('|', '%7C').replace('>', '%3E'))}>"
    return _escaped(span.text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Slack(Network[Options]):
    """One webhook of one channel on Slack."""

    name: ClassVar[str] = "slack"
    title: ClassVar[str] = "Slack"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        # Slack takes ten times as much, and asks for no more than this.
        limits=(TextLimit(4000, Measure.CODE_POINTS),),
        dedupe=Dedupe.NONE,
        written=written,
        hashtags=False,
        notes={
            "address": "a webhook does not tell where a message is",
            "text": "*stars* and _underscores_ become bold and italic there",
            "content warning": "not shown",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, once; a webhook takes no key, and says no more than that it is done."""
        del key
        webhook = _WEBHOOKS.required(self._options.webhook)
        body = {
            "text": "".join(map(written, message.spans)),
            "unfurl_links": True,
            "unfurl_media": True,
        }
        answer = self._http.send("POST", webhook.path, json=body, expect=_REFUSALS)
        if answer.error:
            hint = _STOPS.get(answer.body.decode("utf-8", "replace").strip())
            raise Unauthorised(answer.error.message, hint) if hint else answer.error
        if answer.body.strip() != b"ok":
            raise answer.unusable('It did not answer "ok".')
        return _WEBHOOKS.taken(message)

    def whoami(self) -> Identity:
        """Tell at least an address that can be none; a webhook does not say whose it is."""
        _WEBHOOKS.required(self._options.webhook)
        return super().whoami()
