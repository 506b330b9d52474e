"""The folder of what git does not keep: the posts, the tools, and the blogs to build."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import flavours
from benchmarks.changes import Blog, number_of
from benchmarks.contestants import Contestant
from benchmarks.flavours import FLAVOURS, link_or_copy, write_blogs
from benchmarks.measure import Failed

__all__ = ["RIVALS", "Workshop"]

HERE = Path(__file__).parent
RIVALS = HERE / "rivals"
_OWN_MAKER = ("vocabulary", "snippets", "prose", "corpus", "flavours", "pictures")
_MAKERS_WHEELS = ("numpy", "pillow")  # what a maker from elsewhere may need
_WORDS_OF_LOG = 600


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes what is missing, and keeps it.

    `maker` is a program that writes the posts instead of ours: `--posts N --out DIR --flavour F`.
    `rivals` has a folder of settings and templates for each contestant that needs one.
    """

    folder: Path
    rivals: Path = RIVALS
    maker: Path | None = None
    tell: Callable[[str], None] = print

    def posts(self, names: Sequence[str], count: int) -> Path:
        """Return the folder with a blog of `count` posts in each of these flavours."""
        folder = self.folder / "corpora" / f"{count}-{self._maker_digest()}"
        missing = [name for name in names if not (folder / f"{name}.whole").exists()]
        if missing:
            self.tell(f"writing {count} posts for {', '.join(missing)}")
        for names_written in self._written(folder, missing, count):
            for name in names_written:
                (folder / f"{name}.whole").touch()
        return folder

    def tool(self, contestant: Contestant) -> Path:
        """Return the folder with the installed tool. Raises Failed when it cannot be installed."""
        if not (contestant.wheels or contestant.modules):
            return self.folder
        return self._installed(contestant.name, contestant.wheels, contestant.modules)

    def blog(self, contestant: Contestant, tool: Path, posts: Path, *, place: str = "") -> Path:
        """Return a fresh copy of a contestant's blog, with settings and templates laid over it."""
        folder = self.folder / "blogs" / (place or contestant.name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(posts / contestant.name, folder, copy_function=_copy)
        shutil.copytree(self._settings(contestant), folder, dirs_exist_ok=True)
        displaced = folder / "posts_dd"  # a maker from elsewhere: its place is beside the posts
        if displaced.is_dir():
            shutil.copytree(displaced, folder / "posts", dirs_exist_ok=True)
            shutil.rmtree(displaced)
        if contestant.modules:
            (folder / "node_modules").symlink_to(tool / "node_modules")
        return folder

    def clear(self, blog: Path) -> None:
        """Delete a blog that is not needed any more."""
        shutil.rmtree(blog, ignore_errors=True)

    def log(self, name: str) -> Path:
        """Return the file for what a contestant says."""
        folder = self.folder / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def _settings(self, contestant: Contestant) -> Path:
        given = self.rivals / contestant.name
        return given if given.is_dir() else RIVALS / contestant.name

    def _maker_digest(self) -> str:
        if self.maker:
            return _digest(self.maker.read_text("utf-8"))
        files = (Path(flavours.__file__).with_name(f"{name}.py") for name in _OWN_MAKER)
        return _digest(*(file.read_text("utf-8") for file in files))

    def _written(self, folder: Path, names: Sequence[str], count: int) -> Iterator[Sequence[str]]:
        """Write the blogs and yield the flavours as they are done: ours writes all at once."""
        if self.maker is None:
            write_blogs(folder, names, count)
            yield names
            return
        python = self._makers_python()
        for name in names:
            _lend_pictures(folder, name)
            options = ("--posts", str(count), "--out", folder / name, "--flavour", name)
            _do(python, self.maker.resolve(), *options)
            yield (name,)

    def _makers_python(self) -> Path:
        return self._installed("maker", _MAKERS_WHEELS, ()) / "bin" / "python"

    def _installed(self, name: str, wheels: Sequence[str], modules: Sequence[str]) -> Path:
        folder = self.folder / "tools" / f"{name}-{_digest(*wheels, *modules)}"
        if not (folder / "whole").exists():
            self.tell(f"installing {', '.join((*wheels, *modules))}")
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, wheels, modules)
            (folder / "whole").touch()
        return folder


def blog_of(contestant: Contestant, folder: Path) -> Blog:
    """Return what is to be changed in a contestant's blog."""
    import litfass_templates  # noqa: PLC0415 - only ours has a theme that a blog overrides

    posts = (folder / FLAVOURS[contestant.name].posts).glob("*.md")
    template = folder / contestant.template
    theme = Path(litfass_templates.__file__).parent / "theme" / template.name
    return Blog(tuple(sorted(posts, key=number_of)), template, theme)


def _install(folder: Path, wheels: Sequence[str], modules: Sequence[str]) -> None:
    """Install from PyPI into a virtual environment, from npm into node_modules."""
    if wheels:
        _do(sys.executable, "-m", "venv", folder)
        pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
        _do(*pip, "install", "--quiet", *wheels)
    if modules:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}\n", "utf-8")
        quiet = ("--silent", "--no-audit", "--no-fund", "--save-exact")
        _do("npm", "install", *quiet, "--prefix", folder, *modules)


def _do(*command: str | Path) -> None:
    """Run a command. Raises Failed with the end of what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failed(f"{command[0]} cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-_WORDS_OF_LOG:]
        raise Failed(f"{Path(command[0]).name} failed: {said}")


def _copy(source: str, target: str) -> str:
    """Copy a post, which will be changed; lend a picture, which will not."""
    if source.endswith(".md"):
        return shutil.copy2(source, target)
    link_or_copy(source, target)
    return target


def _lend_pictures(folder: Path, name: str) -> None:
    """Give a flavour the pictures that another has: most makers keep what is there."""
    own = folder / name / FLAVOURS[name].pictures
    own.mkdir(parents=True, exist_ok=True)
    for other in FLAVOURS:
        if other == name or not (folder / f"{other}.whole").exists():
            continue
        for picture in (folder / other / FLAVOURS[other].pictures).iterdir():
            link_or_copy(picture, own / picture.name)
        return


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join((sys.version.split()[0], *texts)).encode()).hexdigest()[:10]
