"""dev.to, and other communities on Forem: https://developers.forem.com/api/v1.

An article's canonical address is unique there: it says where the original is, and keeps a post
from being there twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
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
from litfass_syndication.errors import NetworkError, Rejected, Unauthorised
from litfass_syndication.finding import Own, found, listed, moment
from litfass_syndication.forem import markdown, tags
from litfass_syndication.links import comparable
from litfass_syndication.measure import shortened
from litfass_syndication.network import Found, Identity, Network, Posted, Secret
from litfass_syndication.paragraphs import body

_ARTICLES = "/api/articles"
_GONE = 404
_REFUSALS = (401, 403, 422)

_TITLE = TextLimit(128, Measure.CODE_POINTS)
_IMAGES = ImageLimits(("image/jpeg", "image/png", "image/gif", "image/webp"), fetched=True)

_PAGE = 30  # articles come whole: more of them would be too long an answer
_PAGES = 100

_NEW_KEY = "Make a new API key under Settings, Extensions, and put it among the secrets."
_SUSPENDED = "Is the account in order, and may it write for the organization? Sign in and look."
_ELSEWHERE = (
    "Another account has an article with this address as its original: look for it there, "
    "and ask whoever runs the place to take it away."
)


def _number(value: int) -> str | None:
    return None if value >= 0 else f"must be the number of an organization, not {value}"


@dataclass(frozen=True, slots=True)
class Options:
    """A user's API key; `organization` is the number of one to write for.

    `status` is whether an article is there for everyone at once, or as a draft to look at first.
    """

    api_key: Secret
    status: Literal["published", "draft"] = "published"
    organization: int = 0
    server: str = "https://dev.to"


class Devto(Network[Options]):
    """One user on dev.to, or on another Forem."""

    name: ClassVar[str] = "devto"
    title: ClassVar[str] = "dev.to"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(None, Measure.CODE_POINTS),),
        dedupe=Dedupe.LOOKUP,
        images=_IMAGES,
        card=Card.NONE,
        hashtags=False,
        edit=True,
        withdraw=True,
        listing=True,
        contents=(Content.ARTICLE, Content.EXCERPT),
        tags=True,
        titled=True,
        notes={
            "title": "128 characters",
            "tags": "four, of the letters a to z and digits",
            "image": "the cover, which has no alternative text",
            "withdraw": "it becomes a draft again",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Put the article there, once.

        One with its canonical address may be there already, as a draft that dev.to made of the
        blog's feed: then that is the one.
        """
        del key
        article, notes = self._article(message)
        wanted = {**article, "published": self._options.status == "published"}
        if self._options.organization:
            wanted["organization_id"] = self._options.organization
        answer = self._send("POST", _ARTICLES, wanted, expect=_REFUSALS)
        if answer.error and _is_taken(answer.error):
            return self._taken_over(message, wanted, answer.error, notes)
        return replace(_receipt(_understood(answer)), notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the article by its canonical address among the user's own: drafts go first."""
        del key
        return found(self._own_posts(), message.url, since, only_one=True)

    def listing(self) -> Iterator[Posted]:
        """Yield the user's own articles; drafts only where we leave drafts."""
        return listed(self._own_posts())

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace the article; whether it is a draft stays as it is."""
        article, notes = self._article(message)
        path = f"{_ARTICLES}/{receipt.identifier}"
        answer = self._send("PUT", path, article, expect=_REFUSALS, repeatable=True)
        return replace(_receipt(_understood(answer)), notes=notes)

    def withdraw(self, receipt: Receipt) -> None:
        """Make the article a draft again, for nobody can delete by the API; or find it gone."""
        path, expect = f"{_ARTICLES}/{receipt.identifier}", (*_REFUSALS, _GONE)
        answer = self._send("PUT", path, {"published": False}, expect=expect, repeatable=True)
        if answer.status != _GONE:
            _understood(answer)

    def whoami(self) -> Identity:
        """Say whose key it is."""
        answer = self._http.get("/api/users/me", headers=self._headers, expect=(401, 403))
        user = _understood(answer).require(str, "username")
        return Identity(f"@{user}", f"{self._options.server.rstrip('/')}/{user}")

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {
            "api-key": self._options.api_key.reveal(),
            "Accept": "application/vnd.forem.api-v1+json",
        }

    def _send(
        self,
        method: str,
        path: str,
        article: Mapping[str, object],
        expect: tuple[int, ...],
        *,
        repeatable: bool = False,
    ) -> Answer:
        return self._http.send(
            method,
            path,
            json={"article": article},
            headers=self._headers,
            expect=expect,
            repeatable=repeatable,
        )

    def _article(self, message: Message) -> tuple[dict[str, object], tuple[str, ...]]:
        """Return what a reader sees, and what is missing of it."""
        objection = _IMAGES.objection(message.image) if message.image else ""
        cover = "" if objection or not message.image else message.image.url
        article: dict[str, object] = {
            "title": shortened(message.title, _TITLE),
            "body_markdown": markdown(body(message)),
            "canonical_url": message.url,
            "description": message.summary,
            "tags": list(tags(message.tags)),
            **({"main_image": cover} if cover else {}),
        }
        return article, (f"It has no cover: {objection}.",) if objection else ()

    def _taken_over(
        self,
        message: Message,
        wanted: Mapping[str, object],
        error: NetworkError,
        notes: tuple[str, ...],
    ) -> Receipt:
        """Return the user's own article of this address; a draft is brought up to date."""
        wished = comparable(message.url)
        articles = (one for one in self._own_articles() if one is not None)
        there = next((one for one in articles if _original(one) == wished), None)
        if there is None:
            raise Rejected(error.message, _ELSEWHERE)
        if pick(there, bool, "published") is not False:
            return replace(_found(there), notes=("It was there already.",))
        path = f"{_ARTICLES}/{_found(there).identifier}"
        answer = self._send("PUT", path, wanted, expect=_REFUSALS, repeatable=True)
        taken = "It was there as a draft already, and that has been taken."
        return replace(_receipt(_understood(answer)), notes=(*notes, taken))

    def _counts(self, article: object) -> bool:
        """Tell whether an article is what we would have made: others make drafts of feeds."""
        return self._options.status == "draft" or pick(article, bool, "published") is not False

    def _own_posts(self) -> Iterator[Own | None]:
        """Yield the user's own articles, and None at their end."""
        return (None if one is None else self._own(one) for one in self._own_articles())

    def _own(self, article: object) -> Own:
        original = pick(article, str, "canonical_url")
        posted = Posted(_found(article), (original,) if original else ())
        counts = self._counts(article)
        return Own(posted if counts else None, moment(pick(article, str, "published_at")))

    def _own_articles(self) -> Iterator[object]:
        """Yield the user's own articles, as dev.to sorts them, and None when there are no more.

        A page may be shorter than what is asked for: only an empty one is the last.
        """
        for page in range(1, _PAGES + 1):
            params = {"page": str(page), "per_page": str(_PAGE)}
            path = f"{_ARTICLES}/me/all"
            answer = self._http.get(path, params=params, headers=self._headers, expect=(401, 403))
            articles = _understood(answer).require(list)
            yield from articles
            if not articles:
                yield None
                return


def _is_taken(error: NetworkError) -> bool:
    return isinstance(error, Rejected) and "canonical url has already" in error.message.lower()


def _understood(answer: Answer) -> Answer:
    if answer.error is None:
        return answer
    if isinstance(answer.error, Unauthorised):
        hint = _NEW_KEY if answer.status == 401 else _SUSPENDED  # noqa: PLR2004 - as HTTP has it
        raise Unauthorised(answer.error.message, hint)
    raise answer.error


def _receipt(answer: Answer) -> Receipt:
    return Receipt(str(answer.require(int, "id")), answer.require_address("url"))


def _found(article: object) -> Receipt:
    return Receipt(str(pick(article, int, "id") or ""), pick(article, str, "url") or "")


def _original(article: object) -> str:
    return comparable(pick(article, str, "canonical_url") or "")
