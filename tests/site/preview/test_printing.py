"""What a preview shows is what a build would make, as far as it can be known."""

from __future__ import annotations

import pytest
from tests.site.conftest import SETTINGS

from litfass.errors import Problems
from litfass.preview.printing import printer

AWAY = """
[syndication]
ledger = "postgresql://me@127.0.0.1:1/blog"
"""
POST = "---\ntitle: Hello\ndate: 2026-05-01\n---\nWords.\n"


def printed(root, more):
    """Build a blog of one post for the preview."""
    (root / "posts").mkdir()
    (root / "posts/hello.md").write_text(POST, "utf-8")
    (root / "litfass.toml").write_text(SETTINGS + more, "utf-8")
    return printer(root, drafts=False, future=False)("http://127.0.0.1:8000")


def test_who_cannot_reach_the_ledger_sees_the_blog_all_the_same(tmp_path):
    proof = printed(tmp_path, AWAY)
    (warning,) = proof.warnings
    assert "127.0.0.1:1/blog cannot be used" in warning.message
    assert warning.message.endswith("without the places where they were announced.")
    assert warning.severity == "warning"
    assert "Words." in (proof.public / "2026/05/hello/index.html").read_text("utf-8")


def test_a_wrong_account_is_a_mistake_to_mend(tmp_path):
    with pytest.raises(Problems):
        printed(tmp_path, '\n[accounts.firma]\nnetwork = "nowhere"\n')
