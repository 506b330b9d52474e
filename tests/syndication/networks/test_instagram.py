"""Instagram, against a counterpart of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image, Receipt
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
from litfass_syndication.networks.instagram import Instagram, Options
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
from litfass_syndication.testing.containers import INSTAGRAM, ContainerServer
from litfass_syndication.testing.graph import refused

TOKEN = "IGAAJ7f3a9cQxtoken/with+signs=="
SERVER = "https://graph.instagram.com"
OPTIONS = Options(Secret(TOKEN))
PAGE = "https://blog.example/2026/05/gruesse/"
BENCH = Image(
    Path("bank.jpg"), "Eine Hobelbank", "image/jpeg", 1080, 1080, "d", f"{PAGE}b%C3%A4nke.jpg"
)
CODES = {401: 190, 403: 200, 404: 100, 413: 100, 422: 100}


def message(**changes):
    return plain_message(**{"image": BENCH, **changes})


def server(**changes):
    return ContainerServer(INSTAGRAM, TOKEN, **changes)


def publishes(request):
    return request.path.endswith("/media_publish")


def makes(request):
    return request.method == "POST" and request.path.endswith("/media")


def instagram(counterpart, fault=None, strikes=publishes, sleep=lambda _: None, **options):
    options = replace(OPTIONS, **options)
    wire = Wire(counterpart, strikes, fault)
    return Instagram(options, wire.connection(SERVER, *secrets_in(options), sleep=sleep))


def posted(name):
    return Receipt(name, f"https://www.instagram.com/p/{name}/")


class TestInstagram(NetworkContract):
    network = Instagram
    options = OPTIONS
    server = SERVER

    def counterpart(self):
        # What becomes of a container that can be asked for is tested below.
        return server(forgetful=True)

    def publishes(self, request):
        return publishes(request)

    def message(self, **changes):
        return message(**changes)

    def picture(self, folder):
        return replace(BENCH, path=folder / "bank.jpg")

    def error(self, status):
        return refused(CODES.get(status, 0), status=status)


class TestWithFacebooksLogin(TestInstagram):
    """The contract holds as well where the account belongs to a Page."""

    options = Options(Secret(TOKEN), user="178", server="https://graph.facebook.com")
    server = "https://graph.facebook.com"


class TestPublishing:
    def test_the_picture_is_fetched_from_the_blog(self):
        there = server()
        assert instagram(there).publish(message(), KEY) == posted("p2")
        assert there.posts["p2"]["sent"] == {
            "image_url": BENCH.url,
            "caption": plain_message().text,
            "alt_text": "Eine Hobelbank",
        }

    def test_a_slow_picture_is_waited_for(self):
        sleeps = []
        receipt = instagram(server(polls=5), sleep=sleeps.append).publish(message(), KEY)
        assert receipt == posted("p2")
        assert sleeps == [2, 4, 8, 16, 30]

    def test_it_is_waited_for_five_minutes(self):
        sleeps, there = [], server(polls=99)
        with pytest.raises(Unreachable, match=r"firma: .* in time"):
            instagram(there, sleep=sleeps.append).publish(message(), KEY)
        assert sum(sleeps) == 300
        assert not there.posts

    def test_a_post_is_there_even_if_its_address_is_not_told(self):
        there = server()
        account = instagram(there, Reply(500), strikes=lambda request: "/p2" in request.path)
        receipt = account.publish(message(), KEY)
        assert (receipt.identifier, receipt.url) == ("p2", "")
        assert "look at the account" in receipt.notes[0]

    def test_a_content_warning_that_nobody_sees_is_told(self):
        receipt = instagram(server()).publish(message(content_warning="Lärm"), KEY)
        assert receipt.notes == ("Instagram has no content warnings, and shows none.",)

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self):
        there = server()
        with listening(there) as address:
            account = Instagram(replace(OPTIONS, server=address), Connection(address, "firma"))
            assert account.publish(message(), KEY) == posted("p2")
            assert account.find(message(), KEY, NOW).receipt == posted("p2")


class TestWhatIsNotForInstagram:
    @pytest.mark.parametrize(
        ("image", "why"),
        [
            (None, "the post has no picture"),
            (replace(BENCH, url=""), "its picture has no public address"),
            (replace(BENCH, media_type="image/png"), "its picture is PNG, not JPEG"),
            (replace(BENCH, width=2100, height=1080), "too wide: 2100 × 1080 pixels"),
            (replace(BENCH, width=1000, height=1251), "too tall: 1000 × 1251 pixels"),
        ],
    )
    def test_it_is_told_and_nothing_is_sent(self, image, why):
        wire = Wire(server())
        account = Instagram(OPTIONS, wire.connection(SERVER))
        with pytest.raises(Rejected, match=f"firma: not for Instagram: .*{why}"):
            account.publish(message(image=image), KEY)
        assert not wire.requests

    @pytest.mark.parametrize("size", [(1080, 1350), (1200, 628), (1200, 630), (320, 320)])
    def test_both_bounds_are_within(self, size):
        width, height = size
        image = replace(BENCH, width=width, height=height)
        assert instagram(server()).publish(message(image=image), KEY) == posted("p2")


class TestLosses:
    @pytest.mark.parametrize(
        "loss",
        [
            Fault.READ_TIMEOUT,
            Fault.RESET,
            Reply(500),
            Reply(200, b"{}"),
            refused(4, "Application request limit reached", 403),
            refused(4, "Action is blocked", error_subcode=2207051),
        ],
    )
    def test_a_lost_answer_is_made_up_for_by_the_container(self, loss):
        """Instagram has been seen to answer 4 when the post was out."""
        there = server()
        assert instagram(there, loss).publish(message(), KEY) == posted("p2")
        assert len(there.posts) == 1

    def test_what_is_out_but_not_listed_yet_stays_in_doubt_and_is_found_later(self):
        there = server(slow=True)
        with pytest.raises(OutcomeUnknown):
            instagram(there, Fault.READ_TIMEOUT).publish(message(), KEY)
        there.slow = False
        assert instagram(there).find(message(), KEY, NOW).receipt == posted("p2")

    def test_a_container_that_is_not_out_is_not_published_again(self):
        """The first request may still be at work; a later run looks."""
        there, sent = server(), []

        def lost(request):
            if publishes(request):
                sent.append(request)
                return Fault.READ_TIMEOUT
            return there(request)

        with pytest.raises(OutcomeUnknown):
            instagram(lost).publish(message(), KEY)
        assert len(sent) == 1
        found = instagram(there).find(message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    @pytest.mark.parametrize("loss", [Fault.READ_TIMEOUT, Reply(500), Reply(200, b"{")])
    def test_a_container_that_is_lost_leaves_no_doubt(self, loss):
        there = server()
        with pytest.raises(Unreachable) as caught:
            instagram(there, loss, strikes=makes).publish(message(), KEY)
        assert "Nothing was announced" in caught.value.hint
        assert not there.posts


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "error", "hint"),
        [
            (refused(190, error_subcode=463), Unauthorised, "new access token"),
            (refused(10), Unauthorised, "lacks a permission"),
            (refused(100, error_subcode=33), Unauthorised, "account's number"),
            (refused(9004, error_subcode=2207052), Unreachable, "robots.txt"),
            (refused(36003, error_subcode=2207009), Rejected, "another picture"),
            (refused(100, error_subcode=2207010), Rejected, "Change what the post says"),
            (refused(17), RateLimited, "Try again later"),
        ],
    )
    def test_a_code_at_making_says_what_it_means(self, reply, error, hint):
        there = server()
        with pytest.raises(error, match="firma") as caught:
            instagram(there, reply, strikes=makes).publish(message(), KEY)
        assert hint in caught.value.hint
        assert not there.posts

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (refused(9, error_subcode=2207042), RateLimited),
            (refused(9007, error_subcode=2207027), Unreachable),
            (refused(25, error_subcode=2207050), Unauthorised),
        ],
    )
    def test_a_code_at_publishing_says_what_it_means(self, reply, error):
        with pytest.raises(error, match="firma"):
            instagram(server(), reply).publish(message(), KEY)

    @pytest.mark.parametrize(
        ("state", "words", "error"),
        [
            ("ERROR", "Error: failed with error code 2207052", Unreachable),
            ("ERROR", "Error: failed with error code 2207009", Rejected),
            ("ERROR", "Error: failed with error code 9999999", Rejected),
            ("ERROR", "", Rejected),
            ("EXPIRED", "", Unreachable),
            ("STRANGE", "", Unreachable),
            ("PUBLISHED", "already", OutcomeUnknown),
        ],
    )
    def test_a_container_that_fails_says_why(self, state, words, error):
        there = server(state=state, words=words)
        with pytest.raises(error, match=f"firma: .*{words or state}"):
            instagram(there).publish(message(), KEY)
        assert not there.posts


class TestFinding:
    def test_looking_ends_before_the_claim(self):
        there = server(now=NOW - timedelta(days=2))
        there.show({"caption": plain_message().text})
        found = instagram(there).find(message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_what_does_not_reach_back_to_the_claim_proves_nothing(self):
        there = server()
        for _ in range(9):
            there.show({"caption": "Ein Bild"})
        found = instagram(there).find(message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_an_address_at_the_end_of_a_sentence_is_found(self):
        there = server()
        name = there.show({"caption": f"Mehr auf {PAGE}."})
        there.show({"caption": "Ein Bild"})
        assert instagram(there).find(message(), KEY, NOW).receipt == posted(name)

    def test_whose_account_it_is(self):
        identity = instagram(server()).whoami()
        assert identity.handle == "@werkstatt"
        assert identity.url == "https://www.instagram.com/werkstatt/"


@pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_caption_is_cut_only_where_it_is_too_long(letter, over):
    """In UTF-16 units, of which a family has eleven."""
    (limit,) = Instagram.capabilities.limits
    room = limit.maximum + over - len(PAGE) - 2
    text = letter * (room // count(letter, limit.measure))
    text += "." * (room - count(text, limit.measure))
    announcement = Announcement("a", PAGE, text, NOW, "r", image=BENCH)
    account = Account("firma", instagram(server()))
    told = compose(announcement, account, Instagram.capabilities)
    assert (told.text == f"{text}\n\n{PAGE}") == (over <= 0)
    assert count(told.text, limit.measure) <= limit.maximum == 2200
    assert told.spans[-1].target == PAGE
