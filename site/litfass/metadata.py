"""What the front matter of a file means: every field checked, all that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Literal

from litfass.dates import moment
from litfass.errors import Problem
from litfass.fields import NO, YES, Fields, plain, written
from litfass.frontmatter import KNOWN, FrontMatter
from litfass.model import Picture, Source

_DATED = re.compile(r"((?!9999)[1-9]\d{3}-\d{2}-\d{2})(?:[-_ ]+(.+))?", re.DOTALL | re.ASCII)
_ADDRESS = re.compile(r"https?://[^/\s]\S*")
_SHORT = 3  # letters: below, everything is like something
_FILE = ("src", "path", "url", "image")  # what themes call the file of an image
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_ELSEWHERE = frozenset(
    """
    author_email author_image author_profile author_url avatar cascade category_slug classes
    comments cover_caption date_format date_gmt dates disqus excerpt_separator expirydate
    external_url feature_image featured featured_image feed gallery guid header headless hidden
    images_alt iscjklanguage katex keywords languages lastupdated layout lead license linktitle
    markup mastodon_url math menus mermaid modified_by name nav_order og_image outputs
    pagination params parent permalink_style pictures pin pinned post_id private publishdate
    published_at reading_time readtime redirect_to related render resources robots save_as score
    series_index series_order series_title share show_date showtoc sidebar site_title sitemap
    sort_by source stats sticky subtitle summary_image tagline taxonomies teaser template
    templates thumbnail toc tocopen translation translationkey twitter type updates usemathjax
    version video videos weight wordpress_id
    """.split()  # noqa: SIM905 - a list would take a line for each
)
"""Fields that mean something to Jekyll, Hugo, Pelican or their themes, and are no slip of ours."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a post or page; "" and () are for what it does not say.

    `date` and `updated` are aware, at a fixed offset. `syndicate` is None for every account, or
    the names of accounts. `extra` has the fields that are not ours, as JSON would have them.
    """

    id: str = ""
    title: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    slug: str = ""
    permalink: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    summary: str = ""
    draft: bool = False
    language: str = ""
    picture: Picture | None = None
    aliases: tuple[str, ...] = ()
    series: str = ""
    canonical_url: str = ""
    syndicate: tuple[str, ...] | None = None
    announce: Mapping[str, str] = field(default_factory=dict)
    content_warning: str = ""
    sponsored: bool = False
    menu: bool = True
    order: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)


def read(
    front: FrontMatter,
    source: Source,
    *,
    zone: tzinfo,
    first_heading: str = "",
    kind: Literal["post", "page"],
) -> tuple[Metadata, tuple[Problem, ...]]:
    """Return what the front matter says, and every problem in it, warnings included.

    A date without a time zone is in `zone`. With an error among the problems, the metadata is
    what could be understood.
    """
    fields = Fields(front, source.path, zone)
    metadata = Metadata(
        id=fields.text("id"),
        title=fields.text("title") or first_heading or _readable(source.path),
        date=_date(fields, needed=kind == "post"),
        updated=fields.moment("updated"),
        slug=fields.text("slug"),
        permalink=fields.text("permalink"),
        tags=fields.names("tags"),
        categories=fields.names("categories"),
        authors=fields.names("authors"),
        summary=fields.text("summary"),
        draft=_draft(fields),
        language=_language(fields),
        picture=_picture(fields),
        aliases=fields.names("aliases"),
        series=fields.text("series"),
        canonical_url=_canonical_url(fields),
        syndicate=_syndicate(fields),
        announce=_announce(fields),
        content_warning=fields.text("content_warning"),
        sponsored=fields.flag("sponsored") or False,
        menu=_menu(fields),
        order=_order(fields),
        extra=_extra(fields),
    )
    return metadata, tuple(sorted(fields.problems, key=lambda problem: problem.line or 0))


def name_of(path: str) -> tuple[date | None, str]:
    """Return the date that a file's name begins with, and the rest; of a bundle, its folder's."""
    *folders, file = path.split("/")
    name = file.rsplit(".", 1)[0] or file
    if name == "index" and folders:
        name = folders[-1]
    dated = _DATED.fullmatch(name)
    if dated is None:
        return None, name
    try:
        return date.fromisoformat(dated[1]), dated[2] or name
    except ValueError:
        return None, name


def _readable(path: str) -> str:
    words = " ".join(re.split(r"[-_\s]+", name_of(path)[1])).strip()
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=1024)
def _meant(name: str) -> str | None:
    """Return the field that a name is a slip of, or None."""
    from difflib import get_close_matches  # noqa: PLC0415 - most posts have no slip

    if name in _ELSEWHERE or len(name) < _SHORT:
        return None
    return next(iter(get_close_matches(name, sorted(KNOWN), 1, 0.8)), None)


def _draft(fields: Fields) -> bool:
    """Return whether it is unfinished: `draft: true`, `published: false`, `status: draft`."""
    return any((fields.flag("draft"), _unpublished(fields), _unfinished(fields)))


def _unpublished(fields: Fields) -> bool:
    """Return what Jekyll's flag says; others have a date of this name, which says nothing here."""
    value = fields.front.fields.get("published")
    word = (written(value) or "").lower()
    return word in YES | NO and fields.flag("published") is False


def _unfinished(fields: Fields) -> bool:
    status = fields.text("status").lower()
    if status == "hidden":
        hint = "Write draft: true to leave it out, or remove the line to publish it."
        fields.note("status", 'a "hidden" post is left out, as a draft is', hint, "warning")
    elif status not in {"", "published", "draft", "skip"}:
        hint = 'It can be "draft" or "published".'
        fields.note("status", f'"status" cannot be "{status}"', hint)
    return status in {"draft", "hidden", "skip"}


def _date(fields: Fields, *, needed: bool) -> datetime | None:
    """Return the date, or that of the file's name."""
    if fields.take("date")[1] is not None:
        return fields.moment("date")
    day = name_of(fields.path)[0]
    if day is not None:
        return moment(day, fields.zone)
    if needed:
        fields.note("", "has no date", _date_hint(fields))
    return None


def _date_hint(fields: Fields) -> str:
    if fields.front.form == "none":
        return 'Begin the file with three lines: "---", "date: 2026-08-22" and "---".'
    line = "date = 2026-08-22" if fields.front.form == "toml" else "date: 2026-08-22"
    return f"Add a line to its front matter: {line}"


def _language(fields: Fields) -> str:
    """Return a language tag; Hugo's and gettext's "de_AT" is "de-AT"."""
    text = fields.text("language").replace("_", "-")
    if not text or _LANGUAGE.fullmatch(text):
        return text
    key, _ = fields.take("language")
    fields.note(key, f'"{key}" is not a language code: "{text}"', 'Write it like "de" or "pt-BR".')
    return ""


def _picture(fields: Fields) -> Picture | None:
    """Return the image: a file, or a mapping of file and alt; of a list, the first."""
    key, value = fields.take("image")
    alt = fields.text("image_alt")
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        alt = written(value.get("alt") or "") or alt
        value = next((value[one] for one in _FILE if value.get(one)), value)
    src = "" if value is None else written(value)
    if src is None:
        fields.note(key, f'"{key}" names no file', f"Write it like {key}: photo.jpg")
    return Picture(src, alt) if src else None


def _canonical_url(fields: Fields) -> str:
    """Return the address where the original is."""
    text = fields.text("canonical_url")
    if not text or _ADDRESS.fullmatch(text):
        return text
    key, _ = fields.take("canonical_url")
    hint = "Write all of it, such as https://example.org/post/"
    fields.note(key, f'"{key}" is not a whole address: "{text}"', hint)
    return ""


def _syndicate(fields: Fields) -> tuple[str, ...] | None:
    """Return the accounts that announce it; None for all."""
    _, value = fields.take("syndicate")
    word = "" if value is None else (written(value) or "").lower()
    if value is None or word in YES:
        return None
    return () if word in NO else fields.names("syndicate")


def _announce(fields: Fields) -> dict[str, str]:
    """Return texts by account."""
    key, value = fields.take("announce")
    texts = value if isinstance(value, dict) else {}
    wrong = not isinstance(value, dict) and value is not None
    if wrong or any(written(text) is None for text in texts.values()):
        hint = 'Below "announce:", write a line per account, such as "  mastodon: My text".'
        fields.note(key, '"announce" is not made of one text per account', hint)
        return {}
    return {str(account): str(text).strip() for account, text in texts.items() if text}


def _menu(fields: Fields) -> bool:
    """Return whether it is in the menu; Hugo names menus here, which means that it is."""
    _, value = fields.take("menu")
    return (written(value) or "").lower() not in NO


def _order(fields: Fields) -> int:
    """Return the place in the menu."""
    text = fields.text("order")
    if text and not re.fullmatch(r"-?[0-9]{1,9}", text):
        fields.note("order", f'"order" is not a whole number: "{text}"', "Write it like order: 3")
        return 0
    return int(text or 0)


def _extra(fields: Fields) -> dict[str, object]:
    """Return the fields that nothing has taken; warns of those that look like a slip."""
    rest = fields.rest()
    for key in rest:
        if key not in KNOWN and (meant := _meant(key)):
            hint = f'Did you mean "{meant}"?'
            fields.note(key, f'"{key}" is not a field that we know', hint, "warning")
    return {key: plain(value) for key, value in rest.items()}
