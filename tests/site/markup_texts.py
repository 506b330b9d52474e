"""Texts that try a Markdown engine: Python-Markdown's own, and what chance makes of its signs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path
from textwrap import dedent

import pytest
from filelock import FileLock
from hypothesis import strategies as st

DOWNLOAD_SECONDS = 300

SIGNS = st.text(
    alphabet=st.sampled_from("ab &;<>[]()!*_`~\\\"'#|:.-=+{}^/?1\n\x02\x03\tx"), max_size=80
)
PIECES = (
    "# Head\n", "## Two {#id .c}\n", "Set\n===\n", "Sub\n---\n", "---\n", "* * *\n", "> quote\n",
    "> > deeper\n", "- item\n", "* star\n", "+ plus\n", "1. one\n", "2. two\n", "    indented\n",
    "        deeper\n", "\n", "\n\n", "  \n", "```python\nx = [1, '<']  # & so\n```\n",
    "~~~\n<plain>\n~~~\n", "```\n", '```c title="T" linenums="1"\nint i;\n```\n',
    "| a | b |\n|---|:-:|\n| `x|y` | 2 |\n", "a | b\n--|--\n1 | 2\n", "Term\n: Definition\n",
    ":   more\n", "!!! note\n    Inside\n", '!!! warning "Own"\n    - list\n',
    '!!! tip ""\n\n    para\n', "Note[^1] and[^b].\n", "[^1]: The note.\n",
    "[^b]:\n    Long\n\n    note\n", "*[HTML]: Hyper\n", "HTML is\n", "- [ ] open\n",
    "- [x] done\n", '[link](to.md "T")', "[ref][id]", "[id]", "[id]: http://a.example 'T'\n",
    "![img](a.png)", "![alt][id]", "<http://b.example>", "<me@c.example>", "**strong**", "*em*",
    "_em_", "__st__", "***both***", "~~gone~~", "`code`", "`` a`b ``", "\\*", "\\\\", "\\`",
    "{: .cls #id}", "{.x}", "{ }", "&amp;", "&#35;", "& ", "<b>x</b>", "<div>\nraw *x*\n</div>\n",
    '<div markdown="1">\n*md*\n</div>\n', "<!-- c -->", "<?php x ?>", "<br>", "</p>", "[TOC]\n",
    '"q"', "'s", "--", "...", "it's", "word ", "word\n", "word  \n", "x_y_z", "(c)", "ä€",
    "a*b*c", "/// Footnotes Go Here ///\n",
)  # fmt: skip
TEXTS = st.one_of(SIGNS, st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def own_texts_of_python_markdown():
    """Return every text that Python-Markdown's own tests render, and what they expect of it."""
    with tarfile.open(_source_distribution()) as source:
        files = {
            member.name: source.extractfile(member).read().decode("utf-8")
            for member in source
            if "/tests/" in member.name and member.name.endswith((".txt", ".html", ".py"))
        }
    texts = dict.fromkeys(text for name, text in files.items() if not name.endswith(".py"))
    for name, program in files.items():
        if name.endswith(".py"):
            texts |= dict.fromkeys(_strings(program))
    return tuple(texts)


def _strings(program):
    """Return the texts that stand in a program, as they are and without their indentation."""
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            yield dedent(node.value).strip("\n")


def _source_distribution():
    """Return Python-Markdown's source distribution; its tests are not in the wheel."""
    wanted = version("markdown")
    root = os.environ.get("LITFASS_TEST_SERVERS") or Path.home() / ".cache" / "litfass-tests"
    folder = Path(root).absolute() / "markdown" / wanted
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (found := [*folder.glob("*.tar.gz")]):
            _download(f"markdown=={wanted}", folder)
            found = [*folder.glob("*.tar.gz")]
    return found[0]


def _download(requirement, folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-binary", "markdown", "--dest", folder, requirement]
    try:
        subprocess.run(
            command, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS, text=True
        )
    except subprocess.CalledProcessError as error:
        _unavailable(error.stderr[-800:])
    except subprocess.TimeoutExpired:
        _unavailable(f"it has not come in {DOWNLOAD_SECONDS} seconds")


def _unavailable(why):
    """Skip what needs the texts, for all to see; fail where they have to be there."""
    message = f"Python-Markdown's own tests cannot be had: {why}"
    if os.environ.get("LITFASS_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)
