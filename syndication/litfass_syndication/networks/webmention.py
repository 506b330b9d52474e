"""Webmention: the pages that a post links to are told so, if they want to know.

https://www.w3.org/TR/webmention/. Nobody has an account: whoever is told looks at the post himself,
and finds his link there, or finds it gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from litfass_syndication.absence import require_gone
from litfass_syndication.address import host, is_loopback
from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import QUIET, Capabilities
from litfass_syndication.endpoints import endpoint_in_header, endpoint_in_html, links
from litfass_syndication.errors import AccountError, NetworkError, Rejected, Unauthorised
from litfass_syndication.mentions import REFUSED, TOLD, UNASKED, Mentions, failed, is_waiting
from litfass_syndication.network import Http, Identity, Network

# The specification wants senders to be known by this word.
_HEADERS = {"User-Agent": "Litfass (Webmention)", "Accept": "text/html, */*;q=0.5"}
_NO_PAGE = (400, 401, 403, 404, 405, 410, 451, 501)  # what is not shown to us asks for nothing
_OK = 200


@dataclass(frozen=True, slots=True)
class Options:
    """Nothing is needed."""

    home: str = ""


class Webmention(Network[Options]):
    """The pages that posts link to."""

    name: ClassVar[str] = "webmention"
    title: ClassVar[str] = "Webmention"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = QUIET

    def __init__(self, options: Options, http: Http) -> None:
        super().__init__(options, http)
        # A blog on this machine may speak to others on it: nobody else writes its links.
        self._strangers = http if is_loopback(options.home) else http.outside()

    def publish(self, message: Message, key: str) -> Receipt:
        """Tell all pages that the post links to."""
        del key
        return self._tell(message, self._links(message), {})

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Tell those that the post links to now or did before; or those that did not answer yet."""
        before = Mentions.read(receipt.identifier)
        if before.waiting and before.digest == message.digest:
            return self._tell(message, before.waiting, before.marks)
        if before.source != message.url:
            self._take_back(before)
        return self._tell(message, self._links(message), {}, former=before.told)

    def withdraw(self, receipt: Receipt) -> None:
        """Tell all who were told that the post is gone. Raises Rejected when one did not hear."""
        before = Mentions.read(receipt.identifier)
        require_gone(self._http, before.source)
        if deaf := self._take_back(before):
            raise Rejected(f"It was not told everywhere that {before.source} is gone. {deaf}")

    def whoami(self) -> Identity:
        """Say from which blog they come."""
        return Identity(host(self._options.home), "")

    def _links(self, message: Message) -> tuple[str, ...]:
        html = message.article.read() if message.article else ""
        return links(html, self._options.home or message.url)

    def _tell(
        self,
        message: Message,
        linked: Iterable[str],
        known: Mapping[str, str],
        former: tuple[str, ...] = (),
    ) -> Receipt:
        marks, notes = dict(known), []
        for target in linked:
            marks[target], why = self._mention(message.url, target, marks.get(target, ""))
            notes += [why] if why else []
        gone = (target for target in former if target not in marks)
        heard = {target: self._mention(message.url, target, "")[0] for target in gone}
        marks |= {target: mark for target, mark in heard.items() if is_waiting(mark)}
        mentions = Mentions(message.url, message.digest, marks)
        notes = [_summary(mentions), *notes]
        return Receipt(mentions.identifier, "", tuple(notes), unfinished=bool(mentions.waiting))

    def _mention(self, source: str, target: str, mark: str) -> tuple[str, str]:
        """Tell one page; return its mark, and why it did not work."""
        try:
            endpoint = self._endpoint(target)
            if not endpoint:
                return UNASKED, ""
            form = {"source": source, "target": target}
            self._strangers.send("POST", endpoint, form=form, headers=_HEADERS, repeatable=True)
        except (AccountError, Rejected, Unauthorised) as error:
            return REFUSED, error.message
        except NetworkError as error:
            return failed(mark), f"{target} was not told: {error.message}"
        return TOLD, ""

    def _take_back(self, before: Mentions) -> str:
        """Let all who were told look at a page again; return why some could not be told."""
        outcomes = (self._mention(before.source, target, "") for target in before.told)
        return " ".join(why for _, why in outcomes if why)

    def _endpoint(self, target: str) -> str:
        """Return where a page wants to be told; empty when it does not."""
        glance = self._strangers.get(target, headers=_HEADERS, expect=_NO_PAGE, body=False)
        if glance.status == _OK:
            named = endpoint_in_header(glance.headers.get("link", ""), glance.url or target)
            if named or not _is_html(glance.headers):
                return _web(named)
        answer = self._strangers.get(target, headers=_HEADERS, expect=_NO_PAGE)
        if answer.status != _OK:
            return ""
        place = answer.url or target
        named = endpoint_in_header(answer.headers.get("link", ""), place)
        if not named and _is_html(answer.headers):
            named = endpoint_in_html(answer.body.decode("utf-8", "replace"), place)
        return _web(named)


def _is_html(headers: Mapping[str, str]) -> bool:
    return "html" in headers.get("content-type", "").lower()


def _web(endpoint: str) -> str:
    """Return an endpoint if it is a web address."""
    return endpoint if endpoint.startswith(("https://", "http://")) else ""


def _summary(mentions: Mentions) -> str:
    """Say in a sentence what became of it."""
    linked, told = len(mentions.marks), len(mentions.told)
    if not linked:
        return "It links to no other page."
    if mentions.waiting:
        return f"{told} of {linked} linked pages told; the next run tries the others again."
    asked = any(mark != UNASKED for mark in mentions.marks.values())
    return f"{told} of {linked} linked pages told." if asked else "Nobody asked to be told."
