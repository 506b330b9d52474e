"""E-mail: a newsletter, handed to a mail server for a mailing list, or for a file of subscribers.

A mailing list is one recipient: it knows who is on it, and lets them go. Subscribers in a file get
a mail each. SMTP takes no key, so an answer that was lost stays a doubt about this one mail; who
has got it for sure is written down, and going on sends it to the others alone.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.capabilities import (
    Capabilities,
    Card,
    Content,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import (
    AccountError,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    SyndicationError,
    Unauthorised,
)
from litfass_syndication.letter import ADDRESS, Body, Letterhead, identifier, letter
from litfass_syndication.mailing import Round, people
from litfass_syndication.network import Identity, Mail, Network, Outgoing, Refusal, Secret, Speech
from litfass_syndication.paragraphs import body_with_original
from litfass_syndication.pictures import PictureError, fit
from litfass_syndication.postbook import Postbook
from litfass_syndication.subscribers import mailbox, read_subscribers

_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/gif"), max_bytes=400_000, max_pixels=1_440_000
)
_NOBODY_LEAVES = (
    'Subscribers must be able to leave: set "unsubscribe" to the address of a mailbox that you '
    'read, or to a web address like "https://example.org/leave?who={address}".'
)


def is_file(to: str) -> bool:
    """Tell a file of subscribers from the address of a mailing list."""
    return "@" not in Path(to).name


def _mailbox(value: str) -> str | None:
    return None if mailbox(value) else f'must be like "name@example.org", not "{value}"'


def _whom(value: str) -> str | None:
    if value and (is_file(value) or mailbox(value)):
        return None
    return 'must be a mailing list like "news@lists.example.org", or a file like "subscribers.txt"'


def _way_out(value: str) -> str | None:
    if not value or mailbox(value) or _is_address(value.replace(ADDRESS, "")):
        return None
    return f'must be the address of a mailbox, or begin with https://, not "{value}"'


def _imprint(value: str) -> str | None:
    return None if not value or _is_address(value) else f'must begin with https://, not "{value}"'


def _is_address(value: str) -> bool:
    return value.startswith("https://") and value.isascii() and not set(value) & set(" <>,\"'{}")


@dataclass(frozen=True, slots=True)
class Options:
    """A mail server, who signs in there, the sender, and to whom it goes.

    The server is like "smtps://mail.example.org", or with smtp:// where encryption begins later
    (STARTTLS, port 587). "sender" is the address that readers see. "to" is a mailing list's
    address, or a file with one subscriber a line; a file needs "unsubscribe", too: the address of
    a mailbox, or a web address. "imprint" is the address of the page that says who sends this.
    """

    server: str = field(metadata={"scheme": "smtps"})
    user: str
    password: Secret
    sender: str = field(metadata={"check": _mailbox})
    to: str = field(metadata={"check": _whom, "file": is_file})
    name: str = ""
    unsubscribe: str = field(default="", metadata={"check": _way_out})
    imprint: str = field(default="", metadata={"check": _imprint})


class Email(Network[Options]):
    """One newsletter."""

    name: ClassVar[str] = "email"
    title: ClassVar[str] = "E-mail"
    options: ClassVar[type] = Options
    speaks: ClassVar[Speech] = Speech.MAIL
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(None, Measure.GRAPHEMES),),
        dedupe=Dedupe.NONE,
        images=_PICTURES,
        card=Card.NONE,
        hashtags=False,
        contents=(Content.EXCERPT, Content.ARTICLE),
        titled=True,
        notes={
            "address": "mail is at no address on the web",
            "lost answer": "what subscribers in a file surely have is not sent to them again",
        },
    )

    def __init__(self, options: Options, mail: Mail) -> None:
        self._options = options
        self._mail = mail

    def limits(self) -> Capabilities:
        """Return what going on means: with subscribers in a file we know who has it."""
        self._require_way_out()
        if is_file(self._options.to):
            return replace(self.capabilities, dedupe=Dedupe.IDENTIFIER)
        return self.capabilities

    def publish(self, message: Message, key: str) -> Receipt:
        """Send it to the list, or to each subscriber who has not got it."""
        self._require_way_out()
        if not is_file(self._options.to):
            return self._to_the_list(message, key)
        subscribers = read_subscribers(Path(self._options.to))
        book = self._book(message)
        book.begin(key, message.post)
        return self._to_all(Round(message, key, book, subscribers))

    def resume(self, message: Message, key: str) -> Receipt:
        """Go on where it was broken off; raises OutcomeUnknown when nobody knows where that was."""
        self._require_way_out()
        subscribers = read_subscribers(Path(self._options.to))
        book = self._book(message)
        if not book.knows(key):
            hint = f"{book.name} lies beside the subscribers, on the machine that began."
            raise OutcomeUnknown("Nothing is written down here about who has got it.", hint)
        return self._to_all(Round(message, key, book, subscribers))

    def whoami(self) -> Identity:
        """Say who writes to whom, once the server has let us in; nothing is sent."""
        self._require_way_out()
        own = self._options
        whom = own.to
        if is_file(whom):
            whom = people(len(read_subscribers(Path(whom))))
        with self._mail.signed_in(own.user, own.password):
            return Identity(f"{own.sender}, to {whom}", "")

    def _require_way_out(self) -> None:
        if is_file(self._options.to) and not self._options.unsubscribe:
            raise AccountError("The newsletter says nowhere how to leave it.", _NOBODY_LEAVES)

    def _book(self, message: Message) -> Postbook:
        return Postbook(Path(self._options.to), message.account)

    @property
    def _head(self) -> Letterhead:
        own = self._options
        way_out = mailbox(own.unsubscribe) or own.unsubscribe
        return Letterhead(mailbox(own.sender), own.name, way_out, own.imprint)

    def _to_the_list(self, message: Message, key: str) -> Receipt:
        head = replace(self._head, unsubscribe="")
        content, notes = _contents(message)
        whom = mailbox(self._options.to)
        mail = letter(message, head, whom, key, content)
        with self._signed_in() as outgoing:
            refusal = outgoing.send(head.sender, whom, mail)
        if refusal:
            raise _no_list(message.account, refusal)
        return Receipt(identifier(head, key), "", notes)

    def _signed_in(self) -> AbstractContextManager[Outgoing]:
        return self._mail.signed_in(self._options.user, self._options.password)

    def _to_all(self, way: Round) -> Receipt:
        """Send what is left to be sent, and say what became of all."""
        head = self._head
        content, notes = _contents(way.message)
        failure: SyndicationError | None = None
        refusal: Refusal | None = None
        try:
            with self._signed_in() as outgoing:
                for one, who in way.left():
                    mail = letter(way.message, head, one.address, way.key, content, who)
                    refusal = way.send(outgoing, head.sender, one, who, mail) or refusal
        except SyndicationError as error:
            failure = error
        way.require_end(failure, refusal)
        return Receipt(way.key, "", (*notes, *way.notes()))


def _contents(message: Message) -> tuple[Body, tuple[str, ...]]:
    """Return what is shown; an article has its own pictures. What is missing of it is said."""
    html = body_with_original(message)
    if message.article or not message.image:
        return Body(html), ()
    try:
        return Body(html, fit(message.image, _PICTURES)), ()
    except PictureError as error:
        return Body(html), (f"It has no picture. {error.message}",)


def _no_list(account: str, refusal: Refusal) -> NetworkError:
    words = f"{account}: the server takes nothing for the list ({refusal.code}): {refusal.words}"
    if refusal.passing:
        return RateLimited(words, "Nothing was sent: a later run tries again.")
    hint = 'Is the address in "to" right, and may the sender write to it? Nothing was sent.'
    return Unauthorised(words, hint)
