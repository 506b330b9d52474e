"""The fields at the head of a file, in each of the ways that other tools write them.

YAML between lines of `---` (Jekyll, Hugo), TOML between lines of `+++` (Hugo), and lines such as
`Title: …` up to the first blank one (Pelican, Python-Markdown), with or without `---` around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from litfass.errors import ContentError
from litfass.model import Source
from litfass.yaml_fields import DEEPEST, Field, NotYaml, read_yaml

Form = Literal["yaml", "toml", "header", "none"]
Parsed = tuple[dict[str, object], dict[str, int]]  # values and lines, by the field's name

NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title",),
    "date": ("date",),
    "updated": ("updated", "lastmod", "modified", "last_modified_at"),
    "slug": ("slug",),
    "permalink": ("permalink", "url"),
    "tags": ("tags",),
    "categories": ("categories", "category"),
    "authors": ("authors", "author"),
    "summary": ("summary", "description", "abstract", "excerpt"),
    "draft": ("draft",),
    "published": ("published",),
    "status": ("status",),
    "language": ("language", "lang"),
    "image": ("image", "cover", "images"),
    "image_alt": ("image_alt", "cover_alt", "alt"),
    "aliases": ("aliases", "redirect_from"),
    "series": ("series",),
    "canonical_url": ("canonical_url", "canonical", "canonicalurl"),
    "syndicate": ("syndicate",),
    "announce": ("announce",),
    "content_warning": ("content_warning",),
    "sponsored": ("sponsored",),
    "menu": ("menu",),
    "order": ("order",),
}
"""What we know of, each with the names that other tools have for it; the first one wins."""

KNOWN = frozenset(name for names in NAMES.values() for name in names)

_OPENING = re.compile(r"(?:[ \t]*\n)*(---|\+\+\+)[ \t]*(?:\n|\Z)")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_FIELD = re.compile(r" {0,3}([A-Za-z][\w-]*):[ \t]*(.*)")
_MORE = re.compile(r"[ \t]+(\S.*)")
_PLAIN = re.compile(
    r"""(?:[A-Za-z][\w-]*:(?:[ \t]+(?!["'\[{|>&*!])[^\x00-\x08\n-\x1f]*)?(?:\n|\Z))+\s*"""
)
_TOML_KEY = re.compile(r"""[ \t]*\[{0,2}[ \t]*["']?([\w-]+)["']?[ \t]*[.=\]]""")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")

_MOST_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a file, and the text below them.

    `fields` and `lines` (of the file, from 1) go by names in lower case with "_" for "-";
    `body_line` is the line on which `body` begins.
    """

    fields: Mapping[str, object]
    lines: Mapping[str, int]
    body: str
    body_line: int
    form: Form = "none"


@dataclass(frozen=True, slots=True)
class _Block:
    """Front matter as written: `line` is its first one's number in the file."""

    text: str
    path: str
    line: int

    def error(self, message: str, hint: str, below: int = 0) -> ContentError:
        return ContentError(message, hint, path=self.path, line=self.line + below)


def parse(source: Source) -> FrontMatter:
    """Return a file's fields and its body. Raises ContentError where the fields cannot be read."""
    text = source.text
    opening = _OPENING.match(text)
    if opening is None:
        return _parse_header(source)
    fence = opening[1]
    line = text.count("\n", 0, opening.end()) + 1
    closing = _CLOSING[fence].search(text, opening.end())
    if closing is None:
        raise _unclosed(fence, source.path, text.count("\n", 0, opening.start(1)) + 1)
    block = _Block(text[opening.end() : closing.start()], source.path, line)
    body_line = line + text.count("\n", opening.end(), closing.end())
    form, (fields, lines) = _read_yaml(block) if fence == "---" else ("toml", _read_toml(block))
    _refuse_excess(fields.values(), block)
    return FrontMatter(fields, lines, text[closing.end() :], body_line, form)


def head(text: str) -> str:
    """Return the front matter of a text as it is written between two lines, without a look at it.

    Empty for a text without such lines: fields of another form are not told from the body here.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return ""
    closing = _CLOSING[opening[1]].search(text, opening.end())
    return text[: closing.end()] if closing else text


def _unclosed(fence: str, path: str, line: int) -> ContentError:
    hint = f'Put a line "{fence}" after the last field.'
    if fence == "---":
        hint += ' If it is meant to be a rule across the page, write "***".'
    return ContentError("front matter begins here and never ends", hint, path=path, line=line)


def _parse_header(source: Source) -> FrontMatter:
    """Read `Title: …` lines; a text that only begins like one ("Note: …") is all body."""
    lines = source.text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    first = _FIELD.fullmatch(lines[start])
    if first is None or _name(first[1]) not in KNOWN:
        return FrontMatter({}, {}, source.text, 1)
    (fields, places), end = _read_header(lines[start:], start + 1)
    end += start
    if end < len(lines) and not lines[end].strip():
        end += 1
    return FrontMatter(fields, places, "\n".join(lines[end:]), end + 1, "header")


def _read_header(lines: Iterable[str], line: int) -> tuple[Parsed, int]:
    """Read fields as far as they go, and count their lines; indented lines go on with a value.

    As in Python-Markdown, a field that comes again adds to the first, on a line of its own.
    """
    values: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    name = ""
    used = 0
    for text in lines:
        if found := _FIELD.fullmatch(text):
            name = _name(found[1])
            places.setdefault(name, line + used)
            values.setdefault(name, []).append(found[2].strip())
        elif name and (more := _MORE.fullmatch(text)):
            values[name].append(more[1].strip())
        else:
            break
        used += 1
    return ({name: "\n".join(filter(None, parts)) for name, parts in values.items()}, places), used


def _name(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def _named(fields: Iterable[Field], block: _Block) -> Parsed:
    """Return fields by their names. Raises ContentError for one that is there twice."""
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for key, below, value in fields:
        name = _name(key)
        if name in lines:
            hint = f"The first one is in line {lines[name]}: keep one of them."
            raise block.error(f'"{key}" is there twice', hint, below)
        values[name], lines[name] = value, block.line + below
    return values, lines


def _refuse_excess(values: Iterable[object], block: _Block) -> None:
    """Refuse what YAML's aliases can blow up, or bend into a ring."""
    level, count = list(values), 0
    for _ in range(DEEPEST):
        count += len(level)
        if not level or count > _MOST_VALUES:
            break
        nested = [one for one in level if isinstance(one, dict | list)]
        level = [
            value for one in nested for value in (one.values() if isinstance(one, dict) else one)
        ]
    if level:
        hint = f"At most {_MOST_VALUES} values, nested {DEEPEST} deep: keep larger data elsewhere."
        raise block.error("front matter holds too much", hint)


def _read_yaml(block: _Block) -> tuple[Form, Parsed]:
    """Read YAML, or what Pelican lets stand in its place: `title: One: two` is not YAML."""
    try:
        fields = read_yaml(block.text)
    except ContentError as error:
        if isinstance(error, NotYaml) and _PLAIN.fullmatch(block.text):
            return "header", _read_header(block.text.rstrip().split("\n"), block.line)[0]
        raise block.error(error.message, error.hint, error.line or 0) from None
    return "yaml", _named(fields, block)


def _read_toml(block: _Block) -> Parsed:
    import tomllib  # noqa: PLC0415 - most blogs have none

    try:
        values = tomllib.loads(block.text)
    except RecursionError:
        message = "TOML cannot be read: it is nested too deeply"
        raise block.error(
            message, f"It can be {DEEPEST} deep: keep larger data elsewhere."
        ) from None
    except ValueError as error:
        raise _toml_error(str(error), block) from None
    lines: dict[str, int] = {}
    for below, text in enumerate(block.text.split("\n")):
        if key := _TOML_KEY.match(text):
            lines.setdefault(key[1], below)
    return _named(((key, lines.get(key, 0), value) for key, value in values.items()), block)


def _toml_error(message: str, block: _Block) -> ContentError:
    place = _TOML_PLACE.search(message)
    below = block.text.rstrip("\n").count("\n")
    if place and place[1]:
        below = min(below, int(place[1]) - 1)
    hint = 'TOML wants key = value, and texts in quotes: title = "Hello".'
    if "date" in message:
        hint = "Is it a day of the calendar? Write it like 2026-08-22 or 2026-08-22T09:30:00."
    return block.error(f"TOML cannot be read: {_TOML_PLACE.sub('', message)}", hint, below)
