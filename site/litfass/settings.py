"""`litfass.toml`, read strictly: what a blog is, where it goes, who announces it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from litfass.deploy.settings import TARGETS, DeploySettings
from litfass.errors import Problems, SettingsError
from litfass.tables import Reader
from litfass.urls import check_pattern
from litfass.utm import Utm, objection

FILE = "litfass.toml"


def _whole_address(value: str) -> str | None:
    parts = urlsplit(value)
    if (
        parts.scheme in ("http", "https")
        and parts.netloc
        and not parts.query
        and not parts.fragment
    ):
        return None
    return f'is not a whole address: "{value}"; write it like https://blog.example'


def _language(value: str) -> str | None:
    head = value.split("-", 1)[0]
    if len(head) in (2, 3) and head.isascii() and head.isalpha():
        return None
    return f'is not a language: "{value}"; write it like "en" or "de"'


def _timezone(value: str) -> str | None:
    known = value in available_timezones()
    return None if known else f'is not a time zone: "{value}"; write it like "Europe/Berlin"'


def _inner_folder(value: str) -> str | None:
    if not value or Path(value).is_absolute() or ".." in Path(value).parts or value in (".", "./"):
        return f'must be a folder inside the blog, not "{value}"'
    if Path(value).parts[0] in (
        "posts",
        "pages",
        "static",
        "templates",
        "syndication",
        ".git",
        ".litfass",
    ):
        return f'must not be "{value}": that folder holds the blog\'s sources'
    return None


def _positive(value: int) -> str | None:
    return None if value > 0 else f"must be more than 0, not {value}"


def _not_negative(value: float) -> str | None:
    return None if value >= 0 else f"must be 0 or more, not {value}"


def _setting(default: Any, check: Any) -> Any:
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """`[site]`: who speaks, where, in which language."""

    title: str
    url: str = field(metadata={"check": _whole_address})
    language: str = _setting("en", _language)
    author: str = ""
    email: str = ""
    description: str = ""
    timezone: str = _setting("UTC", _timezone)
    copyright: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The whole address of the front page, with a slash at its end."""
        return self.url.rstrip("/") + "/"

    @property
    def base(self) -> str:
        """The path that every link on the blog begins with: "/" or "/blog/"."""
        return urlsplit(self.address).path

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of dates that name none."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """`[build]`: the shape of the public folder."""

    output: str = _setting("public", _inner_folder)
    permalink: str = _setting("/{year}/{month}/{slug}/", check_pattern)
    page_permalink: str = _setting("/{slug}/", check_pattern)
    tag_permalink: str = _setting("/tags/{slug}/", check_pattern)
    category_permalink: str = _setting("/categories/{slug}/", check_pattern)
    author_permalink: str = _setting("/authors/{slug}/", check_pattern)
    series_permalink: str = _setting("/series/{slug}/", check_pattern)
    page_size: int = _setting(10, _positive)
    feed_size: int = _setting(20, _positive)


@dataclass(frozen=True, slots=True)
class SyndicationSettings:
    """`[syndication]`: how carefully, how much, how long to wait (seconds)."""

    ledger: str = "syndication/ledger.jsonl"
    max_age_days: int = _setting(7, _positive)
    max_per_run: int = _setting(20, _positive)
    wait_seconds: int = _setting(300, _not_negative)
    utm: Utm = field(default=False, metadata={"check": objection})


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `litfass.toml`; accounts' tables are read by the bridge, which knows the networks."""

    site: SiteSettings
    build: BuildSettings
    syndication: SyndicationSettings
    deploy: DeploySettings | None
    accounts: Mapping[str, Mapping[str, object]]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Blog:
    """A folder with a `litfass.toml`, and what that says."""

    root: Path
    settings: Settings


def open_blog(root: Path) -> Blog:
    """Read the blog's settings. Raises SettingsError or Problems, with everything that is wrong."""
    path = root / FILE
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            f"There is no {FILE} in {root.resolve()}.",
            "Go to the folder of your blog, or make a new one: litfass init my-blog",
        ) from None
    except UnicodeDecodeError:
        raise SettingsError("is not a text in UTF-8", "Save it as UTF-8.", path=FILE) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", path=FILE) from None
    return Blog(root.resolve(), parse(text))


def parse(text: str) -> Settings:
    """Return the settings in a TOML text. Raises SettingsError or Problems."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(error) from None
    reader = Reader(FILE, text)
    tables = _sections(reader, document)
    site = reader.read(SiteSettings, tables["site"], "site")
    build = reader.read(BuildSettings, tables["build"], "build")
    syndication = reader.read(SyndicationSettings, tables["syndication"], "syndication")
    deploy = _deploy(reader, tables["deploy"])
    accounts = _accounts(reader, tables["accounts"])
    if reader.problems or site is None or build is None or syndication is None:
        raise Problems(reader.problems)
    return Settings(site, build, syndication, deploy, accounts, text)


def is_account_name(name: str) -> bool:
    """Tell whether an account can be called so."""
    return name.replace("-", "").replace("_", "").isalnum()


def _broken(error: tomllib.TOMLDecodeError) -> SettingsError:
    """Turn "Expected '=' (at line 3, column 7)" into a place and words."""
    what, _, place = str(error).partition(" (at ")
    digits = "".join(c for c in place.partition(",")[0] if c.isdigit())
    hint = 'Texts stand in quotes, a table\'s name in square brackets: title = "My blog"'
    return SettingsError(
        f"is not TOML: {what}", hint, path=FILE, line=int(digits) if digits else None
    )


def _sections(reader: Reader, document: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """Return the tables of the file; note what is no table, and tables that we do not know."""
    known = ("site", "build", "deploy", "syndication", "accounts")
    reader.note_unknown((key for key in document if key not in known), known)
    tables: dict[str, Mapping[str, object]] = {}
    for name in known:
        table = document.get(name, {})
        if not isinstance(table, dict):
            reader.note(
                f'"{name}" must be a table', f"Write [{name}] on a line of its own.", key=name
            )
        tables[name] = table if isinstance(table, dict) else {}
    return tables


def _deploy(reader: Reader, table: Mapping[str, object]) -> DeploySettings | None:
    if not table:
        return None
    options = dict(table)
    target = options.pop("target", None)
    if not isinstance(target, str) or target not in TARGETS:
        choices = ", ".join(f'"{one}"' for one in TARGETS)
        reader.note(f'"target" in [deploy] must be one of {choices}', table="deploy", key="target")
        return None
    return reader.read(TARGETS[target], options, "deploy")


def _accounts(reader: Reader, table: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    accounts: dict[str, Mapping[str, object]] = {}
    for name, options in table.items():
        if not isinstance(options, dict):
            reader.note(
                f'"{name}" in [accounts] must be a table',
                f"Write [accounts.{name}].",
                table="accounts",
                key=name,
            )
        elif not is_account_name(name):
            hint = "Use letters, digits, - and _."
            reader.note(f'"{name}" cannot be an account\'s name', hint, table=f"accounts.{name}")
        else:
            accounts[name] = options
    return accounts
