"""A message as a mail: plain text and HTML, with all that a newsletter must say. Pure.

RFC 2369 (List-Unsubscribe), RFC 8058 (with one click), RFC 2919 (List-Id). The same message, key
and recipient give the same mail, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from urllib.parse import quote

from litfass_syndication.announcement import Message, Span, SpanKind
from litfass_syndication.attempt import key_time
from litfass_syndication.pictures import Upload

ADDRESS = "{address}"
"""What an address to unsubscribe at has in place of the subscriber's own."""

_PICTURE = "picture@litfass"  # the name of the one within a mail
_STYLE = "max-width:36em;margin:0 auto;padding:1em;font:1em/1.5 sans-serif"
_SMALL = "color:#666;font-size:.85em;border-top:1px solid #ccc;padding-top:1em"


class _Policy(EmailPolicy):
    """SMTP's own, but for addresses: a long one would be broken, or written as if it were words."""

    _WHOLE = frozenset({"Message-ID", "To", "List-Unsubscribe", "List-Id"})

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it is sent."""
        if name in self._WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands below every mail, in a reader's language."""

    unsubscribe: str
    imprint: str


_ENGLISH = Words("Unsubscribe", "Who sends this")
_WORDS = {"de": Words("Abbestellen", "Impressum"), "en": _ENGLISH}


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail shows as HTML, and a picture to be enclosed above it."""

    html: str
    picture: Upload | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and what the law and the receivers want to read.

    `unsubscribe` is a mail address or a web address, perhaps with `{address}` in it: then the
    server behind it is told by one POST who goes (RFC 8058). Empty: a mailing list sees to that.
    """

    sender: str
    name: str = ""
    unsubscribe: str = ""
    imprint: str = ""

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]

    def farewell(self, recipient: str) -> str:
        """Return where this recipient unsubscribes: a web address, or one with mailto."""
        if "://" in self.unsubscribe:
            return self.unsubscribe.replace(ADDRESS, quote(recipient, safe=""))
        return f"mailto:{self.unsubscribe}?subject=unsubscribe" if self.unsubscribe else ""


def identifier(head: Letterhead, key: str, who: str = "") -> str:
    """Return the Message-ID of an attempt's mail to somebody; who that is cannot be read in it."""
    return f"<{'.'.join(filter(None, (key, who)))}@{head.domain}>"


def letter(
    message: Message,
    head: Letterhead,
    recipient: str,
    key: str,
    content: Body,
    who: str = "",
) -> bytes:
    """Return the whole mail, its lines ended as SMTP wants them."""
    mail = EmailMessage(policy=_POLICY)
    for name, value in _headers(message, head, recipient, identifier(head, key, who)):
        mail[name] = value
    mail["Date"] = format_datetime(key_time(key))
    words = _WORDS.get(message.language.partition("-")[0], _ENGLISH)
    footer = tuple(_footer(head, recipient, words))
    mail.set_content(_plain(message, footer), cte="quoted-printable")
    html = _html(message, footer, content)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    if content.picture:
        _enclose(mail, content.picture)
    if message.language:  # not before: whoever sets the content takes such a header out
        mail["Content-Language"] = _line(message.language)
    _bound(mail, key, who)
    return mail.as_bytes()


def _headers(
    message: Message, head: Letterhead, recipient: str, name: str
) -> Iterator[tuple[str, object]]:
    yield "Message-ID", name
    yield "From", Address(_line(head.name), addr_spec=head.sender)
    yield "To", Address(addr_spec=recipient)
    yield "Subject", _line(message.title)
    if farewell := head.farewell(recipient):
        yield "List-Unsubscribe", f"<{farewell}>"
        yield "List-Id", f"<newsletter.{head.domain}>"
        yield "Precedence", "list"  # so that nobody's holiday note answers
    if farewell.startswith("https://") and ADDRESS in head.unsubscribe:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _line(text: str) -> str:
    """Return a text that fits in a header: one line, and nothing that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _footer(head: Letterhead, recipient: str, words: Words) -> Iterator[tuple[str, str]]:
    if farewell := head.farewell(recipient):
        yield words.unsubscribe, farewell
    if head.imprint:
        yield words.imprint, head.imprint


def _plain(message: Message, footer: tuple[tuple[str, str], ...]) -> str:
    """Return the text, with the whole address of each link that shows less of it."""
    text = "".join(map(_written, message.spans))
    warning = f"{message.content_warning}\n\n" if message.content_warning else ""
    below = "".join(f"{what}: {where}\n" for what, where in footer)
    return f"{warning}{text}\n" + (f"\n-- \n{below}" if below else "")


def _written(span: Span) -> str:
    if span.kind is SpanKind.LINK and span.target not in {"", span.text}:
        return f"{span.text} ({span.target})"
    return span.text


def _html(message: Message, footer: tuple[tuple[str, str], ...], content: Body) -> str:
    parts = (
        f"<h1>{_anchor(message.url, message.title)}</h1>\n",
        _shown(message, content.picture) if content.picture else "",
        f"{content.html}\n",
        f'<p style="{_SMALL}">{" · ".join(_anchor(to, what) for what, to in footer)}</p>\n'
        if footer
        else "",
    )
    language = f' lang="{escape(message.language)}"' if message.language else ""
    return (
        f'<!doctype html>\n<html{language}><head><meta charset="utf-8">'
        f"<title>{escape(message.title)}</title></head>\n"
        f'<body><div style="{_STYLE}">\n{"".join(parts)}</div></body></html>\n'
    )


def _shown(message: Message, picture: Upload) -> str:
    alt = message.image.alt if message.image else ""
    size = f'width="{picture.width}" height="{picture.height}"'
    style = "max-width:100%;height:auto"
    return f'<p><img src="cid:{_PICTURE}" alt="{escape(alt)}" {size} style="{style}"></p>\n'


def _anchor(target: str, text: str) -> str:
    return f'<a href="{escape(target)}">{escape(text)}</a>'


def _enclose(mail: EmailMessage, picture: Upload) -> None:
    """Put the picture beside the HTML that shows it: no server is asked for it when it is read."""
    html = tuple(mail.iter_parts())[1]
    kind = picture.media_type.rpartition("/")[2]
    html.add_related(picture.content, "image", kind, cid=f"<{_PICTURE}>", disposition="inline")


def _bound(mail: EmailMessage, key: str, who: str) -> None:
    """Part the parts by what does not change when the attempt is resumed, and is no text."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            mark = blake2b(f"{key}.{who}.{number}".encode(), digest_size=16).hexdigest()
            part.set_boundary(f"={mark}=")
