"""Running git and rsync."""

import sys

import pytest

from litfass.deploy.programs import redact, run
from litfass.errors import DeployError


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("at https://me:geheim@host/x.git", "at https://***@host/x.git"),
        ("'https://ghp_geheim@host/x'", "'https://***@host/x'"),
        ("HTTP://me:geheim@host:81/", "HTTP://***@host:81/"),
        ("rsync://me:geheim@host/x and ssh://git:geheim@h/", "rsync://me:***@host/x and ssh://git:***@h/"),
        ("ssh://git@host:22/x", "ssh://git@host:22/x"),
        ("me@host:/srv/blog", "me@host:/srv/blog"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)  # fmt: skip
def test_passwords_and_tokens_in_addresses_are_masked(said, shown):
    assert redact(said) == shown


def test_a_program_speaks_english_and_gets_no_terminal(tmp_path):
    code = "import os, sys; print(os.environ['LC_ALL'], os.getcwd(), repr(sys.stdin.read()))"
    done = run((sys.executable, "-c", code), cwd=tmp_path, env={"LC_ALL": "de_DE"})
    assert done.output.strip() == f"C {tmp_path} ''"


def test_what_a_program_complains_of_is_masked(tmp_path):
    code = "import sys; sys.exit('no https://me:geheim@host/')"
    done = run((sys.executable, "-c", code), cwd=tmp_path)
    assert (done.status, done.errors) == (1, "no https://***@host/")


def test_a_program_that_is_not_installed_is_said(tmp_path):
    with pytest.raises(DeployError, match="litfass-no-such is not installed") as caught:
        run(("litfass-no-such",), cwd=tmp_path)
    assert "Install" in caught.value.hint
