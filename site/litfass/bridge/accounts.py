"""`[accounts.NAME]` becomes an account: read strictly, signed in with its secrets."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from litfass.bridge.given import with_given
from litfass.bridge.keys import Keys, variable, where_to_put
from litfass.bridge.paths import FOLDER, with_paths
from litfass.errors import Problem
from litfass.settings import FILE, Blog
from litfass.tables import Reader
from litfass.utm import Utm, objection, parameters
from litfass_syndication.account import DEFAULT_TEMPLATE, Account
from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import Capabilities, Content
from litfass_syndication.errors import AccountError
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret, Speech
from litfass_syndication.networks import network_class

_NOWHERE = "https://nowhere.invalid"  # for networks without a server; RFC 6761, section 6.4

# From a speech, a server, an account's name and secrets to what an adapter wants: `Http` or `Mail`.
Connect = Callable[[Speech, str, str, tuple[Secret, ...]], Any]


def _not_negative(value: int) -> str | None:
    return None if value >= 0 else f"must be 0 or more, not {value}"


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What every account may say of itself, whatever its network.

    `template` is a message template, or the name of a file in `syndication/` that has one.
    """

    network: str
    label: str = ""
    template: str = ""
    hashtags: int = field(default=3, metadata={"check": _not_negative})
    backlog: bool = False
    corrections: Literal["update", "leave"] = "update"
    content: Literal["article", "excerpt"] | None = None
    utm: Utm | None = field(default=None, metadata={"check": objection})


@dataclass(frozen=True, slots=True)
class Described:
    """An account as `litfass.toml` describes it; nobody has signed in yet.

    `options` are what the network wants to know, an empty Secret in place of each in `missing`.
    """

    name: str
    settings: AccountSettings
    adapter: type[Network[Any]]
    options: Any
    template: str
    missing: tuple[str, ...] = ()
    utm: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How readers call it."""
        own = getattr(self.options, "title", "")  # what a place for posting by hand is called
        return self.settings.label or own or self.adapter.title

    def account(self, connect: Connect, *, rehearsal: bool = False) -> Account:
        """Return the account, ready to speak; in a rehearsal it needs no secret."""
        options = self.options
        server = getattr(options, "server", _NOWHERE)
        line = connect(self.adapter.speaks, server, self.name, tuple(_secrets(options)))
        network = self.adapter(options, line)
        if self.missing:
            network = _SignedOut(
                options, line, network, self.name, self.missing, rehearsal=rehearsal
            )
        own = self.settings
        return Account(
            self.name, network, own.label, self.template, own.hashtags, own.backlog,
            own.corrections, Content(own.content) if own.content else None, self.utm,
        )  # fmt: skip


def describe(blog: Blog, keys: Keys) -> tuple[tuple[Described, ...], tuple[Problem, ...]]:
    """Return the blog's accounts as far as they are well described, and what is wrong."""
    reader = Reader(FILE, blog.settings.text)
    found = (
        _described(blog, name, table, keys, reader)
        for name, table in blog.settings.accounts.items()
    )
    described = tuple(one for one in found if one)
    _note_twins(blog.settings.accounts, reader)
    return described, tuple(reader.problems)


def _described(
    blog: Blog, name: str, table: Mapping[str, object], keys: Keys, reader: Reader
) -> Described | None:
    place = f"accounts.{name}"
    adapter = _adapter(table.get("network"), reader, place)
    if adapter is None:
        return None
    plain = {key.replace("-", "_"): value for key, value in table.items()}
    secret_names = tuple(secret_fields(adapter.options))
    common = {one.name for one in dataclasses.fields(AccountSettings)}
    known = (*common, *(one.name for one in dataclasses.fields(adapter.options)))
    _note_secrets(name, plain, secret_names, reader)
    _note_unknown(table, known, secret_names, reader, place)
    ours = {key: value for key, value in plain.items() if key in common}
    theirs = {key: value for key, value in plain.items() if key in known and key not in common}
    filled = with_given(with_paths(theirs, adapter.options, blog.root), adapter.options, blog)
    filled |= _with_secrets(name, adapter.options, keys)
    missing = tuple(key for key, value in filled.items() if value == Secret(""))
    settings = reader.read(AccountSettings, ours, place)
    options = reader.read(adapter.options, filled, place)
    if settings is None or options is None:
        return None
    _note_content(settings, adapter, reader, place)
    template = _template(blog, settings.template, reader, place)
    utm = parameters(adapter.name, blog.settings.syndication.utm, settings.utm)
    return Described(name, settings, adapter, options, template, missing, utm)


def _adapter(network: object, reader: Reader, place: str) -> type[Network[Any]] | None:
    try:
        if isinstance(network, str):
            return network_class(network)
        reader.note(f'"network" is missing in [{place}]', 'Add a line: network = "…"', table=place)
    except AccountError as error:
        reader.note(error.message.rstrip("."), error.hint, table=place, key="network")
    return None


def secret_fields(options: type) -> Iterator[str]:
    """Yield the names of a network's options that are secrets."""
    for name, hint in typing.get_type_hints(options).items():
        if hint is Secret or Secret in typing.get_args(hint):
            yield name


def _secrets(options: Any) -> Iterator[Secret]:
    values = (getattr(options, one.name) for one in dataclasses.fields(options))
    return (value for value in values if isinstance(value, Secret) and value)


def _note_secrets(
    name: str, table: Mapping[str, object], secret: tuple[str, ...], reader: Reader
) -> None:
    for key in table:
        if key in secret:
            hint = f"Take it out. {where_to_put(name, key)} If others have seen it, get a new one."
            message = f'"{key}" in [accounts.{name}] is a secret, and this file is no place for one'
            reader.note(message, hint, table=f"accounts.{name}", key=key)


def _note_content(
    settings: AccountSettings, adapter: type[Network[Any]], reader: Reader, place: str
) -> None:
    """Note an account that shall pass on more than its network takes."""
    takes = adapter.capabilities.contents
    if settings.content and settings.content not in takes:
        message = f'"content" in [{place}] is "{settings.content}"'
        ways = " or ".join(f'"{one}"' for one in takes)
        hint = f"{adapter.title} takes {ways}." if ways else f"{adapter.title} takes messages only."
        reader.note(message, f"{hint} Take the line out.", table=place, key="content")


def _note_twins(names: Iterable[str], reader: Reader) -> None:
    """Note accounts that one variable of the environment would belong to."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(variable(name, ""), name)
        if other != name:
            message = f'the accounts "{other}" and "{name}" would share their secrets'
            hint = "In the environment their names are the same; give one of them another."
            reader.note(message, hint, table=f"accounts.{name}")


def _note_unknown(
    table: Mapping[str, object],
    known: tuple[str, ...],
    secret: tuple[str, ...],
    reader: Reader,
    place: str,
) -> None:
    unknown = (key for key in table if key.replace("-", "_") not in known)
    reader.note_unknown(unknown, (key for key in known if key not in secret), place)


def _with_secrets(name: str, options: type, keys: Keys) -> dict[str, object]:
    """Look the secrets up: an empty one for each that is missing, none for what may be."""
    hints = typing.get_type_hints(options)
    found = {key: keys.secret(name, key) for key in secret_fields(options)}
    return {
        key: value or Secret("") for key, value in found.items() if value or hints[key] is Secret
    }


def _template(blog: Blog, written: str, reader: Reader, place: str) -> str:
    if not written:
        return DEFAULT_TEMPLATE
    if "{{" in written or "\n" in written:
        return written
    try:
        return (blog.root / FOLDER / written).read_text("utf-8-sig")
    except (OSError, ValueError):
        hint = f"Make the file {FOLDER}/{written}, or write the template here: {{{{ title }}}} …"
        reader.note(f'the template "{written}" cannot be read', hint, table=place, key="template")
        return DEFAULT_TEMPLATE


class _SignedOut(Network[Any]):
    """An account whose secrets are missing: it can be rehearsed with, and says what it lacks."""

    def __init__(
        self,
        options: Any,
        http: Http,
        network: Network[Any],
        account: str,
        missing: tuple[str, ...],
        *,
        rehearsal: bool,
    ) -> None:
        super().__init__(options, http)
        self._network = network
        self._account = account
        self._missing = missing
        self._rehearsal = rehearsal
        # What a class says of its network belongs to the one that it stands for.
        self.__dict__.update(
            name=network.name, title=network.title, capabilities=network.capabilities
        )

    def limits(self) -> Capabilities:
        """Return what the account allows, in a rehearsal as far as strangers are told."""
        if not self._rehearsal:
            raise self._lack()
        return self._network.limits()

    def publish(self, message: Message, key: str) -> Receipt:
        """Raise AccountError."""
        del message, key
        raise self._lack()

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Raise AccountError."""
        del message, key, since
        raise self._lack()

    def listing(self) -> Iterator[Posted]:
        """Raise AccountError."""
        raise self._lack()

    def withdraw(self, receipt: Receipt) -> None:
        """Raise AccountError."""
        del receipt
        raise self._lack()

    def whoami(self) -> Identity:
        """Raise AccountError."""
        raise self._lack()

    def _lack(self) -> AccountError:
        what = " and ".join(name.replace("_", " ") for name in self._missing)
        hints = (where_to_put(self._account, name) for name in self._missing)
        be = "is" if len(self._missing) == 1 else "are"
        return AccountError(f"{self._account}: its {what} {be} missing.", " ".join(hints))
