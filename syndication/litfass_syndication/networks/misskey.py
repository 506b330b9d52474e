"""Misskey, and Sharkey, which can edit: notes by the API that both of them have.

https://misskey-hub.net/en/docs/for-developers/api/; what is not said there is as the code has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from litfass_syndication.announcement import Image, Message, Receipt, SpanKind
from litfass_syndication.answer import Answer, Value, pick, positive
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.finding import earliest
from litfass_syndication.links import comparable, links_in_text
from litfass_syndication.measure import shortened
from litfass_syndication.mfm import written
from litfass_syndication.network import (
    Found,
    Identity,
    Network,
    Posted,
    Secret,
    nothing_announced,
)
from litfass_syndication.pictures import PictureError, fit

_REFUSALS = (400, 401, 403)  # an older server says 400 or 403 where a newer one says 401
_PERMISSIONS = "The token needs these permissions: read:account, write:notes and write:drive."
_ANEW = "Make a new token on the server's page, under Settings → API, for this account."
_ASK = "Ask those who run the server what the account may do."
# What the server says when it is not the message that is wrong.
_STOPS = {
    "AUTHENTICATION_FAILED": _ANEW,
    "CREDENTIAL_REQUIRED": _ANEW,
    "PERMISSION_DENIED": _PERMISSIONS,
    "ACCESS_DENIED": _PERMISSIONS,
    "ROLE_PERMISSION_DENIED": _ASK,
    "YOUR_ACCOUNT_SUSPENDED": _ASK,
    "YOUR_ACCOUNT_MOVED": "The account has moved: connect the new one.",
}

_PAGE = 100  # the most that one listing has
_PAGES = 10
_ALL_PAGES = 100
_LENGTH, _WARNING = 3000, 100  # characters, where the server does not say
_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/gif", "image/webp"), max_bytes=10 * 2**20, max_alt=512
)
_EDIT = "notes/edit"

_Attachment = tuple[Mapping[str, object], tuple[str, ...]]  # what a note has, and what it lacks


@dataclass(frozen=True, slots=True)
class Options:
    """An account: its server's address and its access token.

    The rest is how its notes are made: who sees them, whether pictures are hidden at first, and a
    content warning for posts that do not say their own.
    """

    server: str
    token: Secret
    visibility: Literal["public", "home", "followers"] = "public"
    sensitive: bool = False
    content_warning: str = ""


class Misskey(Network[Options]):
    """One account on one Misskey or Sharkey."""

    name: ClassVar[str] = "misskey"
    title: ClassVar[str] = "Misskey"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(_LENGTH, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,
        written=written,
        images=_PICTURES,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "limits": "those of the account's own server are asked for",
            "edit": "on Sharkey",
            "language": "a note has none",
        },
    )

    def limits(self) -> Capabilities:
        """Return what the account's server says of itself, and whether it can edit; asked once."""
        length = positive(self._meta, "maxNoteTextLength") or _LENGTH
        limits = (TextLimit(length, self._measure),)
        able = self.capabilities
        return replace(able, limits=limits, images=self._images, edit=self._edits)

    def publish(self, message: Message, key: str) -> Receipt:
        """Make a note, once; the server takes no key."""
        del key
        files, notes = self._uploaded(message)
        body = {**self._wording(message), "visibility": self._options.visibility, **files}
        answer = _understood(self._send("notes/create", body))
        return self._receipt(answer.require(str, "createdNote", "id"), notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the account's own notes from the claim on."""
        del key
        named = any(span.kind is SpanKind.LINK for span in message.spans)
        oldest = earliest(since)
        asked: dict[str, object] = {"sinceDate": int(oldest.timestamp() * 1000)}
        for _ in range(_PAGES):
            page = self._notes(asked)
            for note in page:
                if comparable(message.url) in map(comparable, _links(note)):
                    return Found(self._receipt(_name(note)), complete=True)
            names = list(map(_name, page))
            # Names grow with time. What is not in this order is not what was asked for.
            if not names or names != sorted(names):
                return Found(None, complete=named and not names)
            asked = {"sinceId": names[-1]}
        return Found(None, complete=False)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own notes, newest first, ten thousand at most."""
        asked: dict[str, object] = {}
        for _ in range(_ALL_PAGES):
            page = self._notes(asked)
            yield from (Posted(self._receipt(_name(note)), _links(note)) for note in page)
            if not page:
                return
            asked = {"untilId": _name(page[-1])}

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, warning and alternative text, where the server can; a picture stays."""
        note = self._ask(dict, "notes/show", {"noteId": receipt.identifier})
        files, notes = self._attached(note, message)
        kept = {"visibility": pick(note, str, "visibility") or self._options.visibility}
        body = {"editId": receipt.identifier, **self._wording(message), **kept, **files}
        _understood(self._send(_EDIT, body, repeatable=True))
        return replace(receipt, notes=notes)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the note, or find it gone."""
        answer = self._send("notes/delete", {"noteId": receipt.identifier}, repeatable=True)
        if _code(answer) != "NO_SUCH_NOTE":
            _understood(answer)

    def whoami(self) -> Identity:
        """Say whose account the token is."""
        user = self._ask(str, "i", {}, "username")
        return Identity(f"@{user}@{urlsplit(self._site).netloc}", f"{self._site}/@{user}")

    @cached_property
    def _user(self) -> str:
        return self._ask(str, "i", {}, "id")

    @cached_property
    def _meta(self) -> Mapping[str, object]:
        return self._ask(dict, "meta", {"detail": True})

    @cached_property
    def _edits(self) -> bool:
        """Whether the server can edit: it lists all that it can be asked."""
        try:
            return _EDIT in self._ask(list, "endpoints", {})
        except (Rejected, Unauthorised):
            return False

    @property
    def _measure(self) -> Measure:
        # What has more units than it may, Sharkey cuts off without a word.
        return Measure.UTF16 if self._edits else Measure.CODE_POINTS

    @property
    def _images(self) -> ImageLimits:
        most = positive(self._meta, "policies", "maxFileSizeMb")
        alt = positive(self._meta, "maxAltTextLength")
        size = most * 2**20 if most else _PICTURES.max_bytes
        return replace(_PICTURES, max_bytes=size, max_alt=alt or _PICTURES.max_alt)

    def _send(self, endpoint: str, body: Mapping[str, object], **rest: Any) -> Answer:
        signed = {**body, **self._signature}
        return self._http.send("POST", f"/api/{endpoint}", json=signed, expect=_REFUSALS, **rest)

    def _ask(
        self, kind: type[Value], endpoint: str, body: Mapping[str, object], *path: str
    ) -> Value:
        """Ask for what lies at `path`; every question is a POST here, and changes nothing."""
        with nothing_announced():
            return _understood(self._send(endpoint, body, repeatable=True)).require(kind, *path)

    @cached_property
    def _signature(self) -> Mapping[str, str]:
        token = self._options.token.reveal()  # without one, what servers tell strangers will do
        return {"i": token} if token else {}

    def _wording(self, message: Message) -> dict[str, object]:
        warning = message.content_warning or self._options.content_warning
        most = positive(self._meta, "maxCwLength") or _WARNING
        return {
            "text": "".join(map(written, message.spans)),
            "cw": shortened(warning, TextLimit(most, self._measure)) or None,
        }

    def _uploaded(self, message: Message) -> _Attachment:
        """Upload the picture; return how a note has it, or nothing and why it goes without it."""
        if message.image is None:
            return {}, ()
        try:
            return {"fileIds": [self._upload(message.image)]}, ()
        except (PictureError, Rejected, OutcomeUnknown) as error:
            # A picture that nobody can see yet may be lost without harm; a note may not.
            return {}, (f"It has no picture. {error.message}",)

    def _upload(self, image: Image) -> str:
        """Upload a picture: a file of its own for each note, so that each has its own words."""
        picture = fit(image, self._images)
        name = f"image.{picture.media_type.rpartition('/')[2]}"
        form = {
            **self._signature,
            "name": name,
            "isSensitive": str(self._options.sensitive).lower(),
            "force": "true",
            **({"comment": image.alt} if image.alt else {}),
        }
        answer = self._http.send(
            "POST",
            "/api/drive/files/create",
            form=form,
            files={"file": (name, picture.content, picture.media_type)},
            expect=_REFUSALS,
            repeatable=True,
        )
        return _understood(answer).require(str, "id")

    def _attached(self, note: object, message: Message) -> _Attachment:
        """Return how a note keeps its picture, in new words, or gets the one it lacks."""
        there = pick(note, str, "fileIds", 0)
        if message.image is None or not there:
            return self._uploaded(message)
        words = {"fileId": there, "comment": message.image.alt or None}
        try:
            _understood(self._send("drive/files/update", words, repeatable=True))
        except Rejected as error:
            return {"fileIds": [there]}, (f"Its words stay as they were. {error.message}",)
        return {"fileIds": [there]}, ()

    def _notes(self, asked: Mapping[str, object]) -> list[object]:
        own = {"userId": self._user, "limit": _PAGE, "withRenotes": False}
        return self._ask(list, "users/notes", {**own, **asked})

    def _receipt(self, name: str, notes: tuple[str, ...] = ()) -> Receipt:
        return Receipt(name, f"{self._site}/notes/{name}", notes)

    @property
    def _site(self) -> str:
        return self._options.server.rstrip("/")


def _name(note: object) -> str:
    return pick(note, str, "id") or ""


def _links(note: object) -> tuple[str, ...]:
    return links_in_text(pick(note, str, "text") or "")


def _code(answer: Answer) -> str:
    """Return the code of a refusal; empty where there is none."""
    if answer.error is None:
        return ""
    try:
        return pick(answer.json(), str, "error", "code") or ""
    except ValueError:
        return ""


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what its code means."""
    if answer.error is None:
        return answer
    if hint := _STOPS.get(_code(answer)):
        raise Unauthorised(answer.error.message, hint)
    raise answer.error
