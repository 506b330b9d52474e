"""All that a blog can do with its accounts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from litfass.bridge.accounts import Described, describe
from litfass.bridge.announcements import announcements, unknown_names
from litfass.bridge.borders import border
from litfass.bridge.keys import Keys, read_keys
from litfass.bridge.ledger import journal_of, require_moved
from litfass.bridge.lines import line_to
from litfass.errors import LitfassError, Problem, Problems
from litfass.settings import Blog, SyndicationSettings
from litfass_syndication import announcer, desk
from litfass_syndication.account import Account
from litfass_syndication.adoption import Findings, adopt_from_network
from litfass_syndication.announcement import Announcement
from litfass_syndication.compose import compose
from litfass_syndication.errors import SyndicationError
from litfass_syndication.http import Connection
from litfass_syndication.identity import recognised
from litfass_syndication.journal import Journal
from litfass_syndication.ledger import Ledger, Slot, Standing, fold
from litfass_syndication.live import Watch, reason_not_live
from litfass_syndication.network import Secret
from litfass_syndication.outcome import Outcome

if TYPE_CHECKING:
    from litfass.brief import Built

Clock = Callable[[], datetime]
Live = Callable[[Announcement], str | None]


def open_syndication(
    blog: Blog, built: Built, environ: Mapping[str, str], clock: Clock, *, rehearsal: bool = False
) -> Syndication:
    """Sign in to the accounts and set the announcements out.

    A rehearsal needs no secrets; otherwise an account without its secrets says so when it is to
    speak. Raises Problems with all that is wrong with accounts, secrets, and names in posts.
    """
    keys = read_keys(blog.root, blog.settings.accounts, environ)
    described = _described(blog, keys, unknown_names(blog, built))
    journal = journal_of(blog, environ)
    with border():
        require_moved(blog, journal)
        accounts = tuple(one.account(line_to, rehearsal=rehearsal) for one in described)
    whole = any(one.network.capabilities.contents for one in accounts)
    said = announcements(blog, built, whole=whole)
    return Syndication(accounts, said, journal, blog.settings.syndication, clock)


def watch(
    blog: Blog,
    environ: Mapping[str, str],
    clock: Clock,
    sleep: Callable[[float], object],
    waiting: Callable[[str], None],
    stop: Event | None = None,
) -> Live:
    """Return who waits until a page is live, as long as the settings allow in all.

    `waiting` is told of each address that is looked at; nobody waits once `stop` is set. A blog
    behind a password (HTTP Basic) is looked at with that of the environment.
    """
    seconds = blog.settings.syndication.wait_seconds
    if not seconds:
        return lambda _: None
    with border():
        http = Connection(blog.settings.site.address, **_password(environ))
    stopped = stop.is_set if stop else lambda: False
    patient = Watch(partial(reason_not_live, http), seconds, clock, sleep, stopped)

    def live(announcement: Announcement) -> str | None:
        waiting(announcement.url)
        return patient(announcement)

    return live


def _password(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what lets us in to a blog that is not for everyone yet."""
    user, password = (environ.get(f"LITFASS_SITE_{name}", "") for name in ("USER", "PASSWORD"))
    if not (user and password):  # an account named "site" may have a password, too
        return {}
    basic = b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    return {"headers": headers, "secrets": (Secret(password), Secret(basic))}


def _described(blog: Blog, keys: Keys, more: tuple[Problem, ...] = ()) -> tuple[Described, ...]:
    described, problems = describe(blog, keys)
    if problems or more:
        raise Problems((*problems, *more))
    return described


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of withdrawing a post on an account; where it was, or why it is still there."""

    account: str
    done: bool
    url: str = ""
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Syndication:
    """A blog's accounts, announcements and ledger."""

    accounts: tuple[Account, ...]
    announcements: tuple[Announcement, ...]
    journal: Journal
    settings: SyndicationSettings
    clock: Clock

    def run(
        self,
        live: Live,
        *,
        report: Callable[[Outcome], None] = lambda _: None,
        dry_run: bool = False,
        posts: Collection[str] | None = None,
        accounts: Collection[str] | None = None,
        stop: Event | None = None,
    ) -> tuple[Outcome, ...]:
        """Announce what is due and say what became of each post on each account.

        Once `stop` is set, what is begun is finished, and nothing else begins.
        Raises LitfassError when the ledger is unusable, or a post or account does not exist.
        """
        with border():
            return announcer.syndicate(
                self.announcements,
                self.accounts,
                self.journal,
                clock=self.clock,
                live=live,
                report=report,
                dry_run=dry_run,
                only_posts=posts,
                only_accounts=accounts,
                max_age_days=self.settings.max_age_days,
                max_per_run=self.settings.max_per_run,
                stop=stop,
            )

    def statuses(self) -> tuple[desk.Status, ...]:
        """Return where every post stands on every account. Raises LitfassError."""
        with border():
            return desk.statuses(
                self.journal,
                self.announcements,
                self.accounts,
                clock=self.clock,
                max_age_days=self.settings.max_age_days,
            )

    def settle(self, post: str, account: str, url: str | None) -> None:
        """End a doubt: the post was announced at `url`, or is not there. Raises LitfassError."""
        with border():
            desk.settle(self.journal, self.slot(post, account), url, self.clock)

    def slot(self, post: str, account: str) -> Slot:
        """Return the slot of a post and an account, known to the blog or to the ledger.

        Raises LitfassError, and LedgerError.
        """
        ledger = self._recognised()
        known = {one.name for one in self.accounts} | {slot.account for slot in ledger.entries}
        _check(account, known, "account")
        self._check_post(post, ledger)
        return Slot(post, account)

    def withdraw(self, post: str, accounts: Collection[str] | None) -> tuple[Withdrawal, ...]:
        """Delete what was announced of a post, on these accounts or on all that announced it.

        Raises LitfassError when the ledger is unusable, or a post or account does not exist.
        """
        with border():
            ledger = self._recognised()
        self._check_post(post, ledger)
        here = ledger.post(post)
        announced = (
            slot.account
            for slot, entry in ledger.entries.items()
            if slot.post == here and entry.standing is Standing.ANNOUNCED
        )
        return tuple(self._withdrawn(post, name) for name in accounts or announced)

    def _recognised(self) -> Ledger:
        """Return the ledger, with what was renamed since written down in it."""
        ledger, renamed = recognised(self.announcements, self.journal.read(), self.clock())
        self.journal.append(*renamed)
        return ledger

    def _withdrawn(self, post: str, name: str) -> Withdrawal:
        try:
            with border():
                url = desk.withdraw(self.journal, self._account(name), post, self.clock)
        except LitfassError as error:
            return Withdrawal(name, done=False, reason=error.message, hint=error.hint)
        return Withdrawal(name, done=True, url=url)

    def adopt(
        self,
        account: str,
        since: datetime | None,
        *,
        besides: Collection[str] = (),
        dry_run: bool = False,
    ) -> int:
        """Draw an account's line; return how many posts stay unannounced. Raises LitfassError.

        Posts `besides` are spoken for.
        """
        adopter = self._account(account)
        past = tuple(one for one in self.announcements if one.post not in besides)
        with border():
            return desk.adopt(self.journal, adopter, past, since, self.clock, dry_run=dry_run)

    def adopt_from_network(self, account: str, *, dry_run: bool = False) -> Findings:
        """Write down what the account has announced already. Raises LitfassError."""
        adopter = self._account(account)
        with border():
            return adopt_from_network(
                self.journal, adopter, self.announcements, self.clock, dry_run=dry_run
            )

    def is_known(self, account: str) -> bool:
        """Tell whether the account's line is drawn. Raises LitfassError."""
        with border():
            return account in fold(self.journal.read()).lines

    def _account(self, name: str) -> Account:
        _check(name, {one.name for one in self.accounts}, "account")
        return next(one for one in self.accounts if one.name == name)

    def _check_post(self, post: str, ledger: Ledger) -> None:
        known = {one.post for one in self.announcements}
        known |= {slot.post for slot in ledger.entries} | ledger.names.keys()
        _check(post, known, "post")

    def misfits(self) -> tuple[tuple[str, str, str], ...]:
        """Return post, message and hint of all that would not fit, without asking a network."""
        return tuple(
            (announcement.post, error.message, error.hint)
            for announcement in self.announcements
            for account in self.accounts
            if announcement.accounts is None or account.name in announcement.accounts
            if (error := _misfit(announcement, account))
        )


def _misfit(announcement: Announcement, account: Account) -> SyndicationError | None:
    try:
        compose(announcement, account, account.network.capabilities)
    except SyndicationError as error:
        return error
    return None


def _check(name: str, known: Collection[str], kind: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise LitfassError(
            f'There is no {kind} "{name}".', f'Did you mean "{near[0]}"?' if near else ""
        )
