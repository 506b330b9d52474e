"""The blog's ledger: in a file or in PostgreSQL, with its password where secrets are."""

from __future__ import annotations

import pytest
from tests.servers.postgres import PASSWORD
from tests.site.bridge.conftest import NOW

from litfass.bridge import Result
from litfass.errors import LitfassError
from litfass_syndication.archive import bring_in
from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Event, Slot, Step
from litfass_syndication.records import encode

SECRET = "S3cret-word"
LEDGER = "syndication/ledger.jsonl"


def accounts(ledger, name="outbox"):
    return f'ledger = "{ledger}"\n\n[accounts.{name}]\nnetwork = "outbox"\nbacklog = true\n'


def problem(opened, *arguments, **more):
    with pytest.raises(LitfassError) as caught:
        opened(*arguments, **more)
    (found,) = caught.value.problems()
    return found


def test_a_file_anywhere_in_the_blog_may_be_the_ledger(opened):
    syndication = opened(accounts("notes/told.jsonl"))
    syndication.run(lambda _: None)
    assert isinstance(syndication.journal, FileJournal)
    assert syndication.journal.name.endswith("/notes/told.jsonl")


def test_a_ledger_of_a_kind_that_we_do_not_know_is_refused_with_its_line(opened):
    found = problem(opened, accounts("mysql://db.example/blog"))
    assert str(found) == (
        'litfass.toml:8: "ledger" in [syndication] is neither a file nor in PostgreSQL'
    )


def test_a_password_in_the_settings_is_refused_and_the_right_place_told(opened):
    found = problem(opened, accounts(f"postgresql://me:{SECRET}@127.0.0.1:1/blog"))
    assert str(found) == 'litfass.toml:8: "ledger" in [syndication] holds a password'
    assert "LITFASS_LEDGER_PASSWORD" in found.hint
    assert SECRET not in found.hint


def test_an_account_does_not_share_its_secrets_with_the_ledger(opened):
    found = problem(opened, accounts("postgresql://me@127.0.0.1:1/blog", "ledger"))
    assert 'the account "ledger" would share' in found.message


@pytest.mark.server
class TestInPostgreSQL:
    @pytest.fixture
    def settings(self, postgres):
        return accounts(postgres.database())

    @pytest.fixture
    def environ(self):
        return {"LITFASS_LEDGER_PASSWORD": PASSWORD}

    def test_what_one_machine_announced_the_other_does_not(self, opened, settings, environ):
        outcomes = [
            outcome.outcome
            for _ in range(2)
            for outcome in opened(settings, environ=environ).run(lambda _: None)
        ]
        assert outcomes == [Result.ANNOUNCED, Result.UNCHANGED]

    def test_the_password_may_be_in_the_secrets_file(self, opened, settings):
        secrets = {"secrets.toml": f'[ledger]\npassword = "{PASSWORD}"\n'}
        assert opened(settings, secrets).statuses()

    def test_the_password_may_be_where_postgresql_has_it(self, opened, settings, monkeypatch):
        monkeypatch.setenv("PGPASSWORD", PASSWORD)
        assert opened(settings).statuses()

    def test_a_wrong_password_is_never_shown(self, opened, settings):
        syndication = opened(settings, environ={"LITFASS_LEDGER_PASSWORD": SECRET})
        with pytest.raises(LitfassError, match="authentication failed") as caught:
            syndication.run(lambda _: None)
        assert SECRET not in caught.value.message + caught.value.hint + repr(syndication)

    def test_a_ledger_left_behind_in_a_file_is_taken_along_first(self, opened, settings, environ):
        told = Event(Slot("hello", "outbox"), "1", Step.PUBLISHED, NOW, url="outbox.html#1")
        content = f"{encode(told)}\n"
        journal = opened(settings, environ=environ).journal
        found = problem(opened, settings, {LEDGER: content}, environ=environ)
        assert found.hint.endswith(f"litfass ledger import {LEDGER}")
        bring_in(journal, content.encode(), LEDGER)
        syndication = opened(settings, {LEDGER: content}, environ=environ)
        (outcome,) = syndication.run(lambda _: None)
        assert outcome.outcome is Result.UNCHANGED
