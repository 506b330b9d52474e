"""Deploy to a git branch, as GitHub, Codeberg and GitLab Pages serve one.

Only git's plumbing is used, with an index of our own: neither the blog's work tree nor its index,
branches or tags are touched, and filters, ignore files and hooks have no say in what is deployed.
The push asks that the branch is still what we compared with, so nobody's work is lost.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from litfass.deploy.programs import SSH, Finished, redact, run
from litfass.deploy.report import Deployment, files, ordered
from litfass.deploy.settings import GitTarget
from litfass.errors import DeployError

_PATIENCE = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
"""A connection over which nothing comes for 60 seconds is given up."""

_ROLES = ("AUTHOR", "COMMITTER")

_HINTS = (
    (r"Host key verification failed", "Connect once with ssh by hand to accept the host's key."),
    (
        r"Permission denied|Authentication failed|could not read (Username|Password)|\b403\b",
        "The remote refuses our credentials. Try `git push` by hand: does it ask for a password?",
    ),
    (
        r"resolve host|Connection (refused|timed out|reset)|[Ff]ailed to connect|No route",
        "The remote cannot be reached. Is the network up, and the address right?",
    ),
    (
        r"stale info|fetch first|non-fast-forward|cannot lock ref|reference already exists",
        "Somebody else pushed to the branch meanwhile. Deploy again.",
    ),
    (
        r"hook declined|protected branch|remote rejected",
        "The remote refuses the push; what it says is above. Is the branch protected?",
    ),
    (
        r"does not appear to be a git repository|not found|does not exist",
        'Is [deploy] remote = "…" a remote\'s name, an address or a path that exists?',
    ),
    (r"dubious ownership", "The blog's repository belongs to another user; git says how to go on."),
    (r"[Nn]o space left", "The disk is full, here or at the remote."),
)

_QUIET = {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS": ""}
"""What keeps git from asking a person; a GIT_ASKPASS that answers by itself stays."""


@dataclass(frozen=True, slots=True)
class _Repository:
    """Where we keep what we push: its git folder, and the folder that relative paths start at."""

    folder: Path
    blog: Path
    env: Mapping[str, str]

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Return what a git command says; raise DeployError when it fails."""
        done = self.ask(*arguments, stdin=stdin)
        if done.status:
            raise _failure(f"git {arguments[0]} failed", done)
        return done.output.strip()

    def ask(self, *arguments: str, stdin: bytes = b"") -> Finished:
        """Return how a git command ended."""
        env = {**self.env, "GIT_DIR": str(self.folder)}
        return run(("git", *_PATIENCE, *arguments), cwd=self.blog, env=env, stdin=stdin)

    def setting(self, name: str) -> str:
        """Return what git's own settings say, or nothing."""
        return self.ask("config", "--get", name).output.strip()


def deploy_to_git(public: Path, settings: GitTarget, *, blog: Path, dry_run: bool) -> Deployment:
    """Make the branch's tree equal to the public folder, with `.nojekyll` and `CNAME`.

    A branch that has it all already is left alone: no commit, no push. Works in a blog that is
    no git repository too, when `remote` is an address or a path. Raises DeployError; then the
    branch is what it was.
    """
    if settings.remote.startswith("-") or not settings.remote:
        raise DeployError(f'[deploy] remote cannot be "{settings.remote}"', "Name a git remote.")
    with tempfile.TemporaryDirectory() as scratch:
        repository = _repository(blog, settings, Path(scratch, "index"))
        tip = _fetch(repository, settings)
        tree = _tree(repository, public, settings)
        deployment = _compare(repository, settings, tip, tree)
        if deployment.changes and not dry_run:
            _push(repository, settings, tip, tree)
    return deployment


def _repository(blog: Path, settings: GitTarget, index: Path) -> _Repository:
    """Return the blog's own repository, for its remotes and credentials, or one in the cache."""
    own = _own_folder(blog, settings)
    folder = own or blog / ".litfass" / "deploy-git"
    repository = _Repository(folder, blog, {**_QUIET, "GIT_INDEX_FILE": str(index)})
    if own is None:
        repository.git("init", "--bare", "--quiet", str(folder))
    who = _author(settings) if settings.author else _somebody(repository)
    return replace(repository, env={**repository.env, **who, **_ssh(repository)})


def _own_folder(blog: Path, settings: GitTarget) -> Path | None:
    """Return the git folder of the repository that the blog is in, or None."""
    found = run(("git", "rev-parse", "--absolute-git-dir"), cwd=blog)
    if found.status == 0:
        return Path(found.output.rstrip("\n"))
    if "not a git repository" not in found.errors:
        raise _failure("git cannot read the blog", found)
    if not re.search(r"[/\\:]", settings.remote):
        raise DeployError(
            f'the blog is not in a git repository, so there is no remote "{settings.remote}"',
            'Run `git init` and add the remote, or give an address: [deploy] remote = "https://…".',
        )
    return None


def _fetch(repository: _Repository, settings: GitTarget) -> str:
    """Bring the branch here as it is now, under a name of our own; return its tip, or nothing."""
    branch, ours = f"refs/heads/{settings.branch}", _ours(settings)
    repository.git("check-ref-format", branch)
    if not repository.git("ls-remote", "--quiet", "--", settings.remote, branch):
        return ""
    quietly = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-auto-gc")
    repository.git("fetch", *quietly, "--", settings.remote, f"+{branch}:{ours}")
    tip = repository.git("rev-parse", "--verify", ours)
    names = repository.git("ls-tree", "-r", "--name-only", tip).splitlines()
    if any(name.rpartition("/")[2] == "litfass.toml" for name in names):
        raise DeployError(
            f'the branch "{settings.branch}" holds the sources of a blog, not a built one',
            'Choose a branch of its own: [deploy] branch = "gh-pages".',
        )
    return tip


def _tree(repository: _Repository, public: Path, settings: GitTarget) -> str:
    """Write the public folder into the repository, byte for byte; return the tree's name."""
    paths = files(public)
    names = "".join(f"{public.resolve() / path}\n" for path in paths)
    hashes = repository.git(
        "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=os.fsencode(names)
    )
    blobs = dict(zip(paths, hashes.split(), strict=True))
    extras = {".nojekyll": b""}
    if settings.cname:
        extras["CNAME"] = f"{settings.cname}\n".encode()
    for path, content in extras.items():
        blobs[path] = repository.git("hash-object", "-w", "--stdin", stdin=content)
    index = "".join(f"100644 {blob}\t{path}\0" for path, blob in blobs.items())
    repository.git("update-index", "-z", "--index-info", stdin=os.fsencode(index))
    return repository.git("write-tree")


def _compare(repository: _Repository, settings: GitTarget, tip: str, tree: str) -> Deployment:
    before = tip or repository.git("hash-object", "-t", "tree", "-w", "--stdin")
    listing = repository.git("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, tree)
    fields = listing.split("\0")
    kinds: dict[str, list[str]] = {"A": [], "M": [], "D": []}
    for kind, path in zip(fields[::2], fields[1::2], strict=False):
        kinds["M" if kind == "T" else kind].append(path)
    return Deployment("git", _where(repository, settings), *map(ordered, kinds.values()))


def _push(repository: _Repository, settings: GitTarget, tip: str, tree: str) -> None:
    parents = ("-p", tip) if tip and settings.history else ()
    commit = repository.git("commit-tree", tree, *parents, "-m", settings.message)
    branch = f"refs/heads/{settings.branch}"
    repository.git(
        *("push", "--quiet", "--no-verify", f"--force-with-lease={branch}:{tip}"),
        *("--", settings.remote, f"{commit}:{branch}"),
    )
    repository.git("update-ref", _ours(settings), commit)


def _ours(settings: GitTarget) -> str:
    return f"refs/litfass/{settings.branch}"


def _where(repository: _Repository, settings: GitTarget) -> str:
    address = repository.ask("remote", "get-url", "--push", settings.remote).output.strip()
    return f"{settings.branch} on {redact(address or settings.remote)}"


def _author(settings: GitTarget) -> dict[str, str]:
    """Return what tells git that the settings' author commits."""
    match = re.fullmatch(r"([^<>\n]+?)\s*<([^<>\s]+)>", settings.author)
    if match is None:
        raise DeployError(
            f'[deploy] author is not a name and an address: "{settings.author}"',
            "Write it like: Mein Name <mail@example.org>",
        )
    parts = {"NAME": match[1], "EMAIL": match[2]}
    return {f"GIT_{role}_{part}": text for role in _ROLES for part, text in parts.items()}


def _somebody(repository: _Repository) -> dict[str, str]:
    """Return a name for who commits, as far as git knows none, as on a fresh CI machine."""
    parts = {"NAME": "Litfass", "EMAIL": "litfass@localhost"}
    unknown = {k: text for k, text in parts.items() if not repository.setting(f"user.{k.lower()}")}
    names = {f"GIT_{role}_{part}": text for role in _ROLES for part, text in unknown.items()}
    return {name: text for name, text in names.items() if name not in os.environ}


def _ssh(repository: _Repository) -> dict[str, str]:
    """Return our patient ssh that asks nobody, unless somebody chose another."""
    chosen = {"GIT_SSH", "GIT_SSH_COMMAND"} & os.environ.keys()
    if chosen or repository.setting("core.sshCommand"):
        return {}
    return {"GIT_SSH_COMMAND": shlex.join(SSH)}


def _failure(what: str, done: Finished) -> DeployError:
    """Return git's words without its advice, and ours on what to do."""
    lines = (line for line in done.errors.splitlines() if not line.startswith("hint:"))
    words = "\n".join(lines)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, words)), "")
    return DeployError(f"{what}: {words}", hint)
