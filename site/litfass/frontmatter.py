"""The fields at the head of a file, in each of the ways that other tools write them.

YAML between lines of `---` (Jekyll, Hugo), TOML between lines of `+++` (Hugo), and lines such as
`Title: …` up to the first blank one (Pelican, Python-Markdown), with or without `---` around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from litfass.errors import ContentError
from litfass.model import Source

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
_MORE = re.compile(r"(?: {4}|\t)[ \t]*(\S.*)")
_PLAIN = re.compile(r"""(?:[A-Za-z][\w-]*:(?:[ \t]+(?!["'\[{|>&*!]).*)?(?:\n|\Z))+\s*""")
_TOML_KEY = re.compile(r"""[ \t]*\[{0,2}[ \t]*["']?([\w-]+)["']?[ \t]*[.=\]]""")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")

_MOST_VALUES = 10_000
_DEEPEST = 50


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

    As in Python-Markdown, a field that comes again adds to the first; "\\n" is between.
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


def _named(keys: Iterable[tuple[str, int]], block: _Block) -> dict[str, int]:
    """Return the line of each field. Raises ContentError for one that is there twice."""
    lines: dict[str, int] = {}
    for key, line in keys:
        first = lines.setdefault(_name(key), line)
        if first != line:
            hint = f"The first one is in line {first}: keep one of them."
            raise block.error(f'"{key}" is there twice', hint, line - block.line)
    return lines


def _refuse_excess(values: Iterable[object], block: _Block) -> None:
    """Refuse what YAML's aliases can blow up, or bend into a ring."""
    level, count = list(values), 0
    for _ in range(_DEEPEST):
        count += len(level)
        if not level or count > _MOST_VALUES:
            break
        nested = [one for one in level if isinstance(one, dict | list)]
        level = [value for one in nested for value in (one.values() if isinstance(one, dict) else one)]
    if level:
        hint = f"At most {_MOST_VALUES} values, nested {_DEEPEST} deep: keep larger data elsewhere."
        raise block.error("front matter holds too much", hint)


# TOML


def _read_toml(block: _Block) -> Parsed:
    import tomllib  # noqa: PLC0415 - most blogs have none

    try:
        values = tomllib.loads(block.text)
    except RecursionError:
        raise block.error("front matter is nested too deeply", "Make it flatter.") from None
    except ValueError as error:
        raise _toml_error(str(error), block) from None
    found: dict[str, int] = {}
    for line, text in enumerate(block.text.split("\n"), block.line):
        key = _TOML_KEY.match(text)
        if key and key[1] in values:
            found.setdefault(key[1], line)
    lines = _named(((key, found.get(key, block.line)) for key in values), block)
    return {_name(key): value for key, value in values.items()}, lines


def _toml_error(message: str, block: _Block) -> ContentError:
    place = _TOML_PLACE.search(message)
    below = block.text.rstrip("\n").count("\n")
    if place and place[1]:
        below = min(below, int(place[1]) - 1)
    hint = 'TOML wants key = value, and texts in quotes: title = "Hello".'
    if "date" in message:
        hint = "Is it a day of the calendar? Write it like 2026-08-22 or 2026-08-22T09:30:00."
    return block.error(f"TOML cannot be read: {_TOML_PLACE.sub('', message)}", hint, below)


# YAML


def _read_yaml(block: _Block) -> tuple[Form, Parsed]:
    import yaml  # noqa: PLC0415 - imported with the first post, not with the program

    try:
        return "yaml", _construct(block)
    except yaml.YAMLError as error:
        if _PLAIN.fullmatch(block.text):
            return "header", _read_header(block.text.rstrip().split("\n"), block.line)[0]
        raise _yaml_error(error, block) from None
    except RecursionError:
        raise block.error("front matter is nested too deeply", "Make it flatter.") from None
    except ValueError as error:
        raise block.error(f"YAML cannot be read: {error}", "Look at its numbers and tags.") from None


def _construct(block: _Block) -> Parsed:
    loader = _loader()(block.text)
    try:
        root = loader.get_single_node()
        if root is None:
            return {}, {}
        if root.id != "mapping":
            hint = 'Write one field a line, such as "title: Hello".'
            raise block.error("front matter is not made of fields", hint, root.start_mark.line)
        lines = _named(_keys(root, block), block)
        _refuse_repeats(root, block)
        values = loader.construct_document(root)
    finally:
        loader.dispose()
    return {_name(_text(key)): value for key, value in values.items()}, lines


def _keys(mapping: Any, block: _Block) -> list[tuple[str, int]]:
    return [(str(key.value), block.line + key.start_mark.line) for key, _ in mapping.value]


def _text(key: object) -> str:
    """Return a key as it was written: YAML takes `true` and `2026` for more than text."""
    return str(key).lower() if isinstance(key, bool) else "null" if key is None else str(key)


def _refuse_repeats(root: Any, block: _Block) -> None:
    """Look for mappings inside of the fields that have a key twice."""
    nodes, seen = [value for _, value in root.value], set[int]()
    while nodes:
        node = nodes.pop()
        if node.id == "scalar" or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            nodes += node.value
        else:
            _named(_keys(node, block), block)
            nodes += [value for _, value in node.value]


@cache
def _loader() -> Any:
    """Return a loader of plain values by YAML 1.2's rules.

    So `language: no` is Norwegian, `12:30` no number of seconds, and a date remains as written;
    numbers are those that can be written in one way only, so that `007` keeps its noughts.
    """
    import yaml  # noqa: PLC0415 - as above

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    prefix = "tag:yaml.org,2002:"
    constructors = {prefix + name: base.yaml_constructors[prefix + name] for name in ("null", "seq", "map")}
    for name, make in {"str": str, "timestamp": str, "int": int, "float": float, "bool": _truth}.items():
        constructors[prefix + name] = _scalar(make)
    constructors[None] = base.yaml_constructors[None]
    return type("FieldLoader", (base,), {"yaml_constructors": constructors, "yaml_implicit_resolvers": _resolvers()})


def _truth(value: str) -> bool:
    return value.lower() == "true"


def _scalar(make: Any) -> Any:
    return lambda loader, node: make(loader.construct_scalar(node))


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return what unquoted text may mean, by its first character, as PyYAML's Resolver keeps it."""
    number = "-0123456789"
    rules = (
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("float", r"-?(?:0|[1-9][0-9]{0,15})\.(?:0|[0-9]{0,15}[1-9])", number),
        ("int", r"-?(?:0|[1-9][0-9]{0,17})", number),
        ("merge", r"<<", "<"),
        ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    )
    resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, pattern, firsts in rules:
        for first in firsts:
            rule = (f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})\Z"))
            resolvers.setdefault(first, []).append(rule)
    return resolvers


_YAML_HINTS = {
    "mapping values are not allowed": 'A value with ": " in it needs quotes: title: "One: two".',
    "cannot start any token": "A value that begins with @, ` or % needs quotes; indent with spaces, not tabs.",
    "could not find expected ':'": 'Each field needs a colon and a space: "title: Hello".',
    "unexpected end of stream": "A quotation mark or bracket is opened here and never closed.",
    "control characters": "Something invisible was pasted in: write the line anew.",
    "special characters": "Something invisible was pasted in: write the line anew.",
    "undefined alias": "A value that begins with * needs quotes.",
    "could not determine a constructor": "A value that begins with ! needs quotes.",
}


def _yaml_error(error: Any, block: _Block) -> ContentError:
    message = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is broken")
    hint = next((hint for part, hint in _YAML_HINTS.items() if part in message), None)
    hint = hint or "Values with special characters need quotes, and list items of one list the same indent."
    return block.error(f"YAML cannot be read: {message}", hint, _yaml_place(error, block))


def _yaml_place(error: Any, block: _Block) -> int:
    """Return how far below the first line an error is: where a quote was opened, not where the file ends."""
    if (position := getattr(error, "position", None)) is not None:
        return block.text.encode()[:position].count(b"\n")
    context = getattr(error, "context", None) or ""
    opened = context.startswith("while scanning") or "flow" in context
    mark = (error.context_mark if opened else None) or getattr(error, "problem_mark", None)
    return min(mark.line, block.text.count("\n")) if mark else 0
