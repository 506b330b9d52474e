"""An account on the town's network, with a ledger and a clock of its own."""

from __future__ import annotations

import pytest
from tests.syndication.town import DAY, START, Clock

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Line


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path):
    return FileJournal(tmp_path / "syndication" / "ledger.jsonl")


@pytest.fixture
def run(journal, clock):
    """Run the announcer as an account called "town" does whose line was drawn long ago."""
    journal.append(Line("town", START - 100 * DAY, START - 100 * DAY))

    def run(posts, town, **terms):
        accounts = terms.pop("accounts", None) or (Account("town", town),)
        return syndicate(posts, accounts, journal, clock=clock, **terms)

    return run
