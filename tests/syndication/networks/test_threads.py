"""Threads, against a counterpart of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Image, Receipt
from litfass_syndication.capabilities import Measure
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, RateLimited, Unauthorised, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.measure import count
from litfass_syndication.network import Secret
from litfass_syndication.networks.threads import Options, Threads
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
from litfass_syndication.testing.containers import THREADS, ContainerServer
from litfass_syndication.testing.graph import refused

TOKEN = "THAAJ7f3a9cQxtoken/with+signs=="
SERVER = "https://graph.threads.net"
OPTIONS = Options(Secret(TOKEN))
PAGE = "https://blog.example/2026/05/gruesse/"
BENCH = Image(Path("bank.png"), "Eine Hobelbank", "image/png", 64, 48, "d", f"{PAGE}b%C3%A4nke.png")
CODES = {401: 190, 403: 200, 404: 100, 413: 100, 422: 100}


def server(**changes):
    return ContainerServer(THREADS, TOKEN, **changes)


def publishes(request):
    return request.path.endswith("/threads_publish")


def makes_with_a_picture(request):
    return request.method == "POST" and b'"IMAGE"' in request.content


def threads(counterpart, fault=None, strikes=publishes, **options):
    options = replace(OPTIONS, **options)
    wire = Wire(counterpart, strikes, fault)
    return Threads(options, wire.connection(SERVER, *secrets_in(options)))


def posted(name):
    return Receipt(name, f"https://www.threads.com/p/{name}/")


class TestThreads(NetworkContract):
    network = Threads
    options = Options(Secret(TOKEN), picture="photo")
    server = SERVER

    def counterpart(self):
        # What becomes of a container that can be asked for is tested below.
        return server(forgetful=True)

    def publishes(self, request):
        return publishes(request)

    def picture(self, folder):
        return replace(BENCH, path=folder / "bank.png")

    def error(self, status):
        return refused(CODES.get(status, 0), status=status)


class TestPublishing:
    def test_a_link_is_given_for_the_card(self):
        there = server()
        assert threads(there).publish(plain_message(image=BENCH), KEY) == posted("p2")
        assert there.posts["p2"]["sent"] == {
            "media_type": "TEXT",
            "text": plain_message().text,
            "link_attachment": PAGE,
        }

    def test_an_account_that_shows_cards_wants_no_picture(self):
        assert threads(server()).limits().images is None

    def test_a_picture_takes_the_place_of_the_card(self):
        there = server()
        account = threads(there, picture="photo")
        assert account.publish(plain_message(image=BENCH), KEY) == posted("p2")
        assert there.posts["p2"]["sent"] == {
            "media_type": "IMAGE",
            "text": plain_message().text,
            "image_url": BENCH.url,
            "alt_text": "Eine Hobelbank",
        }

    @pytest.mark.parametrize(
        "image",
        [
            replace(BENCH, media_type="image/webp"),
            replace(BENCH, url=""),
            replace(BENCH, width=999),
        ],
    )
    def test_a_picture_that_would_not_be_taken_leaves_the_card(self, image):
        there = server()
        receipt = threads(there, picture="photo").publish(plain_message(image=image), KEY)
        assert there.posts[receipt.identifier]["sent"]["link_attachment"] == PAGE
        assert receipt.notes[0].startswith("It has a card in place of its picture. Threads would")

    @pytest.mark.parametrize(
        "reply",
        [
            refused(36003, error_subcode=2207009),
            refused(9004, "The media could not be fetched from this URI.", error_subcode=2207052),
            Reply(500),
        ],
    )
    def test_a_picture_that_fails_leaves_the_card(self, reply):
        there = server()
        account = threads(there, reply, makes_with_a_picture, picture="photo")
        receipt = account.publish(plain_message(image=BENCH), KEY)
        assert there.posts[receipt.identifier]["sent"]["link_attachment"] == PAGE
        assert "firma" in receipt.notes[0]

    def test_a_content_warning_that_nobody_sees_is_told(self):
        receipt = threads(server()).publish(plain_message(content_warning="Lärm"), KEY)
        assert receipt.notes == ("Threads has no content warnings, and shows none.",)

    @pytest.mark.server
    def test_it_works_over_a_real_wire(self):
        there = server()
        with listening(there) as address:
            account = Threads(replace(OPTIONS, server=address), Connection(address, "firma"))
            assert account.publish(plain_message(), KEY) == posted("p2")
            assert account.find(plain_message(), KEY, NOW).receipt == posted("p2")


class TestLosses:
    @pytest.mark.parametrize("loss", [Fault.READ_TIMEOUT, Reply(500), refused(4)])
    def test_a_lost_answer_is_made_up_for_by_the_container(self, loss):
        there = server()
        assert threads(there, loss).publish(plain_message(), KEY) == posted("p2")
        assert len(there.posts) == 1

    def test_what_is_out_but_not_listed_yet_stays_in_doubt_and_is_found_later(self):
        there = server(slow=True)
        with pytest.raises(OutcomeUnknown):
            threads(there, Fault.READ_TIMEOUT).publish(plain_message(), KEY)
        there.slow = False
        assert threads(there).find(plain_message(), KEY, NOW).receipt == posted("p2")

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (refused(190), Unauthorised),
            (refused(10), Unauthorised),
            (refused(613), RateLimited),
            (refused(24), Unreachable),
        ],
    )
    def test_a_code_says_what_it_means(self, reply, error):
        with pytest.raises(error, match="firma"):
            threads(server(), reply).publish(plain_message(), KEY)

    def test_a_container_that_fails_says_why(self):
        there = server(state="ERROR", words="Something with error code 2207052")
        with pytest.raises(Unreachable, match=r"firma: .*2207052"):
            threads(there).publish(plain_message(), KEY)
        assert not there.posts


class TestAfterwards:
    def test_withdrawing_deletes_and_finds_it_gone(self):
        there = server()
        account = threads(there)
        receipt = account.publish(plain_message(), KEY)
        account.withdraw(receipt)
        account.withdraw(receipt)
        assert not there.posts

    def test_a_post_that_may_not_be_deleted_is_not_taken_for_gone(self):
        account = threads(server(kept=True))
        receipt = account.publish(plain_message(), KEY)
        with pytest.raises(Unauthorised) as caught:
            account.withdraw(receipt)
        assert "threads_delete" in caught.value.hint

    @pytest.mark.parametrize(
        ("ends", "told"), [(int(NOW.timestamp()), NOW), (0, None), (10**30, None), ("soon", None)]
    )
    def test_it_tells_when_the_token_ends(self, ends, told):
        assert threads(server(ends=ends)).whoami().expires == told

    def test_whose_account_it_is(self):
        identity = threads(server()).whoami()
        assert identity.handle == "@werkstatt"
        assert identity.url == "https://www.threads.com/@werkstatt"


class TestLength:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("Grüße", 5),
            ("سلام", 4),
            ("e\u0301", 2),
            ("日本", 2),
            ("🎉", 4),
            ("👍🏽", 8),
            ("👩‍👩‍👧‍👦", 25),
            ("🇩🇪", 8),
            ("1️⃣", 7),
            ("❤️", 6),
            ("#1 *", 4),
            ("a🎉b", 6),
        ],
    )
    def test_an_emoji_counts_as_its_bytes_and_nothing_else_does(self, text, length):
        assert count(text, Measure.EMOJI_BYTES) == length

    @pytest.mark.parametrize("letter", ["e", "ü", "م", "👩‍👩‍👧‍👦", "e\u0301", "🎉"])
    @pytest.mark.parametrize("over", [-1, 0, 1])
    def test_a_text_is_cut_only_where_it_is_too_long(self, letter, over):
        (limit,) = Threads.capabilities.limits
        room = limit.maximum + over - len(PAGE) - 2
        text = letter * (room // count(letter, limit.measure))
        text += "." * (room - count(text, limit.measure))
        announcement = Announcement("a", PAGE, text, NOW, "r")
        account = Account("firma", threads(server()))
        told = compose(announcement, account, Threads.capabilities)
        assert (told.text == f"{text}\n\n{PAGE}") == (over <= 0)
        assert count(told.text, limit.measure) <= limit.maximum == 500
        assert told.spans[-1].target == PAGE
