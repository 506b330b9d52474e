"""The installed program, with its sources out of reach: from nothing to an announced post.

Run by `make wheel` in an environment that has nothing but the wheel and pytest.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    os.environ.get("LITFASS_WHEEL") != "1", reason="tries an installed wheel: make wheel"
)

PACKAGES = ("litfass", "litfass_syndication", "litfass_templates")


def litfass(*arguments, blog=None):
    """Run the installed program; give what it printed."""
    place = () if blog is None else ("-C", blog)
    program = Path(sys.executable).with_name("litfass")
    done = subprocess.run(
        [program, *place, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def report(*arguments, blog):
    return json.loads(litfass(*arguments, "--json", blog=blog))


@pytest.fixture(scope="module")
def blog(tmp_path_factory):
    """Make a new blog and publish it once."""
    folder = tmp_path_factory.mktemp("whole") / "blog"
    litfass("init", folder)
    return folder


@pytest.fixture(scope="module")
def first(blog):
    return report("publish", blog=blog)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_comes_from_the_wheel(package):
    origin = Path(importlib.util.find_spec(package).origin)
    assert origin.is_relative_to(sys.prefix)
    assert (origin.parent / "py.typed").is_file()


def test_the_program_says_its_version():
    from importlib.metadata import version  # noqa: PLC0415

    assert version("litfass") in litfass("--version")


def test_a_new_blog_is_built_with_its_theme(blog, first):
    assert first["build"]["pages"]["made"] > 0
    assert not [one for one in first["build"]["problems"] if one["severity"] == "error"]
    page = (blog / "public" / "index.html").read_text("utf-8")
    assert "stylesheet" in page
    assert list((blog / "public").rglob("*.css"))


def test_a_new_post_is_announced_once(blog, first):
    assert "announced" in {message["outcome"] for message in first["messages"]}
    again = report("publish", blog=blog)
    assert again["build"]["pages"]["made"] == 0
    assert {message["outcome"] for message in again["messages"]} <= {"unchanged"}
    slots = report("status", blog=blog)["slots"]
    assert {slot["account"] for slot in slots} == {"outbox"}


def test_a_german_blog_speaks_german(tmp_path):
    litfass("init", tmp_path / "blog", "--language", "de")
    assert report("build", blog=tmp_path / "blog")["pages"]["total"] > 0
    assert 'lang="de"' in (tmp_path / "blog" / "public" / "index.html").read_text("utf-8")
