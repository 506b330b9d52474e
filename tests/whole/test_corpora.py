"""Blogs that were written for other tools, and a thousand posts: built without a word."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from PIL import Image

from litfass.build import Options, build
from litfass.errors import LitfassError
from litfass.settings import open_blog

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests/site/corpora"
MAKER = ROOT.parent / "shared/bench/make_corpus.py"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
IMAGES = {
    "jekyll": ("static/assets/tram/line-7.jpg", "static/assets/bench.jpg"),
    "pelican": ("posts/images/low-tide.jpg", "posts/images/bicycle.jpg"),
}
SETTINGS = '[site]\ntitle = "B"\nurl = "https://blog.example/"\ntimezone = "Europe/Berlin"\n'


def built(root: Path, **options):
    """Build, and show all that is wrong if anything is."""
    try:
        return build(open_blog(root), Options(now=NOW, **options))
    except LitfassError as error:
        pytest.fail("\n".join(map(str, error.problems())))


@pytest.mark.parametrize("tool", ["jekyll", "pelican"])
def test_a_blog_of_another_tool_builds_as_it_is(tmp_path, tool):
    shutil.copytree(
        SAMPLES / tool / {"jekyll": "_posts", "pelican": "content"}[tool], tmp_path / "posts"
    )
    for image in IMAGES[tool]:
        (tmp_path / image).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 3)).save(tmp_path / image)
    (tmp_path / "litfass.toml").write_text(SETTINGS, "utf-8")
    result = built(tmp_path, drafts=True, future=True)
    assert result.problems == ()
    assert len(result.library.posts) == len(list((tmp_path / "posts").glob("*.md")))
    for name in ("feed.xml", "atom.xml"):
        feed = feedparser.parse((result.public / name).read_bytes())
        assert not feed.bozo
        assert len(feed.entries) == 20


@pytest.mark.skipif(not MAKER.is_file(), reason=f"the corpus maker is not at {MAKER.parent.name}/")
def test_a_thousand_posts_build_without_a_warning(tmp_path):
    command = [sys.executable, MAKER, "--posts", "1000", "--out", tmp_path, "--no-images"]
    subprocess.run(command, check=True, capture_output=True)
    settings = SETTINGS + '[build]\npermalink = "/posts/{slug}/"\n'
    (tmp_path / "litfass.toml").write_text(settings, "utf-8")
    for post in (tmp_path / "posts").glob("*.md"):
        for image in re.findall(r"\(/(images/[\w.-]+)\)", post.read_text("utf-8")):
            Image.new("RGB", (4, 3)).save(tmp_path / "static" / image)
    result = built(tmp_path, jobs=2)
    assert result.problems == ()
    assert len(result.library.posts) == 1000
    assert built(tmp_path).made == ()
