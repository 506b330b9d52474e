"""Lemmy, against a counterpart with one community, strict about lengths and fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.lemmy import Lemmy, Options, written
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    listening,
    picture,
    plain_message,
)

SERVER = "https://lemmy.example"
JWT = "eyJhbGciOi.eyJzdWIiOiI3In0.c2lnbmF0dXJl"
PASSWORD = "a-password-nobody-may-see"
OPTIONS = Options(SERVER, "!holz@lemmy.example", "werkstatt", Secret(PASSWORD))
FIRST = Receipt("901", "https://lemmy.example/post/901")
THUMBNAIL = "https://blog.example/2026/05/gruesse/bank.png"
FIELDS = {"name", "url", "body", "nsfw", "community_id", "language_id", "post_id"}
FIELDS |= {"custom_thumbnail", "alt_text"}


def refusal(name, status=400):
    return Reply.of({"error": name}, status)


class LemmyServer:
    """Keeps the posts of one community, newest last; `refuse` answers by method and path."""

    def __init__(self, password=PASSWORD, **refuse):
        self.password = password
        self.token = JWT
        self.now = NOW
        self.posts = {}
        self.refuse = refuse
        self.thumbnails = True
        self.logins = 0

    def __call__(self, request):
        method, path = request.method, request.path.removeprefix("/api/v3")
        if reply := self.refuse.get(f"{method} {path}"):
            return reply
        known = request.headers.get("authorization") == f"Bearer {self.token}"
        return self._answer(request, method, path) if known else self._to_stranger(request, path)

    def _to_stranger(self, request, path):
        if path == "/user/login":
            return self._login(request.json())
        return Reply.of({"my_user": None}) if path == "/site" else refusal("not_logged_in")

    def _answer(self, request, method, path):
        match method, path:
            case "GET", "/site":
                return Reply.of(self._site())
            case "GET", "/community":
                return self._community(request.query["name"])
            case "POST" | "PUT", "/post":
                return self._post(method, request.json())
            case "POST", "/post/delete":
                return self._delete(request.json())
            case "GET", "/post/list":
                return self._listed(request.query)
            case _:
                return refusal("not_found", 404)

    def show(self, url="https://blog.example/other/", author=7, **more):
        """Keep a post, as if somebody had just made it; return its number."""
        number = 901 + len(self.posts)
        self.posts[number] = {
            "id": number,
            "url": url,
            "creator_id": author,
            "ap_id": f"{SERVER}/post/{number}",
            "published": f"{self.now:%Y-%m-%dT%H:%M:%S.%fZ}",
            **more,
        }
        return number

    def _login(self, body):
        self.logins += 1
        if body != {"username_or_email": "werkstatt", "password": self.password}:
            return refusal("incorrect_login", 401)
        return Reply.of(
            {"jwt": self.token, "registration_created": False, "verify_email_sent": False}
        )

    def _site(self):
        person = {"id": 7, "name": "werkstatt", "actor_id": f"{SERVER}/u/werkstatt"}
        languages = [{"id": 0, "code": "und"}, {"id": 32, "code": "de"}, {"id": 37, "code": "en"}]
        return {"my_user": {"local_user_view": {"person": person}}, "all_languages": languages}

    def _community(self, name):
        if name != "holz@lemmy.example":
            return refusal("couldnt_find_community", 404)
        view = {"community": {"id": 5, "name": "holz"}}
        return Reply.of({"community_view": view, "discussion_languages": [0, 32]})

    def _post(self, method, body):
        assert {*body} <= FIELDS
        if not 3 <= len(body["name"].strip()) <= 200 or "\n" in body["name"]:
            return refusal("invalid_post_title")
        if len(body["body"].encode("utf-16-le")) // 2 > 50_000:
            return refusal("invalid_body_field")
        if body.get("custom_thumbnail") and not self.thumbnails:
            return refusal("invalid_url")
        if body.get("language_id") not in {None, 0, 32}:
            return refusal("language_not_allowed")
        number = self.show(body["url"]) if method == "POST" else body["post_id"]
        if number not in self.posts:
            return refusal("couldnt_find_post", 404)
        self.posts[number] |= body
        return self._view(number)

    def _delete(self, body):
        assert body["deleted"] is True
        if self.posts.pop(body["post_id"], None) is None:
            return refusal("couldnt_find_post", 404)
        return Reply.of({"post_view": {"post": {"id": body["post_id"]}}})

    def _listed(self, query):
        assert (query["community_id"], query["sort"], query["type_"]) == ("5", "New", "All")
        newest = sorted(self.posts.values(), key=lambda post: not post.get("featured_community"))
        pinned = [post for post in newest if post.get("featured_community")]
        rest = [post for post in newest if not post.get("featured_community")][::-1]
        start = (int(query["page"]) - 1) * 2  # so that tests meet a second page
        posts = [{"post": post} for post in (pinned + rest)[start : start + 2]]
        return Reply.of({"posts": posts})

    def _view(self, number):
        return Reply.of({"post_view": {"post": self.posts[number]}})


def publishes(request):
    return (request.method, request.path) == ("POST", "/api/v3/post")


def lemmy(server, fault=None, strikes=publishes, **options):
    options = replace(OPTIONS, **options)
    wire = server if isinstance(server, Wire) else Wire(server, strikes, fault)
    return Lemmy(options, wire.connection(SERVER, *secrets_in(options)))


class TestLemmy(NetworkContract):
    network = Lemmy
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        return LemmyServer()

    def publishes(self, request):
        return publishes(request)

    def picture(self, folder):
        return replace(picture(folder), url=THUMBNAIL)


class TestWithAToken(TestLemmy):
    """The contract holds as well with the token of a session in place of the password."""

    options = replace(OPTIONS, password=Secret(JWT))


class TestPublishing:
    def test_the_first_line_is_the_title_and_the_address_its_link(self):
        server = LemmyServer()
        message = plain_message(spans=(Span("Grüße\n\nWas wir *gebaut* haben."),))
        assert lemmy(server).publish(message, KEY) == FIRST
        post = server.posts[901]
        assert (post["name"], post["url"]) == ("Grüße", plain_message().url)
        assert post["body"] == r"Was wir \*gebaut\* haben."
        assert post["community_id"] == 5
        assert "nsfw" not in post

    def test_a_composed_message_says_nothing_twice(self):
        server = LemmyServer()
        network = lemmy(server)
        announcement = Announcement(
            "p", "https://blog.example/p/", "Titel", NOW, "r", summary="Satz.", tags=("bau",)
        )
        message = compose(announcement, Account("firma", network), network.limits())
        network.publish(message, KEY)
        assert (server.posts[901]["name"], server.posts[901]["body"]) == ("Titel", "Satz.")

    @pytest.mark.parametrize(("language", "number"), [("de", 32), ("de-AT", 32), ("en", None)])
    def test_a_language_is_said_where_the_community_speaks_it(self, language, number):
        server = LemmyServer()
        lemmy(server).publish(plain_message(language=language), KEY)
        assert server.posts[901].get("language_id") == number

    def test_the_image_is_the_thumbnail(self, tmp_path):
        server, image = LemmyServer(), replace(picture(tmp_path), url=THUMBNAIL)
        lemmy(server).publish(plain_message(image=image), KEY)
        assert server.posts[901]["custom_thumbnail"] == THUMBNAIL
        assert server.posts[901]["alt_text"] == "Eine Hobelbank"

    def test_a_thumbnail_that_is_refused_does_not_stop_the_post(self, tmp_path):
        server, image = LemmyServer(), replace(picture(tmp_path), url=THUMBNAIL)
        server.thumbnails = False
        receipt = lemmy(server).publish(plain_message(image=image), KEY)
        assert receipt.notes == (
            "It has no picture of ours: the server does not take its address.",
        )
        assert "custom_thumbnail" not in server.posts[901]

    def test_an_image_without_an_address_is_left_to_the_page(self, tmp_path):
        server = LemmyServer()
        lemmy(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert "custom_thumbnail" not in server.posts[901]

    def test_a_content_warning_folds_the_text_up(self):
        server = LemmyServer()
        message = plain_message(spans=(Span("Titel\n\nText"),), content_warning="Späne\nund Leim")
        lemmy(server, nsfw=True).publish(message, KEY)
        assert server.posts[901]["body"] == "::: spoiler Späne und Leim\nText\n:::"
        assert server.posts[901]["nsfw"] is True

    @pytest.mark.parametrize("over", [0, 1])
    @pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
    def test_a_title_is_taken_up_to_200_code_points(self, letter, over):
        title = letter * (200 // len(letter)) + "." * (200 % len(letter)) + "." * over
        server = LemmyServer()
        network = lemmy(server)
        announcement = Announcement("p", "https://blog.example/p/", title, NOW, "r")
        network.publish(compose(announcement, Account("firma", network), network.limits()), KEY)
        assert (server.posts[901]["name"] == title) == (over == 0)

    @pytest.mark.parametrize("over", [0, 1])
    @pytest.mark.parametrize(
        ("letter", "counts"), [("e", 1), ("🎉", 2), ("*", 2), ("👩‍👩‍👧‍👦", 11)]
    )
    def test_a_text_is_taken_up_to_50_000_units(self, letter, counts, over):
        room = 50_000 - len("Titel\n\n") + over
        summary = letter * (room // counts) + "." * (room % counts)
        network = lemmy(LemmyServer())
        announcement = Announcement("p", "https://blog.example/p/", "Titel", NOW, "r", summary)
        message = compose(announcement, Account("firma", network), network.limits())
        assert network.publish(message, KEY) == FIRST
        assert message.text.endswith("…") == bool(over)

    def test_one_session_does_for_a_run(self):
        server = LemmyServer()
        network = lemmy(server)
        network.publish(plain_message(), KEY)
        network.withdraw(network.publish(plain_message(), KEY))
        assert server.logins == 1

    def test_a_token_needs_no_session(self):
        server = LemmyServer()
        lemmy(server, password=Secret(f" {JWT}\n")).publish(plain_message(), KEY)
        assert server.logins == 0

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self):
        server = LemmyServer()
        with listening(server) as address:
            network = Lemmy(replace(OPTIONS, server=address), Connection(address, "firma"))
            receipt = network.publish(plain_message(), KEY)
            assert network.find(plain_message(), KEY, NOW).receipt == receipt
            network.withdraw(receipt)
        assert not server.posts


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("so_nicht ~und~ ^laut^ & #leise", r"so\_nicht \~und\~ \^laut\^ \& \#leise"),
        ("- so\n3. Mai\n::: nicht\n===", "\\- so\n3\\. Mai\n\\::: nicht\n\\==="),
        ("<b> [a](b) `c` {d|e}", r"\<b\> \[a\](b) \`c\` \{d\|e\}"),
        ("Ein E-Bike: 3.5 kg!", "Ein E-Bike: 3.5 kg!"),
    ],
)
def test_marks_are_shown_as_they_are(plain, text):
    assert written(Span(plain)) == text


def test_links_and_mentions_stay_what_they_are_and_lines_end_where_they_end():
    server, url = LemmyServer(), "https://a.example/b_c"
    spans = (
        Span("Titel\n\nEins\nzwei "),
        Span(url, SpanKind.LINK, url),
        Span("\n\nDrei "),
        Span("@me_@a.example", SpanKind.MENTION, "me_@a.example"),
    )
    lemmy(server).publish(plain_message(spans=spans), KEY)
    assert server.posts[901]["body"] == f"Eins  \nzwei <{url}>\n\nDrei @me_@a.example"


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "error", "hint"),
        [
            ("not_logged_in", Unauthorised, "token of a session"),
            ("site_ban", Unauthorised, "may not post there"),
            ("banned_from_community", Unauthorised, "may not post there"),
            ("only_mods_can_post_in_community", Unauthorised, "may not post there"),
            ("rate_limit_error", RateLimited, "Try later"),
            ("invalid_post_title", Rejected, "3 to 200 characters"),
            ("slurs", Rejected, "list of slurs"),
            ("blocked_url", Rejected, "links to this address"),
            ("something_new", Rejected, "words"),
        ],
    )
    def test_a_name_says_what_it_means(self, name, error, hint):
        with pytest.raises(error, match="firma") as caught:
            lemmy(LemmyServer(), refusal(name)).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    @pytest.mark.parametrize("name", ["incorrect_login", "missing_totp_token"])
    def test_a_password_that_does_not_do_stops_the_account(self, name):
        server = LemmyServer(**{"POST /user/login": refusal(name)})
        with pytest.raises(Unauthorised, match=name) as caught:
            lemmy(server).publish(plain_message(), KEY)
        assert "second factor" in caught.value.hint
        assert not server.posts

    @pytest.mark.parametrize("reply", [Reply(500), Reply(200, b"{}"), Reply(200, b"<html>")])
    @pytest.mark.parametrize("path", ["POST /user/login", "GET /site", "GET /community"])
    def test_what_fails_before_the_post_leaves_no_doubt(self, path, reply):
        server = LemmyServer(**{path: reply})
        with pytest.raises(NetworkError) as caught:
            lemmy(server).publish(plain_message(), KEY)
        assert isinstance(caught.value, Unreachable | Unauthorised)
        assert not server.posts

    def test_a_community_that_is_not_there_is_a_mistake_in_the_settings(self):
        with pytest.raises(Unauthorised, match="couldnt_find") as caught:
            lemmy(LemmyServer(), community="kuchen").publish(plain_message(), KEY)
        assert '"community" in the settings' in caught.value.hint

    def test_a_session_is_as_secret_as_the_password(self):
        with pytest.raises(Rejected) as caught:
            lemmy(LemmyServer(), refusal(f"you sent {JWT}")).publish(plain_message(), KEY)
        assert JWT not in caught.value.message


class TestFinding:
    def test_a_lost_post_is_found_by_its_link(self):
        server = LemmyServer()
        with pytest.raises(OutcomeUnknown):
            lemmy(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        server.show()
        found = lemmy(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (FIRST, True)

    def test_somebody_elses_link_is_not_ours(self):
        server = LemmyServer()
        server.show(plain_message().url, author=8)
        found = lemmy(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_looking_ends_before_the_claim_but_not_at_what_is_pinned(self):
        server = LemmyServer()
        server.now = NOW - timedelta(days=400)
        server.show(featured_community=True)
        server.show(plain_message().url)
        server.now = NOW - timedelta(days=2)
        server.show()
        wire = Wire(server)
        found = lemmy(wire).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)
        assert [each.path[8:] for each in wire.requests].count("post/list") == 1

    def test_what_does_not_reach_back_to_the_claim_proves_nothing(self):
        server = LemmyServer()
        for _ in range(9):
            server.show(published="soon")
        found = lemmy(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_a_time_without_a_zone_is_utc(self):
        server = LemmyServer()
        server.show(published=datetime(2026, 5, 3, 11, 59, tzinfo=UTC).isoformat()[:-6])
        assert lemmy(server).find(plain_message(), KEY, NOW).complete

    def test_only_our_own_posts_are_listed(self):
        server = LemmyServer()
        for author in (7, 8, 7):
            server.show(f"https://blog.example/{len(server.posts)}/", author)
        links = [posted.links for posted in lemmy(server).listing()]
        assert links == [("https://blog.example/2/",), ("https://blog.example/0/",)]


class TestAfterwards:
    def test_title_text_and_thumbnail_are_corrected(self, tmp_path):
        server, image = LemmyServer(), replace(picture(tmp_path), url=THUMBNAIL)
        network = lemmy(server)
        receipt = network.publish(plain_message(), KEY)
        changed = plain_message(spans=(Span("Berichtigt\n\nJa"),), image=image)
        assert network.edit(receipt, changed) == receipt
        post = server.posts[901]
        assert (post["name"], post["body"]) == ("Berichtigt", "Ja")
        assert post["custom_thumbnail"] == THUMBNAIL

    def test_a_post_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="couldnt_find_post") as caught:
            lemmy(LemmyServer()).edit(FIRST, plain_message())
        assert "not there any more" in caught.value.hint

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = LemmyServer()
        network = lemmy(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        network.withdraw(receipt)
        assert not server.posts

    def test_a_post_that_may_not_be_deleted_is_told(self):
        server = LemmyServer(**{"POST /post/delete": refusal("no_post_edit_allowed")})
        with pytest.raises(Rejected, match="no_post_edit_allowed"):
            lemmy(server).withdraw(FIRST)

    def test_what_is_no_number_is_never_asked_for(self):
        with pytest.raises(Rejected, match="not the number"):
            lemmy(LemmyServer()).withdraw(Receipt("../user", ""))

    def test_whose_account_it_is_and_that_its_community_is_there(self):
        identity = lemmy(LemmyServer()).whoami()
        assert identity.handle == "werkstatt in !holz@lemmy.example"
        assert identity.url == f"{SERVER}/u/werkstatt"
        with pytest.raises(Unauthorised):
            lemmy(LemmyServer(), community="kuchen").whoami()

    def test_until_when_a_token_lasts(self):
        server = LemmyServer()
        server.token = "eyJhbGciOi.eyJleHAiOjE3OTk5OTk5OTl9.c2ln"
        network = lemmy(server, password=Secret(server.token))
        assert network.whoami().expires == datetime(2027, 1, 15, 7, 59, 59, tzinfo=UTC)

    def test_a_token_that_has_ended_is_told(self):
        with pytest.raises(Unauthorised):
            lemmy(LemmyServer(), password=Secret("eyJ.a.b")).whoami()
