"""A new account: what its network wants to know, whose it is, and where that is kept."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import count
from typing import Any

from litfass.bridge.accounts import AccountSettings, Described, describe, secret_fields
from litfass.bridge.bookkeeping import Page, keep_from_git, with_secrets, with_table
from litfass.bridge.borders import border
from litfass.bridge.given import GIVEN
from litfass.bridge.keys import FILE, Keys, read_keys, variable, where_to_put
from litfass.bridge.paths import private_files
from litfass.bridge.visits import Visit, whose
from litfass.errors import LitfassError, Problem, Problems, UsageError
from litfass.settings import Blog, is_account_name, parse
from litfass_syndication.errors import AccountError
from litfass_syndication.network import Network, Secret
from litfass_syndication.networks import network_class

_UNREADABLE = "has characters in it that nobody can see"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account that is about to be connected: `said` is for litfass.toml, `told` is secret."""

    blog: Blog
    name: str
    adapter: type[Network[Any]]
    said: Mapping[str, object]
    keys: Keys = field(repr=False)
    told: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What its network is called."""
        return self.adapter.title

    @property
    def explanation(self) -> str:
        """What the network wants to know of an account, in words."""
        return inspect.getdoc(self.adapter.options) or ""

    def questions(self) -> tuple[tuple[str, bool], ...]:
        """Return what is needed and not known yet, and whether it is a secret."""
        hints = typing.get_type_hints(self.adapter.options)
        needed = (
            one.name
            for one in dataclasses.fields(self.adapter.options)
            if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
            if one.name not in GIVEN and one.name not in self.said and one.name not in self.told
        )
        asked = ((name, hints[name] is Secret) for name in needed)
        return tuple(
            (name, secret)
            for name, secret in asked
            if not (secret and self.keys.secret(self.name, name))
        )

    def answered(self, name: str, answer: str) -> Newcomer:
        """Return the account with an answer. Raises UsageError for one that cannot be written."""
        if not answer.isprintable():
            raise UsageError(Problem(f'"{name}" {_UNREADABLE}'))
        if dict(self.questions())[name]:
            return replace(self, told={**self.told, name: Secret(answer)})
        return replace(self, said={**self.said, **_read(self.adapter, {name: answer})})

    def require_answers(self) -> None:
        """Raise UsageError with all that is not known, and where to put it."""
        problems = tuple(
            Problem(f'"{name}" is missing', self._where(name, secret=secret))
            for name, secret in self.questions()
        )
        if problems:
            raise UsageError(*problems)

    def introduced(self, day: date) -> Introduction:
        """Return what would be written, once it reads as it shall. Raises LitfassError."""
        self.require_answers()
        into = f"; its secrets are in {FILE}, not here" if self.told else ""
        remark = f"{self.title}, connected on {day.isoformat()}{into}."
        table = {"network": self.adapter.name, **self.said}
        page = with_table(self.blog.root, self.name, table, remark)
        secrets = with_secrets(self.blog.root, self.name, self.told) if self.told else None
        blog = Blog(self.blog.root, parse(page.after.decode("utf-8-sig")))
        return Introduction(self, blog, self._described(blog), page, secrets)

    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return its secrets, and the file or the environment's variable that each is in."""
        known = (
            name
            for name in secret_fields(self.adapter.options)
            if name in self.told or self.keys.secret(self.name, name)
        )
        variables = ((name, variable(self.name, name)) for name in known)
        environ = self.keys.environ
        return tuple((name, other if environ.get(other) else FILE) for name, other in variables)

    def _where(self, name: str, *, secret: bool) -> str:
        return where_to_put(self.name, name) if secret else f"Say it: --set {name}=…"

    def _described(self, blog: Blog) -> Described:
        told = {name: secret.reveal() for name, secret in self.told.items()}
        own = {**self.keys.kept.get(self.name, {}), **told}
        keys = replace(self.keys, kept={**self.keys.kept, self.name: own})
        found, problems = describe(blog, keys)
        if problems:  # the lines of a file that is not written yet would lead nobody anywhere
            raise UsageError(*(replace(one, path="", line=None) for one in problems))
        ours = next(one for one in found if one.name == self.name)
        _require_new(ours, found)
        return ours


@dataclass(frozen=True, slots=True)
class Introduction:
    """An account of which all is known; nothing is written yet. `blog` is as it will be then."""

    newcomer: Newcomer
    blog: Blog
    described: Described
    page: Page = field(repr=False)
    secrets: Page | None = field(repr=False)

    def whose(self) -> Visit:
        """Ask the network whose account it is. Raises LitfassError when it refuses."""
        with border():
            return whose(self.described)

    def write(self) -> None:
        """Keep the secrets and write the table: both, or neither. Raises LitfassError."""
        private = private_files(self.described.options, self.blog.root)
        if self.secrets or private:
            keep_from_git(self.blog.root, *private)
        if self.secrets:
            self.secrets.write(0o600)
        try:
            self.page.write()
        except BaseException:
            if self.secrets:
                self.secrets.take_back()
            raise


def newcomer(
    blog: Blog, network: str, name: str, options: Mapping[str, str], environ: Mapping[str, str]
) -> Newcomer:
    """Begin to connect an account; without a `name` it gets its network's, or that with a number.

    Raises UsageError for what cannot be meant, LitfassError for what is wrong with the blog.
    """
    try:
        adapter = network_class(network)
    except AccountError as error:
        raise UsageError(Problem(error.message, error.hint)) from None
    taken = blog.settings.accounts
    name = name or _free(network, taken)
    _check_name(name, taken)
    problems = tuple(_wrong_options(name, adapter, options))
    if problems:
        raise UsageError(*problems)
    keys = read_keys(blog.root, {**taken, name: {}}, environ)
    _, wrong = describe(blog, keys)
    if wrong:
        raise Problems(wrong)
    return Newcomer(blog, name, adapter, _read(adapter, options), keys)


def _require_new(ours: Described, all_of_them: Iterable[Described]) -> None:
    """Raise LitfassError when another account has the same secrets and writes to the same place."""
    for one in all_of_them:
        if one.name != ours.name and one.options == ours.options:
            hint = "With two of them, everything would be said there twice."
            raise LitfassError(f'That is "{one.name}", which is connected already.', hint)


def _free(network: str, taken: Collection[str]) -> str:
    used = {variable(name, "") for name in taken}
    names = (network if number == 1 else f"{network}-{number}" for number in count(1))
    return next(name for name in names if variable(name, "") not in used)


def _check_name(name: str, taken: Collection[str]) -> None:
    if not is_account_name(name):
        hint = "Use letters, digits, - and _."
        raise UsageError(Problem(f'"{name}" cannot be an account\'s name', hint))
    if name in taken:
        hint = "Give the new one another name. `litfass accounts` shows those that there are."
        raise UsageError(Problem(f'there is an account "{name}" already', hint))


def _wrong_options(
    name: str, adapter: type[Network[Any]], options: Mapping[str, str]
) -> Iterator[Problem]:
    secret = tuple(secret_fields(adapter.options))
    known = tuple(key for key in _hints(adapter) if key not in secret)
    for key in options:
        plain = key.replace("-", "_")
        if plain in secret:
            hint = f"A shell keeps what is typed. {where_to_put(name, plain)} Or wait to be asked."
            yield Problem(f'"{key}" is a secret, and --set is no place for one', hint)
        elif plain not in known:
            near = get_close_matches(plain, known, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            yield Problem(f'{adapter.title} has no option "{key}"', hint)
        elif not options[key].replace("\n", " ").isprintable():
            yield Problem(f'"{key}" {_UNREADABLE}')


def _hints(adapter: type[Network[Any]]) -> dict[str, Any]:
    """Return all that may be said of an account, but for its network, and of what type it is."""
    hints = typing.get_type_hints(adapter.options) | typing.get_type_hints(AccountSettings)
    return {name: hint for name, hint in hints.items() if name != "network"}


def _read(adapter: type[Network[Any]], options: Mapping[str, str]) -> dict[str, object]:
    hints, schemes = _hints(adapter), _schemes(adapter.options)
    plain = {key.replace("-", "_"): value for key, value in options.items()}
    return {
        key: _value(hints[key], value.strip(), schemes.get(key, "")) for key, value in plain.items()
    }


def _schemes(options: Any) -> dict[str, str]:
    """Return how each address of a server begins that people write without its beginning."""
    servers = (one for one in dataclasses.fields(options) if one.name == "server")
    return {one.name: one.metadata.get("scheme", "https") for one in servers}


def _value(hint: Any, written: str, scheme: str = "") -> object:
    """Return what a person means: lists with commas, and servers without https://."""
    if scheme and "://" not in written:
        return f"{scheme}://{written}"
    if typing.get_origin(hint) is tuple:
        return [part.strip(" \"'") for part in written.strip("[]").split(",")]
    if hint is bool:
        return {"true": True, "false": False}.get(written, written)
    if int in {hint, *typing.get_args(hint)} and written.isdecimal():
        return int(written)
    return written  # and whoever reads the table says what is wrong with it
