"""Facebook Pages, against a counterpart of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.capabilities import TextLimit
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.measure import count
from litfass_syndication.network import Secret
from litfass_syndication.networks.facebook import Facebook, Options
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
from litfass_syndication.testing.facebook import PAGE, SITE, FacebookServer
from litfass_syndication.testing.graph import refused

TOKEN = "EAAB7f3a9cQxtoken/with+signs=="
SERVER = "https://graph.facebook.com"
OPTIONS = Options(PAGE, Secret(TOKEN))
FIRST = Receipt("104_900", f"{SITE}/werkstatt/posts/104_900")
CODES = {401: 190, 403: 200, 404: 100, 413: 1366046, 422: 100}


def publishes(request):
    return request.method == "POST" and request.path.endswith("/feed")


def facebook(server, fault=None, strikes=publishes, **options):
    options = replace(OPTIONS, **options)
    connection = Wire(server, strikes, fault).connection(SERVER, *secrets_in(options))
    return Facebook(options, connection)


def refusing(reply):
    """Return an account to whose posts Facebook always answers so."""
    return facebook(FacebookServer(TOKEN), reply)


class TestFacebook(NetworkContract):
    network = Facebook
    options = Options(PAGE, Secret(TOKEN), picture="photo")
    server = SERVER

    def counterpart(self):
        return FacebookServer(TOKEN)

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refused(CODES.get(status, 0), status=status)


class TestWithProof(TestFacebook):
    """The contract holds as well where the app asks for proof of its secret."""

    options = Options(PAGE, Secret(TOKEN), Secret("7c0ffee7c0ffee"), picture="photo")

    def counterpart(self):
        return FacebookServer(TOKEN, "7c0ffee7c0ffee")


class TestPublishing:
    def test_a_link_is_given_for_the_card(self):
        server = FacebookServer(TOKEN)
        assert facebook(server).publish(plain_message(), KEY) == FIRST
        (post,) = server.posts.values()
        assert post["message"] == plain_message().text
        assert post["attachments"] == {"data": [{"unshimmed_url": plain_message().url}]}

    def test_a_page_that_shows_cards_wants_no_picture(self, tmp_path):
        server = FacebookServer(TOKEN)
        account = facebook(server)
        assert account.limits().images is None
        account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert not server.photos

    def test_a_picture_takes_the_place_of_the_card(self, tmp_path):
        server = FacebookServer(TOKEN)
        account = facebook(server, picture="photo")
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert not receipt.notes
        assert server.posts[receipt.identifier]["attachments"]["data"] == [{"target": {"id": "p0"}}]
        photo = server.photos["p0"]
        assert photo["alt_text_custom"] == b"Eine Hobelbank"
        assert photo["published"] == b"false"

    @pytest.mark.parametrize(
        "reply",
        [refused(1366046, "Your photos couldn't be uploaded."), Reply(500), Reply(200, b"<html>")],
        ids=["refused", "500", "html"],
    )
    def test_a_picture_that_fails_leaves_the_card(self, reply, tmp_path):
        server = FacebookServer(TOKEN, photo_reply=reply)
        account = facebook(server, picture="photo")
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes[0].startswith("It has a card in place of its picture. ")
        (card,) = server.posts[receipt.identifier]["attachments"]["data"]
        assert card == {"unshimmed_url": plain_message().url}

    def test_a_picture_that_is_gone_leaves_the_card(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        account = facebook(FacebookServer(TOKEN), picture="photo")
        assert "bank.png" in account.publish(plain_message(image=image), KEY).notes[0]

    def test_a_content_warning_that_nobody_sees_is_told(self):
        receipt = facebook(FacebookServer(TOKEN)).publish(
            plain_message(content_warning="Lärm"), KEY
        )
        assert receipt.notes == ("Facebook has no content warnings, and shows none.",)

    def test_a_post_is_there_even_if_its_address_is_not_told(self):
        account = facebook(
            FacebookServer(TOKEN), Reply(500), strikes=lambda request: request.method == "GET"
        )
        assert account.publish(plain_message(), KEY) == Receipt("104_900", f"{SITE}/104_900")

    def test_the_same_text_twice_in_a_row_is_one_post(self):
        """Facebook says that it has it already, so an earlier attempt has made it."""
        server = FacebookServer(TOKEN)
        with pytest.raises(OutcomeUnknown):
            facebook(server, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        assert facebook(server).publish(plain_message(), KEY) == FIRST
        assert len(server.posts) == 1

    def test_what_is_called_a_duplicate_and_is_not_there_is_refused(self):
        def insistent(request):
            if request.method == "POST":
                return refused(506, "Duplicate status message")
            return Reply.of({"data": []})

        with pytest.raises(Rejected, match="Duplicate"):
            facebook(insistent).publish(plain_message(), KEY)

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        server = FacebookServer(TOKEN)
        with listening(server) as address:
            options = replace(OPTIONS, server=address, picture="photo")
            account = Facebook(options, Connection(address, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt == FIRST
        assert server.photos["p0"]["source"].startswith(b"\x89PNG")


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "error", "hint"),
        [
            (refused(190), Unauthorised, "new access token"),
            (refused(190, error_subcode=460), Unauthorised, "password was changed"),
            (refused(190, error_subcode=492), Unauthorised, "role on the Page"),
            (refused(10), Unauthorised, "lacks a permission"),
            (refused(283, status=403), Unauthorised, "lacks a permission"),
            (refused(4, status=403, is_transient=True), RateLimited, "Try again later"),
            (refused(368), RateLimited, "Support Inbox"),
            (refused(100, error_subcode=1609005), Unreachable, "facebookexternalhit"),
            (refused(100, "No such Page", error_subcode=33), Unauthorised, "Page's number"),
            (refused(803, "No such Page", status=404), Unauthorised, "Page's number"),
            (refused(100, "Name parameter too long"), Rejected, "words"),
            (refused(1), OutcomeUnknown, "all the same"),
            (refused(99, is_transient=True), OutcomeUnknown, "all the same"),
            (Reply(400, b"<html>Sorry, something went wrong"), Rejected, "words"),
        ],
    )
    def test_a_code_says_what_it_means(self, reply, error, hint):
        with pytest.raises(error, match="firma") as caught:
            refusing(reply).publish(plain_message(), KEY)
        assert type(caught.value) is error or error is Rejected
        assert hint in caught.value.hint

    def test_what_it_says_to_people_is_shown(self):
        reply = refused(100, error_user_title="Nicht erlaubt", error_user_msg="So bitte nicht.")
        with pytest.raises(Rejected, match=r"So bitte nicht\."):
            refusing(reply).publish(plain_message(), KEY)

    def test_the_minutes_until_it_lets_us_in_are_seconds(self):
        usage = '{"104": [{"type": "pages", "estimated_time_to_regain_access": 19}, {}]}'
        reply = replace(refused(32), headers={"X-Business-Use-Case-Usage": usage})
        with pytest.raises(RateLimited) as caught:
            refusing(reply).publish(plain_message(), KEY)
        assert caught.value.retry_after == 19 * 60

    @pytest.mark.parametrize(
        "usage", ["", "[]", "{", '{"call_count": 5}', '{"104": [{}]}', '{"104": []}']
    )
    def test_usage_that_tells_no_time_tells_none(self, usage):
        reply = replace(refused(32), headers={"X-Business-Use-Case-Usage": usage})
        with pytest.raises(RateLimited) as caught:
            refusing(reply).publish(plain_message(), KEY)
        assert caught.value.retry_after is None


class TestFinding:
    def test_a_lost_post_is_found_by_its_card(self):
        server = FacebookServer(TOKEN)
        server.show("Etwas anderes", plain_message().url)
        found = facebook(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (FIRST, True)

    def test_a_lost_post_is_found_by_the_link_in_its_text(self):
        server = FacebookServer(TOKEN)
        server.show(f"Lest das ({plain_message().url})!", photo="p0")
        server.show("Später", "https://blog.example/other/")
        assert facebook(server).find(plain_message(), KEY, NOW).receipt == FIRST

    def test_an_empty_page_has_it_not(self):
        found = facebook(FacebookServer(TOKEN)).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_looking_ends_before_the_claim(self):
        server = FacebookServer(TOKEN, now=NOW - timedelta(days=2))
        server.show("Alt", plain_message().url)
        server.show("Auch alt", "https://blog.example/other/")
        found = facebook(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_what_does_not_reach_back_to_the_claim_proves_nothing(self):
        server = FacebookServer(TOKEN)
        for number in range(9):
            server.show("Neu", f"https://blog.example/{number}/")
        found = facebook(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_everything_is_listed(self):
        server = FacebookServer(TOKEN)
        for number in range(5):
            server.show("Neu", f"https://blog.example/{number}/")
        links = [posted.links[0] for posted in facebook(server).listing()]
        assert links == [f"https://blog.example/{number}/" for number in (4, 3, 2, 1, 0)]


class TestAfterwards:
    def test_a_text_is_edited_and_the_link_stays(self):
        server = FacebookServer(TOKEN)
        account = facebook(server)
        receipt = account.publish(plain_message(), KEY)
        assert account.edit(receipt, plain_message(spans=(Span("Berichtigt"),))) == receipt
        assert server.posts[receipt.identifier]["message"] == "Berichtigt"

    def test_a_post_that_is_gone_cannot_be_edited(self):
        with pytest.raises(Rejected, match="does not exist"):
            facebook(FacebookServer(TOKEN)).edit(FIRST, plain_message())

    def test_withdrawing_deletes_and_finds_it_gone(self):
        server = FacebookServer(TOKEN)
        account = facebook(server)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not server.posts

    def test_a_post_that_may_not_be_deleted_is_not_taken_for_gone(self):
        server = FacebookServer(TOKEN, kept={FIRST.identifier})
        account = facebook(server)
        account.publish(plain_message(), KEY)
        with pytest.raises(Unauthorised) as caught:
            account.withdraw(FIRST)
        assert "pages_manage_posts" in caught.value.hint

    def test_whose_page_it_is(self):
        identity = facebook(FacebookServer(TOKEN)).whoami()
        assert (identity.handle, identity.url) == ("Werkstatt", f"{SITE}/werkstatt")


class TestLength:
    @pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
    @pytest.mark.parametrize("over", [-1, 0, 1])
    def test_a_text_is_cut_only_where_it_is_too_long(self, letter, over):
        """In UTF-16 units, of which a family has eleven."""
        (limit,) = Facebook.capabilities.limits
        assert limit.maximum == 63_206
        small = replace(Facebook.capabilities, limits=(TextLimit(400 + over, limit.measure),))
        url = "https://blog.example/a/"
        room = 400 - len(url) - 2
        text = letter * (room // count(letter, limit.measure))
        text += "." * (room - count(text, limit.measure))
        announcement = Announcement("a", url, text, NOW, "r")
        account = Account("firma", facebook(FacebookServer(TOKEN)))
        message = compose(announcement, account, small)
        assert (message.text == f"{text}\n\n{url}") == (over >= 0)
        assert message.spans[-1] == Span(url, SpanKind.LINK, url)
