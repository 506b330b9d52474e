"""What builds remember may be lost, damaged or another program's: it costs only time."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.site.desk import BUILD, MEMORY, SITE, Desk, Files, files, picture, post, settings

from litfass.markup import Markup, Rendered

ALL = bool(os.environ.get("LITFASS_ALL_CRASHES"))
STRIDE = 1 if ALL else 487  # a prime: no pattern of the file's pages meets it

_TOLD = (b"static/bild.svg", b"2026/05/a/index.html", b"<p>Ein Satz")


def small_blog(root: Path, *, restless: bool = False) -> Desk:
    """Lay out a blog with a bit of everything that builds remember."""
    desk = Desk(root, restless=restless)
    desk.write("litfass.toml", settings(SITE, BUILD))
    desk.write("static/bild.svg", picture(3))
    desk.write("posts/a.md", post("A", "2026-05-01", "Ein Satz.\n\n![](/bild.svg)", tags="[Holz]"))
    desk.write("posts/b.md", post("B", "2026-05-02", "[zu a](a.md)", image="/bild.svg"))
    desk.write("pages/info.md", "# Info\n\nEin Satz.\n")
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return small_blog(tmp_path / "blog")


def spots(content: bytes) -> Iterator[int]:
    """Return where to damage a file: evenly, and closely where it tells of the blog."""
    yield from range(STRIDE // 2, len(content), STRIDE)
    for found in re.finditer(b"|".join(_TOLD), content):
        yield from range(found.start(), min(found.end() + 18, len(content)), 1 if ALL else 3)


def damaged(content: bytes, at: int) -> bytes:
    """Return a file's content with one byte that is another one."""
    other = (0, content[at] ^ 1, content[at] ^ 0xFF)[at % 3]
    return (
        content[:at]
        + bytes([other if other != content[at] else content[at] ^ 2])
        + content[at + 1 :]
    )


def remembered(desk: Desk) -> Files:
    """Return what builds remember, of which there is something."""
    found = {path: content for path, content in files(desk.root / MEMORY).items() if content}
    assert found
    return found


def test_any_damaged_byte_changes_nothing(desk, record_testsuite_property):
    """The public folder is lost, too, so that all which is remembered is asked for."""
    clean = desk.build().files
    tried = 0
    for name, content in remembered(desk).items():
        for at in spots(content):
            (desk.root / MEMORY / name).write_bytes(damaged(content, at))
            shutil.rmtree(desk.public)
            assert desk.build().files == clean, (name, at)
            tried += 1
    record_testsuite_property("bytes", tried)
    assert tried > 100


def test_damage_beside_an_edit_changes_nothing(desk):
    """The public folder is there, so that what is remembered of it is asked for, too."""
    desk.build()
    kept = remembered(desk)
    desk.write("posts/a.md", post("A", "2026-05-01", "Zwei.\n\n![](/bild.svg)", tags="[Leim]"))
    desk.write("static/bild.svg", picture(5))
    clean = desk.clean().files
    for name, content in kept.items():
        for at in range(STRIDE, len(content), 1 if ALL else STRIDE * 4):
            (desk.root / MEMORY / name).write_bytes(damaged(content, at))
            assert desk.build().files == clean, (name, at)


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_memory_that_is_cut_short_changes_nothing(desk, share):
    clean = desk.build().files
    for name, content in remembered(desk).items():
        os.truncate(desk.root / MEMORY / name, int(len(content) * share))
    assert desk.build().files == clean
    shutil.rmtree(desk.public)
    assert desk.build().files == clean


def foreign_table(place: Path) -> None:
    """Make a database with tables of the same kinds of names, and other columns."""
    place.unlink()
    with sqlite3.connect(place) as database:
        for name in ("about", "documents", "bodies", "outputs", "images", "links", "notes"):
            database.execute(f"CREATE TABLE {name} (what TEXT)")
            database.execute(f"INSERT INTO {name} VALUES ('else')")
    database.close()


def a_folder(place: Path) -> None:
    """Put a folder where a file is expected."""
    place.unlink()
    place.mkdir()
    (place / "mine.txt").write_text("mine")


@pytest.mark.parametrize(
    "replace",
    [
        pytest.param(Path.unlink, id="none"),
        pytest.param(lambda place: place.write_bytes(b""), id="empty"),
        pytest.param(lambda place: place.write_bytes(b"\x00" * 5000), id="zeros"),
        pytest.param(lambda place: place.write_text("something else\n" * 999), id="a text"),
        pytest.param(lambda place: place.write_bytes(b"SQLite format 3\x00" * 99), id="nearly one"),
        pytest.param(foreign_table, id="another program's"),
        pytest.param(a_folder, id="a folder"),
    ],
)
def test_something_else_in_the_place_of_memory_changes_nothing(desk, replace):
    clean = desk.build().files
    for name in remembered(desk):
        replace(desk.root / MEMORY / name)
    desk.write("posts/b.md", post("B", "2026-05-02", "Anders.", image="/bild.svg"))
    assert desk.build().files == desk.clean().files != clean
    shutil.rmtree(desk.public)
    assert desk.build().files == desk.clean().files


def test_leftovers_in_the_folder_of_memory_change_nothing(desk):
    """As a killed process leaves them: half a journal, a stage with files in it."""
    clean = desk.build().files
    for name in remembered(desk):
        for left in ("-journal", "-wal", "-shm"):
            (desk.root / MEMORY / (name + left)).write_bytes(b"left over" * 99)
    stage = desk.root / MEMORY / "public.stage"
    stage.mkdir(exist_ok=True)
    (stage / "0123456789abcdef").write_text("half a pa")
    shutil.rmtree(desk.public)
    assert desk.build().files == clean
    assert desk.build().files == clean


def test_what_another_version_remembers_is_not_believed(desk, monkeypatch):
    """The other version had another Markdown, and made other pages of the same posts."""
    render = Markup.render

    def past_render(self: Markup, text: str, language: str) -> Rendered:
        return render(self, text.replace("Ein Satz", "Kein Satz"), language)

    with monkeypatch.context() as past:
        past.setattr("litfass.program.__version__", "0.0.1")
        past.setattr(Markup, "render", past_render)
        old = desk.build().files
    assert b"<p>Kein Satz" in old["2026/05/a/index.html"]
    assert desk.build().files == desk.clean().files != old


def test_memory_of_another_blog_is_not_believed(desk, tmp_path):
    other = small_blog(tmp_path / "other")
    other.write("posts/a.md", post("Z", "2026-05-01", "Ein Satz.\n\n![](/bild.svg)"))
    other.build()
    clean = desk.build().files
    for place in remembered(other):
        shutil.copy(other.root / MEMORY / place, desk.root / MEMORY / place)
    assert desk.build().files == clean
    shutil.rmtree(desk.public)
    assert desk.build().files == clean


def test_a_blog_whose_memory_cannot_be_kept_is_built(desk):
    """There is a folder in its place, with something in it that is not ours to remove."""
    for name in ("public.cache", "public.cache-journal"):
        (desk.root / MEMORY / name).mkdir(parents=True)
        (desk.root / MEMORY / name / "mine.txt").write_text("mine")
    assert desk.build().files == desk.clean().files
    assert (desk.root / MEMORY / "public.cache/mine.txt").read_text() == "mine"
