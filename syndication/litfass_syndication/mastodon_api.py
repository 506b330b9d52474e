"""Mastodon's client API, which GoToSocial, Pleroma, Akkoma and Pixelfed speak as well.

What all of them have in common; what each does in its own way, its adapter says.
https://docs.joinmastodon.org/methods/statuses/, /media/, /instance/, /accounts/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from litfass_syndication.announcement import Image, Message, Receipt, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import Capabilities, Dedupe
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.finding import earliest
from litfass_syndication.instance import TITLES, refined, software_of
from litfass_syndication.links import comparable
from litfass_syndication.measure import count
from litfass_syndication.network import Found, Identity, Network, Posted, Secret
from litfass_syndication.pictures import PictureError, fit
from litfass_syndication.statuses import END, links_of, receipt_of, written

STATUSES = "/api/v1/statuses"
_NOT_YET = 206
_ACCEPTED = 202
_GONE = (404, 410)

_POLLS = 30  # of a picture that is being processed: a minute in all
_POLL_SECONDS = 2.0

_PAGE = 40  # the most that one listing has
_PAGES = 10
_ALL_PAGES = 100  # 4,000 posts, and a third of the requests that five minutes allow


@dataclass(frozen=True, slots=True)
class Options:
    """An account: its server's address and its access token.

    The rest is how its posts are made: who sees them, whether pictures are hidden at first, and,
    for posts that do not say their own, a content warning and a language (ISO 639-1).
    """

    server: str
    token: Secret
    visibility: str = "public"
    sensitive: bool = False
    content_warning: str = ""
    language: str = ""


Own = TypeVar("Own", bound=Options)


class MastodonApi(Network[Own]):
    """One account on one server that speaks Mastodon's API.

    `capabilities` are what the software does; how much of it, the server says. One that says it
    is another software than `name` is not spoken to: it may know no idempotency keys. Pictures
    go to the first of the addresses in `uploads` that is there.
    """

    uploads: ClassVar[tuple[str, ...]] = ("/api/v2/media", "/api/v1/media")

    def limits(self) -> Capabilities:
        """Return what the account's server says of itself; asked once."""
        able = self._server
        # The account's own warning is not in the message when this is measured against it.
        warning = self._options.content_warning if able.counts_content_warning else ""
        limits = tuple(
            replace(each, maximum=max(1, each.maximum - count(warning, each.measure)))
            for each in able.limits
            if each.maximum is not None
        )
        return replace(able, limits=limits)

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it; a server that keeps keys answers one from within the hour as before."""
        media, notes = self._uploaded(message)
        body = {
            **self._wording(message),
            "visibility": self._options.visibility,
            **({"media_ids": [media]} if media else {}),
        }
        keyed = {"Idempotency-Key": key} if self._server.dedupe is Dedupe.KEY else {}
        headers = {**self._headers, **keyed}
        answer = self._http.send("POST", STATUSES, json=body, headers=headers, expect=(400,))
        return replace(_receipt(_understood(answer)), notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the account's own posts of the time."""
        del key
        oldest = earliest(since)
        for status in self._own_statuses():
            if comparable(message.url) in map(comparable, links_of(status)):
                return Found(receipt_of(status), complete=True)
            at = written(status)
            if at is None or at < oldest:
                return Found(None, complete=at is not None and self._listed(message))
        return Found(None, complete=False)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own posts, newest first, as far as a hundred pages go."""
        for status in self._own_statuses(_ALL_PAGES, exclude_replies="true"):
            if status is not END:
                yield Posted(receipt_of(status), links_of(status))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, warning, language and alternative text; a picture that is there stays."""
        path = f"{STATUSES}/{receipt.identifier}"
        media, notes = self._attached(path, message)
        described = [{"id": each, "description": _alt(message)} for each in media]
        body = {
            **self._wording(message),
            "media_ids": media,
            **({"media_attributes": described} if media else {}),
        }
        answer = self._send("PUT", path, json=body, repeatable=True)
        return replace(_receipt(answer), notes=notes)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        self._send("DELETE", f"{STATUSES}/{receipt.identifier}", expect=_GONE, repeatable=True)

    def whoami(self) -> Identity:
        """Say whose account the token is, on a server of this kind."""
        self._require(software_of(self._instance))
        answer = self._get("/api/v1/accounts/verify_credentials")
        user = answer.require(str, "acct")
        at = "" if "@" in user else f"@{urlsplit(self._options.server).netloc}"
        return Identity(f"@{user}{at}", answer.require_address("url"))

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        token = self._options.token.reveal()  # without one, what servers tell strangers will do
        return {"Authorization": f"Bearer {token}"} if token else {}

    def _get(self, path: str, **rest: Any) -> Answer:
        return self._http.get(path, headers=self._headers, **rest)

    def _send(self, method: str, path: str, **rest: Any) -> Answer:
        return self._http.send(method, path, headers=self._headers, **rest)

    @cached_property
    def _instance(self) -> object:
        """What the server says of itself: in the newer form, in the older, or that it has none."""
        answer = self._get("/api/v2/instance", expect=_GONE)
        if answer.error:
            answer = self._get("/api/v1/instance", expect=_GONE)
        return _json(answer)

    @cached_property
    def _server(self) -> Capabilities:
        software = software_of(self._instance)
        self._require(software)
        return refined(self._able(software), self._instance)

    def _able(self, software: str) -> Capabilities:
        """Return what the software can do that a server says it is."""
        del software
        return self.capabilities

    def _require(self, software: str) -> None:
        """Raise AccountError for a server that says it is another software."""
        if software not in {"", self.name}:
            raise AccountError(
                f"{self._options.server} runs {TITLES[software]}, not {self.title}.",
                f'Write network = "{software}" in the account\'s settings. '
                "What it has announced so far stays known.",
            )

    def _wording(self, message: Message) -> dict[str, object]:
        """Return what a reader sees of a post, without its pictures."""
        warning = message.content_warning or self._options.content_warning
        language = message.language or self._options.language
        wording: dict[str, object] = {
            "status": message.text,
            "spoiler_text": warning,
            "sensitive": self._options.sensitive or bool(warning),
        }
        if language:  # two or three letters, and no region
            wording["language"] = language.partition("-")[0].lower()
        if self._server.dedupe is not Dedupe.KEY:
            # Mastodon's kin may take an account's posts for Markdown; Mastodon has no such field.
            wording["content_type"] = "text/plain"
        return wording

    def _uploaded(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Upload the picture; return its identifier, or none and why the post goes without it."""
        if message.image is None:
            return "", ()
        try:
            return self._upload(message.image), ()
        except (PictureError, Rejected, OutcomeUnknown) as error:
            # A picture that nobody can see yet may be lost without harm; a post may not.
            return "", (f"It has no picture. {error.message}",)

    def _upload(self, image: Image) -> str:
        limits = self._server.images
        if limits is None:
            raise PictureError("The server takes no pictures.")
        picture = fit(image, limits)
        name = f"image.{picture.media_type.rpartition('/')[2]}"
        parts: dict[str, Any] = {
            "files": {"file": (name, picture.content, picture.media_type)},
            "form": {"description": image.alt},
            "repeatable": True,
        }
        *newer, oldest = self.uploads
        for path in newer:  # Mastodon before 3.1.3, and some of its kin, do not have it
            answer = self._send("POST", path, expect=_GONE, **parts)
            if answer.error is None:
                return self._kept(answer)
        return self._kept(self._send("POST", oldest, **parts))

    def _kept(self, answer: Answer) -> str:
        """Return the identifier of a picture that was uploaded, once it may be used."""
        media = answer.require(str, "id")
        if answer.status == _ACCEPTED:
            self._processed(media)
        return media

    def _processed(self, media: str) -> None:
        """Wait until a picture is processed; a post with one that is not would be refused."""
        for _ in range(_POLLS):
            if self._get(f"/api/v1/media/{media}").status != _NOT_YET:
                return
            self._http.pause(_POLL_SECONDS)
        raise Rejected("The server has not processed the picture in time.")

    def _attached(self, path: str, message: Message) -> tuple[list[str], tuple[str, ...]]:
        """Return the pictures that a post shall have: those it has, or the one it lacks."""
        if message.image is None:
            return [], ()
        there = self._get(path).require(list, "media_attachments")
        known = [media for each in there if (media := pick(each, str, "id"))]
        if known:
            return known, ()
        media, notes = self._uploaded(message)
        return [media] if media else [], notes

    def _own_statuses(self, pages: int = _PAGES, **more: str) -> Iterator[object]:
        """Yield the account's own posts, newest first, and `END` when there are no more."""
        account = self._get("/api/v1/accounts/verify_credentials").require(str, "id")
        asked = {"limit": str(_PAGE), "exclude_reblogs": "true", **more}
        for _ in range(pages):
            page = self._get(f"/api/v1/accounts/{account}/statuses", params=asked).require(list)
            yield from page
            if not page:
                yield END
                return
            asked["max_id"] = pick(page, str, len(page) - 1, "id") or ""

    def _listed(self, message: Message) -> bool:
        """Tell whether a post of ours would be in the listing, and be known by its link."""
        links = any(span.kind is SpanKind.LINK for span in message.spans)
        return links and self._options.visibility != "direct"


def _json(answer: Answer) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what a 400 means: in HTML, that the token is refused."""
    if answer.error is None:
        return answer
    if "html" in answer.headers.get("content-type", ""):
        raise Unauthorised(answer.error.message, "Is the account's token still valid?")
    raise answer.error


def _receipt(answer: Answer) -> Receipt:
    return Receipt(answer.require(str, "id"), answer.require_address("url"))


def _alt(message: Message) -> str:
    return message.image.alt if message.image else ""
