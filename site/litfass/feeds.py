"""The blog as feed readers want it: RSS 2.0, Atom and JSON Feed 1.1, with whole posts in them.

The same feed gives the same bytes: no clock is read, and a feed is as new as its newest post.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Literal
from urllib.parse import quote, urljoin, urlsplit

from litfass.model import Picture, Post, Term

FeedFormat = Literal["rss", "atom", "json"]

MEDIA_TYPES: Mapping[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}

# Python's own table of media types asks the machine's files and differs between machines.
_IMAGE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}

_RECENT = 256  # texts, of which a body has ten kilobytes

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""What an empty feed says of its age, as Atom insists on a date."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) allows nowhere, not even escaped."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the blog or of one term.

    `path` is where it lies in the public folder; `url` is its own whole address, `home` that of
    the page whose posts it has, `icon` that of a picture, or empty. `posts` are the newest first,
    already as few as the feed shall have. `hubs` are told when it changes, and pass it on.
    """

    path: str
    format: FeedFormat
    url: str
    home: str
    title: str
    description: str
    language: str
    posts: tuple[Post, ...]
    author: str = ""
    email: str = ""
    icon: str = ""
    hubs: tuple[str, ...] = ()

    @property
    def updated(self) -> datetime:
        """When the newest of its posts was written or last changed."""
        return max((_changed(post) for post in self.posts), default=_NEVER)


def render(feed: Feed, contents: Mapping[str, str]) -> bytes:
    """Return the feed's bytes, UTF-8.

    `contents` has the HTML of each post by `post.body.digest`, with whole addresses only: a
    reader shows it far from the blog. Characters that XML forbids are left out.
    """
    if feed.format == "json":
        return _json(feed, contents)
    generator = _generator(feed)
    for post in feed.posts:
        entry = generator.add_entry(order="append")
        _describe(entry, post, feed, _clean(contents[post.body.digest]))
        _illustrate(entry, post, feed)
    as_bytes = generator.rss_str if feed.format == "rss" else generator.atom_str
    rendered: bytes = as_bytes(pretty=True)
    return rendered


def identity(post: Post) -> str:
    """Return what feed readers tell the post by; they show a post anew when it changes.

    A post with an id of its own keeps it as a `tag:` address (RFC 4151), so it may move to
    another permalink unnoticed; an id that is a whole address already (a `guid` brought along
    from another program) stays as it is. Without one it is the permalink: that is what Jekyll,
    Hugo and Pelican say too, so subscribers of a blog that moves here see no post twice. The year
    in the tag is fixed, as the post's own date may be corrected.
    """
    if post.source == post.id or post.source.endswith(f"/{post.id}"):
        return post.permalink
    if re.match(r"(https?://|tag:|urn:)\S+$", post.id):
        return _clean(post.id)
    host = urlsplit(post.permalink).hostname or "localhost"
    return f"tag:{host},2026:{quote(_clean(post.id))}"


def _generator(feed: Feed) -> Any:
    """Return feedgen's generator, with all that the feed says of itself."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 -- lxml takes 60 ms to load

    generator = FeedGenerator()
    generator.load_extension("dc")
    generator.load_extension("media")
    generator.id(feed.url)
    generator.title(_clean(feed.title) or feed.home)
    generator.description(_clean(feed.description) or _clean(feed.title) or feed.home)
    # RSS has but one link, and feedgen takes the last.
    generator.link(href=feed.url, rel="self", type=MEDIA_TYPES[feed.format])
    generator.link(href=feed.home, rel="alternate", type="text/html")
    if feed.hubs:
        _name_hubs(generator, feed)
    generator.language(feed.language)
    generator.generator("Litfass")
    generator.updated(_moment(feed.updated))
    generator.lastBuildDate(_moment(feed.updated))
    _sign(generator, feed)
    if feed.icon:
        generator.icon(feed.icon)
        generator.image(url=feed.icon, link=feed.home)
    return generator


def _name_hubs(generator: Any, feed: Feed) -> None:
    """Name the hubs beside the feed's own address: who reads it can subscribe at one."""
    from litfass.hubs import HubsExtension  # noqa: PLC0415 -- heavy

    if feed.format == "atom":
        for hub in feed.hubs:
            generator.link(href=hub, rel="hub")
        return
    generator.register_extension("hubs", HubsExtension, atom=False)
    generator.hubs.hubs = feed.hubs


def _sign(generator: Any, feed: Feed) -> None:
    """Say whose feed it is; Atom insists on a name, RSS on an e-mail address beside it."""
    name = _clean(feed.author) or _clean(feed.title) or feed.home
    generator.author(_present(name=name, email=_clean(feed.email)))
    if feed.email:
        generator.managingEditor(f"{_clean(feed.email)} ({name})")


def _describe(entry: Any, post: Post, feed: Feed, content: str) -> None:
    """Tell feedgen's entry all that a post says."""
    name = identity(post)
    summary = _clean(post.summary)
    entry.guid(name, permalink=name == post.permalink)
    entry.title(_clean(post.title) or post.permalink)
    entry.link(href=post.permalink)
    # RSS takes a description for HTML, Atom a summary for text.
    entry.summary(html.escape(summary, quote=False) if feed.format == "rss" else summary)
    entry.content(content, type="html")
    entry.published(_moment(post.published))
    entry.updated(_moment(_changed(post)))
    entry.category([{"term": topic} for topic in _topics(post)])
    if post.language != feed.language:
        entry.dc.dc_language(post.language)
    if feed.format == "atom":
        entry.author([{"name": _clean(a.name), "uri": _absolute(feed, a)} for a in post.authors])
    else:
        names = [_clean(author.name) for author in post.authors] or [_clean(feed.author)]
        entry.dc.dc_creator([name for name in names if name])


def _illustrate(entry: Any, post: Post, feed: Feed) -> None:
    """Add the post's picture as Media RSS, and for RSS as an enclosure too.

    In Atom feedgen forgets that a link is an enclosure and makes it the post's second address.
    RSS wants an enclosure's length in bytes; 0 stands for unknown.
    """
    media_type = _media_type(post.picture)
    if post.picture is None or media_type is None:
        return
    url = _absolute(feed, post.picture)
    size = {"width": str(post.picture.width or ""), "height": str(post.picture.height or "")}
    entry.media.content(url=url, medium="image", type=media_type, group=None, **size)
    if feed.format == "rss":
        entry.enclosure(url, 0, media_type)


def _json(feed: Feed, contents: Mapping[str, str]) -> bytes:
    """Return the feed as https://www.jsonfeed.org/version/1.1/ has it."""
    document = _present(
        version="https://jsonfeed.org/version/1.1",
        title=_clean(feed.title) or feed.home,
        home_page_url=feed.home,
        feed_url=feed.url,
        description=_clean(feed.description),
        icon=feed.icon,
        language=feed.language,
        authors=[{"name": _clean(feed.author)}] if feed.author else None,
        hubs=[{"type": "WebSub", "url": hub} for hub in feed.hubs],
    )
    items = [_item(post, feed, _clean(contents[post.body.digest])) for post in feed.posts]
    return json.dumps(document | {"items": items}, ensure_ascii=False).encode() + b"\n"


def _item(post: Post, feed: Feed, content: str) -> dict[str, object]:
    picture = post.picture
    return _present(
        id=identity(post),
        url=post.permalink,
        title=_clean(post.title),
        summary=_clean(post.summary),
        image=_absolute(feed, picture) if picture else None,
        date_published=_moment(post.published).isoformat(),
        date_modified=_moment(_changed(post)).isoformat(),
        authors=[{"name": _clean(a.name), "url": _absolute(feed, a)} for a in post.authors],
        tags=list(_topics(post)),
        language=post.language if post.language != feed.language else None,
    ) | {"content_html": content}


def _present(**fields: object) -> dict[str, object]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value}


def _topics(post: Post) -> tuple[str, ...]:
    """Return the names of its tags and categories, each once."""
    return tuple(dict.fromkeys(_clean(term.name) for term in (*post.categories, *post.tags)))


def _changed(post: Post) -> datetime:
    return post.updated or post.published


def _moment(moment: datetime) -> datetime:
    """Return the moment to the second in UTC: old local times have offsets no format allows."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _absolute(feed: Feed, thing: Picture | Term) -> str:
    return _clean(urljoin(feed.home, thing.src if isinstance(thing, Picture) else thing.url))


def _media_type(picture: Picture | None) -> str | None:
    suffix = PurePosixPath(urlsplit(picture.src).path).suffix if picture else ""
    return _IMAGE_TYPES.get(suffix.lower())


@lru_cache(_RECENT)
def _clean(text: str) -> str:
    """Return a text without what XML forbids; each body is asked for by each format."""
    return _ILLEGAL.sub("", text)
