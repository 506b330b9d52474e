"""Tumblr: a post of blocks in one blog, by its API v2.

https://www.tumblr.com/docs/en/api/v2. Requests are signed (OAuth 1.0a): these tokens do not end,
those of OAuth 2 live for less than an hour, and each renewal brings a new one to be kept somewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from secrets import token_hex
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit

from litfass_syndication import npf
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
from litfass_syndication.errors import NetworkError, RateLimited, Rejected, Unauthorised
from litfass_syndication.finding import Own, found, instant, listed
from litfass_syndication.network import Found, Http, Identity, Network, Posted, Secret
from litfass_syndication.oauth1 import Credentials, Moment, Signed
from litfass_syndication.pictures import Upload, fitted

_SITE = "https://www.tumblr.com"
_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/gif"), max_bytes=10_000_000, max_alt=4096
)
_NUMBER = re.compile(r"\d+", re.ASCII)

_PAGE = 20  # the most that one listing has
_PAGES = 10
_ALL_PAGES = 100

_REFUSALS = (400, 401, 403, 404, 413)
_GONE = 404
_NO_MORE_PICTURES = 8004
_PERHAPS_THE_PICTURE = frozenset({8001, 8005, _NO_MORE_PICTURES})
_FULL = frozenset({8022, 8023})

_KEYS = (
    "Are all four values of the account whole and of one app? The guide to Tumblr says where they "
    "are; if the app was taken out of the account's settings, allow it again. "
    "Is this machine's clock right?"
)
_TOMORROW = "The blog has posted as much as a day allows. Litfass tries again in a later run."


@dataclass(frozen=True, slots=True)
class Options:
    """A blog, by its name or address; an app's key and secret, and the account's two tokens."""

    blog: str
    consumer_key: Secret
    consumer_secret: Secret
    token: Secret
    token_secret: Secret
    server: str = "https://api.tumblr.com"


class Tumblr(Network[Options]):
    """One blog on Tumblr."""

    name: ClassVar[str] = "tumblr"
    title: ClassVar[str] = "Tumblr"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(4096, Measure.CODE_POINTS),),
        link_apart=True,
        dedupe=Dedupe.LOOKUP,
        images=_PICTURES,
        card=Card.CLIENT,
        edit=True,
        withdraw=True,
        listing=True,
        notes={
            "hashtags": "become the post's tags, and are not in its text",
            "content warning": "all that comes after it is folded up",
        },
    )

    def __init__(
        self,
        options: Options,
        http: Http,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        nonce: Callable[[], str] = token_hex,
    ) -> None:
        super().__init__(options, http)
        whose = Credentials(
            options.consumer_key, options.consumer_secret, options.token, options.token_secret
        )
        self._api = Signed(http, options.server, whose, lambda: Moment(clock(), nonce()))

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it, once; Tumblr takes no key."""
        del key
        return self._sent("POST", f"{self._path}/posts", message)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the blog's posts since the time of the claim."""
        del key
        return found(self._own_posts(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the blog's posts, newest first, as far as a hundred pages go: 2,000 of them."""
        return listed(self._own_posts(_ALL_PAGES))

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, picture, link and tags."""
        return self._sent("PUT", f"{self._path}/posts/{_number(receipt)}", message, repeatable=True)

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        body = {"id": _number(receipt)}
        answer = self._change("POST", f"{self._path}/post/delete", json=body, repeatable=True)
        if answer.status != _GONE:
            _understood(answer)

    def whoami(self) -> Identity:
        """Say which blog it is."""
        return Identity(self._blog, f"{_SITE}/{self._blog}")

    @cached_property
    def _blog(self) -> str:
        """The blog's name, if it is one of the account's own; asked before anything is sent."""
        answer = _understood(self._api.get("/v2/user/info", {}, expect=_REFUSALS))
        blogs = answer.require(list, "response", "user", "blogs")
        wanted = _plain(self._options.blog)
        for blog in blogs:
            names = {pick(blog, str, each) or "" for each in ("name", "uuid", "url")}
            name = pick(blog, str, "name") or ""
            if wanted in {*map(_plain, names), f"{name}.tumblr.com"}:
                return quote(name, safe="")
        own = self._http.shown(", ".join(pick(blog, str, "name") or "" for blog in blogs))
        words = f"{wanted} is none of the account's blogs on Tumblr."
        raise Unauthorised(words, f'Its blogs are: {own}. Put one of them into "blog".')

    @property
    def _path(self) -> str:
        return f"/v2/blog/{self._blog}"

    def _change(self, method: str, path: str, **rest: Any) -> Answer:
        return self._api.send(method, path, expect=_REFUSALS, **rest)

    def _sent(self, method: str, path: str, message: Message, **how: Any) -> Receipt:
        """Send a post; one whose picture may be why it is refused goes without it."""
        picture, notes = fitted(message.image, _PICTURES, _without_picture)
        answer = self._change(method, path, **_request(message, picture), **how)
        if picture and answer.error and _is_perhaps_the_picture(answer):
            notes = (_without_picture(answer.error.message),)
            answer = self._change(method, path, **_request(message, None), **how)
        name = _name(_understood(answer).require(dict, "response"))
        if not name:
            raise answer.unusable("The answer does not say which post it made.")
        return self._receipt(name, notes)

    def _receipt(self, name: str, notes: tuple[str, ...] = ()) -> Receipt:
        # The same address for a post that was just made as for one that is listed.
        return Receipt(name, f"{_SITE}/{self._blog}/{name}", notes)

    def _own(self, post: object) -> Own:
        posted = Posted(self._receipt(_name(post)), tuple(npf.links(post)))
        # One that is pinned stands above newer ones.
        seconds = 0 if pick(post, bool, "is_pinned") else pick(post, int, "timestamp")
        return Own(posted, instant(seconds))

    def _own_posts(self, pages: int) -> Iterator[Own | None]:
        """Yield the blog's posts, newest first, and None when there are no more."""
        seen = 0
        for _ in range(pages):
            asked = {"limit": f"{_PAGE}", "npf": "true", "offset": f"{seen}"}
            answer = self._api.get(f"{self._path}/posts", asked, expect=_REFUSALS)
            posts = _understood(answer).require(list, "response", "posts")
            yield from map(self._own, posts)
            if not posts:
                yield None
                return
            seen += len(posts)


def _name(post: object) -> str:
    """Return a post's number, 64 bits long: as a text where Tumblr says it so."""
    texts = (pick(post, str, each) for each in ("id_string", "id"))
    return next(filter(None, texts), "") or f"{pick(post, int, 'id') or ''}"


def _plain(blog: str) -> str:
    """Return a blog's name or host, of whatever form of its address."""
    bare = blog.strip().rstrip("/").casefold()
    bare = bare.partition("://")[2] or bare
    return bare.removeprefix("www.tumblr.com/").removeprefix("@")


def _request(message: Message, picture: Upload | None) -> dict[str, Any]:
    """Return the parts of a request: JSON, or several parts with the picture after the JSON."""
    body = _body(message, picture)
    if picture is None:
        return {"json": body}
    kind = picture.media_type.rpartition("/")[2]
    return {
        "files": {
            # A part without a file's name, as Tumblr's own client sends it.
            "json": ("", json.dumps(body).encode(), "application/json"),
            npf.PICTURE: (f"image.{kind}", picture.content, picture.media_type),
        }
    }


def _body(message: Message, picture: Upload | None) -> Mapping[str, object]:
    content = npf.blocks(message, picture)
    slug = unquote(urlsplit(message.url).path.rstrip("/").rpartition("/")[2])
    return {
        "content": content,
        "layout": npf.layout(message, len(content)),
        "tags": npf.tags(message),
        "source_url": message.url,
        **({"slug": slug} if slug else {}),
    }


def _without_picture(why: str) -> str:
    return f"It has no picture. {why}"


def _number(receipt: Receipt) -> str:
    if not _NUMBER.fullmatch(receipt.identifier):
        raise Rejected(f'"{receipt.identifier}" is not the number of a post on Tumblr.')
    return receipt.identifier


def _code(answer: Answer) -> int:
    """Return Tumblr's number for what is wrong, or 0."""
    try:
        return pick(answer.json(), int, "errors", 0, "code") or 0
    except ValueError:
        return 0


def _is_perhaps_the_picture(answer: Answer) -> bool:
    return answer.status == 413 or _code(answer) in _PERHAPS_THE_PICTURE  # noqa: PLR2004 - too large


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what its status and Tumblr's number mean."""
    if answer.error is None:
        return answer
    raise _meant(answer.error, _code(answer), answer.status)


def _meant(error: NetworkError, code: int, status: int) -> NetworkError:
    if code in _FULL:
        return RateLimited(error.message, _TOMORROW)
    if isinstance(error, Unauthorised):
        return Unauthorised(error.message, _KEYS)
    if status == _GONE:
        return Rejected(error.message, "There is no such post or blog any more.")
    return error
