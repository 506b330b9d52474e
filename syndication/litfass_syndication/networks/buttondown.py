"""Buttondown: a newsletter by e-mail, https://docs.buttondown.com/api-introduction.

A mail is made as a draft, which nobody gets, and then sent in a second step. Whether that was done
is told by the mail itself, which is known by its canonical address: that of the post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import ClassVar, Literal

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Content,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import NetworkError, RateLimited, Rejected, Unauthorised
from litfass_syndication.links import comparable
from litfass_syndication.network import Found, Identity, Network, Secret, nothing_announced
from litfass_syndication.paragraphs import body, body_with_original

_REFUSALS = (400, 401, 403, 404, 409, 422)
_IMAGES = ImageLimits(("image/jpeg", "image/png", "image/gif", "image/webp"), fetched=True)
_PAGES = 100
_NEWEST_FIRST = {"ordering": "-creation_date", "excluded_fields": "body"}

_SEND = "about_to_send"
# Of a mail that is not a draft any more. "deleted", "errored" and "suppressed" reached nobody.
_ON_ITS_WAY = frozenset(
    {_SEND, "scheduled", "in_flight", "paused", "sent", "throttled", "resending"}
)

_HTML = "<!-- buttondown-editor-mode: fancy -->"
# What begins a command of its templates; as an entity a browser shows it, and nobody obeys it.
_COMMAND = re.compile(r"\{(?=[{%#])")

_NEW_KEY = "Copy the API key from Buttondown, Settings, API, and put it among the secrets."
_IN_ORDER = "Is the newsletter's account in order, and has its plan room? Sign in and look."
_DRAFT = "The mail is a draft in Buttondown: the next run takes that one."
# What its codes mean, where it is not the mail that is wrong.
_STOPS = {
    "sending_requires_confirmation": (
        "Buttondown wants a first mail by the API confirmed: sign in there, and send this draft "
        "yourself or follow what it says. " + _DRAFT
    ),
    "email_not_confirmed": "Confirm the address of your account at Buttondown first. " + _DRAFT,
    "pay_per_email_billing_locked": "Your payment needs a look: sign in there. " + _DRAFT,
}


@dataclass(frozen=True, slots=True)
class Options:
    """A newsletter's API key; `status` is whether a mail goes out, or waits as a draft for you."""

    api_key: Secret
    status: Literal["sent", "draft"] = "sent"
    server: str = "https://api.buttondown.com/v1"


@dataclass(frozen=True, slots=True)
class _Made:
    """A mail at Buttondown, and whether it has been sent before."""

    receipt: Receipt
    sent: bool = False


class Buttondown(Network[Options]):
    """One newsletter at Buttondown."""

    name: ClassVar[str] = "buttondown"
    title: ClassVar[str] = "Buttondown"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(None, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,
        images=_IMAGES,
        card=Card.NONE,
        hashtags=False,
        edit=True,
        contents=(Content.EXCERPT, Content.ARTICLE),
        titled=True,
        notes={"corrections": "in the archive; a mail that was sent stays as it is"},
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Make a draft, and send it; a draft alone has announced nothing."""
        del key
        draft_only = self._options.status == "draft"
        with nullcontext() if draft_only else nothing_announced():
            draft = self._drafted(message)
        if not (draft_only or draft.sent):
            answer = self._send("PATCH", f"/emails/{draft.receipt.identifier}", {"status": _SEND})
            _require_sent(_understood(answer))
        return draft.receipt

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the mail by its canonical address; its draft may be older than the claim."""
        del key, since
        for mail in self._mails(message):
            if mail is _END:
                return Found(None, complete=True)
            if pick(mail, str, "status") in self._counted:
                return Found(_receipt_of(mail), complete=True)
        return Found(None, complete=False)

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Correct the mail in the archive; what readers have got stays as it is."""
        content, notes = self._content(message)
        path = f"/emails/{receipt.identifier}"
        answer = self._send("PATCH", path, content, repeatable=True)
        return replace(_receipt(_understood(answer)), notes=notes)

    def whoami(self) -> Identity:
        """Say which newsletter the key is of."""
        answer = self._http.get("/newsletters", headers=self._headers, expect=_REFUSALS)
        newsletters = _understood(answer).require(list, "results")
        secret = self._options.api_key.reveal()
        own = [one for one in newsletters if pick(one, str, "api_key") == secret] or newsletters
        name = pick(own[0], str, "name") or "" if own else ""
        return Identity(name, "")

    @property
    def _counted(self) -> frozenset[str]:
        """In which states a mail is what we would have made of it."""
        return _ON_ITS_WAY | {"draft"} if self._options.status == "draft" else _ON_ITS_WAY

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Token {self._options.api_key.reveal()}"}

    def _send(
        self, method: str, path: str, content: Mapping[str, object], *, repeatable: bool = False
    ) -> Answer:
        return self._http.send(
            method,
            path,
            json=content,
            headers=self._headers,
            expect=_REFUSALS,
            repeatable=repeatable,
        )

    def _drafted(self, message: Message) -> _Made:
        """Make a draft; where an earlier attempt has made the same mail, take that one."""
        content, notes = self._content(message)
        answer = self._send("POST", "/emails", {**content, "status": "draft"})
        if answer.error and _code(answer) == "email_duplicate":
            made = self._made_before(message, content, answer.error)
        else:
            made = _Made(_receipt(_understood(answer)))
        return replace(made, receipt=replace(made.receipt, notes=(*notes, *made.receipt.notes)))

    def _made_before(
        self, message: Message, content: Mapping[str, object], error: NetworkError
    ) -> _Made:
        """Return our own mail that is the same; raises Rejected when there is none."""
        for mail in self._mails(message):
            receipt, status = _receipt_of(mail), pick(mail, str, "status")
            if status in _ON_ITS_WAY:
                return _Made(replace(receipt, notes=("It was there already.",)), sent=True)
            if status == "draft":
                path = f"/emails/{receipt.identifier}"
                answer = self._send("PATCH", path, content, repeatable=True)
                return _Made(_receipt(_understood(answer)))
        hint = "Buttondown has a mail like this already, which is not ours: look there."
        raise Rejected(error.message, hint)

    def _content(self, message: Message) -> tuple[dict[str, object], tuple[str, ...]]:
        """Return what a reader sees, and what is missing of it."""
        objection = _IMAGES.objection(message.image) if message.image else ""
        shown = message.image if not objection and message.image else None
        alt, url = (shown.alt, shown.url) if shown else ("", "")
        picture = f'<p><img src="{escape(url)}" alt="{escape(alt)}"></p>\n' if shown else ""
        text = body_with_original(message) if message.article else picture + body(message)
        content: dict[str, object] = {
            "subject": message.title,
            "body": f"{_HTML}{_COMMAND.sub('&#123;', text)}",
            "canonical_url": message.url,
            "description": message.summary,
            **({"image": url} if url else {}),
        }
        return content, (f"It has no picture: {objection}.",) if objection else ()

    def _mails(self, message: Message) -> Iterator[object]:
        """Yield the mails with the message's canonical address, and `_END` after the last."""
        wanted = comparable(message.url)
        for page in range(1, _PAGES + 1):
            asked = {**_NEWEST_FIRST, "page": str(page)}
            answer = self._http.get(
                "/emails", params=asked, headers=self._headers, expect=_REFUSALS
            )
            mails = _understood(answer).require(dict)
            for mail in pick(mails, list, "results") or ():
                if comparable(pick(mail, str, "canonical_url") or "") == wanted:
                    yield mail
            if not pick(mails, str, "next"):
                yield _END
                return


_END: object = object()


def _require_sent(answer: Answer) -> None:
    """See to it that the mail is on its way; raises OutcomeUnknown when that is not said."""
    status = answer.require(str, "status")
    if status not in _ON_ITS_WAY:
        raise answer.unusable(f'The mail is "{status}", and not on its way.')


def _receipt(answer: Answer) -> Receipt:
    return Receipt(answer.require(str, "id"), answer.require_address("absolute_url"))


def _receipt_of(mail: object) -> Receipt:
    return Receipt(pick(mail, str, "id") or "", pick(mail, str, "absolute_url") or "")


def _code(answer: Answer) -> str:
    try:
        return pick(answer.json(), str, "code") or ""
    except ValueError:
        return ""


def _understood(answer: Answer) -> Answer:
    """Return the answer; raises what a refusal means."""
    error = answer.error
    if error is None:
        return answer
    stops = _STOPS.get(_code(answer))
    if stops:
        raise Unauthorised(error.message, stops)
    if isinstance(error, Unauthorised):
        raise Unauthorised(error.message, _NEW_KEY if answer.status == 401 else _IN_ORDER)  # noqa: PLR2004 - as HTTP has it
    if answer.status == 409:  # noqa: PLR2004 - Conflict: it is at work on this very mail
        raise RateLimited(error.message, "Nothing was done: a later run tries again.")
    raise error
