"""Deploying to a git branch."""

import subprocess

import pytest

from litfass.deploy import GitTarget, deploy
from litfass.errors import DeployError

pytestmark = pytest.mark.server


def run(blog, *, dry_run=False, **settings):
    return deploy(blog.public, GitTarget(**settings), blog=blog.folder, dry_run=dry_run)


def test_a_new_branch_gets_everything_and_says_so(repository, remote):
    done = run(repository, cname="blog.example")
    assert remote.published() == {
        ".nojekyll": "",
        "CNAME": "blog.example",
        "a/b": "b",
        "a/index.html": "a",
        "index.html": "<h1>Grüße</h1>",
    }
    assert done.added == (".nojekyll", "CNAME", "a/b", "a/index.html", "index.html")
    assert done.where == f"gh-pages on {remote.address}"


def test_the_blogs_work_tree_index_and_branches_are_untouched(repository):
    def state():
        return (
            repository.git("status", "--porcelain", "--branch"),
            repository.git("for-each-ref", "refs/heads", "refs/tags"),
            repository.git("stash", "list"),
            (repository.folder / ".git/index").read_bytes(),
        )

    before = state()
    run(repository)
    repository.build(index_html="new")
    run(repository)
    assert state() == before


def test_nothing_changed_makes_no_commit(repository, remote):
    run(repository)
    tip = remote.tip()
    assert run(repository).changes == 0
    assert remote.tip() == tip


@pytest.mark.parametrize(("history", "count"), [(True, 2), (False, 1)])
def test_history_is_kept_or_not_as_set(repository, remote, history, count):
    run(repository, history=history)
    repository.build(index_html="new", a__index_html="a", c="ü")
    done = run(repository, history=history)
    assert (done.added, done.changed, done.removed) == (("c",), ("index.html",), ("a/b",))
    assert remote.published()["index.html"] == "new"
    assert remote.commits() == count


def test_a_dry_run_says_the_same_and_pushes_nothing(repository, remote):
    planned = run(repository, dry_run=True)
    assert remote.git("for-each-ref") == ""
    assert run(repository) == planned
    repository.build(index_html="new")
    tip = remote.tip()
    planned = run(repository, dry_run=True)
    assert remote.tip() == tip
    assert run(repository) == planned


def test_a_fresh_clone_continues_the_branch(repository, remote, tmp_path):
    run(repository)
    fresh = str(tmp_path / "fresh")
    repository.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), fresh)
    repository.git("-C", fresh, "remote", "set-url", "origin", remote.address)
    (repository.public / "c").write_text("c")
    done = deploy(repository.public, GitTarget(), blog=tmp_path / "fresh", dry_run=False)
    assert (done.added, done.changed, done.removed) == (("c",), (), ())
    assert remote.commits() == 2


@pytest.mark.parametrize("address", ["../remote.git", "file"])
def test_a_blog_without_a_repository_deploys_to_an_address(blog, remote, address):
    address = remote.address if address == "file" else address
    run(blog, remote=address)
    blog.build(index_html="new")
    assert run(blog, remote=address).changed == ("index.html",)
    assert remote.commits() == 2
    assert not (blog.folder / ".git").exists()


def test_a_blog_without_a_repository_has_no_remotes(blog):
    with pytest.raises(DeployError, match='no remote "origin"') as caught:
        run(blog)
    assert "git init" in caught.value.hint


def test_bytes_and_odd_names_arrive_as_they_are(repository, remote):
    repository.git("config", "core.autocrlf", "true")
    (repository.folder / ".git/info/attributes").write_text("* text eol=lf ident\n")
    content = b"one\r\ntwo\n$Id$\x00\xff"
    (repository.public / "übung & \"mehr\" 'x'.bin").write_bytes(content)
    (repository.public / ".gitignore").write_text("*\n")
    run(repository)
    sent = subprocess.check_output(
        ["git", "show", "gh-pages:übung & \"mehr\" 'x'.bin"], cwd=remote.folder
    )
    assert sent == content
    assert run(repository).changes == 0


def test_an_own_cname_file_stays_unless_the_settings_have_one(repository, remote):
    (repository.public / "CNAME").write_text("own.example\n")
    run(repository)
    assert remote.published()["CNAME"] == "own.example"
    run(repository, cname="other.example")
    assert remote.published()["CNAME"] == "other.example"


@pytest.mark.parametrize(
    ("settings", "configured", "expected"),
    [
        ("", False, "Litfass <litfass@localhost>"),
        ("", True, "Configured <c@example.org>"),
        ("Jemand Neues <n@example.org>", True, "Jemand Neues <n@example.org>"),
    ],
)
def test_the_author_is_the_settings_or_gits_or_ours(
    repository, remote, settings, configured, expected
):
    if configured:
        repository.git("config", "user.name", "Configured")
        repository.git("config", "user.email", "c@example.org")
    run(repository, author=settings, message="Neu: größer")
    shown = remote.git("log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%s", "gh-pages")
    assert shown.splitlines() == [expected, expected, "Neu: größer"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"author": "no address"}, "author"),
        ({"branch": "two words"}, "failed"),
        ({"remote": "--upload-pack=x"}, "cannot be"),
        ({"remote": ""}, "cannot be"),
        ({"remote": "nowhere"}, "nowhere"),
    ],
)
def test_wrong_settings_are_said(repository, settings, says):
    with pytest.raises(DeployError, match=says):
        run(repository, **settings)


@pytest.mark.parametrize("history", [True, False])
def test_the_branch_with_the_sources_is_never_replaced(repository, remote, history):
    (repository.folder / "litfass.toml").touch()
    repository.git("add", "litfass.toml")
    repository.git("commit", "-q", "-m", "Settings")
    repository.git("push", "-q", "origin", "main")
    tip = remote.tip("main")
    with pytest.raises(DeployError, match="holds the sources"):
        run(repository, branch="main", history=history)
    assert remote.tip("main") == tip
