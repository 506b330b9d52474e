"""What a writer changes between two builds, and where a reader has to see it then.

Each change carries a mark that occurs nowhere else; a build that does not show it did not build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CHANGES", "Blog", "Change", "number_of", "page_of"]

_MARKED = re.compile(r"\n?<p hidden>mark\w+</p>")


@dataclass(frozen=True, slots=True)
class Change:
    """A file's new text, and what then has to be in which files of the output."""

    file: Path
    text: str
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blog:
    """The blog of one contestant: its posts from the oldest to the newest, and its template.

    `theme` is the post template that holds until the blog has one of its own.
    """

    posts: tuple[Path, ...]
    template: Path
    theme: Path

    def post(self, turn: int) -> Path:
        """Return a post from the middle of the blog; another one each turn."""
        return self.posts[(len(self.posts) // 2 + turn) % len(self.posts)]


def number_of(post: Path) -> int:
    """Return the number that a post's name ends in: its place from the oldest."""
    return int(post.stem.rpartition("-")[2])


def page_of(post: Path) -> str:
    """Return where a post's page is, inside the output."""
    return f"posts/{post.stem}/index.html"


def _mark(turn: int) -> str:
    return f"mark{turn:05d}x"


def body_edited(blog: Blog, turn: int) -> Change:
    """Return a post with a word more, at its end."""
    post, mark = blog.post(turn), _mark(turn)
    return Change(post, f"{post.read_text('utf-8')}\n{mark}\n", ((page_of(post), mark),))


def tag_added(blog: Blog, turn: int) -> Change:
    """Return a post with a tag more, one that other posts have."""
    post = blog.post(turn)
    text = post.read_text("utf-8")
    tag = _foreign_tag(blog, tags_of(text), turn)
    return Change(post, with_tag(text, tag), ((page_of(post), f"/tags/{tag}/"),))


def title_changed(blog: Blog, turn: int) -> Change:
    """Return a post with another title."""
    post, mark = blog.post(turn), _mark(turn)
    return Change(post, retitled(post.read_text("utf-8"), mark), ((page_of(post), mark),))


def post_added(blog: Blog, turn: int) -> Change:
    """Return a new post, newer than all others."""
    mark = _mark(turn)
    old = blog.post(turn)
    new = old.with_name(f"added-{turn:05d}.md")
    text = renewed(old.read_text("utf-8"), mark, new.stem, turn)
    return Change(new, text, ((page_of(new), mark), ("index.html", f"/posts/{new.stem}/")))


def template_changed(blog: Blog, turn: int) -> Change:
    """Return the template of posts with another hidden paragraph below each post."""
    source = blog.template if blog.template.exists() else blog.theme
    bare = _MARKED.sub("", source.read_text("utf-8"))
    text = bare.replace("</article>", f"</article>\n<p hidden>{_mark(turn)}</p>", 1)
    return Change(blog.template, text, ((page_of(blog.post(turn)), _mark(turn)),))


CHANGES = {
    "edit": body_edited,
    "tag": tag_added,
    "title": title_changed,
    "post": post_added,
    "template": template_changed,
}


def tags_of(text: str) -> list[str]:
    """Return a post's tags: a YAML list below "tags:", or names after it."""
    line = re.search(r"^tags: (.+)$", text, re.MULTILINE)
    if line:
        return line[1].split(", ")
    block = re.search(r"^tags:\n((?:- .+\n)+)", text, re.MULTILINE)
    return [tag.removeprefix("- ") for tag in block[1].splitlines()] if block else []


def with_tag(text: str, tag: str) -> str:
    """Return a post's file with one tag more."""
    text, inline = re.subn(r"^tags: ", f"tags: {tag}, ", text, count=1, flags=re.MULTILINE)
    if inline:
        return text
    return re.sub(r"^tags:$", f"tags:\n- {tag}", text, count=1, flags=re.MULTILINE)


def retitled(text: str, word: str) -> str:
    """Return a post's file with a word at the end of its title."""
    return re.sub(r'^title: (.*?)("?)$', rf"title: \1 {word}\2", text, count=1, flags=re.MULTILINE)


def renewed(text: str, word: str, slug: str, day: int) -> str:
    """Return a post's file as another post, of a later day, at another address."""
    date = f"2026-{1 + day // 28 % 9:02d}-{1 + day % 28:02d}"
    text = re.sub(r"^date: \d{4}-\d\d-\d\d", f"date: {date}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^slug: .*$", f"slug: {slug}", text, count=1, flags=re.MULTILINE)
    return retitled(text, word)


def _foreign_tag(blog: Blog, own: list[str], turn: int) -> str:
    """Return a tag that another post nearby has, and this one has not."""
    for step in range(1, len(blog.posts)):
        near = tags_of(blog.post(turn + step).read_text("utf-8"))
        for tag in near:
            if tag not in own:
                return tag
    raise ValueError("every post has the same tags")
