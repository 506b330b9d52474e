"""Pinterest: the post's picture on a board, with title and description, leading to the page.

https://developers.pinterest.com/docs/api/v5/pins-create
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import AccountError, NetworkError, Rejected, Unauthorised
from litfass_syndication.finding import Own, found, listed
from litfass_syndication.measure import shortened
from litfass_syndication.network import Found, Identity, Network, Posted, Secret, nothing_announced
from litfass_syndication.pictures import PictureError, Upload, fit

_SITE = "https://www.pinterest.com"
_API = "/v5"
_PINS = f"{_API}/pins"
_BOARDS = f"{_API}/boards"
_SCOPES = "boards:read,boards:write,pins:read,pins:write,user_accounts:read"

_DESCRIPTION = 800
_LEAST = 80  # characters of a summary; less of it would say nothing
_TITLE = TextLimit(100, Measure.CODE_POINTS)
_GAP = "\n\n"
# What is sent grows by a third: seven megabytes keep it below the ten that Pinterest takes.
_PICTURES = ImageLimits(("image/jpeg", "image/png"), max_bytes=7_000_000, max_alt=500, needed=True)
_PIN = re.compile(r"\d+", re.ASCII)

_PAGE = 250  # the most that one listing has
_PAGES = 20

_NOBODY, _GONE = 401, 404
_TELLING = (_NOBODY, 403, _GONE)
# Pinterest's own numbers for its errors.
_TRIAL, _NO_BOARD = 29, 40

_SIGN_IN = (
    "Are app and app_secret those of an app in Pinterest's developer console, and is the account "
    "that it belongs to the one that shall speak? A `token` in their place lives for 30 days."
)
_FORBIDDEN = "The account may not write to that board, or its app lacks a permission."
_ON_TRIAL = (
    "The app is on trial, and what it pins nobody else would see: ask for standard access in "
    'Pinterest\'s developer console. `server = "https://api-sandbox.pinterest.com"` tries it out.'
)


@dataclass(frozen=True, slots=True)
class Options:
    """A board, by its name or number, and the app that speaks for the account that it belongs to.

    For an account that the app does not belong to, `token` takes the place of signing in: it is
    one that Pinterest made for app and account together.
    """

    board: str
    app: str
    app_secret: Secret
    token: Secret | None = None
    server: str = "https://api.pinterest.com"


class Pinterest(Network[Options]):
    """One board of one account on Pinterest."""

    name: ClassVar[str] = "pinterest"
    title: ClassVar[str] = "Pinterest"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(_DESCRIPTION, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,
        link_apart=True,
        images=_PICTURES,
        card=Card.NONE,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "image": "needed; the whole of it leads to the page",
            "text": "in place of a title, which would be said twice, the summary",
            "content warning": "Pinterest has none",
            "corrections": "of all but the picture",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Pin it, once; where its picture cannot be sent, there is nothing to pin."""
        del key
        picture = _suitable(message)
        source = {
            "source_type": "image_base64",
            "content_type": picture.media_type,
            "data": b64encode(picture.content).decode(),
        }
        body = {"board_id": self._board, "media_source": source, **_words(message)}
        pin = self._send("POST", _PINS, json=body).require(str, "id")
        shown = "Pinterest has no content warnings, and shows none."
        return _receipt(pin, (shown,) if message.content_warning else ())

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a pin on the board that leads to the page.

        People put their pins into any order: only the end of them all proves that there is none.
        """
        del key
        return found(self._own_pins(), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield what is on the board, as it is ordered there, five thousand pins at most."""
        return listed(self._own_pins())

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace title, description, link and the picture's words; the picture stays."""
        self._send("PATCH", _place(receipt), json=_words(message), repeatable=True)
        return receipt

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the pin, or find it gone."""
        path = _place(receipt)
        answer = self._http.send(
            "DELETE", path, headers=self._headers, expect=_TELLING, repeatable=True
        )
        if answer.status != _GONE:
            _understood(answer)

    def whoami(self) -> Identity:
        """Say whose account it is, asking Pinterest, and that the board is there."""
        name = self._ask(f"{_API}/user_account").require(str, "username")
        self._board  # noqa: B018 - looked for, so that a wrong one is told at once
        return Identity(name, f"{_SITE}/{name}/")

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        """What lets us in, asked for when it is first needed."""
        token = self._options.token or self._signed_in()
        return {"Authorization": f"Bearer {token.reveal()}"}

    def _signed_in(self) -> Secret:
        """Return a token for this run, for the account that the app belongs to.

        https://developers.pinterest.com/docs/api/v5/oauth-token
        """
        pair = f"{self._options.app}:{self._options.app_secret.reveal()}"
        basic = Secret(b64encode(pair.encode()).decode())
        self._http.conceal(basic)
        with nothing_announced():
            answer = self._http.send(
                "POST",
                f"{_API}/oauth/token",
                form={"grant_type": "client_credentials", "scope": _SCOPES},
                headers={"Authorization": f"Basic {basic.reveal()}"},
                expect=(400, *_TELLING),
                repeatable=True,
            )
            if answer.error:
                raise Unauthorised(answer.error.message, _SIGN_IN)
            token = Secret(answer.require(str, "access_token"))
        self._http.conceal(token)
        return token

    @cached_property
    def _board(self) -> str:
        """The board's number; raises AccountError when the account has none of that name."""
        wanted = self._options.board.strip()
        if _PIN.fullmatch(wanted):
            return wanted
        names = []
        for board in self._listed(_BOARDS):
            name, number = pick(board, str, "name") or "", pick(board, str, "id")
            if number and name.casefold() == wanted.casefold():
                return number
            names.append(name)
        hint = f"Its boards: {', '.join(filter(None, names)) or 'none'}."
        raise AccountError(f'The account has no board "{wanted}".', self._http.shown(hint))

    def _ask(self, path: str, **params: str) -> Answer:
        return _understood(
            self._http.get(path, params=params, headers=self._headers, expect=_TELLING)
        )

    def _send(self, method: str, path: str, **how: Any) -> Answer:
        return _understood(
            self._http.send(method, path, headers=self._headers, expect=_TELLING, **how)
        )

    def _listed(self, path: str) -> Iterator[object]:
        """Yield what a list has, page after page, and None at its end, if that was reached."""
        params = {"page_size": str(_PAGE)}
        for _ in range(_PAGES):
            answer = self._ask(path, **params)
            yield from answer.require(list, "items")
            bookmark = pick(answer.json(), str, "bookmark")
            if not bookmark:
                yield None
                return
            params["bookmark"] = bookmark

    def _own_pins(self) -> Iterator[Own | None]:
        for pin in self._listed(f"{_BOARDS}/{self._board}/pins"):
            yield None if pin is None else _own(pin)


def _suitable(message: Message) -> Upload:
    """Return the message's picture as it is sent; raises Rejected when there is none to send."""
    why = "The post has no picture."
    try:
        if message.image:
            return fit(message.image, _PICTURES)
    except PictureError as error:
        why = error.message
    raise Rejected(f"{message.account}: not for Pinterest. {why}", "Give the post a fitting image.")


def _words(message: Message) -> Mapping[str, str]:
    """Return all that is said of a picture; what is empty is left out."""
    said = {
        "title": shortened(message.title, _TITLE),
        "description": _description(message),
        "link": message.url,
        "alt_text": message.image.alt if message.image else "",
    }
    return {name: words for name, words in said.items() if words}


def _description(message: Message) -> str:
    """Return the text; where its first line is the title, which stands above it, the summary."""
    line, _, rest = message.text.partition("\n")
    rest = rest.strip()
    if line != message.title or line != shortened(line, _TITLE):
        return message.text
    if message.summary in rest:
        return rest
    room = _DESCRIPTION - len(_GAP) - len(rest)
    if room < min(_LEAST, len(message.summary)):
        return rest
    summary = shortened(message.summary, TextLimit(room, Measure.CODE_POINTS))
    return _GAP.join(filter(None, (summary, rest)))


def _own(pin: object) -> Own:
    receipt = _receipt(pick(pin, str, "id") or "")
    link = pick(pin, str, "link")
    return Own(Posted(receipt, (link,) if link else ()), None)


def _receipt(pin: str, notes: tuple[str, ...] = ()) -> Receipt:
    return Receipt(pin, f"{_SITE}/pin/{pin}/", notes)


def _place(receipt: Receipt) -> str:
    if not _PIN.fullmatch(receipt.identifier):
        raise Rejected(f'"{receipt.identifier}" is not the number of a pin on Pinterest.')
    return f"{_PINS}/{receipt.identifier}"


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what Pinterest's number for it means."""
    if answer.error is None:
        return answer
    raise _meant(answer, answer.error)


def _meant(answer: Answer, error: NetworkError) -> NetworkError:
    try:
        code = pick(answer.json(), int, "code")
    except ValueError:
        code = None
    if answer.status == _GONE:
        board = Unauthorised(error.message, "Give the account a `board` that is there.")
        return board if code == _NO_BOARD else error
    if code == _TRIAL or b"rial access" in answer.body:
        return Unauthorised(error.message, _ON_TRIAL)
    return Unauthorised(error.message, _SIGN_IN if answer.status == _NOBODY else _FORBIDDEN)
