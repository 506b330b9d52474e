"""The networks that Litfass knows, by their names in settings; each is imported when asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

from litfass_syndication.errors import AccountError
from litfass_syndication.network import Network

_NETWORKS = {
    "apprise": "litfass_syndication.networks.apprise:Apprise",
    "bluesky": "litfass_syndication.networks.bluesky:Bluesky",
    "buttondown": "litfass_syndication.networks.buttondown:Buttondown",
    "devto": "litfass_syndication.networks.devto:Devto",
    "discord": "litfass_syndication.networks.discord:Discord",
    "email": "litfass_syndication.networks.email:Email",
    "facebook": "litfass_syndication.networks.facebook:Facebook",
    "gotosocial": "litfass_syndication.networks.gotosocial:GoToSocial",
    "indexnow": "litfass_syndication.networks.indexnow:IndexNow",
    "instagram": "litfass_syndication.networks.instagram:Instagram",
    "lemmy": "litfass_syndication.networks.lemmy:Lemmy",
    "linkedin": "litfass_syndication.networks.linkedin:LinkedIn",
    "manual": "litfass_syndication.networks.manual:Manual",
    "mastodon": "litfass_syndication.networks.mastodon:Mastodon",
    "matrix": "litfass_syndication.networks.matrix:Matrix",
    "mattermost": "litfass_syndication.networks.mattermost:Mattermost",
    "micropub": "litfass_syndication.networks.micropub:Micropub",
    "misskey": "litfass_syndication.networks.misskey:Misskey",
    "nostr": "litfass_syndication.networks.nostr:Nostr",
    "outbox": "litfass_syndication.networks.outbox:Outbox",
    "pinterest": "litfass_syndication.networks.pinterest:Pinterest",
    "pixelfed": "litfass_syndication.networks.pixelfed:Pixelfed",
    "pleroma": "litfass_syndication.networks.pleroma:Pleroma",
    "reddit": "litfass_syndication.networks.reddit:Reddit",
    "rocketchat": "litfass_syndication.networks.rocketchat:RocketChat",
    "slack": "litfass_syndication.networks.slack:Slack",
    "telegram": "litfass_syndication.networks.telegram:Telegram",
    "threads": "litfass_syndication.networks.threads:Threads",
    "tumblr": "litfass_syndication.networks.tumblr:Tumblr",
    "webmention": "litfass_syndication.networks.webmention:Webmention",
    "websub": "litfass_syndication.networks.websub:WebSub",
    "wordpress": "litfass_syndication.networks.wordpress:WordPress",
    "x": "litfass_syndication.networks.x:X",
}

NAMES = tuple(sorted(_NETWORKS))

_CLOSED = {"xing": "XING", "medium": "Medium"}
"""Places that let no program post."""


def network_class(name: str) -> type[Network[Any]]:
    """Return the adapter for a network; raises AccountError for one that we do not know."""
    if name in _CLOSED:
        hint = 'Use "manual": the text waits for you, ready to copy.'
        raise AccountError(f"No program may post to {_CLOSED[name]}; you can, by hand.", hint)
    if name not in _NETWORKS:
        close = get_close_matches(name, NAMES, 1)
        known = f"Litfass knows {', '.join(NAMES)}."
        hint = f'Did you mean "{close[0]}"? {known}' if close else known
        raise AccountError(f'There is no network "{name}".', hint)
    module, _, attribute = _NETWORKS[name].partition(":")
    adapter: type[Network[Any]] = getattr(import_module(module), attribute)
    return adapter
