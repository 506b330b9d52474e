"""Apprise: the long tail. It knows more than a hundred services, and an address for each.

https://github.com/caronc/apprise/wiki. It speaks HTTP and SMTP itself, and says only whether that
worked; docs/decisions/0019-apprise.md says what we make of it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.errors import (
    AccountError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorised,
    Unreachable,
)
from litfass_syndication.network import Identity, Network, Secret

if TYPE_CHECKING:
    from types import ModuleType

    from apprise import NotifyBase

_CONNECT, _READ = 10.0, 30.0  # seconds; Apprise's own four make doubts of servers that are slow

_SEVERAL = re.compile(r"[\s,;]+\w+://")
# How nearly all of its services end what they say of a refusal; a server's own words never end it.
_STATUS = re.compile(r"error=(\d{3})\.?\Z")
_UNCONNECTED = re.compile(
    r"Socket Exception: .*(?:NewConnectionError|ConnectTimeoutError|NameResolutionError"
    r"|CERTIFICATE_VERIFY_FAILED|Connection refused)",
    re.DOTALL,
)
_UNMAILED = re.compile(r"Socket Exception: \((5\d\d), ")  # an SMTP server's last word on it
_NO_ENTRY = frozenset({530, 534, 535, 538})  # RFC 4954, section 6
_NO_MESSAGE = frozenset({400, 413, 422})  # it is the message that they will not have
_TOO_LATE, _TOO_MANY = 408, 429


@dataclass(frozen=True, slots=True)
class Options:
    """The address of one place, as Apprise writes it: ntfy://…, mailto://… All of it is secret.

    With `subject`, the post's title goes apart from the text, as the subject of an e-mail does;
    leave it out of the template then.
    """

    url: Secret
    subject: bool = False


class Apprise(Network[Options]):
    """One place that Apprise can write to."""

    name: ClassVar[str] = "apprise"
    title: ClassVar[str] = "Apprise"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(32_768, Measure.CODE_POINTS),),
        dedupe=Dedupe.NONE,
        notes={
            "text": "as much as the place itself takes, as far as Apprise knows",
            "needs": "pip install 'litfass[apprise]'",
            "address": "Apprise does not tell where a message is",
            "content warning": "not shown",
        },
    )

    def limits(self) -> Capabilities:
        """Return what the place takes; asks nobody. Raises AccountError."""
        if not self._options.url:
            return self.capabilities
        most = TextLimit(self._place.body_maxlen, Measure.CODE_POINTS)
        return replace(self.capabilities, limits=(most,))

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it, once; Apprise takes no key, and says no more than whether it is done."""
        del key
        place, apprise = self._place, _library()
        with _EAR.listening() as heard:
            done = place.notify(
                body=message.text,
                title=message.title if self._options.subject else "",
                body_format=apprise.NotifyFormat.TEXT,
                overflow=apprise.OverflowMode.UPSTREAM,  # never several messages
            )
        if not done:
            raise _sorted(message.account, str(place.service_name), len(place), heard)
        warned = ("Apprise has no content warnings, and shows none.",)
        return Receipt("", "", warned if message.content_warning else ())

    def whoami(self) -> Identity:
        """Say which service it is; asks nobody. Raises AccountError."""
        return Identity(str(self._place.service_name), "")

    @cached_property  # so that it keeps the pace that Apprise knows to be right for its service
    def _place(self) -> NotifyBase:
        """Return the place; raises AccountError, which does not show an address that is none."""
        apprise, url = _library(), self._options.url.reveal().strip()
        if _SEVERAL.search(url):
            hint = (
                "Make an account of each, so that each hears it once, whatever becomes of others."
            )
            raise AccountError("The secret url holds several addresses.", hint)
        place = apprise.Apprise.instantiate(url, asset=_manners())
        if place is None:
            hint = (
                "One looks like ntfys://ntfy.example.org/topic. Copy it whole; see Apprise's list."
            )
            raise AccountError("The secret url is no address that Apprise understands.", hint)
        place.retry = 0  # what may have arrived is not sent again, whatever the address says
        place.socket_connect_timeout = max(place.socket_connect_timeout, _CONNECT)
        place.socket_read_timeout = max(place.socket_read_timeout, _READ)
        found: NotifyBase = place
        return found


@cache
def _library() -> ModuleType:
    """Return Apprise, made silent. Raises AccountError where it is not installed."""
    try:
        import apprise  # noqa: PLC0415 - heavy, and seldom wanted
    except ImportError:
        hint = "Install it beside Litfass: pip install 'litfass[apprise]'"
        raise AccountError("Apprise is not installed.", hint) from None
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it logs addresses
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    logger.addFilter(_EAR)
    return apprise


@cache
def _manners() -> object:
    """Return how Apprise behaves for us: it keeps nothing, follows nobody, and shows no badge."""
    apprise = _library()
    return apprise.AppriseAsset(
        app_id="Litfass",
        app_desc="Litfass",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        interpret_emojis=False,
        pgp_autogen=False,
        pem_autogen=False,
        allow_templates=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


Heard = list[tuple[int, str]]  # the level of what was said, and the words


class _Ear(logging.Filter):
    """Hears what Apprise says, and lets nobody else hear it: its words hold addresses.

    It is the only way to learn why something did not work. Each thread, which speaks for an account
    of its own, hears itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self._here = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        heard: Heard | None = getattr(self._here, "heard", None)
        if heard is not None:
            heard.append((record.levelno, record.getMessage()))
        return False

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        self._here.heard = []
        try:
            yield self._here.heard
        finally:
            self._here.heard = None


_EAR = _Ear()


def _sorted(account: str, service: str, targets: int, heard: Heard) -> NetworkError:
    """Return what a failure means. None of Apprise's words is shown, for there are secrets in them.

    It surely came to nothing only where there was one target, nothing was sent, and a single
    complaint names a refusal, or that there was no connection. Everything else is a doubt.
    """
    complaints = [words for level, words in heard if level >= logging.WARNING]
    sent = any(level == logging.INFO and words.startswith("Sent") for level, words in heard)
    if targets != 1 or sent or len(complaints) != 1:
        return OutcomeUnknown(f"{account}: {service} did not take it, or not all of it.")
    status = _STATUS.search(complaints[0])
    if status:
        return _refused(f"{account}: {service} answered with status {status[1]}.", int(status[1]))
    unmailed = next(filter(None, (_UNMAILED.match(words) for _, words in heard)), None)
    if unmailed:
        words = f"{account}: {service} answered with {unmailed[1]}."
        no_entry = int(unmailed[1]) in _NO_ENTRY
        return Unauthorised(words, _ADDRESS) if no_entry else Rejected(words, _OTHERWISE)
    if any(_UNCONNECTED.match(words) for _, words in heard):
        return Unreachable(f"{account}: {service} cannot be reached.", _LATER)
    return OutcomeUnknown(f"{account}: {service} gave no answer that Apprise understood.")


_LATER = "Nothing was sent; the next run tries again."
_OTHERWISE = "It is sent again when its text changes."
_ADDRESS = "Is the address right, all of it, and may it write there? Try it with Apprise alone."


def _refused(words: str, status: int) -> NetworkError:
    if status == _TOO_MANY:
        return RateLimited(words, _LATER)
    if status in _NO_MESSAGE:
        return Rejected(words, _OTHERWISE)
    if 400 <= status < 500 and status != _TOO_LATE:  # noqa: PLR2004 - the client's mistakes
        return Unauthorised(words, _ADDRESS)
    return OutcomeUnknown(words)
