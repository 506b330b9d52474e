"""The tests and the wheel on every Python that pyproject.toml names; `make` does the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import nox

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
TEST = nox.project.dependency_groups(PROJECT, "test")
WHEEL_TEST = Path("tests/whole/test_wheel.py").resolve()

nox.options.sessions = ["tests", "wheel"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run every test; what follows `--` goes to pytest."""
    session.install("--editable", ".", *TEST)
    session.run("pytest", *session.posargs)


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Build source distribution and wheel, and try the wheel far away from the sources."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        session.install("build")
        session.run("python", "-m", "build", "--outdir", name)
        session.install("--force-reinstall", str(next(folder.glob("*.whl"))), "pytest")
        shutil.copy(WHEEL_TEST, folder)
        with session.chdir(folder):
            session.run("pytest", "-c", "/dev/null", WHEEL_TEST.name, env={"LITFASS_WHEEL": "1"})
