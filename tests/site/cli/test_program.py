"""What all commands have in common."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from litfass import __version__
from litfass.cli.arguments import COMMANDS


def test_without_a_command_it_says_how_to_begin(litfass):
    said = litfass()
    assert said.status == 0
    assert "litfass init my-blog" in said.out


def test_it_knows_its_version(litfass):
    assert litfass("--version").out == f"litfass {__version__}\n"


def test_its_version_needs_nothing_heavy():
    program = (
        "import sys; from litfass.cli import main; main(['--version']);"
        "heavy = {'PIL', 'pygments', 'markdown', 'feedgen', 'httpx', 'starlette', 'rich',"
        " 'jinja2', 'yaml', 'litfass_syndication'};"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or None)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mistyped_command_is_recognised(litfass):
    said = litfass("biuld")
    assert said.status == 2
    assert 'there is no command "biuld"\n  Did you mean "build"?' in said.err


def test_a_command_that_resembles_none_leads_to_the_help(litfass):
    said = litfass("qqqq")
    assert said.status == 2
    assert "litfass --help" in said.err


def test_a_missing_argument_is_a_mistake_of_usage(litfass):
    assert litfass("new").status == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(litfass, command):
    said = litfass(command, "--help")
    assert said.status == 0
    assert COMMANDS[command][0] in said.out
    assert "--json" in said.out


@pytest.mark.parametrize(
    "command", ["build", "check", "deploy", "syndicate", "publish", "status", "accounts", "serve"]
)
def test_outside_of_a_blog_it_says_so_and_how_to_begin_one(litfass, command):
    said = litfass(command)
    assert said.status == 1
    assert "There is no litfass.toml in" in said.err
    assert "litfass init" in said.err


@pytest.mark.parametrize("argv", [("-C", "blog", "build"), ("build", "-C", "blog")])
def test_the_blog_may_be_in_another_folder(litfass, begun, monkeypatch, argv):
    monkeypatch.chdir(begun.parent)
    assert litfass(*argv).status == 0


def test_a_blog_is_found_from_within_its_folders(litfass, begun, monkeypatch):
    monkeypatch.chdir(begun / "posts")
    assert litfass("build").status == 0


def test_all_that_is_wrong_is_told_for_programs_too(litfass, add):
    add("\n[sight]\n")
    said = litfass("build", "--json")
    assert said.status == 1
    (problem,) = said.json["problems"]
    assert problem.keys() == {"path", "line", "message", "hint", "severity"}
    assert problem["path"] == "litfass.toml"
    assert said.json["pages"] == {"total": 0, "made": 0, "removed": 0}
    assert said.err == ""


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (("syndicate",), "messages"),
        (("publish",), "messages"),
        (("status",), "slots"),
        (("accounts",), "accounts"),
        (("check",), "problems"),
        (("deploy",), "deploy"),
        (("adopt", "outbox"), "account"),
        (("settle", "a", "b", "--missing"), "standing"),
    ],
)
def test_what_failed_still_has_the_fields_that_programs_rely_on(litfass, add, command, field):
    add("\n[sight]\n")
    said = litfass(*command, "--json")
    assert said.status == 1
    assert {field, "problems"} <= said.json.keys()


def test_an_interruption_is_no_crash(litfass, begun, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("litfass.cli.commands.build.update", interrupted)
    said = litfass("build")
    assert (said.status, said.err) == (130, "\nStopped.\n")


def test_a_bug_shows_where_it_is(litfass, begun, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("litfass.cli.commands.build.update", broken)
    with pytest.raises(RuntimeError):
        litfass("build")


def test_it_is_quiet_when_nobody_reads():
    program = "import sys; from litfass.cli import main; sys.exit(main(['networks', '--json']))"
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", program]
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
