"""Posts become announcements."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from litfass import images, sources
from litfass.digest import digest
from litfass.errors import LitfassError, Problem
from litfass.model import Picture, Post
from litfass.settings import Blog
from litfass.theme import Theme
from litfass_syndication.announcement import Announcement, Article, Image
from litfass_syndication.errors import Unreachable

if TYPE_CHECKING:
    from litfass.brief import Built
    from litfass.reading import Shelf

_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}


def announcements(blog: Blog, built: Built, *, whole: bool) -> tuple[Announcement, ...]:
    """Return what the posts say to the networks, as `whole` articles too; drafts say nothing."""
    desk = _Desk(blog, built, _Pictures(blog, built), Theme(blog.root, {}), whole)
    return tuple(desk.announcement(post) for post in built.library.posts if not post.draft)


def unknown_names(blog: Blog, built: Built) -> tuple[Problem, ...]:
    """Return a problem for each name in a post's front matter that is no account."""
    known = tuple(blog.settings.accounts)
    return tuple(
        _unknown(blog, post, name, known)
        for post in built.library.posts
        for name in dict.fromkeys((*(post.syndicate or ()), *post.announce))
        if name not in known
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a post's announcement is written with."""

    blog: Blog
    built: Built
    pictures: _Pictures
    theme: Theme
    whole: bool

    def announcement(self, post: Post) -> Announcement:
        """Return what the post says to the networks."""
        base = self.blog.settings.site.address
        return Announcement(
            post=post.id,
            url=post.permalink,
            title=post.title,
            published=post.published,
            revision=self.built.revisions.get(post.id, ""),
            summary=post.summary,
            tags=tuple(tag.name for tag in post.tags),
            language=post.language,
            image=self.pictures.image(post.picture, post.permalink) if post.picture else None,
            content_warning=post.content_warning,
            disclosure=self.theme.say("sponsored", post.language) if post.sponsored else "",
            texts=post.announce,
            accounts=post.syndicate,
            aliases=tuple(urljoin(base, one.lstrip("/")) for one in post.redirects),
            article=_article(self.built, post) if self.whole else None,
        )


def _article(built: Built, post: Post) -> Article:
    return Article(built.shelf.edition(post), partial(_whole, built.shelf, post))


def _whole(shelf: Shelf, post: Post) -> str:
    """Return a post's HTML as feeds have it. Raises Unreachable: nothing is sent without it."""
    try:
        with shelf.apart() as own:
            return own.contents((post,))[post.body.digest]
    except LitfassError as error:
        hint = "Its file changed after the blog was read: try again."
        raise Unreachable(f"The text of {post.source} cannot be read: {error}", hint) from None


def _unknown(blog: Blog, post: Post, name: str, known: Collection[str]) -> Problem:
    near = get_close_matches(name, known, 1)
    others = f"litfass.toml has {', '.join(known)}." if known else "litfass.toml has no accounts."
    hint = f'Did you mean "{near[0]}"?' if near else others
    return Problem(f'there is no account "{name}"', hint, post.source, _line(blog, post, name))


def _line(blog: Blog, post: Post, name: str) -> int | None:
    """Return the line of the front matter that names an account, as far as it is found."""
    try:
        text = sources.read(blog.root, post.source).text
    except LitfassError:
        return None
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    begun = False
    for number, line in enumerate(text.split("\n"), 1):
        begun = begun or re.match(r"\W*(syndicate|announce)\b", line, re.IGNORECASE) is not None
        if begun and word.search(line):
            return number
    return None


class _Pictures:
    """Finds the files of the blog's pictures by the addresses that pages show."""

    def __init__(self, blog: Blog, built: Built) -> None:
        self._root = blog.root
        self._base = blog.settings.site.base
        self._files: Mapping[str, str] = {
            path: source for source, path in built.library.files.items()
        }

    def image(self, picture: Picture, page: str) -> Image | None:
        """Return the picture of a post's page, or None where it is not a file of the blog."""
        path = unquote(urlsplit(picture.src).path).removeprefix(self._base)
        source = self._files.get(path)
        if "://" in picture.src or source is None:
            return None
        file = self._root / source
        media_type = _MEDIA_TYPES.get(file.suffix.lower())
        size = _size(picture) or images.size_of(file)
        if media_type is None or size is None:
            return None
        status = file.stat()
        digest = _digest(file, status.st_mtime_ns, status.st_size)
        return Image(file, picture.alt, media_type, *size, digest, urljoin(page, picture.src))


def _size(picture: Picture) -> tuple[int, int] | None:
    return (picture.width, picture.height) if picture.width and picture.height else None


@lru_cache(maxsize=4096)
def _digest(path: Path, changed: int, size: int) -> str:
    """Return the digest of a file's bytes; read again when its time or size is another."""
    del changed, size
    return digest(path.read_bytes())


def named(posts: Collection[Post], name: str) -> str | None:
    """Return the id of the post that a person means by its id, its file or its slug."""
    return next(iter(_named(posts, name)), None)


def _named(posts: Collection[Post], name: str) -> Iterator[str]:
    plain = name.removeprefix("./")
    yield from (post.id for post in posts if post.id == name)
    yield from (post.id for post in posts if post.source in (plain, f"posts/{plain}"))
    slugs = [post.id for post in posts if post.slug == name]
    yield from slugs if len(slugs) == 1 else ()
