"""Addresses: slugs, permalinks, and where a page's file lies."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote as percent_encoded
from urllib.parse import unquote, urljoin

from litfass.errors import ContentError
from litfass.hypertext import readdress

PLACEHOLDERS = ("year", "month", "day", "slug", "category")

_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "'": "", "’": ""}
)
_PLACEHOLDER = re.compile(r"{([^{}]*)}")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_RESERVED = re.compile(  # by Windows; the last two by Git, which would not deploy them
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])( *\.|$)|(\.git|git~1)$", re.IGNORECASE
)
_MOST_BYTES = 255  # a file's name, on the file systems in use

_AT_ROOT = re.compile(r"/(?!/)(?:[\w/%-]|\.(?=\w))*\Z", re.ASCII)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")  # й is another letter than и; é is an e
_PLUS = re.compile(r"(?<=[^\W_])\++(?!\w)")
_WORDS = re.compile(r"(?:[a-z0-9]|[^\x00-\x7f])+")
_SHARP = re.compile(r"(?<=[^\W_])#(?!\w)")


@lru_cache(maxsize=4096)
def slugify(text: str) -> str:
    """Return a text as one part of an address: lower-case letters and digits with "-" between.

    German letters become what Germans write without them; other Latin letters lose their accents,
    and letters of other scripts are kept. C++ and C# are told from C. Never empty, and never a
    name that some system cannot give to a file.
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(_GERMAN)
    if "#" in plain or "+" in plain:
        plain = _PLUS.sub(lambda found: "plus" * len(found[0]), _SHARP.sub("sharp", plain))
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
        plain = "".join(map(_sluggish, unicodedata.normalize("NFC", plain)))
    slug = "-".join(_WORDS.findall(plain)) or _spelt(text)
    return f"{slug}-1" if _RESERVED.fullmatch(slug) else slug


def _sluggish(character: str) -> str:
    kept = character.isalnum() or unicodedata.category(character)[0] == "M"
    return character if kept else "-"


def _spelt(text: str) -> str:
    """Return the code points of a text without any letter, such as one of emoji."""
    return "-".join(f"{ord(sign):x}" for sign in text if sign.isprintable() and sign != " ") or "x"


def check_pattern(pattern: str) -> str | None:
    """Say what is wrong with a permalink pattern, as the end of a sentence about it, or None."""
    known = ", ".join("{" + name + "}" for name in PLACEHOLDERS)
    names = _PLACEHOLDER.findall(pattern)
    unknown = [name for name in names if name not in PLACEHOLDERS]
    rest = _PLACEHOLDER.sub("x", pattern)
    if not pattern.startswith("/"):
        return f'must begin with "/", not be "{pattern}"'
    if unknown:
        return f"has an unknown placeholder {{{unknown[0]}}}; known are {known}"
    if "{" in rest or "}" in rest:
        return f'has a brace without its partner: "{pattern}"'
    if "slug" not in names:
        return "must contain {slug}, or all posts would have one address"
    try:
        output_path(rest)
    except ContentError as error:
        return error.message
    return None


def expand(pattern: str, *, slug: str, published: datetime | None, category: str = "") -> str:
    """Return a permalink pattern filled in: an address below the front page, beginning with "/"."""
    values = {"slug": slug, "category": category}
    if published is not None:
        values |= {
            "year": f"{published.year:04}",
            "month": f"{published.month:02}",
            "day": f"{published.day:02}",
        }
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), pattern)
    return re.sub("//+", "/", filled)  # a post without a category


def output_path(address: str) -> str:
    """Return the path of the file that answers an address below the front page, quoted or not.

    "/a/b/" and "/a/b" are answered by "a/b/index.html", "/a.html" by itself. Raises ContentError
    (without a place) for an address that leaves the public folder or cannot be a file everywhere.
    """
    parts = unquote(address).removeprefix("/").split("/")
    if parts[-1] == "":
        parts[-1] = "index.html"
    elif "." not in parts[-1].strip("."):
        parts.append("index.html")
    for part in parts:
        _check_part(part, address)
    return "/".join(parts)


def _check_part(part: str, address: str) -> None:
    if part in (".", ".."):
        hint = 'An address is a path below your blog, without "..".'
        raise ContentError(f'"{address}" leaves the public folder', hint)
    if not part:
        raise ContentError(f'"{address}" has two slashes in a row', "Write one.")
    if _FORBIDDEN.search(part) or _RESERVED.match(part) or part != part.rstrip(". "):
        hint = "Use letters, digits, - and _; some systems cannot keep other names."
        raise ContentError(f'"{part}" in "{address}" cannot be the name of a file', hint)
    if len(part.encode("utf-8", "replace")) > _MOST_BYTES:
        raise ContentError(
            f'"{part[:40]}…" is too long for the name of a file', "Make the slug shorter."
        )
    if not part.isprintable():
        raise ContentError(
            f"{part!r} cannot be the name of a file", "Use letters, digits, - and _."
        )


def quote(address: str) -> str:
    """Return an address as it is written in a link: what is not ASCII percent-encoded, once."""
    return percent_encoded(_PERCENT.sub("%25", address), safe="/:@!$&'()*+,;=~-._%")


def absolute_html(html: str, permalink: str) -> str:
    """Return HTML with every address in it whole, as seen from the page at `permalink`."""
    origin = "/".join(permalink.split("/", 3)[:3])

    def whole(address: str) -> str:
        if _AT_ROOT.match(address):  # most of them: joined in a moment
            return origin + address
        try:
            return urljoin(permalink, address)
        except ValueError:  # "http://[": no address, so it stays as it is
            return address

    return readdress(html, whole)
