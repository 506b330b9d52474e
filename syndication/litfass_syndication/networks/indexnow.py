"""IndexNow: search engines are told which pages are new, changed or gone.

https://www.indexnow.org/documentation. One engine is enough: they tell each other. Google is none
of them. Whose pages they are is proved by a file of the blog that has a key in it, and its name;
the key is no secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from litfass_syndication.absence import require_gone
from litfass_syndication.address import host
from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import QUIET, Capabilities
from litfass_syndication.errors import Unauthorised, Unreachable
from litfass_syndication.network import Http, Identity, Network, Signs

_ABSENT = (404, 410)
# 403: the key is not found; 422: it is, and the pages are not the host's.
_REFUSALS = (400, 401, 403, 404, 405, 410, 413, 422)
_SAFE = "%/:?#[]@!$&'()*+,;=~"


def _is_key(key: str) -> str | None:
    good = not key or re.fullmatch(r"[A-Za-z0-9-]{8,128}", key)
    return None if good else "must be 8 to 128 letters, digits and hyphens"


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing is needed. `key` is a key that the blog has already; it is no secret.

    `server` is another search engine's address for it.
    """

    server: str = "https://api.indexnow.org/indexnow"
    key: str = field(default="", metadata={"check": _is_key})
    home: str = ""


class IndexNow(Network[Options]):
    """The search engines, as far as they take part."""

    name: ClassVar[str] = "indexnow"
    title: ClassVar[str] = "IndexNow"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = QUIET

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        self._key = _key(options)
        self._greeted = False

    @classmethod
    def signs(cls, options: Options) -> Signs:
        """Return the file with the key."""
        key = _key(options)
        return Signs(files={f"{key}.txt": key})

    def publish(self, message: Message, key: str) -> Receipt:
        """Name the page, and once in a run the front page, which shows it."""
        del key
        self._submit(message.url)
        return Receipt(message.url, "")

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Name the page again, and where it was before."""
        self._submit(message.url, receipt.identifier)
        return Receipt(message.url, "")

    def withdraw(self, receipt: Receipt) -> None:
        """Name the page, once it is gone."""
        require_gone(self._http, receipt.identifier)
        self._submit(receipt.identifier)

    def whoami(self) -> Identity:
        """Say whose pages they are."""
        return Identity(host(self._options.home), "")

    def _submit(self, *pages: str) -> None:
        home = self._options.home
        self._require_key()
        more = () if self._greeted else (home,)
        submission = {
            "host": urlsplit(written(home)).netloc,
            "key": self._key,
            "keyLocation": written(f"{home}{self._key}.txt"),
            "urlList": list(dict.fromkeys(map(written, (*pages, *more)))),
        }
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = self._http.send(
            "POST",
            self._options.server,
            json=submission,
            headers=headers,
            expect=_REFUSALS,
            repeatable=True,
        )
        if answer.error:
            hint = f"It looks for {submission['keyLocation']}: can everybody see it there?"
            raise Unauthorised(answer.error.message, hint)
        self._greeted = True

    def _require_key(self) -> None:
        """Raise Unreachable while the file is not live: an engine would remember a wrong key."""
        place = f"{self._options.home}{self._key}.txt"
        if self._greeted:
            return
        answer = self._http.get(place, expect=_ABSENT)
        if answer.status in _ABSENT or answer.body.strip() != self._key.encode():
            hint = "The build writes it into the public folder. Is it deployed?"
            raise Unreachable(f"{place} is not live: it proves whose pages these are.", hint)


def written(address: str) -> str:
    """Return an address as IndexNow wants it: in ASCII, with a host in Punycode."""
    parts = urlsplit(address)
    try:
        host = parts.netloc.encode("idna").decode()
    except UnicodeError:
        host = parts.netloc
    return quote(urlunsplit(parts._replace(netloc=host)), safe=_SAFE)


def _key(options: Options) -> str:
    """Return the key: the account's own, or one that is always the same for this blog."""
    return options.key or blake2b(f"IndexNow {options.home}".encode(), digest_size=16).hexdigest()
