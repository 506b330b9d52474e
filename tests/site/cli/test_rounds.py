"""`litfass publish --every`, and what Ctrl-C and SIGTERM do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from tests.site.cli.conftest import TOKEN

from litfass.cli.commands import publish
from litfass.cli.exits import Exit
from litfass.cli.rounds import keep
from litfass.cli.screen import Screen
from litfass.cli.stopping import Stop
from litfass.errors import LitfassError
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.mastodon import MastodonServer
from litfass_syndication.testing.wire import Fault, Reply

POST = "---\nid: {0}\ntitle: {0}\ndate: {1}\n---\nMore.\n"


class Waiting(Stop):
    """Does something between rounds instead of waiting, and stops when there is no more to do."""

    def __init__(self, *deeds):
        super().__init__()
        self.deeds = list(deeds)

    def wait(self, timeout=None):
        del timeout
        if not self.deeds:
            self.set()
            return True
        self.deeds.pop(0)()
        return False


@pytest.fixture
def rounds(begun, capsys, monkeypatch):
    """Return who publishes round after round, with deeds between the rounds."""

    def run(*deeds, json=False):
        monkeypatch.setattr(publish, "Stop", lambda: Waiting(*deeds))
        args = SimpleNamespace(folder=".", every=600.0, jobs=1, force=False)
        capsys.readouterr()
        status = publish.run(args, Screen(as_json=json))
        return status, capsys.readouterr()

    return run


def nothing():
    pass


def test_a_round_in_which_nothing_happens_is_not_told(rounds):
    status, said = rounds(nothing, nothing)
    assert status == Exit.DONE
    head, line = said.out.splitlines()
    assert head.startswith("✓ Hello · outbox · announced")
    assert line.endswith("deployed · announcements: 1 announced")
    assert said.err == ""


def test_a_post_goes_out_when_its_time_has_come(rounds, add, monkeypatch):
    soon = datetime.now(UTC) + timedelta(hours=1)
    add(POST.format("later", soon.isoformat()), "posts/later.md")
    the_time = "litfass.cli.commands.publish.now", "litfass.cli.opening.now"
    later = soon + timedelta(minutes=1)

    def an_hour_passes():
        for name in the_time:
            monkeypatch.setattr(name, lambda: later)

    _, said = rounds(nothing, an_hour_passes, nothing)
    assert said.out.count("later · outbox · announced") == 1
    assert said.out.count("Hello · outbox · announced") == 1


def test_a_mistake_is_told_once_and_ends_nothing(rounds, begun, add):
    broken = begun / "posts/broken.md"

    def a_mistake():
        broken.write_text("---\ntitle: A\ndate: yesterday\n---\n", "utf-8")

    status, said = rounds(a_mistake, nothing, broken.unlink, nothing)
    assert status == Exit.DONE
    assert said.err.count("yesterday") == 1


def test_a_doubt_is_told_when_its_reason_is_new_and_not_every_round(rounds, add, monkeypatch):
    server = MastodonServer(TOKEN)

    def lossy(request):
        reply = server(request)
        return Fault.RESET if request.method == "POST" else reply

    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    with listening(lossy) as address:
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        server.keeps_keys = False
        monkeypatch.setattr(server, "_accounts", lambda *_: Reply(401))
        _, said = rounds(nothing, nothing, nothing)
    assert said.out.count("Hello · fedi · in-doubt") == 2  # the answer is lost; nobody can look
    assert len(server.statuses) == 1


def test_what_is_due_is_taken_up_when_the_server_lets_us_in(rounds, add, monkeypatch):
    server, welcome = MastodonServer(TOKEN), []

    def strict(request):
        return server(request) if welcome else Reply(401)

    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    with listening(strict) as address:
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        _, said = rounds(nothing, lambda: welcome.append(1), nothing)
    assert said.out.count("Hello · fedi · due") == 1
    assert said.out.count("Hello · fedi · announced") == 1


def test_programs_get_an_object_for_a_round_in_which_something_happened(rounds):
    _, said = rounds(nothing, json=True)
    assert said.out.count('"messages"') == 1


def test_a_round_that_fails_does_not_end_the_rounds(capsys):
    def fails():
        raise LitfassError("The disk is full.")

    assert keep(60, fails, Waiting(nothing), Screen()) == Exit.DONE
    assert capsys.readouterr().err.count("The disk is full.") == 1


@pytest.mark.parametrize("span", ["0s", "10", "m", "ten", "-5m", "1.5h"])
def test_a_span_of_time_that_is_none_is_told(litfass, begun, span):
    said = litfass("publish", f"--every={span}")
    assert said.status == 2
    assert "10m" in said.err


def running(folder, *argv):
    command = [sys.executable, "-c", "import sys; from litfass.cli import main; sys.exit(main())"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    environ = {**os.environ, "LITFASS_FEDI_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen([*command, *argv], cwd=folder, env=environ, **pipes)


def test_a_signal_between_rounds_is_the_ordinary_end(begun):
    with running(begun, "publish", "--every", "1h") as program:
        said = [program.stdout.readline(), program.stdout.readline()]
        program.send_signal(signal.SIGTERM)
        rest, _ = program.communicate(timeout=20)
    assert "announced" in "".join(said)
    assert rest == "Stopping; what is begun is finished first …\n"
    assert program.returncode == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "term"]
)
def test_a_signal_lets_the_step_end_and_says_what_was_done(begun, add, number, status):
    server, asked, stopping = MastodonServer(TOKEN), Event(), Event()

    def stopped_meanwhile(request):
        if request.method == "POST":
            asked.set()
            stopping.wait(20)
        return server(request)

    add(POST.format("second", "2026-01-01"), "posts/second.md")
    with listening(stopped_meanwhile) as address:
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        with running(begun, "syndicate", "--account", "fedi") as program:
            assert asked.wait(20)
            program.send_signal(number)
            assert program.stdout.readline().startswith("Stopping;")
            stopping.set()
            said, _ = program.communicate(timeout=20)
    assert program.returncode == status
    assert "second · fedi · announced" in said
    assert said.endswith("Stopped. Announcements: 1 announced. The next run goes on.\n")
    assert len(server.statuses) == 1
