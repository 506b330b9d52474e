"""LinkedIn, against a counterpart of our own that cuts texts and knows doubles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from litfass_syndication.account import Account
from litfass_syndication.adoption import adopt_from_network
from litfass_syndication.announcement import Announcement, Receipt, Span, SpanKind
from litfass_syndication.capabilities import Dedupe
from litfass_syndication.compose import compose
from litfass_syndication.errors import (
    AccountError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SyndicationError,
    Unauthorised,
)
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.measure import length
from litfass_syndication.network import Found, Secret
from litfass_syndication.networks.linkedin import LinkedIn, Options
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
from litfass_syndication.testing.linkedin import LinkedInServer, duplicate, refusal, shown

SERVER = "https://api.linkedin.com"
TOKEN = "AQXdSP_W41_UPs5ioT-token/with+signs=="
APP_SECRET = "WPL_AP1.secret/of+the+app=="
OPTIONS = Options(Secret(TOKEN))
PAGE = Options(Secret(TOKEN), organisation="77")
INFORMED = replace(OPTIONS, client_id="app-1", client_secret=Secret(APP_SECRET))
URL = "https://blog.example/2026/05/gruesse/"
FIRST = "urn:li:share:7000"
UPLOADS = ("POST", "/rest/images")


def member(**changes):
    return LinkedInServer(TOKEN, app_secret=APP_SECRET, **changes)


def page(**changes):
    return LinkedInServer(TOKEN, "urn:li:organization:77", **changes)


def publishes(request):
    return (request.method, request.path) == ("POST", "/rest/posts")


def posted(name=FIRST, *notes):
    return Receipt(name, f"https://www.linkedin.com/feed/update/{name}/", notes)


def linkedin(counterpart, options=OPTIONS, fault=None, **changes):
    wire = counterpart if isinstance(counterpart, Wire) else Wire(counterpart, publishes, fault)
    connection = wire.connection(SERVER, *secrets_in(options), **changes)
    return LinkedIn(options, connection, clock=lambda: NOW)


class TestMember(NetworkContract):
    network = LinkedIn
    options = replace(INFORMED, picture="photo")
    server = SERVER

    def counterpart(self):
        return member()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, "The counterpart will not have it.")


class TestPage(TestMember):
    options = replace(PAGE, picture="photo")

    def counterpart(self):
        return page()


class TestText:
    def test_nothing_of_a_text_is_cut_off(self):
        there = member()
        text = r"Neu (und [schön]): 100 % *Holz* @ Hof ~ C:\a_b <|> {x} #1"
        linkedin(there).publish(plain_message(spans=(Span(text),)), KEY)
        assert shown(there.posts[FIRST]["commentary"]) == text

    @pytest.mark.parametrize("letter", ["e", "ü", "م", "🎉", "👩‍👩‍👧‍👦", "e\u0301", "_", "("])
    @pytest.mark.parametrize("over", [-1, 0, 1])
    def test_a_text_is_cut_only_where_it_is_too_long_with_its_escapes(self, letter, over):
        able = LinkedIn.capabilities
        (limit,) = able.limits
        room = limit.maximum + over - len(URL) - 2
        size = length((Span(letter),), limit, able)
        text = letter * (room // size) + "." * (room % size)
        announcement = Announcement("a", URL, text, NOW, "r")
        told = compose(announcement, Account("firma", linkedin(member())), able)
        assert (told.text == f"{text}\n\n{URL}") == (over <= 0)
        assert length(told.spans, limit, able) <= limit.maximum == 3000
        assert told.spans[-1].target == URL

    def test_an_accounts_own_text_may_mention(self):
        there = member()
        texts = {"firma": "Mit @[Holz & Co](urn:li:organization:77)! #Bank"}
        announcement = Announcement("a", URL, "Bank", NOW, "r", texts=texts)
        account = Account("firma", linkedin(there))
        account.network.publish(compose(announcement, account, LinkedIn.capabilities), KEY)
        sent = there.posts[FIRST]["commentary"]
        assert sent.startswith("Mit @[Holz & Co](urn:li:organization:77)! {hashtag|\\#|Bank}")


class TestPublishing:
    def test_a_card_is_made_with_the_picture_in_it(self, tmp_path):
        there = member()
        receipt = linkedin(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt == posted()
        post = there.posts[FIRST]
        assert post["content"] == {
            "article": {
                "source": URL,
                "title": "Grüße aus der Werkstatt",
                "description": "Was wir im Mai gebaut haben.",
                "thumbnail": "urn:li:image:C4E0",
            }
        }
        assert there.pictures["urn:li:image:C4E0"].startswith(b"\x89PNG")
        assert (post["author"], post["visibility"]) == ("urn:li:person:abc-1", "PUBLIC")

    def test_a_photo_takes_the_place_of_the_card(self, tmp_path):
        there = page()
        account = linkedin(there, replace(PAGE, picture="photo"))
        account.publish(plain_message(image=picture(tmp_path)), KEY)
        media = {"id": "urn:li:image:C4E0", "altText": "Eine Hobelbank"}
        assert there.posts[FIRST]["content"] == {"media": media}

    def test_a_card_has_no_more_than_there_is(self):
        there = member()
        linkedin(there).publish(plain_message(title="", summary="a" * 5000), KEY)
        article = there.posts[FIRST]["content"]["article"]
        assert article["title"] == URL
        assert len(article["description"]) == 4086
        linkedin(there).publish(plain_message(summary="", spans=(Span("Mehr"),)), KEY)
        assert "description" not in there.posts["urn:li:share:7001"]["content"]["article"]

    def test_a_member_may_speak_to_connections_alone(self):
        there = member()
        linkedin(there, replace(OPTIONS, visibility="connections")).publish(plain_message(), KEY)
        assert there.posts[FIRST]["visibility"] == "CONNECTIONS"

    def test_a_page_cannot_and_says_so_before_anything_is_claimed(self):
        with pytest.raises(AccountError, match="public"):
            linkedin(page(), replace(PAGE, visibility="connections")).limits()

    def test_a_warning_that_is_not_shown_is_told(self):
        receipt = linkedin(member()).publish(plain_message(content_warning="Späne"), KEY)
        assert "no content warnings" in receipt.notes[0]

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        there = page()
        with listening(there) as address:
            there.upload_host = address
            options = replace(PAGE, server=address, sign_in=address)
            account = LinkedIn(options, Connection(address, "firma"))
            receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
            assert account.find(plain_message(), KEY, NOW).receipt == posted()
            account.withdraw(receipt)
        assert not there.posts
        assert there.pictures


class TestPictures:
    def test_a_page_waits_until_its_picture_is_ready(self, tmp_path):
        there, sleeps = page(statuses=["WAITING_UPLOAD", "PROCESSING", "AVAILABLE"]), []
        account = linkedin(there, PAGE, sleep=sleeps.append)
        assert account.publish(plain_message(image=picture(tmp_path)), KEY).notes == ()
        assert sleeps == [1, 2]

    def test_a_member_is_told_nothing_and_waits_a_moment(self, tmp_path):
        sleeps = []
        account = linkedin(member(), sleep=sleeps.append)
        account.publish(plain_message(image=picture(tmp_path)), KEY)
        assert sleeps == [4]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"statuses": ["PROCESSING_FAILED"]}, "cannot process"),
            ({"statuses": ["PROCESSING"]}, "in time"),
            ({"refuse": {UPLOADS: refusal(400, "owner is invalid")}}, "owner is invalid"),
            ({"refuse": {UPLOADS: Reply(500)}}, "500"),
            ({"refuse": {UPLOADS: Reply(200, b"<html>")}}, "image"),
            ({"refuse": {("PUT", "/dms"): Reply(500)}}, "500"),
            ({"refuse": {("PUT", "/dms"): Reply(413)}}, "413"),
            ({"refuse": {("PUT", "/dms"): Reply(403)}}, "403"),
            ({"upload_host": "https://["}, "not its own"),
            ({"upload_host": "https://mia:geheim@www.linkedin.com"}, "not its own"),
            ({"upload_host": "https://linkedin.com.evil.example"}, "not its own"),
            ({"upload_host": "http://www.linkedin.com"}, "not its own"),
        ],
        ids=[
            "failed",
            "never",
            "refused",
            "down",
            "html",
            "500",
            "large",
            "forbidden",
            "broken",
            "password",
            "elsewhere",
            "not encrypted",
        ],
    )
    @pytest.mark.parametrize("kind", ["card", "photo"])
    def test_a_picture_that_fails_does_not_stop_the_post(self, changes, why, kind, tmp_path):
        wire = Wire(page(**changes))
        account = linkedin(wire, replace(PAGE, picture=kind))
        receipt = account.publish(plain_message(image=picture(tmp_path)), KEY)
        content = wire.counterpart.posts[FIRST]["content"]
        assert content["article"].keys() == {"source", "title", "description"}
        (note,) = receipt.notes
        assert why in note
        assert not any("evil" in request.url for request in wire.requests)

    def test_a_post_that_is_refused_with_its_picture_goes_without_it(self, tmp_path):
        there = member()

        def picky(request):
            if publishes(request) and b"thumbnail" in request.content:
                return refusal(422, "thumbnail is not ready")
            return there(request)

        receipt = linkedin(picky).publish(plain_message(image=picture(tmp_path)), KEY)
        assert "thumbnail is not ready" in receipt.notes[0]
        assert "thumbnail" not in there.posts[FIRST]["content"]["article"]

    def test_a_picture_that_is_gone_does_not_stop_the_post(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        assert "bank.png" in linkedin(member()).publish(plain_message(image=image), KEY).notes[0]


class TestDoubles:
    def test_of_a_member_the_post_that_linkedin_names_is_it_and_a_person_shall_look(self):
        there = member()
        first = linkedin(there).publish(plain_message(), KEY)
        again = linkedin(there).publish(plain_message(), KEY)
        assert (again.identifier, again.url) == (first.identifier, first.url)
        assert "look" in again.notes[0]
        assert len(there.posts) == 1

    def test_of_a_page_it_is_looked_for(self):
        there = page()
        linkedin(there, PAGE).publish(plain_message(), KEY)
        receipt = linkedin(there, PAGE).publish(plain_message(), KEY)
        assert receipt == posted(FIRST, "It was there already.")

    def test_what_a_page_has_deleted_is_not_taken_for_there(self):
        there = page()
        account = linkedin(there, PAGE)
        account.withdraw(account.publish(plain_message(), KEY))
        with pytest.raises(Rejected, match="duplicate") as caught:
            account.publish(plain_message(), KEY)
        assert "a day or two" in caught.value.hint

    def test_what_a_page_cannot_look_at_is_left_to_a_person(self):
        there = page(refuse={("GET", "/rest/posts/"): refusal(403, "ACCESS_DENIED")})
        linkedin(there, PAGE).publish(plain_message(), KEY)
        assert "look" in linkedin(there, PAGE).publish(plain_message(), KEY).notes[0]

    def test_the_name_of_the_double_may_be_of_either_kind(self):
        twin = "urn:li:ugcPost:7141138937766391808"
        receipt = linkedin(member(), fault=duplicate(twin)).publish(plain_message(), KEY)
        assert receipt.identifier == twin


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "reply", "hint"),
        [
            (OPTIONS, refusal(401, "The token has expired", "EXPIRED_ACCESS_TOKEN"), "60 days"),
            (OPTIONS, refusal(403, "Not enough permissions"), "w_member_social"),
            (PAGE, refusal(403, "Not enough permissions"), "w_organization_social"),
            (OPTIONS, refusal(426, "Version is not active"), "202606"),
            (OPTIONS, refusal(400, "Bad version", "NONEXISTENT_VERSION"), "version"),
        ],
        ids=["token", "member", "page", "426", "version"],
    )
    def test_what_is_wrong_with_an_account_stops_it_and_says_what_helps(self, options, reply, hint):
        there = page() if options.organisation else member()
        with pytest.raises(Unauthorised, match="firma") as caught:
            linkedin(there, options, reply).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    def test_a_token_that_ended_says_when(self):
        ended = int((NOW - timedelta(days=2)).timestamp())
        reply = refusal(401, "The token has expired", "EXPIRED_ACCESS_TOKEN")
        with pytest.raises(Unauthorised, match="firma") as caught:
            linkedin(member(ends=ended), INFORMED, reply).publish(plain_message(), KEY)
        assert "2026-05-02" in caught.value.hint

    def test_too_much_for_a_day_has_to_wait(self):
        reply = refusal(429, "Resource level throttle APPLICATION DAY limit")
        with pytest.raises(RateLimited, match="throttle"):
            linkedin(member(), fault=reply).publish(plain_message(), KEY)

    def test_a_created_post_without_a_name_is_a_doubt(self):
        with pytest.raises(OutcomeUnknown):
            linkedin(member(), fault=Reply(201)).publish(plain_message(), KEY)

    def test_a_member_is_asked_for_before_anything_is_said(self):
        there = member(refuse={("GET", "/v2/userinfo"): refusal(403, "ACCESS_DENIED")})
        with pytest.raises(Unauthorised) as caught:
            linkedin(there).publish(plain_message(), KEY)
        assert "openid" in caught.value.hint
        assert not there.posts


class TestTokens:
    @pytest.mark.parametrize(("days", "told"), [(9, True), (10, True), (11, False)])
    def test_a_token_that_ends_soon_is_told_with_its_account_and_its_day(self, days, told):
        ends = NOW + timedelta(days=days)
        there = member(ends=int(ends.timestamp()))
        notes = linkedin(there, INFORMED).publish(plain_message(), KEY).notes
        assert bool(notes) == told
        assert all("firma" in note and f"{ends:%Y-%m-%d}" in note for note in notes)

    @pytest.mark.parametrize("options", [INFORMED, OPTIONS])
    def test_whoami_tells_when_it_ends_if_it_may_ask(self, options):
        identity = linkedin(member(ends=int(NOW.timestamp())), options).whoami()
        assert identity.handle == "Mia Muster"
        assert identity.url.startswith("https://www.linkedin.com/in/")
        assert identity.expires == (NOW if options is INFORMED else None)

    @pytest.mark.parametrize("ends", ["soon", 10**30, 0, None])
    def test_an_end_that_makes_no_sense_is_none(self, ends):
        assert linkedin(member(ends=ends), INFORMED).whoami().expires is None

    def test_an_end_that_is_not_told_stops_nothing(self):
        options = replace(INFORMED, client_secret=Secret("wrong"))
        assert linkedin(member(), options).publish(plain_message(), KEY) == posted()

    def test_a_page_has_its_own_name(self):
        identity = linkedin(page(), PAGE).whoami()
        assert identity.handle == "Werkstatt"
        assert identity.url == "https://www.linkedin.com/company/77/"


class TestFinding:
    def test_a_member_cannot_look_and_has_to_be_asked(self):
        account = linkedin(member())
        assert account.limits().dedupe is Dedupe.NONE
        assert not account.limits().listing
        assert account.find(plain_message(), KEY, NOW) == Found(None, complete=False)

    def test_a_page_can(self):
        assert linkedin(page(), PAGE).limits().dedupe is Dedupe.LOOKUP
        assert linkedin(page(), PAGE).limits().listing

    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(503)])
    def test_what_a_page_has_said_is_found_after_a_lost_answer(self, fault):
        there = page()
        with pytest.raises(OutcomeUnknown):
            linkedin(there, PAGE, fault).publish(plain_message(), KEY)
        for number in range(3):
            there.show("Nochmals", f"https://blog.example/{number}/")
        expected = Found(posted(), complete=True)
        assert linkedin(there, PAGE).find(plain_message(), KEY, NOW) == expected

    def test_a_link_in_the_text_is_found_with_its_escapes(self):
        there = page()
        there.show(r"Neu: https://blog.example/a\_b/ \(bald\)")
        message = plain_message(url="https://blog.example/a_b/")
        assert linkedin(there, PAGE).find(message, KEY, NOW).receipt == posted()

    def test_what_a_page_has_not_said_is_surely_not_there(self):
        there = page(now=NOW - timedelta(days=2))
        there.show("Alt", URL)
        absent = Found(None, complete=True)
        assert linkedin(there, PAGE).find(plain_message(), KEY, NOW) == absent
        assert linkedin(page(), PAGE).find(plain_message(), KEY, NOW) == absent

    def test_a_link_that_linkedin_has_hidden_leaves_the_doubt(self):
        there = page()
        there.now -= timedelta(days=2)
        there.show("Alt", "https://blog.example/alt/")
        there.now = NOW
        there.show("Neu https://lnkd.in/dAbCdEf")
        unknown = Found(None, complete=False)
        assert linkedin(there, PAGE).find(plain_message(), KEY, NOW) == unknown

    def test_what_nobody_sees_is_not_it(self):
        there = page()
        there.show("Neu", URL, lifecycleState="PUBLISH_FAILED")
        assert linkedin(there, PAGE).find(plain_message(), KEY, NOW).receipt is None

    def test_a_page_that_may_not_look_says_which_permission_it_lacks(self):
        there = page(refuse={("GET", "/rest/posts"): refusal(403, "ACCESS_DENIED")})
        with pytest.raises(Unauthorised) as caught:
            linkedin(there, PAGE).find(plain_message(), KEY, NOW)
        assert "r_organization_social" in caught.value.hint

    @pytest.mark.parametrize("made", [10**30, "gestern", None])
    def test_a_time_that_makes_no_sense_proves_nothing(self, made):
        there = page()
        there.show("Alt", "https://blog.example/alt/", createdAt=made)
        assert list(linkedin(there, PAGE).listing())
        assert linkedin(there, PAGE).find(plain_message(), KEY, NOW) == Found(None, complete=True)


class TestAdopting:
    @pytest.fixture
    def adopt(self, tmp_path):
        journal = FileJournal(tmp_path / "ledger.jsonl")
        posts = [Announcement("hello", URL, "Hallo", NOW, "r")]

        def run(network):
            return adopt_from_network(journal, Account("firma", network), posts, lambda: NOW)

        return run

    def test_what_a_page_has_said_is_known_again(self, adopt):
        there = page()
        there.show("Hallo", URL)
        (found,) = adopt(linkedin(there, PAGE)).adopted
        assert (found.post, found.url) == ("hello", posted().url)

    def test_a_members_posts_are_not_listed_and_another_way_is_told(self, adopt):
        with pytest.raises(SyndicationError, match="firma: LinkedIn does not list") as caught:
            adopt(linkedin(member()))
        assert "litfass settle" in caught.value.hint


class TestAfterwards:
    def test_an_edit_replaces_the_text_and_nothing_else(self):
        there = member()
        account = linkedin(there)
        receipt = account.publish(plain_message(), KEY)
        content = there.posts[FIRST]["content"]
        spans = (Span("Neu (besser) "), Span("#Holz", SpanKind.HASHTAG, "Holz"))
        assert account.edit(receipt, plain_message(spans=spans)) == receipt
        assert there.posts[FIRST]["commentary"] == r"Neu \(besser\) {hashtag|\#|Holz}"
        assert there.posts[FIRST]["content"] == content

    def test_withdrawing_deletes_and_finds_it_gone(self):
        wire = Wire(member())
        account = linkedin(wire)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not wire.counterpart.posts
        assert "/rest/posts/urn%3Ali%3Ashare%3A7000" in wire.requests[-1].url

    @pytest.mark.parametrize("status", [403, 422])
    def test_what_may_not_be_deleted_is_not_taken_for_gone(self, status):
        account = linkedin(member(refuse={("DELETE", "/rest"): refusal(status, "No")}))
        receipt = account.publish(plain_message(), KEY)
        with pytest.raises(NetworkError, match="firma"):
            account.withdraw(receipt)

    def test_a_name_that_is_none_of_linkedins_is_not_asked_for(self):
        account = linkedin(member())
        with pytest.raises(Rejected, match="not the name"):
            account.withdraw(Receipt("../me", ""))


@pytest.mark.parametrize(
    ("name", "value"),
    [("organisation", "firma"), ("organisation", "7 7"), ("version", "2026-06"), ("version", "")],
)
def test_settings_that_cannot_be_meant_are_told(name, value):
    field = next(one for one in Options.__dataclass_fields__.values() if one.name == name)
    assert "must be" in field.metadata["check"](value)
    assert field.metadata["check"](field.default) is None
