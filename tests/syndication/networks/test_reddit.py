"""Reddit, against a counterpart that refuses as Reddit does: with 200."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.reddit import Options, Reddit
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    listening,
    plain_message,
)

SERVER = "https://oauth.reddit.example"
SIGN_IN = "https://www.reddit.example"
SECRETS = (Secret("an-app-secret"), Secret("7-a-refresh-token"))
TOKEN = "an-access-token-of-today"
OPTIONS = Options("werkstatt", "firma", "app1", *SECRETS, server=SERVER, sign_in=SIGN_IN)
FIRST = Receipt("t3_p0", "https://www.reddit.com/r/Werkstatt/comments/p0/")
FIELDS = {"api_type", "kind", "sr", "title", "url", "resubmit", "sendreplies", "nsfw", "spoiler"}
FIELDS |= {"flair_id", "flair_text"}


def refused(code, words="The counterpart will not have it.", **more):
    return Reply.of({"json": {"errors": [[code, words, "sr"]], **more}})


class RedditServer:
    """Keeps what one account has submitted, newest last; `refuse` answers by a path's end."""

    def __init__(self, secrets=("an-app-secret", "7-a-refresh-token"), refuse=None):
        self.secret, self.refresh = secrets
        self.now = NOW
        self.posts = {}
        self.refuse = refuse or {}
        self.requirements = {"title_text_max_length": None}
        self.flairs = [{"id": "f-1", "text": "Neues"}, {"id": "f-2", "text": "Frage"}]
        self.guards = True

    def __call__(self, request):
        for path, reply in self.refuse.items():
            if request.path.endswith(path):
                return reply
        if "(by /u/firma)" not in request.headers["user-agent"]:
            return Reply(429, b"<html>Whoa there!")
        if request.path == "/api/v1/access_token":
            return self._signed_in(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply.of({"message": "Unauthorized", "error": 401}, 401)
        return self._answer(request)

    def show(self, url="https://blog.example/other/", subreddit="Werkstatt", **more):
        """Keep a post, as if the account had just made it; return its name."""
        name = f"t3_p{len(self.posts)}"
        self.posts[name] = {
            "name": name,
            "url": url,
            "subreddit": subreddit,
            "permalink": f"/r/{subreddit}/comments/{name[3:]}/",
            "created_utc": self.now.timestamp(),
            **more,
        }
        return name

    def _signed_in(self, request):
        pair = b64encode(f"app1:{self.secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return Reply.of({"message": "Unauthorized", "error": 401}, 401)
        told = dict(parse_qsl(request.content.decode()))
        if told != {"grant_type": "refresh_token", "refresh_token": self.refresh}:
            return Reply.of({"error": "invalid_grant"}, 400)
        return Reply.of({"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400})

    def _answer(self, request):
        match request.method, request.path:
            case "POST", "/api/submit":
                return self._submitted(dict(parse_qsl(request.content.decode())))
            case "POST", "/api/del":
                self.posts.pop(dict(parse_qsl(request.content.decode()))["id"], None)
                return Reply.of({})
            case "GET", "/api/v1/me":
                return Reply.of({"name": "Firma", "id": "7"})
            case "GET", "/user/Firma/submitted":
                return self._listed(request.query)
            case "GET", "/api/v1/werkstatt/post_requirements":
                return Reply.of(self.requirements)
            case "GET", "/r/werkstatt/api/link_flair_v2":
                return Reply.of(self.flairs)
            case _:
                return Reply.of({"message": "Not Found", "error": 404}, 404)

    def _submitted(self, form):
        assert {*form} <= FIELDS
        assert (form["api_type"], form["kind"], form["resubmit"]) == ("json", "link", "false")
        if len(form["title"]) > 300:
            return refused("TOO_LONG", "this is too long (max: 300)")
        known = (post["url"] for post in self.posts.values() if post["subreddit"] == "Werkstatt")
        if self.guards and form["url"] in known:
            return refused("ALREADY_SUB", "that link has already been submitted")
        name = self.show(form["url"])
        self.posts[name]["form"] = form
        url = f"https://www.reddit.com{self.posts[name]['permalink']}"
        return Reply.of(
            {"json": {"errors": [], "data": {"id": name[3:], "name": name, "url": url}}}
        )

    def _listed(self, query):
        assert (query["sort"], query["raw_json"]) == ("new", "1")
        newest = list(self.posts.values())[::-1]
        start = int(query.get("after", "0"))
        end = start + 2  # so that tests meet a second page
        after = f"{end}" if end < len(newest) else None
        children = [{"kind": "t3", "data": post} for post in newest[start:end]]
        return Reply.of({"data": {"children": children, "after": after}})


def publishes(request):
    return request.path == "/api/submit"


def words(text="Grüße aus der Werkstatt", **changes):
    return plain_message(spans=(Span(text),), **changes)


def reddit(server, fault=None, strikes=publishes, **options):
    options = replace(OPTIONS, **options)
    wire = server if isinstance(server, Wire) else Wire(server, strikes, fault)
    return Reddit(options, wire.connection(SERVER, *secrets_in(options)))


class TestReddit(NetworkContract):
    network = Reddit
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        return RedditServer()

    def publishes(self, request):
        return publishes(request)

    def message(self, **changes):
        return words(**changes)

    def error(self, status):
        return Reply.of({"message": "The counterpart will not have it.", "error": status}, status)


class TestPublishing:
    def test_a_link_is_submitted_with_its_title(self):
        server = RedditServer()
        assert reddit(server).publish(words(), KEY) == FIRST
        assert server.posts["t3_p0"]["form"] == {
            "api_type": "json",
            "kind": "link",
            "sr": "werkstatt",
            "title": "Grüße aus der Werkstatt",
            "url": plain_message().url,
            "resubmit": "false",
            "sendreplies": "true",
            "nsfw": "false",
            "spoiler": "false",
        }

    def test_of_a_composed_message_the_title_alone_is_left(self):
        server = RedditServer()
        network = reddit(server)
        announcement = Announcement(
            "p", "https://blog.example/p/", "Titel", NOW, "r", summary="Satz.", tags=("bau",)
        )
        network.publish(compose(announcement, Account("firma", network), network.limits()), KEY)
        assert server.posts["t3_p0"]["form"]["title"] == "Titel"

    @pytest.mark.parametrize("over", [-1, 0, 1])
    @pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
    def test_a_title_is_taken_up_to_300_code_points(self, letter, over):
        room = 300 + over
        title = letter * (room // len(letter)) + "." * (room % len(letter))
        server = RedditServer()
        network = reddit(server)
        announcement = Announcement("p", "https://blog.example/p/", title, NOW, "r")
        network.publish(compose(announcement, Account("firma", network), network.limits()), KEY)
        assert (server.posts["t3_p0"]["form"]["title"] == title) == (over <= 0)

    def test_a_profile_is_a_place_as_well(self):
        names = {"u_firma": "u_firma", "u/firma": "u_firma", "/user/firma/": "u_firma"}
        names |= {"r/holz": "holz", "/r/holz": "holz", "holz": "holz"}
        assert {name: replace(OPTIONS, subreddit=name).place for name in names} == names

    @pytest.mark.parametrize("wanted", ["neues", "f-1"])
    def test_flair_is_what_the_subreddit_calls_it(self, wanted):
        server = RedditServer()
        reddit(server, flair=wanted).publish(words(), KEY)
        form = server.posts["t3_p0"]["form"]
        assert (form["flair_id"], form["flair_text"]) == ("f-1", "Neues")

    def test_flair_that_is_not_offered_is_told_with_those_that_are(self):
        server = RedditServer()
        with pytest.raises(Unauthorised, match="werkstatt has no flair") as caught:
            reddit(server, flair="Altes").publish(words(), KEY)
        assert "Neues, Frage" in caught.value.hint
        assert not server.posts

    def test_a_subreddit_that_shows_no_flair_has_none(self):
        server = RedditServer(refuse={"link_flair_v2": Reply(403)})
        with pytest.raises(Unauthorised) as caught:
            reddit(server, flair="Neues").publish(words(), KEY)
        assert "none" in caught.value.hint

    def test_a_content_warning_is_a_spoiler(self):
        server = RedditServer()
        network = reddit(server, nsfw=True, replies=False)
        receipt = network.publish(words(content_warning="Späne"), KEY)
        form = server.posts["t3_p0"]["form"]
        assert (form["spoiler"], form["nsfw"], form["sendreplies"]) == ("true", "true", "false")
        assert "not shown" in receipt.notes[0]

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self):
        server = RedditServer()
        with listening(server) as address:
            options = replace(OPTIONS, server=address, sign_in=f"{address}/")
            network = Reddit(options, Connection(address, "firma"))
            receipt = network.publish(words(), KEY)
            assert network.find(words(), KEY, NOW).receipt == receipt
        assert receipt == FIRST


class TestLimits:
    @pytest.mark.parametrize(("told", "most"), [(80, 80), (None, 300), (900, 300), (0, 300)])
    def test_a_subreddit_may_want_shorter_titles(self, told, most):
        server = RedditServer()
        server.requirements["title_text_max_length"] = told
        assert reddit(server).limits().limits[0].maximum == most

    @pytest.mark.parametrize("status", [403, 404])
    def test_one_that_does_not_say_takes_300(self, status):
        server = RedditServer(refuse={"post_requirements": Reply(status)})
        assert reddit(server).limits().limits[0].maximum == 300

    @pytest.mark.parametrize("secret", ["refresh_token", "client_secret"])
    def test_a_rehearsal_without_secrets_asks_nobody(self, secret):
        wire = Wire(RedditServer())
        assert reddit(wire, **{secret: Secret("")}).limits().limits[0].maximum == 300
        assert not wire.requests


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "error", "hint"),
        [
            ("SUBREDDIT_NOEXIST", Unauthorised, '"subreddit" in the settings'),
            ("SUBREDDIT_NOTALLOWED", Unauthorised, "may not post there"),
            ("NO_LINKS", Unauthorised, "takes no links"),
            ("SUBMIT_VALIDATION_FLAIR_REQUIRED", Unauthorised, "flair = "),
            ("DOMAIN_BANNED", Rejected, "links to this address"),
            ("TOO_LONG", Rejected, "words"),
            ("SOMETHING_NEW", Rejected, "words"),
        ],
    )
    def test_a_code_says_what_it_means(self, code, error, hint):
        with pytest.raises(error, match=f"firma.*{code}") as caught:
            reddit(RedditServer(), refused(code)).publish(words(), KEY)
        assert hint in caught.value.hint

    @pytest.mark.parametrize(
        ("reply", "seconds"),
        [
            (refused("RATELIMIT", "Take a break for 9 minutes before trying again."), 540),
            (refused("RATELIMIT", "try again in 44 seconds."), 44),
            (refused("RATELIMIT", "try again in 1 hour."), 3600),
            (refused("RATELIMIT", "try again.", ratelimit=77.5), 77.5),
            (refused("RATELIMIT", "try again later."), None),
        ],
    )
    def test_the_time_to_wait_is_in_the_words(self, reply, seconds):
        with pytest.raises(RateLimited, match="RATELIMIT") as caught:
            reddit(RedditServer(), reply).publish(words(), KEY)
        assert caught.value.retry_after == seconds

    def test_a_limit_for_all_requests_ends_when_its_header_says(self):
        reply = Reply(429, b"<html>Too Many", {"X-Ratelimit-Reset": "311"})
        with pytest.raises(RateLimited) as caught:
            reddit(RedditServer(), reply).publish(words(), KEY)
        assert caught.value.retry_after == 311

    @pytest.mark.parametrize(
        "reply", [Reply.of({"error": "invalid_grant"}, 400), Reply.of({"error": 401}, 401)]
    )
    def test_a_sign_in_that_is_refused_stops_the_account(self, reply):
        server = RedditServer(refuse={"access_token": reply})
        with pytest.raises(Unauthorised, match="firma") as caught:
            reddit(server).publish(words(), KEY)
        assert "new refresh token" in caught.value.hint

    @pytest.mark.parametrize("reply", [Reply(500), Reply(200, b"<html>"), Reply(200, b"{}")])
    def test_a_sign_in_that_fails_leaves_no_doubt(self, reply):
        server = RedditServer(refuse={"access_token": reply})
        with pytest.raises(Unreachable):
            reddit(server).publish(words(), KEY)
        assert not server.posts

    def test_what_was_made_of_secrets_is_secret(self):
        basic = b64encode(b"app1:an-app-secret").decode()
        for echo in (TOKEN, basic):
            with pytest.raises(Rejected) as caught:
                reddit(RedditServer(), refused("BAD_URL", f"you sent {echo}")).publish(words(), KEY)
            assert echo not in caught.value.message


class TestALinkThatIsThere:
    def test_our_own_is_the_announcement(self):
        server = RedditServer()
        network = reddit(server)
        assert network.publish(words(), KEY) == network.publish(words(), KEY) == FIRST
        assert len(server.posts) == 1

    def test_anybody_elses_is_a_refusal(self):
        server = RedditServer(refuse={"submit": refused("ALREADY_SUB")})
        server.show()
        with pytest.raises(Rejected, match="ALREADY_SUB") as caught:
            reddit(server).publish(words(), KEY)
        assert "Somebody" in caught.value.hint

    def test_a_lost_answer_is_looked_for(self):
        """Reddit has been seen not to guard: https://github.com/praw-dev/praw/issues/1964."""
        server = RedditServer()
        server.guards = False
        with pytest.raises(OutcomeUnknown):
            reddit(server, Fault.READ_TIMEOUT).publish(words(), KEY)
        server.show()
        found = reddit(server).find(words(), KEY, NOW)
        assert (found.receipt, found.complete) == (FIRST, True)


class TestFinding:
    def test_the_same_link_elsewhere_is_another_post(self):
        server = RedditServer()
        server.show(plain_message().url, subreddit="holz")
        found = reddit(server).find(words(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    @pytest.mark.parametrize("never", [10**18, -(10**18)])
    def test_a_time_that_no_clock_has_tells_nothing(self, never):
        server = RedditServer()
        server.show(plain_message().url)
        server.show(created_utc=never)
        assert reddit(server).find(words(), KEY, NOW).receipt

    def test_looking_ends_before_the_claim_but_not_at_what_is_pinned(self):
        server = RedditServer()
        server.now = NOW - timedelta(days=2)
        server.show(plain_message().url)
        server.show()
        server.show(pinned=True)
        wire = Wire(server)
        found = reddit(wire).find(words(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)
        assert [each.path for each in wire.requests].count("/user/Firma/submitted") == 1

    def test_what_does_not_reach_back_to_the_claim_proves_nothing(self):
        server = RedditServer()
        for _ in range(9):
            server.show(created_utc=int(NOW.timestamp()))
        found = reddit(server).find(words(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_links_in_the_subreddit_are_listed(self):
        server = RedditServer()
        server.show("https://blog.example/1/")
        server.show("https://blog.example/2/", subreddit="holz")
        server.show("https://blog.example/3/")
        links = [posted.links for posted in reddit(server).listing()]
        assert links == [("https://blog.example/3/",), ("https://blog.example/1/",)]


class TestAfterwards:
    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = RedditServer()
        network = reddit(server)
        receipt = network.publish(words(), KEY)
        network.withdraw(receipt)
        network.withdraw(receipt)
        assert not server.posts

    def test_what_is_no_post_is_never_deleted(self):
        with pytest.raises(Rejected, match="not the name of a post"):
            reddit(RedditServer()).withdraw(Receipt("t1_comment", ""))

    @pytest.mark.parametrize(
        ("subreddit", "where"), [("werkstatt", "r/werkstatt"), ("u/Firma", "u/Firma")]
    )
    def test_whose_account_it_is(self, subreddit, where):
        identity = reddit(RedditServer(), subreddit=subreddit).whoami()
        assert identity.handle == f"u/Firma in {where}"
        assert identity.url == "https://www.reddit.com/user/Firma"
