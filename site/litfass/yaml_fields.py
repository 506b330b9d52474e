"""YAML as front matter has it: fields of plain values, each with its place.

What unquoted text means goes by YAML 1.2: `language: no` is Norwegian, `12:30` no number of
seconds. A date remains as written, and numbers are only those that can be written in one way, so
that `007` keeps its noughts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from litfass.errors import ContentError

Field = tuple[str, int, object]  # key, lines below the first one, value

DEEPEST = 50  # levels of lists and mappings

_PREFIX = "tag:yaml.org,2002:"
_DEFAULTS = {"scalar": f"{_PREFIX}str", "sequence": f"{_PREFIX}seq", "mapping": f"{_PREFIX}map"}
_NO_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")  # ended a line in YAML 1.1 only
_UNSUSPICIOUS = 100  # signs that can nest: fewer of them are no danger to a recursive composer

_HINT = "Values with special characters need quotes; items of one list stand one below the other."
_HINTS = {
    "mapping values are not allowed": 'A value with ": " in it needs quotes: title: "One: two".',
    "cannot start any token": "Indent with spaces, not tabs; quote a value that begins with @.",
    "could not find expected ':'": 'Each field needs a colon and a space: "title: Hello".',
    "unexpected end of stream": "A quotation mark or bracket is opened here and never closed.",
    "control characters": "Something invisible was pasted in: write the line anew.",
    "special characters": "Something invisible was pasted in: write the line anew.",
    "undefined alias": "A value that begins with * needs quotes.",
    "could not determine a constructor": "A value that begins with ! needs quotes.",
}


class NotYaml(ContentError):
    """A text that breaks YAML's rules, and may follow others."""


def read_yaml(text: str) -> tuple[Field, ...]:
    """Return the fields of a YAML document.

    Raises NotYaml, or ContentError for YAML that is not made of fields; their `line` is the number
    of lines below the text's first one.
    """
    import yaml  # noqa: PLC0415 - imported with the first post, not with the program

    text = text.translate(_NO_BREAKS)
    try:
        _refuse_depth(text)
        return _fields(text)
    except yaml.YAMLError as error:
        raise _explained(error, text) from None
    except ValueError as error:
        hint = "A value that begins with ! needs quotes."
        raise ContentError(f"YAML cannot be read: {error}", hint) from None


def _refuse_depth(text: str) -> None:
    """Refuse what libyaml's composer, which recurs in C, would crash on."""
    if sum(map(text.count, "[{-?:")) < _UNSUSPICIOUS:
        return
    depth, loader = 0, _loader()(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            name = type(event).__name__
            depth += name.endswith("StartEvent") - name.endswith("EndEvent")
            if depth > DEEPEST:
                message = "YAML cannot be read: it is nested too deeply"
                hint = f"It can be {DEEPEST} deep: keep larger data elsewhere."
                raise ContentError(message, hint, line=event.start_mark.line)
    finally:
        loader.dispose()


def _fields(text: str) -> tuple[Field, ...]:
    loader = _loader()(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return ()
        if root.id != "mapping":
            hint = 'Write one field a line, such as "title: Hello".'
            message = "front matter is not made of fields"
            raise ContentError(message, hint, line=root.start_mark.line)
        _check_keys(root)
        values = loader.construct_document(root)
    finally:
        loader.dispose()
    lines = {key.value: key.start_mark.line for key, _ in root.value}
    return tuple((key, lines[key], value) for key, value in values.items())


def _check_keys(root: Any) -> None:
    """See that no mapping has a key twice, and take each key for text, `2026` and `true` too."""
    nodes, seen = [root], set[int]()
    while nodes:
        node = nodes.pop()
        if node.id == "scalar" or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "sequence":
            nodes += node.value
        else:
            _check_mapping(node)
            nodes += [value for _, value in node.value]


def _check_mapping(node: Any) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        line = key.start_mark.line
        if key.id != "scalar":
            hint = "Write it without brackets."
            raise ContentError("a field's name is not a text", hint, line=line)
        if key.tag != f"{_PREFIX}merge":
            key.tag = f"{_PREFIX}str"
        if key.value in seen:
            raise ContentError(f'"{key.value}" is there twice', "Keep one of them.", line=line)
        seen.add(key.value)


@cache
def _loader() -> Any:
    """Return the class that loads; it knows plain values, and no tag that makes anything else."""
    import yaml  # noqa: PLC0415 - as above

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    constructors: dict[str | None, Any] = {
        _PREFIX + name: base.yaml_constructors[_PREFIX + name] for name in ("null", "seq", "map")
    }
    constructors |= {_PREFIX + name: _scalar(make) for name, make in _SCALARS.items()}
    constructors[None] = base.yaml_constructors[None]
    own = {
        "yaml_constructors": constructors,
        "yaml_implicit_resolvers": _resolvers(),
        "resolve": _resolve,
        "descend_resolver": _ignore,
        "ascend_resolver": _ignore,
    }
    return type("FieldLoader", (base,), own)


def _resolve(loader: Any, kind: Any, value: str, implicit: Any) -> str:
    """Return the tag of a node that has none, as PyYAML does where no rule goes by its place."""
    if kind.id == "scalar" and implicit[0]:
        for tag, rule in loader.yaml_implicit_resolvers.get(value[:1], ()):
            if rule.match(value):
                return str(tag)
    return _DEFAULTS[kind.id]


def _ignore(*_: object) -> None:
    """Take no note of a node's place."""


def _truth(value: str) -> bool:
    return value.lower() == "true"


_SCALARS = {"str": str, "timestamp": str, "int": int, "float": float, "bool": _truth}


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
            rule = (_PREFIX + name, re.compile(rf"(?:{pattern})\Z"))
            resolvers.setdefault(first, []).append(rule)
    return resolvers


def _explained(error: Any, text: str) -> ContentError:
    message = getattr(error, "problem", None) or error.reason
    hint = next((hint for part, hint in _HINTS.items() if part in message), _HINT)
    return NotYaml(f"YAML cannot be read: {message}", hint, line=_place(error, text))


def _place(error: Any, text: str) -> int:
    """Return how far down an error is: where a quote was opened, not where the file ends."""
    if (position := getattr(error, "position", None)) is not None:
        return text.encode()[:position].count(b"\n")
    context = getattr(error, "context", None) or ""
    opened = context.startswith("while scanning") or "flow" in context
    mark = (error.context_mark if opened else None) or getattr(error, "problem_mark", None)
    return min(mark.line, text.count("\n")) if mark else 0
