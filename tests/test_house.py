"""The house keeps its own rules: what lies where, how long a file may be, who imports whom."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGES = {
    "site": "litfass",
    "syndication": "litfass_syndication",
    "templates": "litfass_templates",
}
PACKAGE_LINES = 300
TEST_LINES = 650


def text(name):
    return (HOUSE / name).read_text("utf-8")


PROJECT = tomllib.loads(text("pyproject.toml"))


def code(folder):
    return sorted(path for path in folder.rglob("*.py") if "node_modules" not in path.parts)


def too_long(files, most):
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    return [
        f"{path.relative_to(HOUSE)}: {lines}" for path, lines in lengths.items() if lines > most
    ]


def is_the_blogs_own(path):
    """This repository is a blog, too: its ledger and outbox lie beside the package."""
    return path.parent.name == "syndication" and path.name.startswith(("ledger.jsonl", "outbox"))


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_a_folder_holds_its_package_and_nothing_else(folder, package):
    found = {
        path.name
        for path in (HOUSE / folder).iterdir()
        if path.name != "__pycache__" and not is_the_blogs_own(path)
    }
    assert found == {package}


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_a_package_is_typed_and_described(folder, package):
    assert (HOUSE / folder / package / "py.typed").is_file()
    assert importlib.import_module(package).__doc__


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_a_module_can_be_read_in_one_go(folder, package):
    assert not too_long(code(HOUSE / folder / package), PACKAGE_LINES)


def test_a_test_file_can_be_read_in_one_sitting():
    assert not too_long(code(HOUSE / "tests"), TEST_LINES)


def test_the_wheel_takes_every_package_whatever_git_ignores():
    hatch = PROJECT["tool"]["hatch"]["build"]
    packages = [f"{folder}/{package}" for folder, package in PACKAGES.items()]
    assert hatch["targets"]["wheel"]["packages"] == packages
    assert hatch["ignore-vcs"] is True


def test_there_is_one_version():
    litfass = importlib.import_module("litfass")
    assert litfass.__version__ == PROJECT["project"]["version"]


def test_the_changelog_knows_the_version():
    version = PROJECT["project"]["version"]
    assert f"## [{version}]" in text("CHANGELOG.md")


def test_the_readme_begins_with_what_a_visitor_should_try():
    commands = re.findall(r"^\$ (\S.*?)(?:  +#.*)?$", text("README.md"), re.MULTILINE)
    assert commands[:2] == ["make publish", "make test"]


def test_developers_are_told_every_command_there_is():
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    told = set(re.findall(r"^\| `make (\w+)` \|", text("DEVELOPERS.md"), re.MULTILINE))
    assert told == set(phony.split())


def test_imports_go_down_only():
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", lint, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
