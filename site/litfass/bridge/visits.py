"""Asking the networks whose accounts these are, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from litfass.bridge.accounts import Described, describe
from litfass.bridge.keys import read_keys
from litfass.errors import Problems
from litfass.settings import Blog
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.errors import SyndicationError
from litfass_syndication.http import Connection
from litfass_syndication.network import Http, Secret, UnsupportedError
from litfass_syndication.networks import NAMES, network_class
from litfass_syndication.waiting import Policy

_BRISK = Policy(connect=5, read=10, whole=20, tries=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose account it is, and until when we are signed in; or why that cannot be told."""

    name: str
    network: str
    identity: str = ""
    url: str = ""
    expires: datetime | None = None
    reason: str = ""
    hint: str = ""


def visit(blog: Blog, environ: Mapping[str, str]) -> tuple[Visit, ...]:
    """Ask each account's network whose it is. Raises Problems for wrong settings or secrets."""
    described, problems = describe(blog, read_keys(blog.root, blog.settings.accounts, environ))
    if problems:
        raise Problems(problems)
    return tuple(map(_visit, described))


def whose(described: Described) -> Visit:
    """Ask an account's network whose it is, if it can tell. Raises SyndicationError."""
    name, network = described.name, described.adapter.name
    try:
        identity = described.account(_connect).network.whoami()
    except UnsupportedError as error:
        return Visit(name, network, reason=str(error))
    return Visit(name, network, identity.handle, identity.url, identity.expires)


def networks() -> tuple[tuple[str, str, Capabilities], ...]:
    """Return name, title and capabilities of all networks that we know."""
    adapters = (network_class(name) for name in NAMES)
    return tuple((one.name, one.title, one.capabilities) for one in adapters)


def _visit(described: Described) -> Visit:
    try:
        return whose(described)
    except SyndicationError as error:
        name, network = described.name, described.adapter.name
        return Visit(name, network, reason=error.message, hint=error.hint)


def _connect(server: str, account: str, secrets: tuple[Secret, ...]) -> Http:
    return Connection(server, account, secrets=secrets, policy=_BRISK)
