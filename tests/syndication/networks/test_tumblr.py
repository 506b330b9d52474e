"""Tumblr, against a counterpart that checks each signature."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, RateLimited, Rejected, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.tumblr import Options, Tumblr
from litfass_syndication.oauth1 import Credentials, Moment, authorization
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    fields,
    listening,
    picture,
    plain_message,
)

SERVER = "https://api.tumblr.example"
SECRETS = ("an-app-key+1/==", "an-app-secret+2/==", "a-token+3/==", "a-token-secret+4/==")
OPTIONS = Options("werkstatt", *map(Secret, SECRETS), SERVER)
FIRST = Receipt("9001", "https://www.tumblr.com/werkstatt/9001")
PARAMETERS = {"content", "layout", "tags", "source_url", "slug"}
BLOGS = [
    {"name": "privat", "uuid": "t:AAA", "url": "https://privat.tumblr.com/"},
    {"name": "werkstatt", "uuid": "t:BbB", "url": "https://www.werkstatt.example/"},
]


def refusal(status, code=None, title="The counterpart will not have it."):
    errors = [{"title": title, **({"code": code} if code else {})}]
    return Reply.of({"meta": {"status": status, "msg": "No"}, "errors": errors}, status)


def answered(response, status=200):
    return Reply.of({"meta": {"status": status, "msg": "OK"}, "response": response}, status)


class TumblrServer:
    """Keeps the posts of one blog, newest last; `picture_reply` is what becomes of pictures."""

    def __init__(self, secrets=SECRETS, picture_reply=None):
        self.credentials = Credentials(*map(Secret, secrets))
        self.picture_reply = picture_reply
        self.now = NOW
        self.posts = {}
        self.pictures = []

    def __call__(self, request):
        if not self._signed(request):
            return refusal(401, title="Unauthorized")
        match request.method, *request.path.strip("/").split("/")[1:]:
            case "GET", "user", "info":
                return answered({"user": {"name": "privat", "blogs": BLOGS}})
            case "POST", "blog", "werkstatt", "posts":
                return self._keep(request, None)
            case "PUT", "blog", "werkstatt", "posts", name:
                return self._keep(request, name) if name in self.posts else refusal(404)
            case "POST", "blog", "werkstatt", "post", "delete":
                there = self.posts.pop(request.json()["id"], None)
                return answered({"id": there["id"]}) if there else refusal(404)
            case "GET", "blog", "werkstatt", "posts":
                return self._listed(request.query)
        return refusal(404)

    def show(self, url="https://blog.example/other/", **more):
        """Keep a post, as if somebody had just made it; return its number."""
        number = 9001 + len(self.posts)
        self.posts[f"{number}"] = {
            "id": number,
            "id_string": f"{number}",
            "timestamp": int(self.now.timestamp()),
            "content": [{"type": "link", "url": url}],
            **more,
        }
        return f"{number}"

    def _signed(self, request):
        sent = request.headers.get("authorization", "")
        said = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', sent)}
        stamp = datetime.fromtimestamp(int(said.get("oauth_timestamp", 0)), UTC)
        moment = Moment(stamp, said.get("oauth_nonce", ""))
        url = request.url.partition("?")[0]
        whose = self.credentials
        return sent == authorization(whose, request.method, url, request.query, moment)

    def _keep(self, request, name):
        body, file = self._parts(request)
        assert {*body} <= PARAMETERS
        if any(len(block.get("text", "")) > 4096 for block in body["content"]):
            return refusal(400, 8001)
        wanted = [block["media"][0]["identifier"] for block in body["content"] if "media" in block]
        assert bool(wanted) == bool(file)
        if file and self.picture_reply:
            return self.picture_reply
        self.pictures += [file] if file else []
        new = name is None
        name = name or self.show()
        self.posts[name] |= body
        return answered({"id": name}, 201 if new else 200)

    def _parts(self, request):
        if request.headers["content-type"] == "application/json":
            return request.json(), b""
        assert b'name="json"\r\nContent-Type: application/json' in request.content
        parts = fields(request)
        return json.loads(parts["json"]), parts["picture"]

    def _listed(self, query):
        assert query["npf"] == "true"
        newest = list(self.posts.values())[::-1]
        newest.sort(key=lambda post: not post.get("is_pinned"))
        start = int(query["offset"])
        return answered({"posts": newest[start : start + 2]})  # so that tests meet a second page


def publishes(request):
    return request.method == "POST" and request.path.endswith("/posts")


def tumblr(server, fault=None, **options):
    options = replace(OPTIONS, **options)
    wire = server if isinstance(server, Wire) else Wire(server, publishes, fault)
    return Tumblr(options, wire.connection(SERVER, *secrets_in(options)))


def kinds(post):
    return [block["type"] for block in post["content"]]


class TestTumblr(NetworkContract):
    network = Tumblr
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        return TumblrServer()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status)


class TestPublishing:
    def test_a_post_has_text_link_tags_source_and_slug(self):
        server = TumblrServer()
        network = tumblr(server)
        announcement = Announcement(
            "p", "https://blog.example/2026/stra%C3%9Fe/", "Titel", NOW, "r", "Satz.", ("bau",)
        )
        message = compose(announcement, Account("firma", network), network.limits())
        assert network.publish(message, KEY) == FIRST
        post = server.posts["9001"]
        assert [block.get("text") for block in post["content"]] == ["Titel", "Satz.", None]
        assert post["content"][-1]["url"] == post["source_url"] == announcement.url
        assert (post["tags"], post["slug"]) == ("Bau", "straße")
        assert "state" not in post  # by default it is published, and one put away stays there
        assert message.text == "Titel\n\nSatz.\n\n#Bau"

    def test_a_front_page_has_no_slug(self):
        server = TumblrServer()
        tumblr(server).publish(plain_message(url="https://blog.example/"), KEY)
        assert "slug" not in server.posts["9001"]

    def test_a_picture_is_sent_along(self, tmp_path):
        server = TumblrServer()
        receipt = tumblr(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert not receipt.notes
        assert server.pictures[0].startswith(b"\x89PNG")
        assert "image" in kinds(server.posts["9001"])

    @pytest.mark.parametrize(
        "reply", [refusal(400, 8005), refusal(403, 8004), refusal(413), refusal(400, 8001)]
    )
    def test_a_picture_that_is_refused_does_not_stop_the_post(self, reply, tmp_path):
        server = TumblrServer(picture_reply=reply)
        receipt = tumblr(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes[0].startswith("It has no picture. firma: ")
        assert "image" not in kinds(server.posts["9001"])

    def test_a_picture_whose_answer_is_lost_is_not_sent_twice(self, tmp_path):
        server = TumblrServer(picture_reply=Reply(500))
        wire = Wire(server)
        with pytest.raises(OutcomeUnknown):
            tumblr(wire).publish(plain_message(image=picture(tmp_path)), KEY)
        assert sum(map(publishes, wire.requests)) == 1

    def test_a_picture_that_is_gone_is_told(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        receipt = tumblr(TumblrServer()).publish(plain_message(image=image), KEY)
        assert "bank.png" in receipt.notes[0]

    @pytest.mark.parametrize("over", [-1, 0, 1])
    @pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
    def test_a_text_is_taken_up_to_4096_code_points(self, letter, over):
        room = 4096 + over
        title = letter * (room // len(letter)) + "." * (room % len(letter))
        server = TumblrServer()
        network = tumblr(server)
        announcement = Announcement("p", "https://blog.example/p/", title, NOW, "r")
        network.publish(compose(announcement, Account("firma", network), network.limits()), KEY)
        assert (server.posts["9001"]["content"][0]["text"] == title) == (over <= 0)

    @pytest.mark.parametrize("response", [{}, {"id": ""}, {"id": True}])
    def test_an_answer_that_names_no_post_is_a_doubt(self, response):
        with pytest.raises(OutcomeUnknown):
            tumblr(TumblrServer(), answered(response)).publish(plain_message(), KEY)

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = TumblrServer()
        with listening(server) as address:
            network = Tumblr(replace(OPTIONS, server=address), Connection(address, "firma"))
            receipt = network.publish(plain_message(image=picture(tmp_path)), KEY)
            assert network.find(plain_message(), KEY, NOW).receipt == receipt
            network.withdraw(receipt)
        assert not server.posts
        assert server.pictures[0].startswith(b"\x89PNG")


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "error", "hint"),
        [
            (refusal(401), Unauthorised, "four values"),
            (refusal(403), Unauthorised, "four values"),
            (refusal(403, 8023), RateLimited, "as much as a day allows"),
            (refusal(403, 8022), RateLimited, "as much as a day allows"),
            (refusal(400, 8001), Rejected, "words"),
        ],
    )
    def test_a_number_says_what_it_means(self, reply, error, hint):
        with pytest.raises(error, match=r"firma.*will not have it") as caught:
            tumblr(TumblrServer(), reply).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    @pytest.mark.parametrize(
        "blog",
        [
            "werkstatt",
            "Werkstatt",
            "@werkstatt",
            "werkstatt.tumblr.com",
            "https://www.tumblr.com/werkstatt/",
            "https://www.werkstatt.example",
            "t:BbB",
        ],
    )
    def test_a_blog_may_be_named_as_people_name_it(self, blog):
        assert tumblr(TumblrServer(), blog=blog).publish(plain_message(), KEY) == FIRST

    def test_a_blog_of_somebody_else_is_a_mistake_in_the_settings(self):
        with pytest.raises(Unauthorised, match="staff is none") as caught:
            tumblr(TumblrServer(), blog="staff").publish(plain_message(), KEY)
        assert "privat, werkstatt" in caught.value.hint


class TestFinding:
    def test_a_lost_post_is_found_by_its_link(self):
        server = TumblrServer()
        with pytest.raises(OutcomeUnknown):
            tumblr(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        server.show()
        server.show()
        found = tumblr(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (FIRST, True)

    @pytest.mark.parametrize("never", [10**18, -(10**18)])
    def test_a_time_that_no_clock_has_tells_nothing(self, never):
        server = TumblrServer()
        server.show(plain_message().url)
        server.show(timestamp=never)
        assert tumblr(server).find(plain_message(), KEY, NOW).receipt

    def test_looking_ends_before_the_claim_but_not_at_what_is_pinned(self):
        server = TumblrServer()
        server.now = NOW - timedelta(days=2)
        server.show(is_pinned=True)
        server.show(plain_message().url)
        server.show()
        wire = Wire(server)
        found = tumblr(wire).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)
        assert sum(request.path.endswith("/posts") for request in wire.requests) == 1

    def test_a_blog_that_was_seen_to_its_end_has_it_not(self):
        server = TumblrServer()
        for _ in range(3):
            server.show()
        found = tumblr(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_what_does_not_reach_back_to_the_claim_proves_nothing(self):
        server = TumblrServer()
        for _ in range(21):
            server.show()
        found = tumblr(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_everything_is_listed(self):
        server = TumblrServer()
        for number in range(5):
            server.show(f"https://blog.example/{number}/", id_string=None)
        posted = [*tumblr(server).listing()]
        assert [each.links[0][-2] for each in posted] == ["4", "3", "2", "1", "0"]
        assert posted[-1].receipt == FIRST


class TestAfterwards:
    def test_text_tags_and_picture_are_corrected(self, tmp_path):
        server = TumblrServer()
        network = tumblr(server)
        receipt = network.publish(plain_message(), KEY)
        changed = plain_message(spans=(Span("Berichtigt"),), image=picture(tmp_path))
        assert network.edit(receipt, changed) == receipt
        post = server.posts["9001"]
        assert kinds(post) == ["text", "image", "link"]
        assert (post["content"][0]["text"], post["tags"]) == ("Berichtigt", "")

    def test_a_post_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected) as caught:
            tumblr(TumblrServer()).edit(FIRST, plain_message())
        assert "no such post" in caught.value.hint

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = TumblrServer()
        network = tumblr(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        network.withdraw(receipt)
        assert not server.posts

    @pytest.mark.parametrize("name", ["../user", "", "9001/x"])
    def test_what_is_no_number_is_never_asked_for(self, name):
        with pytest.raises(Rejected, match="not the number"):
            tumblr(TumblrServer()).withdraw(Receipt(name, ""))

    def test_whose_blog_it_is(self):
        identity = tumblr(TumblrServer(), blog="t:BbB").whoami()
        assert (identity.handle, identity.url) == ("werkstatt", "https://www.tumblr.com/werkstatt")
