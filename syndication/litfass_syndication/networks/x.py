"""X, formerly Twitter, by its API v2: https://docs.x.com/x-api/.

Every call costs credits that are paid for beforehand; a post with a link far more than others. So
nothing is asked that need not be known. Requests are signed (OAuth 1.0a): the tokens of OAuth 2
live for two hours, and each renewal brings new ones that would have to be kept somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from secrets import token_hex
from typing import Any, ClassVar, Literal

from litfass_syndication.announcement import Image, Message, Receipt, SpanKind
from litfass_syndication.answer import Answer, pick
from litfass_syndication.attempt import claimed_at
from litfass_syndication.capabilities import Capabilities, Dedupe, ImageLimits, Measure, TextLimit
from litfass_syndication.errors import NetworkError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.finding import earliest
from litfass_syndication.links import links_in_text, links_to
from litfass_syndication.measure import count
from litfass_syndication.network import Found, Http, Identity, Network, Secret
from litfass_syndication.oauth1 import Credentials, Moment, Signed
from litfass_syndication.pictures import PictureError, fit

_POSTS = "/2/tweets"
_UPLOAD = "/2/media/upload"
_METADATA = "/2/media/metadata"
_ME = "/2/users/me"

_MOST = 280
_MOST_PREMIUM = 25_000
_PICTURES = ImageLimits(
    ("image/jpeg", "image/png", "image/webp"), max_bytes=5_000_000, max_alt=1000
)
_POLLS = 20  # of a picture that is being processed
_POLL_SECONDS = 2
_LONGEST_POLL = 10

_PAGE = 100  # the most that one listing has; each post in it costs a tenth of a cent
_PAGES = 3

_UNCLEAR = (401, 402, 403, 429)  # statuses that we read better than the policy does
_NO_CREDITS = 402
_GONE = 404

_KEYS = (
    'Allow the app "Read and write" in X\'s developer console, make the access token anew after '
    "that, and put all four values into the account's secrets. Is this machine's clock right?"
)
_CREDITS = "Buy credits in X's developer console: a post with a link costs 20 cents."
_CAPPED = "Raise the app's limit in X's developer console, or wait for the next month."
_FORBIDDEN = (
    "X says so when a text is too long for the account, or speaks to somebody who has not spoken "
    "to it first. Say it in other words, without @mentions."
)
_UNMARKED = "X does not let this account mark it as a paid partnership."
_SAID = "X takes no text twice. If it is not to be seen at {profile}, say it in other words."


def _characters(value: int) -> str | None:
    right = _MOST <= value <= _MOST_PREMIUM
    return None if right else f"must be from {_MOST} to {_MOST_PREMIUM}, not {value}"


@dataclass(frozen=True, slots=True)
class Options:
    """An account: the app's key and secret, and the account's access token and secret.

    `characters` is how long a post may be: more than 280 only with X Premium. `image` says whether
    a post's image is attached, or left to the link card, which shows the page's own.
    """

    api_key: Secret
    api_secret: Secret
    access_token: Secret
    access_secret: Secret
    server: str = "https://api.x.com"
    characters: int = field(default=_MOST, metadata={"check": _characters})
    image: Literal["attach", "card"] = "attach"


@dataclass(frozen=True, slots=True)
class _Member:
    identifier: str
    username: str

    @property
    def profile(self) -> str:
        return f"https://x.com/{self.username}"

    def receipt(self, post: str, notes: tuple[str, ...] = ()) -> Receipt:
        return Receipt(post, f"{self.profile}/status/{post}", notes)


class X(Network[Options]):
    """One account on X."""

    name: ClassVar[str] = "x"
    title: ClassVar[str] = "X"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(_MOST, Measure.WEIGHTED),),
        dedupe=Dedupe.LOOKUP,
        images=_PICTURES,
        withdraw=True,
        notes={
            "cost": "20 cents for a post with a link, 1 cent to withdraw it; paid beforehand",
            "advertisements": "are marked as a paid partnership, too",
            "content warning": "X has none that a program could set",
            "corrections": "only with X Premium, within the hour and at a new address: not done",
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
            options.api_key, options.api_secret, options.access_token, options.access_secret
        )
        self._api = Signed(http, options.server, whose, lambda: Moment(clock(), nonce()))

    def limits(self) -> Capabilities:
        """Return what the account's settings say of it; X does not tell."""
        own = self._options
        limits = (TextLimit(own.characters, Measure.WEIGHTED),)
        pictures = _PICTURES if own.image == "attach" else None
        return replace(self.capabilities, limits=limits, images=pictures)

    def publish(self, message: Message, key: str) -> Receipt:
        """Post it; where X has the very words already, that post is the announcement."""
        member = self._member
        media, notes = self._uploaded(message)
        picture = {"media": {"media_ids": [media]}} if media else {}
        paid = {"paid_partnership": True} if message.disclosure else {}
        body = {"text": message.text, **picture, **paid}
        answer, unmarked = self._posted(body)
        if answer.error and "duplicate content" in answer.error.message:
            return self._said_before(message, key, answer.error)
        post = _understood(answer).require(str, "data", "id")
        if message.content_warning:
            notes += ("X has no content warnings, and shows none.",)
        return member.receipt(post, (*notes, *unmarked))

    def _posted(self, body: Mapping[str, object]) -> tuple[Answer, tuple[str, ...]]:
        """Send a post; where X will not have its mark, without that: the text says it, too."""
        answer = self._api.send("POST", _POSTS, json=body, expect=(400, *_UNCLEAR))
        if not (answer.error and "paid_partnership" in answer.error.message):
            return answer, ()
        bare = {name: value for name, value in body.items() if name != "paid_partnership"}
        return self._api.send("POST", _POSTS, json=bare, expect=_UNCLEAR), (_UNMARKED,)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for a link to the page among the account's own posts since the time of the claim."""
        del key
        for post in self._own_posts(earliest(since)):
            if post is _MORE:
                return Found(None, complete=False)
            if _shows(post, message.url):
                return Found(self._member.receipt(pick(post, str, "id") or ""), complete=True)
        return Found(None, complete=_is_recognisable(message))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post, or find it gone."""
        path = f"{_POSTS}/{receipt.identifier}"
        answer = self._change("DELETE", path, expect=(*_UNCLEAR, _GONE))
        if answer.status != _GONE:
            _understood(answer)

    def whoami(self) -> Identity:
        """Say whose account the access token is."""
        return Identity(f"@{self._member.username}", self._member.profile)

    @cached_property
    def _member(self) -> _Member:
        answer = self._ask(_ME)
        return _Member(answer.require(str, "data", "id"), answer.require(str, "data", "username"))

    def _ask(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        return _understood(self._api.get(path, query or {}, expect=_UNCLEAR))

    def _change(self, method: str, path: str, **rest: Any) -> Answer:
        """Change what nobody minds to be changed twice."""
        return self._api.send(method, path, **{"expect": _UNCLEAR, **rest}, repeatable=True)

    def _uploaded(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """Upload the picture; return its identifier, or none, and what is missing of it."""
        if message.image is None:
            return "", ()
        try:
            media = self._upload(message.image)
        except (PictureError, Rejected, OutcomeUnknown) as error:
            # A picture that nobody can see yet may be lost without harm; a post may not.
            return "", (f"It has no picture. {error.message}",)
        try:
            self._describe(media, message.image.alt)
        except (Rejected, OutcomeUnknown) as error:
            return media, (f"Its picture has no description. {error.message}",)
        return media, ()

    def _upload(self, image: Image) -> str:
        picture = fit(image, _PICTURES)
        name = f"image.{picture.media_type.rpartition('/')[2]}"
        files = {"media": (name, picture.content, picture.media_type)}
        form = {"media_category": "tweet_image"}
        return self._processed(_understood(self._change("POST", _UPLOAD, files=files, form=form)))

    def _processed(self, answer: Answer) -> str:
        """Return an uploaded picture's identifier; wait where X says that it is not ready."""
        for _ in range(_POLLS):
            media = answer.require(str, "data", "id")
            state = pick(answer.json(), str, "data", "processing_info", "state")
            if state in {None, "succeeded"}:
                return media
            if state == "failed":
                raise Rejected("X cannot process the picture.")
            wait = pick(answer.json(), int, "data", "processing_info", "check_after_secs")
            self._http.pause(max(1, min(wait or _POLL_SECONDS, _LONGEST_POLL)))
            answer = self._ask(_UPLOAD, {"command": "STATUS", "media_id": media})
        raise Rejected("X has not processed the picture in time.")

    def _describe(self, media: str, alt: str) -> None:
        if alt:
            body = {"id": media, "metadata": {"alt_text": {"text": alt}}}
            _understood(self._change("POST", _METADATA, json=body))

    def _said_before(self, message: Message, key: str, refusal: NetworkError) -> Receipt:
        """Return the earlier post of the same words; raises Rejected when it is not to be seen."""
        found = self.find(message, key, claimed_at(key, message.published))
        if found.receipt:
            return found.receipt
        raise Rejected(refusal.message, _SAID.format(profile=self._member.profile))

    def _own_posts(self, since: datetime) -> Iterator[object]:
        """Yield the account's own posts since a time, newest first, and `_MORE` if too many."""
        asked = {
            "max_results": str(_PAGE),
            "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exclude": "replies,retweets",
        }
        for _ in range(_PAGES):
            answer = self._listed(asked)
            answer.require(int, "meta", "result_count")
            yield from pick(answer.json(), list, "data") or ()
            token = pick(answer.json(), str, "meta", "next_token")
            if not token:
                return
            asked["pagination_token"] = token
        yield _MORE

    def _listed(self, asked: Mapping[str, str]) -> Answer:
        path = f"/2/users/{self._member.identifier}/tweets"
        try:
            return self._ask(path, {**asked, "post.fields": "entities"})
        except Rejected:  # X knew it by another name until 2026
            return self._ask(path, {**asked, "tweet.fields": "entities"})


_MORE = object()


def _understood(answer: Answer) -> Answer:
    """Let an answer pass, or raise what its status means on X."""
    error = answer.error
    if error is None:
        return answer
    if b"usage-capped" in answer.body:
        raise Unauthorised(error.message, _CAPPED)
    if answer.status == _NO_CREDITS:
        raise Unauthorised(error.message, _CREDITS)
    if isinstance(error, Unauthorised) and "not permitted to perform" in error.message:
        raise Rejected(error.message, _FORBIDDEN)
    if isinstance(error, Unauthorised):
        raise Unauthorised(error.message, _KEYS)
    raise error


def _shows(post: object, url: str) -> bool:
    """Tell whether a post links to the page; its text has X's own short links."""
    entities = pick(post, list, "entities", "urls") or []
    names = ("expanded_url", "unwound_url")
    there = (link for each in entities for name in names if (link := pick(each, str, name)))
    return links_to("", url, *there, *links_in_text(pick(post, str, "text") or ""))


def _is_recognisable(message: Message) -> bool:
    """Tell whether a post of ours is known by its link: X lists the beginning of a long one."""
    links = any(span.kind is SpanKind.LINK for span in message.spans)
    return links and count(message.text, Measure.WEIGHTED) <= _MOST
