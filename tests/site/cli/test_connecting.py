"""`litfass connect`: an account, its secrets and its line, by one command."""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime

import pytest
from tests.site.cli.conftest import TOKEN

from litfass.bridge import bookkeeping
from litfass.cli.commands import connect
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.mastodon import MastodonServer

WRONG = "Wr0ng-and-nobody-may-see-it-either"
KEPT = b'# mine\n[outbox]\nother = "x"   # as it is\n'
SECOND = ("--set", "path=second.jsonl")
POST = "---\nid: old\ntitle: Old\ndate: 2026-01-01\n---\nMore.\n"


@pytest.fixture
def server():
    """Run a Mastodon on this machine."""
    here = MastodonServer(TOKEN)
    with listening(here) as address:
        here.address = address
        yield here


@pytest.fixture
def person(monkeypatch):
    """Sit a person at the terminal who gives these answers, and return what they were asked."""

    def sit(*answers):
        left, asked = list(answers), []

        def answer(question=""):
            asked.append(question)
            said = left.pop(0)
            if isinstance(said, BaseException):
                raise said
            return said

        monkeypatch.setattr(sys, "stdin", _Terminal())
        monkeypatch.setattr(builtins, "input", answer)
        monkeypatch.setattr(connect, "getpass", answer)
        return asked

    return sit


class _Terminal:
    def isatty(self):
        return True


@pytest.fixture
def nobody(monkeypatch):
    """Let the program run where nobody can be asked."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def files(begun):
    """Return who reads all files of the blog but those that every command makes."""

    def read():
        return {
            path.relative_to(begun).as_posix(): path.read_bytes()
            for path in begun.rglob("*")
            if path.is_file() and not {".litfass", ".git"} & set(path.parts)
            if path.suffix != ".lock"
        }

    return read


def test_a_person_is_asked_and_the_account_speaks_from_then_on(
    litfass, begun, person, server, files
):
    before = files()["litfass.toml"]
    asked = person(server.address, TOKEN)
    said = litfass("connect", "mastodon")
    assert said.status == 0
    assert len(asked) == 2
    assert "its server's address and its access token" in said.err
    assert "✓ mastodon is connected: @" in said.out
    assert "Its token is in secrets.toml, which only you may read." in said.out
    assert "mastodon: 1 post stays unannounced" in said.out
    assert "litfass syndicate --dry-run" in said.out
    after = files()["litfass.toml"]
    assert after.startswith(before)
    assert tomllib.loads(after.decode())["accounts"]["mastodon"] == {
        "network": "mastodon",
        "server": server.address,
    }
    assert tomllib.loads((begun / "secrets.toml").read_text())["mastodon"] == {"token": TOKEN}


def test_what_is_newer_than_the_account_is_announced_by_it(litfass, begun, add, person, server):
    person(server.address, TOKEN)
    assert litfass("connect", "mastodon").status == 0
    assert litfass("syndicate").status == 0
    assert server.statuses == {}
    moment = datetime.now(UTC).isoformat()
    add(POST.replace("old", "new").replace("2026-01-01", moment), "posts/new.md")
    assert litfass("syndicate").status == 0
    assert len(server.statuses) == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_the_person_may_read_the_secrets(litfass, begun, person, server):
    person(TOKEN)
    assert litfass("connect", "mastodon", "--set", f"server={server.address}").status == 0
    assert (begun / "secrets.toml").stat().st_mode & 0o777 == 0o600


def test_a_secret_is_nowhere_but_in_its_file(litfass, begun, person, server, files):
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 0
    assert TOKEN not in said.out + said.err
    holding = [path for path, content in files().items() if TOKEN.encode() in content]
    assert holding == ["secrets.toml"]


def test_what_the_person_has_written_stays_byte_by_byte(litfass, begun, person, server):
    secrets = begun / "secrets.toml"
    secrets.write_bytes(KEPT)
    secrets.chmod(0o600)
    settings = begun / "litfass.toml"
    windows = settings.read_bytes().replace(b"\n", b"\r\n").rstrip()
    settings.write_bytes(b"\xef\xbb\xbf" + windows)
    person(TOKEN)
    assert litfass("connect", "mastodon", "--set", f"server={server.address}").status == 0
    assert secrets.read_bytes().startswith(KEPT)
    assert tomllib.loads(secrets.read_text())["mastodon"] == {"token": TOKEN}
    after = settings.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf" + windows + b"\r\n\r\n# Mastodon, connected on ")
    assert b"\n" not in after.replace(b"\r\n", b"")


@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_secret_that_is_there_stays_where_it_is(
    litfass, begun, nobody, server, monkeypatch, place
):
    kept = f'[mastodon]\ntoken = "{TOKEN}"\n'
    if place == "file":
        (begun / "secrets.toml").write_text(kept)
        (begun / "secrets.toml").chmod(0o600)
    else:
        monkeypatch.setenv("LITFASS_MASTODON_TOKEN", TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 0
    if place == "file":
        assert (begun / "secrets.toml").read_text() == kept
        assert "in secrets.toml" in said.out
    else:
        assert not (begun / "secrets.toml").exists()
        assert "in LITFASS_MASTODON_TOKEN of the environment" in said.out


def test_a_refused_token_is_told_in_the_networks_words_and_nothing_is_written(
    litfass, begun, person, server, files
):
    before = files()
    person(WRONG)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 1
    assert "invalid" in said.err
    assert WRONG not in said.out + said.err
    assert files() == before


def test_a_server_that_is_another_network_is_told_by_its_name(
    litfass, begun, person, server, files
):
    server.instance = {"version": "0.19.1+git-abc"}
    before = files()
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 1
    assert "runs GoToSocial, not Mastodon" in said.err
    assert 'network = "gotosocial"' in said.err
    assert files() == before
    person(TOKEN)
    assert litfass("connect", "gotosocial", "--set", f"server={server.address}").status == 0


def test_a_token_that_no_header_can_hold_is_refused_without_being_shown(
    litfass, begun, person, server, files
):
    before = files()
    person("tökén…✓")
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status in {1, 2}
    assert "tökén" not in said.out + said.err
    assert files() == before


def test_where_nobody_can_be_asked_it_says_what_is_missing_and_where_to_put_it(
    litfass, begun, nobody, files
):
    before = files()
    said = litfass("connect", "mastodon", "--name", "firma", "--json")
    assert said.status == 2
    assert [one["message"] for one in said.json["problems"]] == [
        '"server" is missing',
        '"token" is missing',
    ]
    hints = [one["hint"] for one in said.json["problems"]]
    assert "--set server=" in hints[0]
    assert "LITFASS_FIRMA_TOKEN" in hints[1]
    assert said.json["account"] is None
    assert files() == before


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("mastodn",), 'Did you mean "mastodon"?'),
        (("mastodon", "--set", "servr=x"), 'Did you mean "server"?'),
        (("mastodon", "--set", "network=x"), 'has no option "network"'),
        (("mastodon", "--set", f"token={TOKEN}"), '"token" is a secret'),
        (("mastodon", "--set", "server"), "write it like server=https://social.example"),
        (("mastodon", "--set", "language=d\x07e"), "characters in it that nobody can see"),
        (("mastodon", "--name", "a.b"), "cannot be an account's name"),
        (("outbox", "--name", "outbox"), 'there is an account "outbox" already'),
        (("outbox", "--name", "x", "--since", "2026-01-01", "--backlog"), "not allowed with"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anyone_types(
    litfass, begun, person, files, argv, why
):
    before = files()
    person()
    said = litfass("connect", *argv)
    assert said.status == 2
    assert why in said.err
    assert TOKEN not in said.out + said.err
    assert files() == before


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("visibility=loud", '"visibility" in [accounts.mastodon] is "loud"'),
        ("hashtags=many", "must be a whole number"),
        ("hashtags=-1", "must be a whole number"),
        ("sensitive=2026-01-01", "must be true or false"),
    ],
)
def test_options_are_read_as_strictly_as_settings(litfass, begun, person, files, option, why):
    before = files()
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", "server=social.example", "--set", option)
    assert said.status == 2
    assert why in said.err
    assert files() == before


def test_options_are_written_as_what_they_are(litfass, begun, person):
    person("https://hooks.slack.com/services/T0/B0/Geheim0Geheim0")
    written = ("hashtags=5", 'label=Werkstatt "A"', "template={{ title }}\n{{ url }}")
    argv = [part for one in written for part in ("--set", one)]
    assert litfass("connect", "slack", "--name", "büro", *argv).status == 0
    assert tomllib.loads((begun / "litfass.toml").read_text("utf-8"))["accounts"]["büro"] == {
        "network": "slack",
        "hashtags": 5,
        "label": 'Werkstatt "A"',
        "template": "{{ title }}\n{{ url }}",
    }


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), EOFError()])
def test_whoever_stops_at_a_question_has_changed_nothing(litfass, begun, person, files, stop):
    before = files()
    person("social.example", stop)
    assert litfass("connect", "mastodon").status == 130
    assert files() == before


def test_whoever_says_nothing_is_asked_again(litfass, begun, person, server):
    asked = person("", "  ", TOKEN)
    assert litfass("connect", "mastodon", "--set", f"server={server.address}").status == 0
    assert len(asked) == 3


def test_the_same_account_is_not_connected_twice(litfass, begun, nobody, files):
    before = files()
    said = litfass("connect", "outbox")
    assert said.status == 1
    assert 'That is "outbox", which is connected already.' in said.err
    assert files() == before


def test_a_second_account_gets_a_number(litfass, begun, nobody):
    said = litfass("connect", "outbox", *SECOND)
    assert said.status == 0
    assert 'this one is "outbox-2"' in said.out
    accounts = tomllib.loads((begun / "litfass.toml").read_text())["accounts"]
    assert accounts["outbox-2"] == {"network": "outbox", "path": "second.jsonl"}


def test_a_program_gets_one_object(litfass, begun, nobody, server, monkeypatch):
    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    argv = ("mastodon", "--name", "fedi", "--set", f"server={server.address}", "--json")
    said = litfass("connect", *argv)
    assert said.status == 0
    assert said.err == ""
    assert said.json == {
        "account": "fedi",
        "network": "mastodon",
        "identity": said.json["identity"],
        "url": said.json["url"],
        "expires": None,
        "waived": 1,
    }
    assert said.json["identity"].startswith("@")


def due(litfass, account):
    slots = litfass("status", "--json").json["slots"]
    return {one["post"] for one in slots if one["account"] == account and one["standing"] == "due"}


def test_posts_since_a_day_are_still_due(litfass, begun, add, nobody):
    add(POST, "posts/old.md")
    said = litfass("connect", "outbox", "--name", "two", *SECOND, "--since", "2026-02-01", "--json")
    assert said.json["waived"] == 1
    assert len(due(litfass, "two")) == 1
    assert "old" not in due(litfass, "two")


def test_with_the_backlog_everything_is_due(litfass, begun, add, nobody):
    add(POST, "posts/old.md")
    said = litfass("connect", "outbox", "--name", "two", *SECOND, "--backlog", "--json")
    assert said.json["waived"] == 0
    assert tomllib.loads((begun / "litfass.toml").read_text())["accounts"]["two"]["backlog"] is True
    assert "old" in due(litfass, "two")


def test_a_network_that_cannot_tell_is_taken_at_its_word(litfass, begun, person):
    address = "https://hooks.slack.com/services/T0/B0/Geheim0Geheim0"
    person(address)
    said = litfass("connect", "slack")
    assert said.status == 0
    assert "Slack does not tell whose account it is." in said.out
    assert "Geheim0" not in said.out + said.err + (begun / "litfass.toml").read_text()


def test_a_webhook_that_can_be_none_is_refused(litfass, begun, person, files):
    before = files()
    person("hooks.slack.com/Geheim0Geheim0")
    said = litfass("connect", "slack")
    assert said.status == 1
    assert "is not the address of a webhook on Slack" in said.err
    assert "Geheim0" not in said.out + said.err
    assert files() == before


def test_a_blog_that_is_wrong_is_told_before_anyone_types(litfass, begun, person, add, files):
    add("---\ntitle: x\ndate: yesterday\n---\n", "posts/wrong.md")
    before = files()
    asked = person()
    said = litfass("connect", "mastodon")
    assert said.status == 1
    assert "posts/wrong.md" in said.err
    assert (asked, files()) == ([], before)


def test_an_unusable_ledger_is_told_before_anything_is_written(litfass, begun, nobody, files):
    (begun / "syndication").mkdir(exist_ok=True)
    (begun / "syndication/ledger.jsonl").write_text("this is no record\n" * 2)
    before = files()
    assert litfass("connect", "outbox", "--name", "two", *SECOND).status == 1
    assert files() == before


def test_settings_that_cannot_be_written_leave_no_secret_behind(
    litfass, begun, person, server, monkeypatch, files
):
    before, real = files(), bookkeeping._replace

    def full(path, content, mode):
        if path.name == "litfass.toml":
            raise OSError(28, "No space left on device")
        real(path, content, mode)

    monkeypatch.setattr(bookkeeping, "_replace", full)
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 1
    assert "No space left" in said.err
    assert files() == before


def test_settings_that_someone_edits_at_the_same_time_are_left_alone(
    litfass, begun, server, person
):
    settings = begun / "litfass.toml"
    before = settings.read_bytes()

    def edit(_):
        settings.write_bytes(before + b"\n# an afterthought\n")

    server.check = edit
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 1
    assert "litfass.toml: was changed at the same time" in said.err
    assert settings.read_bytes() == before + b"\n# an afterthought\n"
    assert not (begun / "secrets.toml").exists()


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


def ignored(folder):
    done = subprocess.run(["git", "-C", folder, "check-ignore", "-q", "secrets.toml"], check=False)
    return done.returncode == 0


def test_git_never_takes_the_secrets(litfass, begun, person, server):
    git(begun, "init")
    ours = begun / ".gitignore"
    ours.write_text("/public/\n/live")
    person(TOKEN)
    assert litfass("connect", "mastodon", "--set", f"server={server.address}").status == 0
    assert ours.read_text() == "/public/\n/live\n/secrets.toml\n"
    assert ignored(begun)


def test_what_git_ignores_already_needs_no_line(litfass, begun, person, server):
    git(begun, "init")
    before = (begun / ".gitignore").read_bytes()
    person(TOKEN)
    assert litfass("connect", "mastodon", "--set", f"server={server.address}").status == 0
    assert (begun / ".gitignore").read_bytes() == before


def test_secrets_that_git_has_are_no_place_for_more(litfass, begun, person, server, files):
    git(begun, "init")
    secrets = begun / "secrets.toml"
    secrets.write_bytes(KEPT)
    secrets.chmod(0o600)
    git(begun, "add", "--force", "secrets.toml")
    before = files()
    person(TOKEN)
    said = litfass("connect", "mastodon", "--set", f"server={server.address}")
    assert said.status == 1
    assert "git rm --cached secrets.toml" in said.err
    assert files() == before


@pytest.mark.skipif(os.name != "posix", reason="terminals")
def test_at_a_real_terminal_the_secret_is_not_echoed(begun, server):
    import pty  # noqa: PLC0415 - not on Windows

    program = "import sys; from litfass.cli import main; sys.exit(main(sys.argv[1:]))"
    argv = ["connect", "mastodon", "--set", f"server={server.address}", "--json"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program, *argv],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    ) as running:
        os.close(theirs)
        shown = b""
        while b"is not shown" not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, f"{TOKEN}\n".encode())
        out = running.communicate(timeout=60)[0]
    shown += _rest(ours)
    assert running.returncode == 0
    assert json.loads(out)["account"] == "mastodon"
    assert TOKEN.encode() not in shown + out
    assert TOKEN in (begun / "secrets.toml").read_text()


def _rest(terminal):
    """Read what a terminal still shows; Linux ends it with an error, others with nothing."""
    shown = b""
    with contextlib.suppress(OSError):
        while more := os.read(terminal, 1024):
            shown += more
    os.close(terminal)
    return shown
