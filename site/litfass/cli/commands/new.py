"""`litfass new`: a post, begun."""

from __future__ import annotations

import json
import secrets
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of, now
from litfass.cli.screen import Screen
from litfass.errors import LitfassError, OutputError
from litfass.urls import slugify

NOTHING: dict[str, object] = {"path": None, "id": None}

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "234567"


def run(args: Namespace, screen: Screen) -> Exit:
    """Begin a post and print its path. Raises LitfassError when its file exists already."""
    title = " ".join(args.title.split())
    if not title:
        raise LitfassError("A post needs a title.", 'litfass new "My first post"')
    blog = blog_of(args)
    moment = now().astimezone(blog.settings.site.zone).replace(microsecond=0)
    path = f"posts/{moment:%Y-%m-%d}-{slugify(title)}.md"
    post = new_id()
    _write(blog.root / path, front_matter(post, title, moment, draft=args.draft), path)
    screen.say(path)
    screen.result({"path": path, "id": post})
    return Exit.DONE


def new_id() -> str:
    """Return an id that no other post has: ten characters, the first one a letter."""
    rest = (secrets.choice(_LETTERS + _DIGITS) for _ in range(9))
    return secrets.choice(_LETTERS) + "".join(rest)


def front_matter(post: str, title: str, moment: datetime, *, draft: bool = False) -> str:
    """Return what a new post begins with."""
    # What JSON writes in quotes, YAML reads as the same text.
    quoted = json.dumps(title, ensure_ascii=False)
    lines = ("---", f"id: {post}", f"title: {quoted}", f"date: {moment.isoformat(' ')}")
    return "\n".join((*lines, *(("draft: true",) if draft else ()), "---", "", ""))


def _write(file: Path, text: str, path: str) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise OutputError("exists already", "Choose another title.", path=path) from None
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", path=path) from None
