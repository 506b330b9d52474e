# ruff: noqa: S101, PLR2004 - a contract is made of asserts and of the numbers of HTTP
"""The contract of networks that only machines read: their answers say nothing but yes or no."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from litfass_syndication.announcement import Article, Message, Receipt
from litfass_syndication.capabilities import Dedupe
from litfass_syndication.errors import OutcomeUnknown, Unauthorised
from litfass_syndication.testing.contract import NetworkContract
from litfass_syndication.testing.examples import KEY, plain_message
from litfass_syndication.testing.wire import Fault, Reply


class QuietContract(NetworkContract):
    """What every adapter promises that tells machines of a page."""

    article: ClassVar[str] = "<p>We have built a bench.</p>"

    def message(self, **changes: Any) -> Message:
        """Return what is told: a page, and what it says."""
        article = Article(self.article, lambda: self.article)
        return plain_message(**{"article": article, **changes})

    def _is_public(self, receipt: Receipt) -> None:
        assert receipt.identifier
        assert not receipt.url, "there is nothing for a reader to look at"

    def test_it_is_quiet(self) -> None:
        """It may be told again, it is told of changes and ends, and it is given the text."""
        able = self.network.capabilities
        assert able.quiet
        assert able.dedupe is Dedupe.REPEAT
        assert able.edit
        assert able.withdraw
        assert able.contents

    def test_it_says_of_whom_or_whom_it_tells(self) -> None:
        """Nobody has an account, so it is a host, and nobody is asked."""
        wire = self.wire()
        assert self.connected(wire).whoami().handle.endswith(".example")
        assert not wire.requests

    def test_what_it_has_told_it_tells_again(self) -> None:
        """A changed page is told like a new one."""
        wire = self.wire()
        network = self.connected(wire)
        receipt = network.publish(self.message(), KEY)
        again = self.connected(wire).edit(receipt, self.message(title="Now with a drawer"))
        self._is_public(again)
        assert sum(map(self.publishes, wire.requests)) == 2

    @pytest.mark.parametrize("status", [400, 404, 413, 422])
    def test_a_refused_message_is_rejected(self, status: int) -> None:
        """What is refused is the site, not the post: once that is mended, it is due again."""
        error, wire = self.failing(self.error(status))
        assert isinstance(error, Unauthorised)
        assert "firma" in error.message
        assert error.hint
        assert len(wire.struck) == 1

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
        ],
        ids=str,
    )
    def test_a_lost_or_useless_answer_is_a_doubt(self, fault: Fault | Reply) -> None:
        """It is told again, a few times at once; the core then sees to it that it is due."""
        error, wire = self.failing(fault)
        assert isinstance(error, OutcomeUnknown)
        assert len(wire.struck) == (1 if fault is Fault.ENDLESS else 4)

    def test_an_article_goes_as_a_whole(self) -> None:
        """It goes nowhere: it only tells whether it has changed, and whom it links to."""
        wire = self.wire()
        self.connected(wire).publish(self.message(), KEY)
        assert wire.requests
        assert not any(self.article.encode() in request.content for request in wire.requests)

    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_any_yes_is_one(self, status: int) -> None:
        """Whatever the answer says besides."""
        wire = self.wire(Reply(status, b"<p>queued"))
        self._is_public(self.connected(wire).publish(self.message(), KEY))
