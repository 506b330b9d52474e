"""The blog's ledger: in a file, or in a database that several machines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from litfass.bridge.borders import border
from litfass.bridge.keys import LEDGER, read_keys
from litfass.errors import LitfassError, Problem, SettingsError
from litfass.model import Post
from litfass.settings import FILE, Blog, SyndicationSettings
from litfass.tables import line_of
from litfass_syndication import archive
from litfass_syndication.archive import Entered, Findings
from litfass_syndication.errors import LedgerError
from litfass_syndication.journal import FileJournal, Journal

_PLACE = "[syndication]"


def journal_of(blog: Blog, environ: Mapping[str, str]) -> Journal:
    """Return the blog's ledger. Raises SettingsError for one of a kind that we do not know."""
    ledger = blog.settings.syndication.ledger
    if "://" not in ledger:
        return FileJournal(blog.root / ledger)
    from litfass_syndication.database import SCHEMES, Database, parse  # noqa: PLC0415 - rarely used
    from litfass_syndication.shared import SharedJournal  # noqa: PLC0415 - rarely used

    if not ledger.startswith(SCHEMES):
        hint = 'Write a file\'s name, such as "syndication/ledger.jsonl", or postgresql://…'
        raise _wrong(blog, f'"ledger" in {_PLACE} is neither a file nor in PostgreSQL', hint)
    if LEDGER in blog.settings.accounts:
        hint = "Give the account another name."
        raise _wrong(blog, f'the account "{LEDGER}" would share the ledger\'s password', hint)
    try:
        address = parse(ledger)
    except LedgerError as error:
        hint = f"{error.hint} {_PASSWORD}"
        raise _wrong(blog, f'"ledger" in {_PLACE} holds a password', hint) from None
    password = read_keys(blog.root, blog.settings.accounts, environ).secret(LEDGER, "password")
    return SharedJournal(Database(address, password))


def require_moved(blog: Blog, journal: Journal) -> None:
    """Refuse to begin anew in a database while the ledger so far lies in its usual file.

    An account that announces its backlog would say everything again. Raises LitfassError.
    """
    usual = SyndicationSettings().ledger
    if "://" not in blog.settings.syndication.ledger or not (blog.root / usual).is_file():
        return
    if not journal.read() and FileJournal(blog.root / usual).read():
        raise LitfassError(
            f"The ledger {journal.name} is empty, and {usual} is not.",
            f"Take along what was announced so far: litfass ledger import {usual}",
        )


_PASSWORD = (
    "Set LITFASS_LEDGER_PASSWORD in the environment, or write it into secrets.toml beside "
    f'litfass.toml: password = "…" below a line [{LEDGER}]. PGPASSWORD and ~/.pgpass do as well.'
)


def _wrong(blog: Blog, message: str, hint: str) -> SettingsError:
    line = line_of(blog.settings.text, "syndication", "ledger")
    return SettingsError(message, hint, path=FILE, line=line)


@dataclass(frozen=True, slots=True)
class Archive:
    """A blog's ledger as a whole: to take elsewhere, and to go over."""

    blog: Blog
    journal: Journal

    @property
    def name(self) -> str:
        """The ledger as litfass.toml has it, or, of a database, its address."""
        written = self.blog.settings.syndication.ledger
        return self.journal.name if "://" in written else written

    def take_out(self) -> tuple[bytes, int]:
        """Return all records as a file of JSON lines, and their number. Raises LitfassError."""
        with border():
            return archive.take_out(self.journal)

    def bring_in(self, content: bytes, name: str) -> Entered:
        """Add the records of a file that are not there yet. Raises LitfassError, and adds none."""
        with border():
            return archive.bring_in(self.journal, content, name)

    def go_over(self, posts: Iterable[Post] | None) -> tuple[Findings, tuple[Problem, ...]]:
        """Return what the ledger holds, and what is wrong with it. Raises LitfassError.

        It is compared with the blog's posts, unless they are None: not known.
        """
        ids = None if posts is None else {post.id for post in posts}
        with border():
            findings = archive.go_over(self.journal, ids, self.blog.settings.accounts)
        return findings, tuple(_problems(findings, self.name))


def open_archive(blog: Blog, environ: Mapping[str, str]) -> Archive:
    """Return the blog's ledger as a whole. Raises LitfassError."""
    return Archive(blog, journal_of(blog, environ))


def _problems(findings: Findings, name: str) -> Iterator[Problem]:
    for flaw in findings.flaws:
        yield Problem(flaw.message, flaw.hint, name, flaw.line)
    for post in findings.posts:
        hint = "It stays in the ledger, so that it is not announced again should it come back."
        yield Problem(f'there is no post "{post}" any more', hint, name, severity="warning")
    for account in findings.accounts:
        hint = f"litfass.toml has no [accounts.{account}]. Was it renamed? A name is permanent."
        yield Problem(f'there is no account "{account}" any more', hint, name, severity="warning")
