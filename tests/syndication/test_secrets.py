"""Whatever a server says and however it fails, no secret gets into ledger, logs or messages."""

from __future__ import annotations

import json
import logging
import tempfile
import traceback
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syndication.networks import test_devto, test_micropub, test_wordpress
from tests.syndication.networks.test_buttondown import ButtondownServer
from tests.syndication.networks.test_lemmy import LemmyServer
from tests.syndication.networks.test_matrix import ROOM, TOKEN, MatrixServer
from tests.syndication.networks.test_misskey import MisskeyServer
from tests.syndication.networks.test_reddit import RedditServer
from tests.syndication.networks.test_tumblr import TumblrServer
from tests.syndication.town import START, Clock, post

from litfass_syndication.account import Account
from litfass_syndication.adoption import adopt_from_network
from litfass_syndication.announcer import syndicate
from litfass_syndication.desk import withdraw
from litfass_syndication.errors import SyndicationError
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line
from litfass_syndication.network import Secret, UnsupportedError
from litfass_syndication.networks.bluesky import Bluesky
from litfass_syndication.networks.bluesky import Options as BlueskyOptions
from litfass_syndication.networks.buttondown import Buttondown
from litfass_syndication.networks.buttondown import Options as ButtondownOptions
from litfass_syndication.networks.devto import Devto
from litfass_syndication.networks.devto import Options as DevtoOptions
from litfass_syndication.networks.discord import Discord
from litfass_syndication.networks.discord import Options as DiscordOptions
from litfass_syndication.networks.lemmy import Lemmy
from litfass_syndication.networks.lemmy import Options as LemmyOptions
from litfass_syndication.networks.mastodon import Mastodon
from litfass_syndication.networks.mastodon import Options as MastodonOptions
from litfass_syndication.networks.matrix import Matrix
from litfass_syndication.networks.matrix import Options as MatrixOptions
from litfass_syndication.networks.mattermost import Mattermost
from litfass_syndication.networks.mattermost import Options as MattermostOptions
from litfass_syndication.networks.micropub import Micropub
from litfass_syndication.networks.micropub import Options as MicropubOptions
from litfass_syndication.networks.misskey import Misskey
from litfass_syndication.networks.misskey import Options as MisskeyOptions
from litfass_syndication.networks.reddit import Options as RedditOptions
from litfass_syndication.networks.reddit import Reddit
from litfass_syndication.networks.rocketchat import Options as RocketOptions
from litfass_syndication.networks.rocketchat import RocketChat
from litfass_syndication.networks.slack import Options as SlackOptions
from litfass_syndication.networks.slack import Slack
from litfass_syndication.networks.telegram import Options as TelegramOptions
from litfass_syndication.networks.telegram import Telegram
from litfass_syndication.networks.tumblr import Options as TumblrOptions
from litfass_syndication.networks.tumblr import Tumblr
from litfass_syndication.networks.wordpress import Options as WordPressOptions
from litfass_syndication.networks.wordpress import WordPress
from litfass_syndication.networks.x import Options as XOptions
from litfass_syndication.networks.x import X
from litfass_syndication.testing import Fault, Reply, Wire
from litfass_syndication.testing.bluesky import BlueskyServer
from litfass_syndication.testing.mastodon import MastodonServer
from litfass_syndication.testing.telegram import TelegramServer
from litfass_syndication.testing.x import XServer, whose

SERVER = "https://network.example"

# Of letters that no other text here has, so that what is found is the secret's.
LETTERS = "ÄÖÜßŊŁ#%&+/=?\"\\'<> QXZqxz0123456789"
SECRETS = (
    st.text(alphabet=LETTERS, min_size=8, max_size=40)
    .map(str.strip)
    .filter(lambda secret: len(set(secret)) >= 4 and len(secret) >= 8)
)
STATUSES = st.sampled_from([200, 204, 301, 302, 307, 400, 401, 403, 404, 408, 410, 413, 422, 429,
                            500, 502, 503, 504])  # fmt: skip
WRITTEN = st.sampled_from([
    str, quote, quote_plus, lambda secret: quote(secret, safe=""), json.dumps,
    lambda secret: json.dumps({"error": f"bad token {secret}", "message": secret}),
    lambda secret: f"<html><h1>{secret}</h1></html>",
    lambda secret: f"Basic {b64encode(f'me:{secret}'.encode()).decode()}",
    lambda secret: json.dumps({"id": 7, "url": secret, "uri": secret, "did": secret}),
])  # fmt: skip
PLACES = st.sampled_from([
    ("GET", "instance"), ("POST", "statuses"), ("PUT", "statuses"), ("DELETE", "statuses"),
    ("GET", "accounts"), ("POST", "createSession"), ("POST", "putRecord"), ("GET", "getRecord"),
    ("POST", "deleteRecord"), ("GET", "listRecords"), ("POST", ""), ("GET", ""),
    ("GET", "me"), ("POST", "tweets"), ("DELETE", "tweets"),
    ("GET", "getMe"), ("POST", "sendMessage"), ("POST", "editMessageText"),
    ("PUT", "send"), ("GET", "whoami"), ("GET", "messages"), ("PUT", "redact"),
    ("GET", "emails"), ("POST", "emails"), ("PATCH", "emails"), ("GET", "newsletters"),
    ("PATCH", "messages"), ("DELETE", "messages"),
    ("GET", "user/info"), ("POST", "posts"), ("PUT", "posts"), ("GET", "posts"),
    ("POST", "access_token"), ("POST", "submit"), ("GET", "submitted"), ("POST", "del"),
    ("POST", "login"), ("GET", "community"), ("GET", "site"), ("POST", "post"), ("PUT", "post"),
    ("PUT", "articles"), ("GET", "all"),
    ("GET", "posts"), ("POST", "posts"), ("GET", "micropub"), ("POST", "micropub"),
])  # fmt: skip


@st.composite
def mishaps(draw, secret):
    """Return what goes wrong at some place: a fault, or an answer that repeats the secret."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(list(Fault)))
    said = draw(WRITTEN)(secret)
    status = draw(STATUSES)
    kind = draw(st.sampled_from(["application/json", "text/html", "text/plain"]))
    location = {"Location": f"{SERVER}/{quote(secret, safe='')}"} if 300 <= status < 400 else {}
    return Reply(status, said.encode(), {"Content-Type": kind, **location})


def mastodon(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Mastodon(MastodonOptions(SERVER, Secret(secret)), http)


def bluesky(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Bluesky(BlueskyOptions("werkstatt.example", Secret(secret), SERVER), http)


def buttondown(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Buttondown(ButtondownOptions(Secret(secret), server=f"{SERVER}/v1"), http)


def telegram(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Telegram(TelegramOptions("@werkstatt", Secret(secret), server=SERVER), http)


def x(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return X(XOptions(*(Secret(secret),) * 4, SERVER), http)


def lemmy(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Lemmy(LemmyOptions(SERVER, "holz@lemmy.example", "werkstatt", Secret(secret)), http)


def reddit(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    of_app = ("werkstatt", "firma", "app1", *(Secret(secret),) * 2)
    return Reddit(RedditOptions(*of_app, server=SERVER, sign_in=SERVER), http)


def tumblr(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Tumblr(TumblrOptions("werkstatt", *(Secret(secret),) * 4, SERVER), http)


def misskey(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Misskey(MisskeyOptions(SERVER, Secret(secret)), http)


def matrix(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Matrix(MatrixOptions(SERVER, Secret(secret), ROOM), http)


def matrix_server(secret):
    """Return a home server whose access token is the secret."""
    server = MatrixServer()

    def answer(request):
        if not request.path.startswith("/_matrix"):  # where a redirect led
            return Reply(404)
        sent = request.headers.get("authorization") == f"Bearer {secret}"
        token = {"authorization": f"Bearer {TOKEN}"} if sent else {}
        return server(replace(request, headers={**request.headers, **token}))

    return answer


def devto(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return Devto(DevtoOptions(Secret(secret), server=SERVER), http)


def wordpress(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    return WordPress(WordPressOptions(SERVER, "me", Secret(secret)), http)


def micropub(secret, wire):
    http = wire.connection(SERVER, Secret(secret))
    options = MicropubOptions(SERVER, Secret(secret), endpoint=f"{SERVER}/micropub")
    return Micropub(options, http)


def letting_in(server, **headers):
    """Return what makes a server that takes whoever comes for its user."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def make(_secret):
        there = server()
        return lambda request: there(replace(request, headers={**request.headers, **named}))

    return make


def webhook(network, options, address):
    """Return what makes a network whose webhook ends with the secret."""

    def make(secret, wire):
        whole = Secret(SERVER + address + quote(secret, safe=""))
        return network(options(whole), wire.connection(SERVER, whole))

    return make


def discord_server(_secret):
    """Return a webhook that takes everything."""
    there = {"id": "900", "channel_id": "55", "guild_id": "77", "name": "Werkstatt", "type": 1}
    return lambda _request: Reply.of(there)


def taking(content):
    """Return what makes a server that says this to everything."""
    return lambda _secret: lambda _request: Reply(200, content)


NETWORKS = {
    "matrix": (matrix, matrix_server),
    "lemmy": (lemmy, LemmyServer),
    "tumblr": (tumblr, lambda secret: TumblrServer((secret,) * 4)),
    "reddit": (reddit, lambda secret: RedditServer((secret,) * 2)),
    "discord": (webhook(Discord, DiscordOptions, "/api/webhooks/12/"), discord_server),
    "slack": (webhook(Slack, SlackOptions, "/services/T1/B1/"), taking(b"ok")),
    "mattermost": (webhook(Mattermost, MattermostOptions, "/hooks/"), taking(b"ok")),
    "rocketchat": (webhook(RocketChat, RocketOptions, "/hooks/a/"), taking(b'{"success": true}')),
    "mastodon": (mastodon, MastodonServer),
    "misskey": (misskey, MisskeyServer),
    "bluesky": (bluesky, lambda _: BlueskyServer()),
    "telegram": (telegram, TelegramServer),
    "devto": (devto, letting_in(test_devto.DevtoServer, api_key=test_devto.API_KEY)),
    "wordpress": (
        wordpress,
        letting_in(
            lambda: test_wordpress.WordPressServer(link=False),
            authorization=test_wordpress.AUTHORIZATION,
        ),
    ),
    "micropub": (
        micropub,
        letting_in(test_micropub.MicropubSite, authorization=f"Bearer {test_micropub.TOKEN}"),
    ),
    "buttondown": (buttondown, ButtondownServer),
    "x": (x, lambda secret: XServer(whose(*(secret,) * 4))),
}


def errors_of(network, *calls):
    """Make each call, and return what it raised as a person or a bug report would show it."""
    for call in calls:
        try:
            call(network)
        except SyndicationError as error:
            yield "".join((*traceback.format_exception(error), error.message, error.hint))
        except UnsupportedError as error:
            yield "".join(traceback.format_exception(error))


def anywhere(server):
    """Let a server answer for places that it does not know: where a redirect may lead."""

    def answer(request):
        try:
            return server(request)
        except (KeyError, ValueError):
            return Reply(404)

    return answer


@contextmanager
def logged():
    """Collect all that is logged, however unimportant."""
    text = StringIO()
    handler, root = logging.StreamHandler(text), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=150)
@given(st.data(), SECRETS, PLACES)
def test_no_secret_shows_anywhere(name, data, secret, place):
    make, server = NETWORKS[name]
    method, path = place
    fault = data.draw(mishaps(secret))
    strikes = lambda request: request.method == method and path in request.url  # noqa: E731
    with tempfile.TemporaryDirectory() as folder, logged() as log:
        ledger = Path(folder) / "ledger.jsonl"
        journal, clock = FileJournal(ledger), Clock()
        journal.append(Line("firma", None, START))
        network = make(secret, Wire(anywhere(server(secret)), strikes, fault))
        account = Account("firma", network)
        said = [repr(network._options), repr(account)]
        for title in ("About hello", "Corrected"):
            outcomes = syndicate([post(title=title)], [account], journal, clock=clock)
            said += [repr(outcomes), json.dumps([one.reason + one.hint for one in outcomes])]
        said += errors_of(
            network,
            lambda _: adopt_from_network(journal, account, [post()], clock),
            lambda _: withdraw(journal, account, "hello", clock),
            lambda each: each.whoami(),
        )
        written = ledger.read_text("utf-8")
    for form in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]}:
        assert form not in written
        assert form not in log.getvalue()
        assert not any(form in text for text in said)
