"""A ledger's tables in PostgreSQL, and the way to them. Only this module knows psycopg.

`litfass_records` has the ledgers of one or more blogs: the same lines as a file, each once, in the
order in which they were written. `litfass_version` says how many of our steps made the tables.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from litfass_syndication.errors import LedgerError
from litfass_syndication.network import Secret
from litfass_syndication.written import Written

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
BLOG = "blog"

# Each step is taken once, in this order; what was released is never changed, only added to.
STEPS: tuple[str, ...] = (
    """
    CREATE TABLE litfass_records (
        blog text NOT NULL,
        number bigint GENERATED ALWAYS AS IDENTITY,
        line text NOT NULL,
        digest bytea NOT NULL,
        PRIMARY KEY (blog, number),
        UNIQUE (blog, digest)
    )
    """,
)

# A machine that vanished is noticed within a minute, from either side.
_CONNECTING = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
    "application_name": "litfass",
}
# A turn may last, and may have to be waited for; what is committed must survive a power cut.
_SESSION = """
    SELECT set_config(name, wanted, false)
    FROM pg_settings JOIN (VALUES
        ('statement_timeout', '0'), ('lock_timeout', '0'), ('idle_session_timeout', '0'),
        ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'),
        ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '60000'),
        ('synchronous_commit', 'on')
    ) AS ours (name, wanted) USING (name)
    WHERE name <> 'synchronous_commit' OR setting = 'off'
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a ledger is: what libpq is told, and the blog's name there. `shown` is for people."""

    libpq: str
    blog: str
    shown: str


def parse(address: str) -> Address:
    """Read `postgresql://user@host/database?blog=name`; all else of the query is libpq's.

    Raises LedgerError for a password, which has no place in an address, and never shows it.
    """
    where, _, query = address.partition("?")
    options = [option for option in query.split("&") if option]
    secret = any(unquote(option).partition("=")[0].endswith("password") for option in options)
    if secret or ":" in address.partition("://")[2].rpartition("@")[0]:
        raise LedgerError(
            "The ledger's address holds a password.",
            "Take it out. If others have seen it, get a new one.",
        )
    names = [unquote(one.partition("=")[2]) for one in options if one.startswith("blog=")]
    rest = "&".join(option for option in options if not option.startswith("blog="))
    shown = f"{where}?blog={names[-1]}" if names else where
    return Address(f"{where}?{rest}" if rest else where, names[-1] if names else BLOG, shown)


class Database:
    """The way to the tables. `steps` bring them up to date."""

    def __init__(
        self, address: Address, password: Secret | None = None, steps: tuple[str, ...] = STEPS
    ) -> None:
        self._address = address
        self._password = password
        self._steps = steps

    @property
    def name(self) -> str:
        """The address as people know it; there is no password in it."""
        return self._address.shown

    @contextlib.contextmanager
    def connected(self) -> Iterator[Connection]:
        """Lend a connection to tables that are up to date, made where there were none.

        Raises LedgerError, also for what goes wrong while it is lent.
        """
        with self._opened() as connection:
            self._prepare(connection)
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Lend a connection to a reader, or None where there are no tables yet, and make none."""
        with self._opened() as connection:
            made = bool(_version(connection))
            if made:
                self._prepare(connection)
            yield connection if made else None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Connection]:
        with self.explained(), contextlib.closing(self._connect()) as connection:
            connection.execute(_SESSION)
            yield connection

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Raise what goes wrong with the database as a LedgerError."""
        psycopg = _psycopg()
        try:
            yield
        except psycopg.Error as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise LedgerError(
                f"The ledger {self.name} cannot be used: {said}",
                "Nothing is announced without it. Check that its server runs and lets you in; "
                "a password belongs into LITFASS_LEDGER_PASSWORD, secrets.toml or ~/.pgpass.",
            ) from None

    @contextlib.contextmanager
    def alone(self, connection: Connection) -> Iterator[None]:
        """Write in a transaction, while nobody else writes to the blog's ledger."""
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (self._key(),))
            yield

    def take_turn(self, connection: Connection, account: str) -> None:
        """Wait for an account's turn; it ends with the connection."""
        connection.execute("SELECT pg_advisory_lock(%s)", (self._key(account),))

    def lines(self, connection: Connection, after: int = 0) -> tuple[Written, ...]:
        """Return the lines that were written after the one of this number."""
        rows = connection.execute(
            "SELECT number, line FROM litfass_records WHERE blog = %s AND number > %s "
            "ORDER BY number",
            (self._address.blog, after),
        )
        return tuple(Written(number, line.encode()) for number, line in rows)

    def add(self, connection: Connection, lines: Iterable[bytes]) -> int:
        """Add the lines that are not there yet; return how many were."""
        texts = list(dict.fromkeys(lines))
        digests = [hashlib.blake2b(text, digest_size=16).digest() for text in texts]
        done = connection.execute(
            "INSERT INTO litfass_records (blog, line, digest) "
            "SELECT %s, line, digest FROM unnest(%s::text[], %s::bytea[]) "
            "WITH ORDINALITY AS new (line, digest, place) ORDER BY place ON CONFLICT DO NOTHING",
            (self._address.blog, [text.decode() for text in texts], digests),
        )
        return done.rowcount

    def _key(self, account: str | None = None) -> int:
        """Return the number of a lock: the blog's own, or that of an account's turn."""
        name = json.dumps(("litfass", self._address.blog, account)).encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), signed=True)

    def _connect(self) -> Connection:
        psycopg = _psycopg()
        told = psycopg.conninfo.conninfo_to_dict(self._address.libpq)
        password = {"password": self._password.reveal()} if self._password else {}
        connection: Connection = psycopg.connect(
            autocommit=True,
            prepare_threshold=None,  # a pooler between us and the server may not know of them
            **{**_CONNECTING, **told, **password, "client_encoding": "UTF8"},
        )
        # With a stricter one, who waited for the lock would not see what was written meanwhile.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection

    def _prepare(self, connection: Connection) -> None:
        if _version(connection) < len(self._steps):
            self._step_up(connection)
        version = _version(connection)
        if version > len(self._steps):
            raise LedgerError(
                f"The ledger {self.name} was made by a newer Litfass: it has version "
                f"{version}, and we know up to {len(self._steps)}.",
                "Update Litfass.",
            )

    def _step_up(self, connection: Connection) -> None:
        if connection.info.parameter_status("server_encoding") != "UTF8":
            raise LedgerError(
                f"The database of the ledger {self.name} cannot hold every language.",
                "Make one that can: createdb --encoding=UTF8 --template=template0 NAME",
            )
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('litfass_version'))")
            # Unlike to_regclass, this does not overlook what was made while we waited.
            connection.execute("CREATE TABLE IF NOT EXISTS litfass_version (version integer)")
            version = int(_value(connection, "SELECT max(version) FROM litfass_version") or 0)
            if not version:
                connection.execute("INSERT INTO litfass_version VALUES (0)")
            for step in self._steps[version:]:
                connection.execute(step)
            version = max(version, len(self._steps))
            connection.execute("UPDATE litfass_version SET version = %s", (version,))


def _version(connection: Connection) -> int:
    """Return how many steps the tables have seen; none where there are no tables."""
    if _value(connection, "SELECT to_regclass('litfass_version')") is None:
        return 0
    return int(_value(connection, "SELECT version FROM litfass_version"))


def _value(connection: Connection, query: Any) -> Any:
    (value,) = connection.execute(query).fetchone() or (0,)
    return value


def _psycopg() -> ModuleType:
    try:
        import psycopg  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        raise LedgerError(
            "A ledger in PostgreSQL needs psycopg, which is not installed.",
            "pip install 'litfass[postgres]'",
        ) from error
    return psycopg
