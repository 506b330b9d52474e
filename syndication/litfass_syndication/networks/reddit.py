"""Reddit: a link in one subreddit, or on the account's own profile.

https://www.reddit.com/dev/api/, https://github.com/reddit-archive/reddit/wiki/OAuth2
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from litfass_syndication.announcement import Message, Receipt
from litfass_syndication.answer import Answer, pick
from litfass_syndication.attempt import EPOCH
from litfass_syndication.capabilities import Capabilities, Dedupe, Measure, TextLimit
from litfass_syndication.errors import NetworkError, Rejected, Unauthorised
from litfass_syndication.finding import Own, found, instant, listed
from litfass_syndication.network import Found, Identity, Network, Posted, Secret, nothing_announced
from litfass_syndication.reddit_codes import ALREADY_THERE, refusal

_SITE = "https://www.reddit.com"
_TITLE = 300
_PAGE = 100  # the most that one listing has
_PAGES = 3
_ALL_PAGES = 10  # Reddit lists no more than a thousand posts
_POST = "t3_"

_SIGN_IN = (
    "Are client_id and client_secret those of the app, and is it still among the account's apps? "
    "Make a new refresh token, as the guide to Reddit says."
)
_NOT_ITS_OWN = "The account may write no such thing there, or its refresh token lacks a scope."


@dataclass(frozen=True, slots=True)
class Options:
    """An account, the app that speaks for it, and the one place into which it posts.

    `subreddit` is a subreddit's name, or "u_name" for a profile; `flair` is one of those that it
    offers. `replies` sends what others say below a post to the account's inbox.
    """

    subreddit: str
    username: str
    client_id: str
    client_secret: Secret
    refresh_token: Secret
    flair: str = ""
    nsfw: bool = False
    replies: bool = True
    server: str = "https://oauth.reddit.com"
    sign_in: str = _SITE

    @property
    def place(self) -> str:
        """The subreddit as Reddit writes it: without "r/", and with "u_" before a profile."""
        kind, _, name = self.subreddit.strip("/ ").rpartition("/")
        return f"u_{name}" if kind in {"u", "user"} else name


class Reddit(Network[Options]):
    """One account that posts into one subreddit."""

    name: ClassVar[str] = "reddit"
    title: ClassVar[str] = "Reddit"
    options: ClassVar[type] = Options
    capabilities: ClassVar[Capabilities] = Capabilities(
        limits=(TextLimit(_TITLE, Measure.CODE_POINTS),),
        link_apart=True,
        one_line=True,
        dedupe=Dedupe.LOOKUP,
        hashtags=False,
        withdraw=True,
        listing=True,
        notes={
            "title": "the message's first line is the title, and nothing else is said",
            "limits": "those of the account's own subreddit are asked for",
            "content warning": "marks the post as a spoiler; its words are not shown",
            "corrections": "Reddit lets nobody change a title or a link",
        },
    )

    def limits(self) -> Capabilities:
        """Return how long a title may be in the subreddit; asked once."""
        own = self._options
        if not (own.refresh_token and own.client_secret):  # Reddit tells strangers nothing
            return self.capabilities
        most = self._longest_title
        limits = (TextLimit(most, Measure.CODE_POINTS),)
        return replace(self.capabilities, limits=limits)

    def publish(self, message: Message, key: str) -> Receipt:
        """Submit the link, once; where Reddit says that it is there, look whether it is ours."""
        del key
        answer = self._send("/api/submit", {**self._submission(message), **self._flair})
        wrong = refusal(answer, message.account, self._http.shown)
        if wrong and wrong.code == ALREADY_THERE:
            return self._there(message, wrong.error)
        if wrong:
            raise wrong.error
        name = answer.require(str, "json", "data", "name")
        address = answer.require_address("json", "data", "url")
        spoiler = "Its content warning is not shown; Reddit knows spoilers only."
        return Receipt(name, address, (spoiler,) if message.content_warning else ())

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the link among what the account has submitted since the time of the claim."""
        del key
        return found(self._submitted(_PAGES), message.url, since)

    def listing(self) -> Iterator[Posted]:
        """Yield the account's own links in the subreddit, newest first, as far as Reddit tells."""
        return listed(self._submitted(_ALL_PAGES))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; Reddit says the same whether it was there or not."""
        if not receipt.identifier.startswith(_POST):
            raise Rejected(f'"{receipt.identifier}" is not the name of a post on Reddit.')
        self._send("/api/del", {"id": receipt.identifier}, repeatable=True)

    def whoami(self) -> Identity:
        """Say whose account it is."""
        place = self._options.place
        where = f"u/{place[2:]}" if place.startswith("u_") else f"r/{place}"
        return Identity(f"u/{self._member} in {where}", f"{_SITE}/user/{self._member}")

    @cached_property
    def _member(self) -> str:
        """The account's own name, whatever the settings call it."""
        return self._ask("/api/v1/me").require(str, "name")

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        return {**self._agent, "Authorization": f"Bearer {self._access_token()}"}

    @property
    def _agent(self) -> Mapping[str, str]:
        # Reddit turns away programs that do not say whose they are.
        return {"User-Agent": f"web:litfass:v1 (by /u/{self._options.username})"}

    def _access_token(self) -> str:
        """Return a token for this run, of the refresh token, which stays the same."""
        options = self._options
        pair = f"{options.client_id}:{options.client_secret.reveal()}"
        basic = b64encode(pair.encode()).decode()
        self._http.conceal(Secret(basic))
        with nothing_announced():
            answer = self._http.send(
                "POST",
                f"{options.sign_in.rstrip('/')}/api/v1/access_token",
                form={
                    "grant_type": "refresh_token",
                    "refresh_token": options.refresh_token.reveal(),
                },
                headers={**self._agent, "Authorization": f"Basic {basic}"},
                expect=(400, 401),
                repeatable=True,
            )
            if answer.error:
                raise Unauthorised(answer.error.message, _SIGN_IN)
            token = answer.require(str, "access_token")
        self._http.conceal(Secret(token))
        return token

    def _ask(self, path: str, **how: Any) -> Answer:
        return self._http.get(path, headers=self._headers, **how)

    def _send(self, path: str, form: Mapping[str, str], **how: Any) -> Answer:
        headers = self._headers
        answer = self._http.send("POST", path, form=form, headers=headers, expect=(403,), **how)
        if answer.error:
            raise Unauthorised(answer.error.message, _NOT_ITS_OWN)
        return answer

    def _submission(self, message: Message) -> dict[str, str]:
        """Return all that Reddit is told of a link, but for its flair."""
        options = self._options
        return {
            "api_type": "json",
            "kind": "link",
            "sr": options.place,
            "title": message.text,
            "url": message.url,
            "resubmit": "false",
            "sendreplies": _said(yes=options.replies),
            "nsfw": _said(yes=options.nsfw),
            "spoiler": _said(yes=bool(message.content_warning)),
        }

    @cached_property
    def _longest_title(self) -> int:
        """How many characters a title may have in the subreddit, as far as it says so."""
        path = f"/api/v1/{self._options.place}/post_requirements"
        answer = self._ask(path, expect=(403, 404))
        said = None if answer.error else pick(answer.require(dict), int, "title_text_max_length")
        return min(_TITLE, said) if said and said > 0 else _TITLE

    @cached_property
    def _flair(self) -> Mapping[str, str]:
        """What the subreddit calls the flair that the account shall have; asked once."""
        wanted = self._options.flair
        if not wanted:
            return {}
        answer = self._ask(f"/r/{self._options.place}/api/link_flair_v2", expect=(403, 404))
        offered = [] if answer.error else answer.require(list)
        texts = {pick(each, str, "text") or "": pick(each, str, "id") or "" for each in offered}
        for text, identifier in texts.items():
            if wanted.casefold() == text.casefold() or wanted == identifier:
                return {"flair_id": identifier, "flair_text": text}
        words = f'{self._options.place} has no flair "{wanted}".'
        known = self._http.shown(", ".join(texts)) or "none"
        raise Unauthorised(words, f"It offers: {known}. Write it so, or take it out.")

    def _there(self, message: Message, refused: NetworkError) -> Receipt:
        """Return our own post of the link, where it is ours; raises what Reddit said otherwise."""
        there = found(self._submitted(_PAGES), message.url, EPOCH).receipt
        if there is None:
            raise refused
        return there

    def _submitted(self, pages: int) -> Iterator[Own | None]:
        """Yield what the account has submitted, newest first, and None when there is no more."""
        asked = {"sort": "new", "limit": f"{_PAGE}", "raw_json": "1"}
        for _ in range(pages):
            answer = self._ask(f"/user/{self._member}/submitted", params=asked)
            for child in answer.require(list, "data", "children"):
                yield self._own(pick(child, dict, "data") or {})
            after = pick(answer.json(), str, "data", "after")
            if not after:
                yield None
                return
            asked["after"] = after

    def _own(self, post: object) -> Own:
        """Return what the account has submitted; elsewhere it is no announcement of this one."""
        place = pick(post, str, "subreddit") or ""
        is_here = place.casefold() == self._options.place.casefold()
        seconds = pick(post, float, "created_utc") or pick(post, int, "created_utc")
        if pick(post, bool, "pinned"):  # on a profile: it stands above newer ones
            seconds = None
        return Own(_posted(post) if is_here else None, instant(seconds))


def _said(*, yes: bool) -> str:
    return "true" if yes else "false"


def _posted(post: object) -> Posted:
    name, link = pick(post, str, "name") or "", pick(post, str, "url")
    path = pick(post, str, "permalink") or ""
    address = f"{_SITE}{path}" if path.startswith("/") else ""
    return Posted(Receipt(name, address), (link,) if link else ())
