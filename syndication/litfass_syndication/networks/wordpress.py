"""WordPress: posts on a site of one's own, by its REST API and an application password.

https://developer.wordpress.org/rest-api/reference/posts/, /media/, /using-the-rest-api/discovery/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from html import escape
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from litfass_syndication.announcement import Image, Message, Receipt
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
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.finding import Own, found, listed, moment
from litfass_syndication.links import last_part
from litfass_syndication.network import Found, Identity, Network, Posted, Secret
from litfass_syndication.paragraphs import body_with_original, original_of
from litfass_syndication.pictures import PictureError, fit
from litfass_syndication.wordpress_site import ROLE, Site

_POSTS = "/wp/v2/posts"

# What a machine takes whose owner never said how much PHP may.
_IMAGES = ImageLimits(("image/jpeg", "image/png", "image/gif", "image/webp"), max_bytes=2 * 2**20)

_PAGE = 20
_PAGES = 50

_RESTORE = "Take it out of the trash if it is to be corrected."

# What may fail without harm to the post, which is then as good as it can be.
_FORGIVEN = (PictureError, Rejected, OutcomeUnknown)


@dataclass(frozen=True, slots=True)
class Options:
    """A site's address, a user, and an application password of that user.

    `status` is what becomes of a post at first; `categories` are the names of those it goes into.
    `remark` are the words before the link to the original, below an article.
    """

    server: str
    user: str
    password: Secret
    status: Literal["publish", "draft", "pending", "private"] = "publish"
    categories: tuple[str, ...] = ()
    remark: str = ""


class WordPress(Network[Options]):
    """One user on one WordPress site."""

    name: ClassVar[str] = "wordpress"
    title: ClassVar[str] = "WordPress"
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
            "original": "a link below the article; WordPress itself tells search engines nothing",
            "withdraw": "it goes to the trash",
        },
    )

    def publish(self, message: Message, key: str) -> Receipt:
        """Put the post there, once, with its picture and under its tags."""
        del key
        wording = self._wording(message)
        tags, without_tags = self._terms("tags", message.tags)
        categories, without_categories = self._terms("categories", self._options.categories)
        media, without_picture = self._uploaded(message.image)
        more = {"slug": last_part(message.url), "categories": categories, "featured_media": media}
        post = {
            **wording,
            "status": self._options.status,
            "tags": tags,
            **{name: value for name, value in more.items() if value},
        }
        answer = self._site.send("POST", _POSTS, json=post)
        notes = (*without_tags, *without_categories, *without_picture)
        return replace(_receipt(answer), notes=notes)

    def find(self, message: Message, key: str, since: datetime) -> Found:
        """Look for the page's copy among the user's own posts of the time."""
        del key
        return found(self._own_posts(), message.url, since, only_one=True)

    def listing(self) -> Iterator[Posted]:
        """Yield the user's own posts, newest first, drafts too, and of which page they are."""
        return listed(self._own_posts())

    def edit(self, receipt: Receipt, message: Message) -> Receipt:
        """Replace text, title, excerpt and tags; a picture that is there stays."""
        wording = self._wording(message)
        route = f"{_POSTS}/{receipt.identifier}"
        there = self._site.get(route, context="edit")
        if there.require(str, "status") == "trash":
            raise Rejected("Somebody has put the post into the trash there.", _RESTORE)
        tags, without_tags = self._terms("tags", message.tags)
        media, without_picture = self._attached(there, message.image)
        post = {**wording, "tags": tags, **({"featured_media": media} if media else {})}
        answer = self._site.send("POST", route, json=post, repeatable=True)
        return replace(_receipt(answer), notes=(*without_tags, *without_picture))

    def withdraw(self, receipt: Receipt) -> None:
        """Put the post into the trash, or find it gone; delete it where there is no trash."""
        self._site.remove(f"{_POSTS}/{receipt.identifier}")

    def whoami(self) -> Identity:
        """Say whose password it is; raises Unauthorised when the user may not publish."""
        answer = self._site.get("/wp/v2/users/me", context="edit")
        name = answer.require(str, "name")
        needed = "publish_posts" if self._options.status in {"publish", "private"} else "edit_posts"
        if pick(answer.json(), bool, "capabilities", needed) is not True:
            raise Unauthorised(f"{name} may not publish posts on {self._options.server}.", ROLE)
        return Identity(f"{name} on {urlsplit(self._site.root).netloc}", self._options.server)

    @cached_property
    def _site(self) -> Site:
        own = self._options
        return Site(self._http, own.server, own.user, own.password)

    def _wording(self, message: Message) -> dict[str, object]:
        return {
            "title": escape(message.title, quote=False),
            "content": block(body_with_original(message, self._options.remark)),
            "excerpt": escape(message.summary, quote=False),
        }

    def _terms(self, kind: str, names: Iterable[str]) -> tuple[list[int], tuple[str, ...]]:
        """Return the numbers of tags or categories, and which a post has to do without."""
        numbers, notes = [], []
        for name in names:
            try:
                numbers.append(self._site.term(kind, name))
            except _FORGIVEN as error:
                notes.append(f'It is not under "{name}". {error.message}')
        return list(dict.fromkeys(numbers)), tuple(notes)

    def _uploaded(self, image: Image | None) -> tuple[int, tuple[str, ...]]:
        """Return the number of the uploaded picture, or 0 and why the post goes without it."""
        if image is None:
            return 0, ()
        try:
            picture = fit(image, _IMAGES)
            name = f"{image.path.stem}.{picture.media_type.rpartition('/')[2]}"
            return self._site.upload(name, picture.content, picture.media_type, image.alt), ()
        except _FORGIVEN as error:
            return 0, (f"It has no picture. {error.message}",)

    def _attached(self, post: Answer, image: Image | None) -> tuple[int, tuple[str, ...]]:
        """Describe the picture that a post has, or return the one that it lacks."""
        if image is None:
            return 0, ()
        there = pick(post.json(), int, "featured_media")
        if not there:
            return self._uploaded(image)
        try:
            self._site.describe(there, image.alt)
        except _FORGIVEN as error:
            return there, (f"Its picture is not described anew. {error.message}",)
        return there, ()

    def _own_posts(self) -> Iterator[Own | None]:
        """Yield the user's own posts, newest first, and None when there are no more."""
        user = self._site.get("/wp/v2/users/me").require(int, "id")
        asked = {
            "author": str(user),
            "status": "any",
            "context": "edit",
            "per_page": str(_PAGE),
            "_fields": "id,link,date_gmt,content",
        }
        for page in range(1, _PAGES + 1):
            posts = self._site.get(_POSTS, **asked, page=str(page)).require(list)
            yield from map(_own, posts)
            if len(posts) < _PAGE:
                yield None
                return


def block(html: str) -> str:
    """Return HTML as a block that WordPress leaves alone: no paragraphs made, no shortcodes run."""
    return f"<!-- wp:html -->\n{html.replace('[', '&#91;')}\n<!-- /wp:html -->"


def _content(post: object) -> str:
    return pick(post, str, "content", "raw") or pick(post, str, "content", "rendered") or ""


def _receipt(answer: Answer) -> Receipt:
    return Receipt(str(answer.require(int, "id")), answer.require_address("link"))


def _own(post: object) -> Own:
    receipt = Receipt(str(pick(post, int, "id") or ""), pick(post, str, "link") or "")
    original = original_of(_content(post))
    posted = Posted(receipt, (original,) if original else ())
    return Own(posted, moment(pick(post, str, "date_gmt")))
