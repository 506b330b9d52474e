"""Deploying to a git branch: servers, and what goes wrong."""

import os
import shutil

import pytest

from litfass.deploy import GitTarget, deploy
from litfass.errors import DeployError

pytestmark = pytest.mark.server


def run(blog, *, dry_run=False, **settings):
    return deploy(blog.public, GitTarget(**settings), blog=blog.folder, dry_run=dry_run)


def refuse_pushes(remote, saying="not today"):
    hook = remote.folder / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho '{saying}' >&2\nexit 1\n")
    hook.chmod(0o755)


def test_a_refused_push_leaves_what_is_live_and_says_why(repository, remote):
    run(repository)
    before = remote.published()
    refuse_pushes(remote)
    repository.build(index_html="new")
    with pytest.raises(DeployError, match="not today") as caught:
        run(repository)
    assert "refuses the push" in caught.value.hint
    assert remote.published() == before
    (remote.folder / "hooks/pre-receive").unlink()
    assert run(repository).changed == ("index.html",)


@pytest.mark.parametrize("history", [True, False])
def test_somebody_else_pushing_meanwhile_is_never_overwritten(
    repository, remote, tmp_path, monkeypatch, history
):
    """The remote's branch moves between our look at it and our push."""
    run(repository, history=history)
    other = remote.git("commit-tree", "gh-pages^{tree}", "-p", "gh-pages", "-m", "Other")
    real, bystander = shutil.which("git"), tmp_path / "bin/git"
    bystander.parent.mkdir()
    bystander.write_text(
        f"""#!/bin/sh
        case " $* " in *" push "*)
            env -u GIT_DIR {real} -C {remote.folder} update-ref refs/heads/gh-pages {other}
        esac
        exec {real} "$@"
        """
    )
    bystander.chmod(0o755)
    repository.build(index_html="new")
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{bystander.parent}:{os.environ['PATH']}")
        with pytest.raises(DeployError, match="push failed") as caught:
            run(repository, history=history)
    assert "Deploy again" in caught.value.hint
    assert remote.tip() == other
    assert run(repository, history=history).changed == ("index.html",)


@pytest.mark.parametrize("chosen", ["environment", "settings"])
def test_over_ssh_with_the_ssh_that_somebody_chose(repository, remote, sshd, monkeypatch, chosen):
    if chosen == "environment":
        monkeypatch.setenv("GIT_SSH_COMMAND", sshd.command)
    else:
        repository.git("config", "core.sshCommand", sshd.command)
    address = f"ssh://{sshd.user}@127.0.0.1:{sshd.port}{remote.folder}"
    run(repository, remote=address)
    repository.build(index_html="new", c="c")
    done = run(repository, remote=address, history=False)
    assert (done.added, done.changed, done.removed) == (
        ("c",),
        ("index.html",),
        ("a/b", "a/index.html"),
    )
    assert remote.published() == {".nojekyll": "", "index.html": "new", "c": "c"}


def test_an_unknown_host_key_is_refused_with_a_hint(
    repository, remote, sshd, tmp_path, monkeypatch
):
    command = sshd.command.replace(str(sshd.known_hosts), str(tmp_path / "none"))
    monkeypatch.setenv("GIT_SSH_COMMAND", command)
    with pytest.raises(DeployError, match="ls-remote failed") as caught:
        run(repository, remote=f"ssh://{sshd.user}@127.0.0.1:{sshd.port}{remote.folder}")
    assert "accept the host's key" in caught.value.hint


def test_a_key_that_is_not_let_in_is_refused_with_a_hint(repository, remote, sshd, monkeypatch):
    command = sshd.command.replace(str(sshd.identity), f"{sshd.identity.parent}/host")
    monkeypatch.setenv("GIT_SSH_COMMAND", command)
    with pytest.raises(DeployError, match="Permission denied") as caught:
        run(repository, remote=f"ssh://{sshd.user}@127.0.0.1:{sshd.port}{remote.folder}")
    assert "credentials" in caught.value.hint


def test_a_server_that_is_down_is_said_without_the_password(repository, closed_port):
    address = f"http://me:geheim@127.0.0.1:{closed_port}/blog.git"
    with pytest.raises(DeployError, match="ls-remote failed") as caught:
        run(repository, remote=address)
    assert "cannot be reached" in caught.value.hint
    assert "geheim" not in str(caught.value) + caught.value.hint


def test_a_password_in_the_address_is_not_in_the_report(repository, remote):
    """The address that the report names is where pushes would go."""
    repository.git("remote", "set-url", "origin", remote.address)
    repository.git("config", "remote.origin.pushurl", "https://geheim@blog.example/x.git")
    where = run(repository, dry_run=True).where
    assert where == "gh-pages on https://***@blog.example/x.git"


def test_deploying_from_a_hook_does_not_follow_the_hooks_repository(
    repository, remote, tmp_path, monkeypatch
):
    repository.git("init", "-q", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    done = run(repository)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert done.where.endswith(remote.address)
    assert not (tmp_path / "other/.git/index").exists()
    assert remote.commits() == 1


def test_git_that_is_not_installed_is_said(blog, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeployError, match="git is not installed"):
        run(blog)
