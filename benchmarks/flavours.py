"""The same posts as each tool wants them: where files lie, and how front matter is written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.corpus import Post, post_of
from benchmarks.pictures import drawn

__all__ = ["FLAVOURS", "Flavour", "link_or_copy", "text_of", "write_blogs"]


@dataclass(frozen=True, slots=True)
class Flavour:
    """What a tool expects. `posts` and `pictures` are folders."""

    posts: str
    pictures: str
    front_matter: Callable[[Post], str]


def _yaml(post: Post) -> str:
    """Return front matter that Litfass, Hugo and Eleventy read alike."""
    lines = (
        f"title: {_quoted(post.title)}",
        f"date: {post.published:%Y-%m-%dT%H:%M:%SZ}",
        "tags:",
        *(f"- {tag}" for tag in post.tags),
        f"summary: {_quoted(post.summary)}",
    )
    return "\n".join(lines)


def _headers(post: Post) -> str:
    """Return front matter as Pelican reads it: a line each, and nothing quoted."""
    lines = (
        f"title: {post.title}",
        f"slug: {post.slug}",
        f"date: {post.published:%Y-%m-%d %H:%M:%S}",
        f"tags: {', '.join(post.tags)}",
        f"summary: {post.summary}",
    )
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return the text as JSON has it, which is YAML, too."""
    return json.dumps(text, ensure_ascii=False)


FLAVOURS = {
    "litfass": Flavour("posts", "static/images", _yaml),
    "hugo": Flavour("content/posts", "static/images", _yaml),
    "eleventy": Flavour("posts", "images", _yaml),
    "pelican": Flavour("content/posts", "content/images", _headers),
}


def text_of(post: Post, flavour: Flavour) -> str:
    """Return a post's file: the body is the same in all flavours."""
    return f"---\n{flavour.front_matter(post)}\n---\n\n{post.body}"


def write_blogs(folder: Path, names: Sequence[str], count: int) -> None:
    """Write the blog of `count` posts in each flavour, into a folder of its name."""
    for name in names:
        (folder / name / FLAVOURS[name].posts).mkdir(parents=True, exist_ok=True)
        (folder / name / FLAVOURS[name].pictures).mkdir(parents=True, exist_ok=True)
    write = partial(_write, folder, tuple(names), count)
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(write, range(count), chunksize=64):
            pass


def _write(folder: Path, names: tuple[str, ...], count: int, number: int) -> None:
    """Write a post and its picture in every flavour; the picture is one file with many names."""
    post = post_of(number, count)
    picture = drawn(post.picture) if post.picture else b""
    first: Path | None = None
    for name in names:
        flavour = FLAVOURS[name]
        file = folder / name / flavour.posts / f"{post.slug}.md"
        file.write_text(text_of(post, flavour), "utf-8")
        if picture and first:
            link_or_copy(first, folder / name / flavour.pictures / post.picture)
        elif picture:
            first = folder / name / flavour.pictures / post.picture
            first.write_bytes(picture)


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Give a file that nobody changes another name; where that cannot be, copy it."""
    try:
        Path(target).unlink(missing_ok=True)
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
