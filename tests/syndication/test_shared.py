"""The ledger in a real PostgreSQL: the same promises, and what only a database can do to them."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from tests.servers.postgres import PASSWORD, USER
from tests.syndication.ledgers import JournalContract, attempts, event
from tests.syndication.town import DAY, START, Clock, Town, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcer import syndicate
from litfass_syndication.database import STEPS, Database, parse
from litfass_syndication.errors import LedgerError
from litfass_syndication.ledger import Line, Slot, Standing, Step, fold
from litfass_syndication.network import Secret
from litfass_syndication.records import encode
from litfass_syndication.shared import SharedJournal

pytestmark = pytest.mark.server


def journal_at(address, password=PASSWORD, steps=STEPS):
    return SharedJournal(Database(parse(address), Secret(password), steps))


@pytest.fixture
def address(postgres):
    return postgres.database()


@pytest.fixture
def journal(address):
    return journal_at(address)


class TestSharedJournal(JournalContract):
    @pytest.fixture
    def reopen(self, address):
        return partial(journal_at, address)


def test_reading_makes_no_tables(journal, postgres, address):
    journal.read()
    journal.written()
    tables = "SELECT relname FROM pg_class WHERE relname LIKE 'litfass%'"
    assert postgres.ask(tables, address) == []
    journal.append(event())
    assert ("litfass_records",) in postgres.ask(tables, address)


def test_blogs_that_share_a_database_know_nothing_of_each_other(address):
    ours, theirs = journal_at(f"{address}?blog=ours"), journal_at(f"{address}?blog=theirs")
    unnamed = journal_at(address)
    for journal in (ours, theirs, unnamed):
        assert journal.claim(event())
        assert attempts(journal) == ["1"]
    with ours.turn("konto"), theirs.turn("konto"):
        assert not unnamed.claim(event(attempt="2"))


def test_what_libpq_understands_may_be_in_the_address(address, postgres):
    postgres.ask("CREATE SCHEMA town", address)
    journal = journal_at(f"{address}?options=-csearch_path%3Dtown&blog=a%26b&connect_timeout=3")
    journal.append(event())
    rows = postgres.ask("SELECT blog, line FROM town.litfass_records", address)
    assert [blog for blog, _ in rows] == ["a&b"]


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_who_waited_to_claim_sees_what_was_claimed_meanwhile(address, postgres, level):
    name = address.rpartition("/")[2]
    postgres.ask(f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
    ours = Database(parse(address), Secret(PASSWORD))
    theirs = journal_at(address)
    with ThreadPoolExecutor(1) as pool, ours.connected() as connection:
        with ours.alone(connection):
            claimed = pool.submit(theirs.claim, event(attempt="theirs"))
            postgres.wait_for_a_queue(address)
            ours.add(connection, [encode(event(attempt="ours")).encode()])
        assert not claimed.result()
    assert attempts(theirs) == ["ours"]


def test_what_is_committed_waits_for_the_disk(address, postgres):
    name = address.rpartition("/")[2]
    postgres.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with Database(parse(address), Secret(PASSWORD)).connected() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW tcp_keepalives_idle").fetchone() == ("30",)


def test_tables_are_made_once_however_many_come_first(address):
    with ThreadPoolExecutor(8) as pool:
        claims = pool.map(lambda _: journal_at(address).claim(event()), range(8))
        assert sorted(claims) == [False] * 7 + [True]


def test_a_newer_version_of_the_tables_is_refused(address):
    journal_at(address, steps=(*STEPS, "ALTER TABLE litfass_records ADD mood text")).append(event())
    older = journal_at(address)
    for act in (older.read, partial(older.append, event()), partial(older.claim, event())):
        with pytest.raises(LedgerError, match=r"newer Litfass: it has version 2, .* 1\.") as caught:
            act()
        assert caught.value.hint == "Update Litfass."


def test_older_tables_are_brought_up_to_date_and_keep_what_they_hold(address, postgres):
    journal_at(address).append(event())
    more = ("ALTER TABLE litfass_records ADD mood text", "CREATE TABLE litfass_moods (mood text)")
    newer = journal_at(address, steps=(*STEPS, *more))
    assert attempts(newer) == ["1"]
    newer.append(event(attempt="2"))
    assert attempts(newer) == ["1", "2"]
    assert postgres.ask("SELECT version FROM litfass_version", address) == [(3,)]


def test_who_waited_to_make_the_tables_does_not_make_newer_ones_older(address, postgres):
    newer = Database(parse(address), Secret(PASSWORD), (*STEPS, "CREATE TABLE litfass_moods ()"))
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(address, password=PASSWORD) as first:
            first.execute("SELECT pg_advisory_xact_lock(hashtext('litfass_version'))")
            older = pool.submit(journal_at(address).append, event())
            postgres.wait_for_a_queue(address)
            newer._step_up(first)
        with pytest.raises(LedgerError, match="newer Litfass"):
            older.result()
    assert postgres.ask("SELECT version FROM litfass_version", address) == [(2,)]


def test_a_step_that_fails_leaves_the_tables_as_they_were(address, postgres):
    journal_at(address).append(event())
    broken = journal_at(address, steps=(*STEPS, "CREATE TABLE litfass_moods (mood text)", "SING"))
    with pytest.raises(LedgerError, match="syntax error"):
        broken.read()
    assert attempts(journal_at(address)) == ["1"]
    assert postgres.ask("SELECT to_regclass('litfass_moods')", address) == [(None,)]


def test_a_database_that_cannot_hold_every_language_is_refused(postgres):
    with pytest.raises(LedgerError, match="cannot hold every language") as caught:
        journal_at(postgres.database(encoding="LATIN1")).append(event())
    assert "createdb --encoding=UTF8" in caught.value.hint


@pytest.mark.parametrize("act", ["read", "written"])
def test_a_server_that_lets_nobody_in_is_an_error_with_a_hint(address, postgres, act):
    postgres.close(address)
    with pytest.raises(LedgerError, match="not currently accepting connections") as caught:
        getattr(journal_at(address), act)()
    assert "LITFASS_LEDGER_PASSWORD" in caught.value.hint


def test_a_server_that_is_not_there_is_an_error():
    journal = journal_at("postgresql://someone@127.0.0.1:1/blog")
    with pytest.raises(LedgerError, match=r"//someone@127\.0\.0\.1:1/blog cannot be"):
        journal.claim(event())


def test_a_wrong_password_is_said_and_never_shown(address):
    wrong = "Wr0ng-password-of-mine"
    with pytest.raises(LedgerError, match=f'authentication failed for user "{USER}"') as caught:
        journal_at(address, wrong).read()
    shown = repr([caught.value.message, caught.value.hint, caught.value.__cause__])
    assert wrong not in shown
    assert caught.value.__suppress_context__


def test_without_psycopg_the_command_that_installs_it_is_told(journal, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match="psycopg, which is not installed") as caught:
        journal.read()
    assert caught.value.hint == "pip install 'litfass[postgres]'"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:S3cret-word@db.example/blog",
        "postgresql://me:S3cret/wo@rd?@db.example/blog",
        "postgresql://db.example/blog?user=me&password=S3cret-word",
        "postgresql://db.example/blog?%70assword=S3cret-word",
        "postgresql://db.example/blog?sslpassword=S3cret-word",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(address):
    with pytest.raises(LedgerError, match="holds a password") as caught:
        parse(address)
    assert "S3cret" not in caught.value.message + caught.value.hint


def test_an_address_without_one_is_shown_as_it_is():
    parsed = parse("postgres://me@[::1]:5433/blog?sslmode=require&blog=Gr%C3%BC%C3%9Fe")
    assert parsed.libpq == "postgres://me@[::1]:5433/blog?sslmode=require"
    assert parsed.blog == "Grüße"
    assert parsed.shown == "postgres://me@[::1]:5433/blog?blog=Grüße"


class TestAConnectionLostIn:
    """Wherever the connection breaks, a post goes out once, or not yet, or a person is asked."""

    @pytest.fixture
    def run(self, journal):
        journal.append(Line("town", START - 100 * DAY, START - 100 * DAY))
        clock = Clock()

        def run(town):
            accounts = (Account("town", town),)
            return results(syndicate([post()], accounts, journal, clock=clock))

        return run

    def test_a_turn_lets_nothing_out(self, run, address, postgres):
        town = Breaking("limits", lambda: postgres.hang_up(address))
        assert run(town) == ["due"]
        assert town.columns == []
        assert run(town) == ["announced"]

    def test_a_turn_lets_others_take_it(self, journal, address, postgres):
        others = journal_at(address)
        with journal.turn("konto"):
            postgres.hang_up(address)
            with others.turn("konto"):
                assert others.claim(event())
            with pytest.raises(LedgerError, match="cannot be used"):
                journal.claim(event("another"))

    def test_an_announcement_is_written_down_over_another(self, run, journal, address, postgres):
        town = Breaking("publish", lambda: postgres.hang_up(address))
        assert run(town) == ["announced"]
        assert len(town.columns) == 1
        assert fold(journal.read()).entry(Slot("hello", "town")).standing is Standing.ANNOUNCED

    def test_an_announcement_for_good_is_a_doubt(self, run, journal, address, postgres):
        town = Breaking("publish", lambda: postgres.close(address))
        assert run(town) == ["in-doubt"]
        postgres.close(address, closed=False)
        assert fold(journal.read()).entry(Slot("hello", "town")).standing is Standing.IN_DOUBT
        assert run(town) == ["in-doubt"]
        assert len(town.columns) == 1


class Breaking(Town):
    """Something breaks while this network does this, once."""

    def __init__(self, when, shatter):
        super().__init__()
        self._when, self._shatter = when, shatter

    def limits(self):
        self._act("limits")
        return super().limits()

    def publish(self, message, key):
        self._act("publish")
        return super().publish(message, key)

    def _act(self, what):
        if what == self._when:
            self._when = ""
            self._shatter()


def test_a_record_sent_twice_is_kept_once(journal):
    journal.append(event(step=Step.PUBLISHED))
    journal.append(event(step=Step.PUBLISHED))
    assert len(journal.read()) == 1
