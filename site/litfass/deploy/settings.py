"""Where a blog is deployed to: the `[deploy]` table of the settings, one type per target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder on this machine, as a web server's root; a relative path starts at the blog."""

    path: str


@dataclass(frozen=True, slots=True)
class GitTarget:
    """A branch that a host such as GitHub or Codeberg Pages serves.

    `remote` is the name of a remote of the blog's repository, an address or a path. Without
    `history` the branch has one commit, always the newest. `cname` is the blog's own domain.
    `author` is written `Name <mail@example.org>`; empty for who git says we are.
    """

    remote: str = "origin"
    branch: str = "gh-pages"
    history: bool = True
    cname: str = ""
    message: str = "Deploy"
    author: str = ""


@dataclass(frozen=True, slots=True)
class RsyncTarget:
    """A folder that rsync reaches, as `user@host:/path`, or a path on this machine.

    `options` are added to rsync's command line, as far as they are known to be harmless.
    `identity` is a private key's file and `known_hosts` a file of host keys, both empty for what
    ssh does anyway. Without `delete` files that are no longer built stay on the server.
    """

    destination: str
    port: int | None = None
    identity: str = ""
    known_hosts: str = ""
    options: tuple[str, ...] = ()
    delete: bool = True


DeploySettings = FolderTarget | GitTarget | RsyncTarget

TARGETS: Mapping[str, type[DeploySettings]] = {
    "folder": FolderTarget,
    "git": GitTarget,
    "rsync": RsyncTarget,
}
"""The targets by the name that `target` in `[deploy]` gives them."""
