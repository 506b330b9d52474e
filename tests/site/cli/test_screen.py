"""What people and programs get to see."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import pytest

from litfass.cli.screen import Screen
from litfass.errors import Problem

PROBLEM = Problem('"date" is not a date', "Write it like 2026-08-22.", "posts/hello.md", 3)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch) -> Callable[[], Terminal]:
    """Return who lets a terminal stand in for both streams: in the test, after pytest's own."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def connect() -> Terminal:
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return connect


def test_a_problem_has_its_place_and_a_hint(capsys):
    Screen().problems([PROBLEM])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ('posts/hello.md:3: "date" is not a date\n  Write it like 2026-08-22.\n')


@pytest.mark.parametrize(
    ("path", "line", "head"),
    [
        ("a.md", 3, "a.md:3: warning: odd\n"),
        ("a.md", None, "a.md: warning: odd\n"),
        ("", None, "warning: odd\n"),
    ],
)
def test_a_warning_says_that_it_is_one(capsys, path, line, head):
    Screen().problems([Problem("odd", "", path, line, "warning")])
    assert capsys.readouterr().err == head


def test_a_table_s_columns_are_aligned(capsys):
    Screen().table(("post", "a"), [("Größe", "due"), ("x", "")])
    assert capsys.readouterr().out == "post   a\nGröße  due\nx\n"


def test_a_program_gets_one_object_and_nothing_else(capsys):
    screen = Screen(as_json=True)
    screen.say("words", "bold")
    screen.problems([PROBLEM])
    screen.table(("a",), [("b",)])
    with screen.busy("Waiting …"):
        screen.result({"title": "Größe"})
    said = capsys.readouterr()
    assert json.loads(said.out) == {"title": "Größe"}
    assert "Größe" in said.out
    assert said.err == ""


def test_a_person_gets_no_object(capsys):
    Screen().result({"title": "x"})
    assert capsys.readouterr().out == ""


def test_a_terminal_has_colours(terminal):
    shown = terminal()
    Screen().say("announced", "green")
    assert shown.getvalue() == "\x1b[32mannounced\x1b[0m\n"


def test_a_terminal_has_none_where_they_are_not_wanted(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    shown = terminal()
    Screen().say("announced", "green")
    assert "\x1b[32m" not in shown.getvalue()


def test_what_looks_like_markup_is_shown_as_it_is(terminal):
    stream = terminal()
    screen = Screen()
    screen.say("[bold]x[/bold] [accounts.firma]", "green")
    screen.table(("[b]post",), [("[red]x",)])
    shown = stream.getvalue()
    assert "[bold]x[/bold] [accounts.firma]" in shown
    assert "[red]x" in shown
    assert "[b]post" in shown


def test_long_work_shows_on_a_terminal(terminal):
    shown = terminal()
    with Screen().busy("Building …"):
        pass
    assert "Building …" in shown.getvalue()
