"""Matrix's adapter and a real home server, Synapse."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Span, SpanKind
from litfass_syndication.announcer import syndicate
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, RateLimited, Unauthorised
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.networks.matrix import Matrix, Options
from litfass_syndication.outcome import Result
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import KEY, NOW, Fault, Reply, Wire, picture, plain_message

pytestmark = pytest.mark.server


def real(request):
    """Hand a request to the real server, and its answer back."""
    answer = httpx.request(
        request.method, request.url, headers=dict(request.headers), content=request.content
    )
    headers = {name: answer.headers[name] for name in ("retry-after",) if name in answer.headers}
    return Reply(answer.status_code, answer.content, headers)


@pytest.fixture
def signed_in(guest):
    """Connect a fresh account on the real server, over a wire that may have a fault."""

    def connect(fault=None, **changes):
        options = Options(guest.url, Secret(guest.token), guest.room)
        options = replace(options, **changes)
        wire = Wire(real, lambda request: "/send/" in request.path, fault)
        secrets = secrets_in(options)
        connection = Connection(
            guest.url, "firma", secrets=secrets, transport=wire.transport(), sleep=lambda _: None
        )
        return Matrix(options, connection)

    return connect


def test_a_message_is_as_it_was_written_and_its_address_leads_to_it(signed_in, guest):
    receipt = signed_in().publish(plain_message(), KEY)
    (event,) = guest.events()
    assert event["content"]["body"] == plain_message().text
    assert event["content"]["formatted_body"].count("<a href=") == 1
    assert event["event_id"] == receipt.identifier
    assert receipt.url.endswith(f"{guest.room}/{receipt.identifier}?via=localhost")


def test_the_same_key_leaves_one_event_however_often_it_is_sent(signed_in, guest):
    receipts = {signed_in().publish(plain_message(), KEY) for _ in range(3)}
    assert len(receipts) == len(guest.events()) == 1


@pytest.mark.parametrize(
    "fault", [Fault.READ_TIMEOUT, Fault.RESET, Reply(502), Reply(200, b"<html>")], ids=repr
)
def test_an_attempt_whose_answer_was_lost_is_found_and_resumed(signed_in, guest, fault):
    with pytest.raises(OutcomeUnknown):
        signed_in(fault).publish(plain_message(), KEY)
    found = signed_in().find(plain_message(), KEY, NOW)
    assert found.receipt == signed_in().publish(plain_message(), KEY)
    assert len(guest.events()) == 1


def test_what_never_arrived_is_surely_not_there(signed_in):
    found = signed_in().find(plain_message(), KEY, NOW)
    assert (found.receipt, found.complete) == (None, True)


def test_a_picture_has_its_caption_and_can_be_seen(signed_in, guest, tmp_path):
    image = picture(tmp_path)
    receipt = signed_in().publish(plain_message(image=image), KEY)
    assert not receipt.notes
    content = guest.events()[0]["content"]
    assert (content["msgtype"], content["filename"]) == ("m.image", "Eine Hobelbank.png")
    place = content["url"].removeprefix("mxc://")
    seen = httpx.get(
        f"{guest.url}/_matrix/client/v1/media/download/{place}",
        headers={"Authorization": f"Bearer {guest.token}"},
    )
    assert seen.content == image.path.read_bytes()
    assert seen.headers["content-type"] == "image/png"


def test_an_edit_is_one_for_the_server_too(signed_in, guest, tmp_path):
    network = signed_in()
    receipt = network.publish(plain_message(image=picture(tmp_path)), KEY)
    network.edit(receipt, plain_message(spans=(Span("Berichtigt"),), image=picture(tmp_path)))
    event = guest.ask("GET", f"/rooms/{guest.room}/event/{receipt.identifier}")
    latest = event["unsigned"]["m.relations"]["m.replace"]["content"]["m.new_content"]
    assert (latest["body"], latest["msgtype"]) == ("Berichtigt", "m.image")


def test_what_is_withdrawn_is_gone_with_its_edits_and_may_be_gone_already(signed_in, guest):
    network = signed_in()
    receipt = network.publish(plain_message(), KEY)
    network.edit(receipt, plain_message(title="Anders"))
    network.withdraw(receipt)
    assert guest.events() == []
    network.withdraw(receipt)
    assert not list(network.listing())


def test_own_messages_are_listed(signed_in, guest):
    network = signed_in()
    receipt = network.publish(plain_message(), KEY)
    network.edit(receipt, plain_message(title="Anders"))
    (posted,) = network.listing()
    assert posted.receipt == receipt
    assert posted.links == (plain_message().url,)


def test_the_longest_text_is_taken_and_can_be_edited(signed_in, guest):
    network = signed_in()
    url = "https://blog.example/p/"
    post = Announcement(
        "p", url, 'Über "alles" & <mehr>', NOW, "r", summary='ü"<👨‍👩‍👧‍👦 \\ ' * 3000
    )
    message = compose(post, Account("firma", network), network.limits())
    assert len(message.text.encode()) > 9_000
    receipt = network.publish(message, KEY)
    network.edit(receipt, message)
    assert guest.events()[1]["content"]["m.new_content"]["body"] == message.text
    assert message.spans[-1].kind is SpanKind.LINK


def test_a_room_is_known_by_its_address(signed_in, guest):
    alias = guest.user.replace("@", "#")
    receipt = signed_in(room=alias).publish(plain_message(), KEY)
    assert guest.room in receipt.url
    with pytest.raises(AccountError, match="no room"):
        signed_in(room="#nowhere:localhost").publish(plain_message(), KEY)


def test_a_stranger_is_told_to_be_let_in(signed_in, matrix_guests):
    other = matrix_guests(preset="private_chat")
    with pytest.raises(Unauthorised) as caught:
        signed_in(room=other.room).publish(plain_message(), KEY)
    assert "in the room" in caught.value.hint
    assert other.events() == []


def test_an_encrypted_room_is_left_alone(signed_in, matrix_guests):
    state = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    secret = matrix_guests(initial_state=[state])
    with pytest.raises(AccountError, match="encrypted"):
        signed_in(room=secret.room, token=Secret(secret.token)).publish(plain_message(), KEY)
    assert secret.events() == []


def test_a_wrong_token_is_unauthorised_and_never_shown(signed_in, guest):
    with pytest.raises(Unauthorised) as caught:
        signed_in(token=Secret("syt_falsch_falsch")).publish(plain_message(), KEY)
    assert "falsch" not in caught.value.message + caught.value.hint


def test_whoami_names_the_account(signed_in, guest):
    assert signed_in().whoami().handle == guest.user


def test_who_sends_too_much_has_to_wait(signed_in, guest):
    network = signed_in()

    def flood():
        for number in range(40):
            network.publish(plain_message(), f"{KEY}{number:02}")

    with pytest.raises(RateLimited) as caught:
        flood()
    assert caught.value.retry_after
    assert len(guest.events()) < 40


def test_the_announcer_ends_a_doubt_without_a_second_event(signed_in, guest, tmp_path):
    post = Announcement("p", "https://blog.example/p/", "Grüße", NOW, "r", language="de")
    journal = FileJournal(tmp_path / "ledger.jsonl")

    def run(network, at):
        account = Account("firma", network, backlog=True)
        (outcome,) = syndicate([post], [account], journal, clock=lambda: at)
        return outcome.outcome

    faults = (Fault.RESET, None, None)
    results = [
        run(signed_in(fault), NOW.replace(hour=12 + hours)) for hours, fault in enumerate(faults)
    ]
    assert results == [Result.IN_DOUBT, Result.ANNOUNCED, Result.UNCHANGED]
    assert len(guest.events()) == 1
