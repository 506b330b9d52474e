# ruff: noqa: S101, PLR2004 - a contract is made of asserts and of the numbers of HTTP
"""The contract that every network's test inherits.

A network's test class says how to make the network, gives a counterpart that answers as the real
one would, and names the request that makes an announcement public. The contract then puts faults
on that request and looks at what becomes of it.
"""

from __future__ import annotations

import json
import logging
import traceback
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest

from litfass_syndication.announcement import Article, Image, Message, Receipt
from litfass_syndication.capabilities import Card, Content, Dedupe
from litfass_syndication.errors import (
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.measure import fits
from litfass_syndication.network import Network
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing.examples import KEY, picture, plain_message
from litfass_syndication.testing.wire import (
    BEFORE_SENDING,
    Counterpart,
    Fault,
    Reply,
    Request,
    Wire,
)


def _named(fault: Fault | Reply) -> str:
    """Return a test's name for a fault."""
    if isinstance(fault, Fault):
        return fault.name
    return f"{fault.status} {fault.content[:9].decode()}".strip()


def _has(content: bytes, words: str) -> bool:
    """Tell whether a request's body says these words, as they are or within JSON."""
    return words.encode() in content or json.dumps(words)[1:-1].encode() in content


def _has_picture(content: bytes, image: Image) -> bool:
    """Tell whether a picture is among what was sent, as it is or within JSON."""
    file = image.path.read_bytes()
    return file in content or b64encode(file) in content


def _unreadable() -> str:
    raise Unreachable("The text is gone.")


class AdapterContract:
    """What an adapter declares, whatever it speaks to its server: HTTP, mail, or nothing."""

    network: ClassVar[type[Network[Any]]]
    options: ClassVar[Any]

    def test_it_declares_what_it_can(self) -> None:
        """Names, limits and abilities are declared, and only what is declared is overridden."""
        kind, able = self.network, self.network.capabilities
        assert kind.name.isascii()
        assert kind.name == kind.name.lower()
        assert kind.title
        assert kind.options is type(self.options)
        assert able.limits
        assert all(limit.maximum is None or limit.maximum > 0 for limit in able.limits)
        assert able.edit == (kind.edit is not Network.edit)
        assert able.withdraw == (kind.withdraw is not Network.withdraw)
        assert able.listing == (kind.listing is not Network.listing)
        if able.dedupe in {Dedupe.LOOKUP, Dedupe.CONTENT}:
            assert kind.find is not Network.find
        if able.images:
            assert able.images.media_types


class NetworkContract(AdapterContract):
    """What every adapter that speaks HTTP promises. A test class fills in the first four."""

    server: ClassVar[str] = "https://network.example"
    describes_pictures: ClassVar[bool] = True
    tells_where: ClassVar[bool] = True  # a webhook may only say that it is done

    def counterpart(self) -> Counterpart:
        """Return a fresh counterpart that answers as the network does when all is well."""
        raise NotImplementedError

    def publishes(self, request: Request) -> bool:
        """Tell whether the request is the one that makes an announcement public."""
        raise NotImplementedError

    def message(self, **changes: Any) -> Message:
        """Return what is announced: a short text, with whatever else the network needs."""
        return plain_message(**changes)

    def picture(self, folder: Path) -> Image:
        """Return a picture that the network takes, written into the folder."""
        return picture(folder)

    def error(self, status: int) -> Reply:
        """Return the network's answer with this error status, in its own words."""
        return Reply.of({"error": "The counterpart will not have it."}, status)

    def wire(self, fault: Fault | Reply | None = None) -> Wire:
        """Return a wire to a fresh counterpart, with a fault on what makes public."""
        return Wire(self.counterpart(), self.publishes, fault)

    def connected(self, wire: Wire) -> Network[Any]:
        """Return the network, made as the program makes it, at the end of the wire."""
        connection = wire.connection(self.server, *secrets_in(self.options))
        return self.network(self.options, connection)

    def failing(self, fault: Fault | Reply) -> tuple[NetworkError, Wire]:
        """Publish against a fault; return the error and the wire."""
        wire = self.wire(fault)
        with pytest.raises(NetworkError) as caught:
            self.connected(wire).publish(self.message(), KEY)
        assert wire.struck, "the fault was never met: does publishes() name the right request?"
        return caught.value, wire

    def test_the_accounts_own_limits_are_as_sane(self) -> None:
        """What the account's server says of itself refines the declaration."""
        able = self.connected(self.wire()).limits()
        assert able.limits
        assert all(limit.maximum is None or limit.maximum > 0 for limit in able.limits)
        assert fits(self.message().spans, able)

    # What it publishes

    def test_text_alone_is_published_once(self) -> None:
        """One request makes it public, and the receipt says where it is, if that is known."""
        wire = self.wire()
        self._is_public(self.connected(wire).publish(self.message(), KEY))
        assert sum(map(self.publishes, wire.requests)) == 1

    def test_a_picture_goes_with_its_alt_text(self, tmp_path: Path) -> None:
        """Where pictures are taken, the file or its address and its description are sent."""
        able = self.network.capabilities.images
        if not able:
            pytest.skip(f"{self.network.title} takes no pictures")
        wire, image = self.wire(), self.picture(tmp_path)
        receipt = self.connected(wire).publish(self.message(image=image), KEY)
        self._is_public(receipt)
        assert not receipt.notes
        sent = b"\n".join(request.content for request in wire.requests)
        assert _has(sent, image.url) if able.fetched else _has_picture(sent, image)
        assert not self.describes_pictures or _has(sent, image.alt)

    def test_a_card_of_our_own_says_what_the_page_says(self) -> None:
        """Where the client makes the link's card, its address, title and summary are sent."""
        if self.network.capabilities.card is not Card.CLIENT:
            pytest.skip(f"{self.network.title} makes link cards itself, or has none")
        wire, message = self.wire(), self.message()
        self._is_public(self.connected(wire).publish(message, KEY))
        sent = next(filter(self.publishes, wire.requests)).content
        assert all(_has(sent, words) for words in (message.url, message.title, message.summary))

    def test_an_article_goes_as_a_whole(self) -> None:
        """Where whole articles are taken, one is sent; where it cannot be read, nothing is."""
        if Content.ARTICLE not in self.network.capabilities.contents:
            pytest.skip(f"{self.network.title} takes no whole articles")
        wire = self.wire()
        article = Article("an edition", lambda: "<p>Der ganze Text.</p>")
        self._is_public(self.connected(wire).publish(self.message(article=article), KEY))
        assert any(_has(request.content, "Der ganze Text.") for request in wire.requests)
        lost = Article("an edition", _unreadable)
        wire = self.wire()
        with pytest.raises(Unreachable, match="is gone"):
            self.connected(wire).publish(self.message(article=lost), KEY)
        assert not any(map(self.publishes, wire.requests))

    def test_the_key_is_really_sent(self) -> None:
        """An adapter that declares a key sends it: one for one attempt, another for another."""
        if self.network.capabilities.dedupe is not Dedupe.KEY:
            pytest.skip(f"{self.network.title} takes no key")
        first, again, other = (self._published_with(key) for key in (KEY, KEY, f"{KEY}-2"))
        assert first == again
        assert first != other

    def test_what_it_published_is_in_its_listing(self) -> None:
        """Where own posts are listed, one is known by its link, and has the same receipt."""
        network, message = self.connected(self.wire()), self.message()
        if not network.limits().listing:
            pytest.skip(f"{self.network.title} does not list this account's posts")
        receipt = network.publish(message, KEY)
        (posted,) = network.listing()
        assert posted.receipt == receipt
        assert message.url in posted.links

    def _published_with(self, key: str) -> tuple[object, ...]:
        wire = self.wire()
        self.connected(wire).publish(self.message(), key)
        sent = next(filter(self.publishes, wire.requests))
        return sent.url, tuple(sorted(sent.headers.items())), sent.content

    def _is_public(self, receipt: Receipt) -> None:
        if not self.tells_where:
            assert receipt == Receipt("", "")
            return
        assert receipt.identifier
        assert urlsplit(receipt.url).scheme in {"https", "http"}
        assert urlsplit(receipt.url).hostname

    # What can go wrong

    @pytest.mark.parametrize("status", [401, 403])
    def test_refused_credentials_are_unauthorised(self, status: int) -> None:
        """Nothing happened, and the account's name and a hint say whose credentials it were."""
        error, _ = self.failing(self.error(status))
        assert isinstance(error, Unauthorised)
        assert "firma" in error.message
        assert error.hint

    @pytest.mark.parametrize("status", [404, 413, 422])
    def test_a_refused_message_is_rejected(self, status: int) -> None:
        """Nothing happened, and asking again would not change that."""
        error, wire = self.failing(self.error(status))
        assert isinstance(error, Rejected)
        assert "firma" in error.message
        assert len(wire.struck) == 1

    def test_a_long_rate_limit_is_told(self) -> None:
        """The seconds to wait are handed on."""
        reply = self.error(429)
        limited = replace(reply, headers={**reply.headers, "Retry-After": "120"})
        error, wire = self.failing(limited)
        assert isinstance(error, RateLimited)
        assert error.retry_after == 120
        assert len(wire.struck) == 1

    def test_a_rate_limit_without_a_time_is_one(self) -> None:
        """A network that does not say how long is left alone."""
        error, wire = self.failing(self.error(429))
        assert isinstance(error, RateLimited)
        assert error.retry_after is None
        assert len(wire.struck) == 1

    @pytest.mark.parametrize("fault", BEFORE_SENDING)
    def test_no_connection_is_unreachable(self, fault: Fault) -> None:
        """Nothing was sent."""
        error, _ = self.failing(fault)
        assert isinstance(error, Unreachable)

    @pytest.mark.parametrize(
        "fault",
        [
            Fault.READ_TIMEOUT,
            Fault.RESET,
            Fault.DISCONNECTED,
            Fault.ENDLESS,
            Reply(500),
            Reply(502, b"<html><h1>Bad Gateway</h1></html>"),
            Reply(503, headers={"Retry-After": "1"}),
            Reply(504),
            Reply(200),
            Reply(200, b"{"),
            Reply(200, b"[]"),
            Reply(200, b"{}"),
            Reply(200, b"<!doctype html><title>Maintenance</title>"),
            Reply(302, headers={"Location": "/login"}),
        ],
        ids=_named,
    )
    def test_a_lost_or_useless_answer_is_a_doubt(self, fault: Fault | Reply) -> None:
        """It may have happened; without a key it was sent exactly once."""
        error, wire = self.failing(fault)
        assert isinstance(error, OutcomeUnknown)
        if self.network.capabilities.dedupe not in {Dedupe.KEY, Dedupe.IDENTIFIER}:
            assert len(wire.struck) == 1

    @pytest.mark.parametrize("status", [400, 401, 422, 429, 500])
    def test_secrets_show_nowhere(self, status: int, caplog: pytest.LogCaptureFixture) -> None:
        """Not in the message, the hint, the repr, the traceback or the logs, even if echoed."""
        caplog.set_level(logging.DEBUG)
        secrets = [secret.reveal() for secret in secrets_in(self.options)]
        echo = Reply.of({"error": " ".join(["You sent", *secrets])}, status)
        error, _ = self.failing(echo)
        trace = "".join(traceback.format_exception(error))
        seen = (error.message, error.hint, repr(error), str(error), trace, caplog.text)
        for secret in secrets:
            assert not any(secret in text for text in (*seen, repr(self.options)))
        assert error.__cause__ is None
        assert error.__context__ is None
