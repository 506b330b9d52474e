"""Pygments' lexers, which ask only those of their rules that can match what comes next.

A lexer's state is a list of rules, of which the first that matches counts, and Pygments tries one
after the other: thirty or fifty for a word. Here those are left out that cannot begin with the
character that comes next. None of them would have matched, so the first that does is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from pygments.lexer import Lexer, RegexLexer
from pygments.token import Error, Text, Whitespace, _TokenType

from litfass.markup.beginnings import beginnings

Name = TypeVar("Name")


class _Rule(NamedTuple, Generic[Name]):
    """A rule of Pygments: what matches, how that is called or who tells, and where it leads."""

    match: Callable[[str, int], re.Match[str] | None]
    name: Name | None
    tell: Callable[[Lexer, re.Match[str]], Iterable[tuple[int, _TokenType, str]]] | None
    leads: Any


class Lexing(Generic[Name]):
    """Takes code apart as the lexers of Pygments do, with names of our own for kinds of tokens."""

    def __init__(self, names: Mapping[_TokenType, Name]) -> None:
        self._names = names
        self._states: dict[type[Lexer], _States[Name]] = {}

    def tokens(self, lexer: Lexer, code: str) -> Iterable[tuple[Name, str]]:
        """Return the names and texts of the tokens that `lexer.get_tokens` finds in code."""
        kind = type(lexer)
        if lexer.filters or _RULES in vars(lexer) or not _has_rules_only(kind):
            return ((self._names[kind], text) for kind, text in lexer.get_tokens(code))
        if kind not in self._states:
            self._states[kind] = _States(kind, self._names)
        return self._run(lexer, self._states[kind], _prepared(lexer, code))

    def _run(self, lexer: Lexer, states: _States[Name], text: str) -> Iterator[tuple[Name, str]]:
        stack = ["root"]
        state = states["root"]
        position = 0
        while True:
            for match, name, tell, leads in state[text[position : position + 1]]:  # noqa: B007
                if found := match(text, position):
                    break
            else:
                if position == len(text):
                    return
                if text[position] == "\n":  # what was open ends with its line
                    stack, state = ["root"], states["root"]
                yield self._names[_unmatched(text[position])], text[position]
                position += 1
                continue
            if tell is not None:
                for _, kind, value in tell(lexer, found):
                    yield self._names[kind], value
            elif name is not None:
                yield name, found[0]
            position = found.end()
            if leads is not None:
                _enter(leads, stack)
                state = states[stack[-1]]


class _States(dict[str, "_State[Name]"]):
    """The states of a lexer, each made when it is first entered."""

    def __init__(self, kind: type[Lexer], names: Mapping[_TokenType, Name]) -> None:
        super().__init__()
        self._rules: Mapping[str, Iterable[tuple[Any, Any, Any]]] = vars(kind)[_RULES]
        self._names = names

    def __missing__(self, state: str) -> _State[Name]:
        self[state] = _State(self._rule(*rule) for rule in self._rules[state])
        return self[state]

    def _rule(self, match: Any, action: Any, leads: Any) -> _Rule[Name]:
        if isinstance(action, _TokenType):
            return _Rule(match, self._names[action], None, leads)
        return _Rule(match, None, action, leads)


class _State(dict[str, tuple[_Rule[Name], ...]]):
    """The rules of a state, in their order, by the character that they may begin with."""

    def __init__(self, rules: Iterable[_Rule[Name]]) -> None:
        super().__init__()
        self._rules = tuple(rules)
        self._begin = [beginnings(rule.match.__self__) for rule in self._rules]  # type: ignore[attr-defined]

    def __missing__(self, character: str) -> tuple[_Rule[Name], ...]:
        if not character or not character.isascii():
            return self._rules
        code = ord(character)
        rules = zip(self._rules, self._begin, strict=True)
        self[character] = tuple(rule for rule, begin in rules if begin >> code & 1)
        return self[character]


_RULES = "_tokens"  # as Pygments calls them; a lexer that has none is left to itself


@cache
def _has_rules_only(kind: type[Lexer]) -> bool:
    """Return whether a lexer is nothing but its rules, each with a regular expression."""
    return (
        issubclass(kind, RegexLexer)
        and kind.get_tokens is Lexer.get_tokens
        and kind.get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed
        and all(
            isinstance(getattr(match, "__self__", None), re.Pattern)
            for rules in vars(kind).get(_RULES, {"": [(None,)]}).values()
            for match, *_ in rules
        )
    )


def _prepared(lexer: Lexer, code: str) -> str:
    """Return code as a lexer gets to see it: its lines ended by line feeds, the last one, too."""
    lexer.get_tokens_unprocessed = lambda text: iter(((0, Text, text),))  # type: ignore[method-assign]
    ((_, text),) = lexer.get_tokens(code)
    del lexer.get_tokens_unprocessed
    return text


def _unmatched(character: str) -> _TokenType:
    return Whitespace if character == "\n" else Error


def _enter(leads: Any, stack: list[str]) -> None:
    """Change a stack of states as a rule wants it; the last one always stays."""
    if isinstance(leads, int):
        del stack[max(1, len(stack) - abs(leads)) :]
        return
    for state in (leads,) if isinstance(leads, str) else leads:
        if state == "#push":
            stack.append(stack[-1])
        elif state != "#pop":
            stack.append(state)
        elif len(stack) > 1:
            stack.pop()
