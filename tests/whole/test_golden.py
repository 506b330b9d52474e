"""One small blog, byte by byte, the theme's own assets apart.

After a change that is meant, run this file as a program, and read what it changed.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from litfass.build import Options, build
from litfass.settings import open_blog

HERE = Path(__file__).parent / "golden"
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def files(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def make(place: Path) -> dict[str, bytes]:
    shutil.copytree(HERE / "blog", place)
    made = files(build(open_blog(place), Options(now=NOW)).public)
    return {path: content for path, content in made.items() if not path.startswith("assets/")}


def test_the_golden_blog_comes_out_byte_by_byte(tmp_path):
    made, golden = make(tmp_path / "blog"), files(HERE / "public")
    assert made.keys() == golden.keys()
    for path, content in golden.items():
        assert made[path] == content, path


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shutil.rmtree(HERE / "public", ignore_errors=True)
        for path, content in make(Path(folder) / "blog").items():
            (HERE / "public" / path).parent.mkdir(parents=True, exist_ok=True)
            (HERE / "public" / path).write_bytes(content)
