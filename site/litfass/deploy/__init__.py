"""Bring the public folder to where the world reads it: a folder, a git branch, a server.

A deployment that fails raises DeployError and leaves what was live as it was.
"""

from __future__ import annotations

from pathlib import Path

from litfass.deploy.report import Deployment, files
from litfass.deploy.settings import DeploySettings, FolderTarget, GitTarget, RsyncTarget
from litfass.errors import DeployError

__all__ = ["DeploySettings", "Deployment", "FolderTarget", "GitTarget", "RsyncTarget", "deploy"]


def deploy(
    public: Path, settings: DeploySettings, *, blog: Path, dry_run: bool = False
) -> Deployment:
    """Make the target equal to the public folder, and say what that changed.

    `blog` is the blog's folder, where relative paths start. A dry run only says what it would
    change. Raises DeployError.
    """
    if not public.is_dir() or not files(public):
        raise DeployError(f"there is nothing to deploy in {public.name}/", "Run `litfass build`.")
    match settings:
        case FolderTarget():
            from litfass.deploy.folder import deploy_to_folder  # noqa: PLC0415 - only what is used

            return deploy_to_folder(public, settings, blog=blog, dry_run=dry_run)
        case GitTarget():
            from litfass.deploy.git import deploy_to_git  # noqa: PLC0415 - only what is used

            return deploy_to_git(public, settings, blog=blog, dry_run=dry_run)
        case RsyncTarget():
            from litfass.deploy.rsync import deploy_by_rsync  # noqa: PLC0415 - only what is used

            return deploy_by_rsync(public, settings, blog=blog, dry_run=dry_run)
