"""The manifest of the public folder stays at home, wherever the blog goes."""

from __future__ import annotations

import subprocess

import pytest

from litfass.deploy import FolderTarget, GitTarget, RsyncTarget, deploy
from litfass.model import MANIFEST


@pytest.mark.parametrize("kind", ["folder", "git", "rsync"])
def test_the_manifest_is_not_deployed(tmp_path, kind):
    public = tmp_path / "blog/public"
    public.mkdir(parents=True)
    (public / "index.html").write_text("x", "utf-8")
    (public / MANIFEST).write_text("index.html\n", "utf-8")
    live = tmp_path / "live"
    if kind == "git":
        subprocess.run(["git", "init", "--quiet", "--bare", live], check=True)
        target = GitTarget(remote=str(live), branch="pages", author="A <a@example.org>")
    else:
        target = FolderTarget(str(live)) if kind == "folder" else RsyncTarget(f"{live}/")
    assert MANIFEST not in deploy(public, target, blog=tmp_path / "blog").added
    if kind == "git":
        shown = ["git", "-C", live, "ls-tree", "--name-only", "pages"]
        names = subprocess.run(shown, check=True, capture_output=True, text=True).stdout.split()
    else:
        names = [one.name for one in live.iterdir()]
    assert "index.html" in names
    assert MANIFEST not in names
