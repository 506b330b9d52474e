"""The secrets of accounts and ledger: in the environment, or in `secrets.toml`."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from litfass.errors import Problem, Problems, SettingsError
from litfass_syndication.network import Secret

FILE = "secrets.toml"
LEDGER = "ledger"  # its password stands where those of accounts do

_LINE = re.compile(r"at line (\d+)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of secrets; the environment goes before the file."""

    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    def secret(self, account: str, name: str) -> Secret | None:
        """Return a secret of an account, or None when nobody has said it."""
        value = self.environ.get(variable(account, name)) or self.kept.get(account, {}).get(name)
        return Secret(value) if value else None


def variable(account: str, name: str) -> str:
    """Return the environment variable of an account's secret: `LITFASS_FIRMA_TOKEN`."""
    return f"LITFASS_{account}_{name}".replace("-", "_").upper()


def where_to_put(account: str, name: str) -> str:
    """Tell a person the two places that a secret may be in."""
    return (
        f"Set {variable(account, name)} in the environment, or write it into {FILE} beside "
        f'litfass.toml: {name} = "…" below a line [{account}].'
    )


def read_keys(root: Path, accounts: Mapping[str, object], environ: Mapping[str, str]) -> Keys:
    """Find the secrets of a blog. Raises SettingsError or Problems; they never quote the file."""
    path = root / FILE
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Keys(environ)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", path=FILE) from None
    if os.name == "posix" and mode & _OTHERS:
        hint = f"Let only yourself read it: chmod 600 {FILE}"
        raise SettingsError("can be read by others on this machine", hint, path=FILE)
    tables = _parsed(content)
    problems = tuple(_wrong(tables, accounts))
    if problems:
        raise Problems(problems)
    return Keys(environ, {name: _plain(table) for name, table in tables.items()})


def _parsed(content: bytes) -> dict[str, object]:
    """Read the file; the parser's own error goes no further, for it may hold a piece of it."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        line = None
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else None
    raise SettingsError("is not TOML", 'Write it like: token = "…"', path=FILE, line=line)


def _wrong(tables: Mapping[str, object], accounts: Mapping[str, object]) -> Iterator[Problem]:
    for name, table in tables.items():
        if not isinstance(table, dict):
            yield Problem(f'"{name}" stands outside of a table', f"Write [{name}] above.", FILE)
        elif name not in accounts and name != LEDGER:
            near = get_close_matches(name, accounts, 1)
            hint = (
                f'Did you mean "{near[0]}"?' if near else f"litfass.toml has no [accounts.{name}]."
            )
            yield Problem(f'there is no account "{name}"', hint, FILE)
        elif not all(isinstance(value, str) for value in table.values()):
            yield Problem(f"[{name}] has a value that is not a text", "Put it in quotes.", FILE)


def _plain(table: object) -> dict[str, str]:
    return (
        {key.replace("-", "_"): value for key, value in table.items()}
        if isinstance(table, dict)
        else {}
    )
