"""X, against a counterpart that checks each signature."""

from __future__ import annotations

from datetime import timedelta

import pytest

from litfass_syndication.announcement import Receipt, Span
from litfass_syndication.capabilities import Measure, TextLimit
from litfass_syndication.errors import (
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.http import Connection
from litfass_syndication.network import Secret
from litfass_syndication.networks.x import Options, X
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
from litfass_syndication.testing.x import PROBLEMS, XServer, refusal, whose

SERVER = "https://api.x.example"
SECRETS = ("app-key+1/==", "app-secret+2/==", "7-token+3/==", "token-secret+4/==")
OPTIONS = Options(*map(Secret, SECRETS), SERVER)
POST = ("POST", "/2/tweets")
UPLOAD = ("POST", "/2/media/upload")
METADATA = ("POST", "/2/media/metadata")


def server(**changes):
    return XServer(whose(*SECRETS), **changes)


def publishes(request):
    return (request.method, request.path) == POST


def connected(counterpart, fault=None, *, sleep=lambda _: None, **options):
    own = Options(*map(Secret, SECRETS), SERVER, **options)
    wire = counterpart if isinstance(counterpart, Wire) else Wire(counterpart, publishes, fault)
    return X(own, wire.connection(SERVER, *secrets_in(own), sleep=sleep))


class TestX(NetworkContract):
    network = X
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        return server()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, "The counterpart will not have it.")


class TestPublishing:
    def test_a_post_is_its_text(self):
        there, wire = server(), Wire(server())
        receipt = connected(there).publish(plain_message(), KEY)
        connected(wire).publish(plain_message(), KEY)
        assert receipt == Receipt("100", "https://x.com/firma/status/100")
        assert wire.requests[-1].json() == {"text": plain_message().text}

    def test_what_was_paid_for_is_marked_as_a_paid_partnership_too(self):
        wire = Wire(server())
        paid = plain_message(spans=(Span("Anzeige: Grüße"),), disclosure="Anzeige")
        connected(wire).publish(paid, KEY)
        assert wire.requests[-1].json() == {"text": "Anzeige: Grüße", "paid_partnership": True}

    @pytest.mark.parametrize("status", [400, 403])
    def test_where_x_will_not_have_the_mark_the_post_goes_out_without_it(self, status):
        there = server()
        refused = Reply.of({"detail": "paid_partnership is not allowed for this user"}, status)

        def counterpart(request):
            marked = publishes(request) and "paid_partnership" in request.json()
            return refused if marked else there(request)

        receipt = connected(counterpart).publish(plain_message(disclosure="Anzeige"), KEY)
        assert receipt.notes == ("X does not let this account mark it as a paid partnership.",)
        assert len(there.posts) == 1

    def test_whose_account_it_is_is_asked_once_and_before(self):
        wire = Wire(server())
        account = connected(wire)
        account.publish(plain_message(), KEY)
        account.publish(plain_message(spans=(Span("Mehr"),)), KEY)
        assert [each.path for each in wire.requests] == ["/2/users/me", "/2/tweets", "/2/tweets"]

    def test_each_request_is_signed_anew(self):
        wire = Wire(server())
        connected(wire).publish(plain_message(), KEY)
        first, second = (each.headers["authorization"] for each in wire.requests)
        assert first != second

    def test_a_warning_that_is_not_shown_is_told(self):
        receipt = connected(server()).publish(plain_message(content_warning="Späne"), KEY)
        assert "no content warnings" in receipt.notes[0]

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self, tmp_path):
        there = server()
        with listening(there) as address:
            account = X(Options(*map(Secret, SECRETS), address), Connection(address, "firma"))
            account.publish(plain_message(image=picture(tmp_path)), KEY)
            found = account.find(plain_message(), KEY, NOW)
        assert there.posts["100"]["media"] == {"media_ids": ["m0"]}
        assert there.alts == {"m0": "Eine Hobelbank"}
        assert found.complete


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "kind", "hint"),
        [
            (refusal(401, "Unauthorized"), Unauthorised, "Read and write"),
            (refusal(403, "Unsupported Authentication"), Unauthorised, "four values"),
            (refusal(402, "Payment Required"), Unauthorised, "20 cents"),
            (refusal(429, "Capped", f"{PROBLEMS}/usage-capped"), Unauthorised, "next month"),
            (
                refusal(403, "You are not permitted to perform this action."),
                Rejected,
                "without @mentions",
            ),
            (refusal(400, "One or more parameters", f"{PROBLEMS}/invalid-request"), Rejected, ""),
        ],
        ids=["token", "kind of token", "no credits", "capped", "not permitted", "invalid"],
    )
    def test_each_means_what_it_means_on_x(self, reply, kind, hint):
        with pytest.raises(kind, match="firma") as caught:
            connected(server(), reply).publish(plain_message(), KEY)
        assert hint in caught.value.hint

    def test_a_rate_limit_ends_when_x_says(self):
        reset = str(int(NOW.timestamp()) + 600)
        reply = Reply.of({"title": "Too Many Requests"}, 429, x_rate_limit_reset=reset)
        with pytest.raises(RateLimited) as caught:
            connected(server(), reply).publish(plain_message(), KEY)
        assert caught.value.retry_after == 600

    def test_a_text_that_is_there_already_is_the_announcement(self):
        there = server()
        account = connected(there)
        first = account.publish(plain_message(), KEY)
        assert account.publish(plain_message(), KEY) == first
        assert len(there.posts) == 1

    def test_a_text_that_is_said_to_be_there_but_is_not_seen_is_rejected(self):
        there = server()
        there.show("99", plain_message().text, at=NOW - timedelta(days=30))
        with pytest.raises(Rejected, match="duplicate") as caught:
            connected(there).publish(plain_message(), KEY)
        assert "https://x.com/firma" in caught.value.hint

    def test_a_key_of_another_make_looks_since_the_post(self):
        account = connected(server())
        first = account.publish(plain_message(), KEY)
        assert account.publish(plain_message(), "by-hand") == first


class TestPictures:
    def test_a_slow_picture_is_waited_for(self, tmp_path):
        there, sleeps = server(polls=3), []
        message = plain_message(image=picture(tmp_path))
        receipt = connected(there, sleep=sleeps.append).publish(message, KEY)
        assert receipt.notes == ()
        assert there.posts["100"]["media"] == {"media_ids": ["m0"]}
        assert sleeps == [1, 1, 1]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"polls": -1}, "cannot process"),
            ({"polls": 999}, "in time"),
            ({"refuse": {UPLOAD: refusal(400, "media type unrecognized")}}, "unrecognized"),
            ({"refuse": {UPLOAD: Reply(500)}}, "500"),
            ({"refuse": {UPLOAD: Reply(200, b"<html>")}}, "id"),
        ],
        ids=["failed", "never", "refused", "500", "html"],
    )
    def test_a_picture_that_fails_does_not_stop_the_post(self, changes, why, tmp_path):
        there = server(**changes)
        receipt = connected(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert there.posts["100"]["media"] is None
        assert why in receipt.notes[0]

    def test_a_wait_that_makes_no_sense_is_due_again(self, tmp_path):
        there = server(polls=2, refuse={("GET", "/2/media/upload"): Reply(200, b"<html>")})
        with pytest.raises(Unreachable):
            connected(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert not there.posts

    def test_a_picture_that_is_gone_does_not_stop_the_post(self, tmp_path):
        image = picture(tmp_path)
        image.path.unlink()
        receipt = connected(server()).publish(plain_message(image=image), KEY)
        assert "bank.png" in receipt.notes[0]

    def test_a_description_that_fails_leaves_the_picture(self, tmp_path):
        there = server(refuse={METADATA: refusal(400, "alt_text is invalid")})
        receipt = connected(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert there.posts["100"]["media"] == {"media_ids": ["m0"]}
        assert "no description" in receipt.notes[0]

    def test_without_credits_nothing_is_posted(self, tmp_path):
        there = server(refuse={UPLOAD: refusal(402, "Payment Required")})
        with pytest.raises(Unauthorised):
            connected(there).publish(plain_message(image=picture(tmp_path)), KEY)
        assert not there.posts

    def test_the_card_may_show_it_instead(self):
        assert connected(server(), image="card").limits().images is None
        assert connected(server()).limits().images.max_alt == 1000


class TestFinding:
    """After a lost answer: the listing since the claim tells for certain, but each post costs."""

    def test_a_lost_post_is_found_by_its_link(self):
        there = server()
        page = "https://blog.example.org/2026/05/gruesse/"
        there.show("99", f"Grüße {page}")
        found = connected(there).find(plain_message(url=page), KEY, NOW)
        assert found.receipt == Receipt("99", "https://x.com/firma/status/99")

    def test_a_lost_answer_is_a_doubt_that_the_listing_ends(self):
        there = server()
        with pytest.raises(OutcomeUnknown):
            connected(there, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        assert connected(there).find(plain_message(), KEY, NOW).receipt.identifier == "100"

    @pytest.mark.parametrize("old_names", [True, False])
    def test_what_is_not_listed_is_not_there(self, old_names):
        there = server(old_names=old_names, page=2)
        for number in range(5):
            there.show(str(number), "Anderes")
        found = connected(there).find(plain_message(), KEY, NOW)
        assert found.receipt is None
        assert found.complete

    def test_nothing_older_than_the_claim_is_paid_for(self):
        there = server()
        there.show("1", "Altes", at=NOW - timedelta(days=2))
        wire = Wire(there)
        assert connected(wire).find(plain_message(), KEY, NOW).complete
        assert wire.requests[-1].query["start_time"] == "2026-05-03T12:00:00Z"

    def test_too_many_posts_prove_nothing(self):
        there = server(page=2)
        for number in range(10):
            there.show(str(number), "Anderes")
        assert not connected(there).find(plain_message(), KEY, NOW).complete

    def test_a_message_without_a_link_is_never_proved_missing(self):
        wordless = plain_message(spans=(Span("Ohne Adresse"),))
        assert not connected(server()).find(wordless, KEY, NOW).complete

    def test_a_long_message_is_never_proved_missing(self):
        """X lists only the beginning of one, and its link may come later."""
        message = plain_message()
        long = plain_message(spans=(Span("Lang. " * 60), *message.spans))
        assert not connected(server(), characters=4000).find(long, KEY, NOW).complete


class TestTheRest:
    def test_withdrawing_deletes_and_finds_it_gone(self):
        there = server()
        account = connected(there)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        there.refuse["DELETE", "/2/tweets/100"] = refusal(404, "Not Found")
        account.withdraw(receipt)
        assert not there.posts

    def test_another_accounts_post_cannot_be_withdrawn(self):
        there = server(refuse={("DELETE", "/2/tweets/9"): refusal(403, "Forbidden")})
        with pytest.raises(Unauthorised, match="firma"):
            connected(there).withdraw(Receipt("9", ""))

    def test_whose_account_it_is(self):
        identity = connected(server()).whoami()
        assert (identity.handle, identity.url) == ("@firma", "https://x.com/firma")

    def test_premium_accounts_may_say_more(self):
        able = connected(server(), characters=4000).limits()
        assert able.limits == (TextLimit(4000, Measure.WEIGHTED),)
