"""Lemmy: a link post in one community, by the API v3 that versions 0.19 and 1.0 both speak.

https://join-lemmy.org/api/, and where that is silent https://github.com/LemmyNet/lemmy,
crates/utils/src/utils/validation.rs for lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from litfass_syndication.announcement import Message, Receipt, Span, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.capabilities import (
    Capabilities,
    Dedupe,
    ImageLimits,
    Measure,
    TextLimit,
)
from litfass_syndication.errors import Rejected, Unauthorised
from litfass_syndication.finding import Own, found, listed, moment
from litfass_syndication.jwt import ends, is_token
from litfass_syndication.lemmy_codes import GONE, SIGN_IN, reason, understood
from litfass_syndication.network import Found, Identity, Network, Posted, Secret, nothing_announced

_API = "/api/v3"
_PERSON = ("my_user", "local_user_view", "person")
_REFUSALS = (400, 401, 403, 404)
_PAGE = 50  # the most that one listing has
_PAGES = 4
_ALL_PAGES = 10  # Lemmy 1.0 takes what is beyond for the tenth

_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/webp", "image/gif"),
    max_alt=750,  # 1500 UTF-16 units, and no character takes more than two
    fetched=True,
)

_MARKS = re.compile(r"[\\*_~^`|<>#\[\]{}&]")
# What is a list, a rule or a spoiler only at the beginning of a line: "- so", "3. so", ":::".
_BEGINNINGS = re.compile(r"^(\s*\d*)([-+.):=])", re.MULTILINE)
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")


@dataclass(frozen=True, slots=True)
class Options:
    """An account and the one community into which it posts, "name" or "name@server".

    `password` is the account's, or the token of a session, which is needed where it asks for a
    second factor. `nsfw` marks all its posts as not safe for work.
    """

    server: str
    community: str
    username: str
    password: Secret
    nsfw: bool = False


def written(span: Span) -> str:
    """Return a stretch of text in Markdown that shows it as it is."""
    if span.kind is SpanKind.LINK:
        return f"<{span.target}>"
    if span.kind is SpanKind.MENTION:
        return span.text
    return _BEGINNINGS.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", span.text))


class Lemmy(Network[Options]):
    """One account that posts into one community on Lemmy."""

    name: ClassVar[str] = "lemmy"
    title: ClassVar[str] = "Lemmy"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(50_000, Measure.UTF16),),
        heading=TextLimit(200, Measure.CODE_POINTS),
        link_apart=True,
        dedupe=Dedupe.LOOKUP,
        written=written,
        images=_PICTURES,
        hashtags=False,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "title": "the first line, of at most 200 code points; the address stands beside it",
            "image": "the link's thumbnail, which Lemmy fetches from the blog",
            "content warning": "the text is folded up below it; the title is not",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it, once: Lemmy keeps no key for long, and takes a link as often as it is sent."""
        del key
        community = self._community.require(int, "community_view", "community", "id")
        body = {**self._wording(message), "community_id": community}
        answer = self._change("POST", "/post", body)
        notes: tuple[str, ...] = ()
        if "custom_thumbnail" in body and "url" in reason(answer):
            # Lemmy does not say which of the two addresses it will not have.
            notes = ("It has no picture of ours: the server does not take its address.",)
            del body["custom_thumbnail"]
            answer = self._change("POST", "/post", body)
        return replace(_receipt(understood(answer)), notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the account's own posts in the community."""
        del key
        return found(self._posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own posts in the community, as far as Lemmy lists it: 500 posts."""
        return listed(self._posts(_ALL_PAGES))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace title, text, link and thumbnail."""
        body = {**self._wording(message), "post_id": _number(receipt)}
        answer = self._change("PUT", "/post", body, repeatable=True)
        if answer.error and reason(answer) in GONE:
            raise Rejected(answer.error.message, "The post is not there any more.")
        return _receipt(understood(answer))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone; what was said below it stays with the server."""
        body = {"post_id": _number(receipt), "deleted": True}
        answer = self._change("POST", "/post/delete", body, repeatable=True)
        if reason(answer) not in GONE:
            understood(answer)

    def whoami(self) -> Identity:
        """Say whose account it is, until when its token lasts, and that its community is there."""
        self._community  # noqa: B018 - a community that is not there is told now
        user = self._site.require(str, *_PERSON, "name")
        handle = f"{user} in {self._options.community}"
        address = self._site.require_address(*_PERSON, "actor_id")
        return Identity(handle, address, ends(self._options.password.reveal().strip()))

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        password = self._options.password.reveal().strip()
        token = password if is_token(password) else self._session(password)
        return {"Authorization": f"Bearer {token}"}

    def _session(self, password: str) -> str:
        """Sign in, and return the token of the session; once in a run, for servers count them."""
        who = {"username_or_email": self._options.username, "password": password}
        with nothing_announced():
            answer = self._http.send("POST", f"{_API}/user/login", json=who, expect=_REFUSALS)
            token = understood(answer).require(str, "jwt")
        self._http.conceal(Secret(token))
        return token

    @cached_property
    def _site(self) -> Answer:
        """What the server says of itself and of the account."""
        answer = self._ask("/site")
        if pick(answer.require(dict), dict, *_PERSON) is None:
            words = f"{self._options.username} is not signed in on {self._options.server}."
            raise Unauthorised(words, SIGN_IN)
        return answer

    @cached_property
    def _community(self) -> Answer:
        return self._ask("/community", name=self._options.community.lstrip("!"))

    def _ask(self, path: str, **params: str) -> Answer:
        answer = self._http.get(
            f"{_API}{path}", params=params, headers=self._headers, expect=_REFUSALS
        )
        return understood(answer)

    def _change(self, method: str, path: str, body: Mapping[str, object], **how: Any) -> Answer:
        headers = self._headers
        return self._http.send(
            method, f"{_API}{path}", json=body, headers=headers, expect=_REFUSALS, **how
        )

    def _wording(self, message: Message) -> dict[str, object]:
        """Return all that a reader sees of a post."""
        title, text = _divided(message.spans)
        body: dict[str, object] = {
            "name": title,
            "url": message.url,
            "body": _warned(_markdown(text), message.content_warning),
        }
        if self._options.nsfw:  # what a moderator has marked stays marked when we correct it
            body["nsfw"] = True
        if message.image and message.image.url:
            body["custom_thumbnail"] = message.image.url
            body["alt_text"] = message.image.alt
        language = self._language(message.language)
        return body if language is None else {**body, "language_id": language}

    def _language(self, code: str) -> int | None:
        """Return the server's number for a language that is spoken in the community."""
        spoken = pick(self._community.require(dict), list, "discussion_languages") or []
        plain = code.partition("-")[0].lower()
        return next(
            (
                number
                for each in pick(self._site.require(dict), list, "all_languages") or ()
                if plain and pick(each, str, "code") == plain
                if (number := pick(each, int, "id")) in spoken
            ),
            None,
        )

    def _posts(self, pages: int) -> Iterator[Own | None]:
        """Yield the community's posts, newest first, and None when there are no more."""
        community = self._community.require(int, "community_view", "community", "id")
        asked = {"community_id": f"{community}", "sort": "New", "limit": f"{_PAGE}"}
        shown = {"type_": "All", "show_read": "true", "show_hidden": "true", "show_nsfw": "true"}
        for number in range(1, pages + 1):
            page = self._ask("/post/list", **asked, **shown, page=f"{number}")
            posts = page.require(list, "posts")
            yield from map(self._own, posts)
            if not posts:
                yield None
                return

    def _own(self, view: object) -> Own:
        """Return a post of the community; what others wrote is no announcement."""
        author = pick(view, int, "post", "creator_id")
        is_ours = author == self._site.require(int, *_PERSON, "id")
        return Own(_posted(view) if is_ours else None, _written_at(view))


def _divided(spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """Return a message's first line, which is the title, and the rest."""
    title = ""
    for index, span in enumerate(spans):
        line, end, rest = span.text.partition("\n")
        title += line
        if end:
            return title.strip(), (Span(rest.lstrip("\n")), *spans[index + 1 :])
    return title.strip(), ()


def _markdown(spans: tuple[Span, ...]) -> str:
    """Return a text in which the ends of lines are to be seen."""
    return _LINE_END.sub("  \n", "".join(map(written, spans)).strip())


def _warned(text: str, warning: str) -> str:
    """Fold a text up below its content warning."""
    title = " ".join(warning.split())
    return f"::: spoiler {title}\n{text}\n:::" if title and text else text


def _receipt(answer: Answer) -> Receipt:
    number = answer.require(int, "post_view", "post", "id")
    return Receipt(f"{number}", answer.require_address("post_view", "post", "ap_id"))


def _posted(view: object) -> Posted:
    number, address = pick(view, int, "post", "id"), pick(view, str, "post", "ap_id") or ""
    public = address if address.startswith(("https://", "http://")) else ""
    link = pick(view, str, "post", "url")
    return Posted(Receipt(f"{number}", public), (link,) if link else ())


def _written_at(view: object) -> datetime | None:
    """Return when a post was written; those on top of the list do not tell how far back it is."""
    if any(pick(view, bool, "post", name) for name in ("featured_community", "featured_local")):
        return None
    return moment(pick(view, str, "post", "published"))


def _number(receipt: Receipt) -> int:
    if not (receipt.identifier.isascii() and receipt.identifier.isdecimal()):
        raise Rejected(f'"{receipt.identifier}" is not the number of a post on Lemmy.')
    return int(receipt.identifier)
