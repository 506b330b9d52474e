"""The settings that the guides show work as they stand there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from tests.site.bridge.conftest import SITE

from litfass.bridge.accounts import describe
from litfass.bridge.keys import read_keys
from litfass.settings import open_blog

POSTS = Path(__file__).parents[3] / "posts"
GUIDES = [path for path in sorted(POSTS.glob("*.md")) if "[accounts." in path.read_text("utf-8")]
TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
NETWORKS = [path for path in GUIDES if "tags: [guide, networks, " in path.read_text("utf-8")]
HEADINGS = ("Connecting", "Settings by hand", "What happens there")
EXPORT = re.compile(r"^\$ export (LITFASS_\w+)=", re.MULTILINE)


def shown(guide):
    """Return the settings of a guide, the secrets, and the variables that it tells of."""
    text = guide.read_text("utf-8")
    blocks = TOML.findall(text)
    settings = "\n".join(block for block in blocks if "[accounts." in block)
    names = tomllib.loads(settings)["accounts"].keys()
    secrets = "\n".join(block for block in blocks if names & tomllib.loads(block).keys())
    return settings, secrets, dict.fromkeys(EXPORT.findall(text), "geheim")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem[11:])
def test_an_account_lacks_nothing_that_the_guide_does_not_tell(guide, blog):
    settings, secrets, environ = shown(guide)
    root = blog({"litfass.toml": SITE + settings, "secrets.toml": secrets})
    (root / "secrets.toml").chmod(0o600)
    own = open_blog(root)
    for known in ({}, environ):
        described, problems = describe(own, read_keys(root, own.settings.accounts, known))
        assert not problems
        assert [one.name for one in described] == list(own.settings.accounts)
        assert not any(one.missing for one in described)
        (root / "secrets.toml").unlink(missing_ok=True)


@pytest.mark.parametrize("guide", NETWORKS, ids=lambda path: path.stem[11:])
def test_who_knows_one_guide_finds_the_way_in_all_of_them(guide):
    headings = re.findall(r"^## (.+)$", guide.read_text("utf-8"), re.MULTILINE)
    assert tuple(each for each in headings if each in HEADINGS) == HEADINGS
