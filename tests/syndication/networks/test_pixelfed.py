"""Pixelfed, against a counterpart that is as strict as its controller."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Span, SpanKind
from litfass_syndication.capabilities import Dedupe, Measure, TextLimit
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.measure import fits
from litfass_syndication.network import Secret
from litfass_syndication.networks.pixelfed import Options, Pixelfed
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    picture,
    plain_message,
)
from litfass_syndication.testing.mastodon import MastodonServer

TOKEN = "eyJ0eXAi-7f3a9c_Qx-y"
SERVER = "https://pixelfed.example"
INSTANCE = {
    "version": "3.5.3 (compatible; Pixelfed 0.12.1)",
    "configuration": {
        "statuses": {"max_characters": 500, "max_media_attachments": 4},
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"],
            "image_size_limit": 15_360_000,
        },
    },
}
_TAGS = re.compile(r"<(?!\s)[^>]*>?")  # as PHP's strip_tags() has it


def refused(status, why):
    return Reply.of({"error": why}, status)


class PixelfedServer(MastodonServer):
    """Wants a picture, blocks a key that it has seen, and shows addresses as mere words."""

    def _post(self, request):
        if "idempotency-key" in request.headers:
            return refused(400, "Duplicate idempotency key.")
        body = request.json()
        if body["visibility"] not in {"public", "unlisted", "private"}:
            return refused(422, "The selected visibility is invalid.")
        if len(body["status"]) > 500 or len(body["spoiler_text"]) > 140:
            return refused(422, "The status may not be greater than 500 characters.")
        if not body.get("media_ids"):
            return refused(403, "Empty statuses are not allowed")
        return super()._post(request)

    def _media(self, request, name=""):
        if request.path != "/api/v1/media":
            return refused(404, "There is no other address here.")
        return super()._media(request, name)

    def _statuses(self, request, name=""):
        answer = super()._statuses(request, name)
        return Reply.of([]) if request.method == "PUT" and answer.status == 200 else answer

    def show(self, name, text, **sent):
        status = super().show(name, text, **sent)
        status["content"] = escape(_TAGS.sub("", text)).replace("\n", "<br />")
        return status


def there(**changes):
    return PixelfedServer(TOKEN, SERVER, **{"instance": INSTANCE, **changes})


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return picture(tmp_path_factory.mktemp("pictures"))


def publishes(request):
    return request.method == "POST" and request.path == "/api/v1/statuses"


def pixelfed(server, fault=None, strikes=publishes, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(TOKEN))
    return Pixelfed(Options(SERVER, Secret(TOKEN), **options), connection)


class TestPixelfed(NetworkContract):
    network = Pixelfed
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    @pytest.fixture(autouse=True)
    def _bench(self, image):
        self.bench = image

    def counterpart(self):
        return there()

    def publishes(self, request):
        return publishes(request)

    def message(self, **changes):
        return plain_message(**{"image": self.bench, **changes})


class TestPublishing:
    def test_no_key_is_sent(self, image):
        """One that is sent again, though nothing was made with it, would be refused for an hour."""
        server = there()
        wire = Wire(server)
        account = Pixelfed(Options(SERVER, Secret(TOKEN)), wire.connection(SERVER))
        account.publish(plain_message(image=image), KEY)
        assert not any("idempotency-key" in request.headers for request in wire.requests)
        assert len(server.statuses) == 1

    def test_a_lost_post_is_found_by_words_that_are_no_link(self, image):
        server = there()
        with pytest.raises(OutcomeUnknown):
            pixelfed(server, Fault.READ_TIMEOUT).publish(plain_message(image=image), KEY)
        assert "href" not in server.statuses["100"]["content"]
        found = pixelfed(server).find(plain_message(image=image), KEY, NOW)
        assert found.receipt.identifier == "100"

    def test_older_posts_prove_that_it_is_not_there(self):
        server = there()
        server.show("7", "Älteres")["created_at"] = (NOW - timedelta(days=2)).isoformat()
        found = pixelfed(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    @pytest.mark.parametrize(
        "text", ["Wenn a<b und b<c, dann a<c", "I <3 wood", "<b>fett</b>", "Ende <"]
    )
    def test_nothing_of_a_caption_is_taken_for_a_tag(self, text, image):
        server = there()
        link = plain_message().spans[1]
        spans = (Span(text), link)
        receipt = pixelfed(server).publish(plain_message(image=image, spans=spans), KEY)
        shown = server.statuses[receipt.identifier]["content"].replace(" ", "")
        assert shown == escape(text + link.text).replace(" ", "")

    def test_a_warning_is_shortened_and_hides_the_picture(self, image):
        server = there()
        pixelfed(server).publish(plain_message(image=image, content_warning="Späne " * 40), KEY)
        sent = server.statuses["100"]["sent"]
        assert sent["sensitive"] is True
        assert len(sent["spoiler_text"]) <= 140
        assert sent["spoiler_text"].endswith("…")


class TestPictures:
    def test_a_post_without_one_is_not_for_pixelfed(self):
        server = there()
        with pytest.raises(Rejected, match="firma: not for Pixelfed") as caught:
            pixelfed(server).publish(plain_message(), KEY)
        assert "image" in caught.value.hint
        assert not server.statuses

    def test_why_is_known_beforehand(self):
        assert Pixelfed.capabilities.images.objection(None) == "the post has no picture"

    def test_one_that_cannot_be_read_refuses_the_message(self, tmp_path):
        image = picture(tmp_path)
        image.path.write_bytes(b"no picture")
        with pytest.raises(Rejected, match=r"firma: .*bank\.png"):
            pixelfed(there()).publish(plain_message(image=image), KEY)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.READ_TIMEOUT, Unreachable),
            (Reply(500), Unreachable),
            (refused(422, "The file must be an image."), Rejected),
            (refused(403, "Account size limit reached."), Unauthorised),
        ],
        ids=["lost", "500", "422", "403"],
    )
    def test_one_that_is_not_taken_leaves_nothing_announced(self, fault, kind, image):
        server = there()
        uploads = lambda request: request.path == "/api/v1/media"  # noqa: E731
        with pytest.raises(kind):
            pixelfed(server, fault, uploads).publish(plain_message(image=image), KEY)
        assert not server.statuses


class TestEditing:
    def test_the_caption_changes_and_the_picture_stays(self, image):
        server = there()
        account = pixelfed(server)
        receipt = account.publish(plain_message(image=image), KEY)
        words = plain_message(image=None, spans=(Span("Berichtigt"),))
        assert account.edit(receipt, words) == receipt
        sent = server.statuses["100"]["sent"]
        assert sent["status"] == "Berichtigt"
        assert "media_ids" not in sent

    def test_a_server_that_edits_nothing_says_so(self, image):
        reply = refused(404, "Post editing is not enabled on this server.")
        account = pixelfed(there(), reply, lambda request: request.method == "PUT")
        receipt = account.publish(plain_message(image=image), KEY)
        with pytest.raises(Rejected, match="not enabled"):
            account.edit(receipt, plain_message(image=image))


class TestLimits:
    def test_the_server_tells_its_own(self):
        able = pixelfed(there(), content_warning="Holz").limits()
        assert able.limits == (TextLimit(500, Measure.CODE_POINTS),)
        assert able.images.media_types == ("image/jpeg", "image/png")
        assert able.images.needed
        assert able.dedupe is Dedupe.LOOKUP

    @pytest.mark.parametrize("unit", ["a", "ä", "a\u0308", "م", "👨‍👩‍👧‍👦"])
    def test_the_border_is_counted_in_code_points_and_links_too(self, unit):
        able = pixelfed(there()).limits()
        address = "https://blog.example/" + "x" * 29
        link = Span(address, SpanKind.LINK, address)
        room = 450 - len(unit)
        for more, right in ((-1, True), (0, True), (1, False)):
            assert fits((Span(unit + "x" * (room + more)), link), able) is right

    def test_what_is_added_to_a_caption_counts(self, image):
        server = there()
        account = pixelfed(server)
        page = plain_message()
        announcement = Announcement("post-1", page.url, "a<b " * 200, NOW, "r", image=image)
        message = compose(announcement, Account("firma", account), account.limits())
        account.publish(message, KEY)
        (kept,) = server.statuses.values()
        assert len(kept["sent"]["status"]) <= 500
