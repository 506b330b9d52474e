"""What a build notices of changed files, and what it leaves alone in the public folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.site.desk import BUILD, NOW, SITE, Desk, files, picture, post, settings, times

from litfass.build import Options, build
from litfass.errors import OutputError
from litfass.settings import open_blog
from litfass.update import update

_OLD = 1_500_000_000 * 10**9  # nanoseconds: long before any file of a desk


def small_blog(root: Path, *, restless: bool = False) -> Desk:
    """Lay out a blog and build it."""
    desk = Desk(root, restless=restless)
    desk.write("litfass.toml", settings(SITE, BUILD))
    desk.write("static/bild.svg", picture(3))
    desk.write("static/x.txt", "1")
    desk.write("posts/a.md", post("A", "2026-05-01", "![](/bild.svg)", image="/bild.svg"))
    desk.write("posts/bundle/index.md", post("B", "2026-05-02", "![](bild.svg)"))
    desk.write("posts/bundle/bild.svg", picture(3))
    desk.write("pages/info.md", "---\ntitle: Info\n---\n\nWer.\n")
    assert not desk.build().problems
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return small_blog(tmp_path / "blog")


SAME_SIZE = {
    "a post": ("posts/a.md", post("Z", "2026-05-01", "![](/bild.svg)", image="/bild.svg")),
    "a bundle": ("posts/bundle/index.md", post("Z", "2026-05-02", "![](bild.svg)")),
    "a page": ("pages/info.md", "---\ntitle: Anno\n---\n\nWer.\n"),
    "a static file": ("static/x.txt", "2"),
    "a picture in static/": ("static/bild.svg", picture(7)),
    "a picture beside a post": ("posts/bundle/bild.svg", picture(7)),
}
same_size = pytest.mark.parametrize(("path", "text"), SAME_SIZE.values(), ids=SAME_SIZE)


@same_size
def test_a_change_in_the_same_tick_of_the_clock_is_seen(tmp_path, path, text):
    """Neither its size nor its time shows it, in the first builds after it."""
    desk = small_blog(tmp_path / "blog", restless=True)
    before = (desk.root / path).stat()
    for words in (text, (desk.root / path).read_text(), text):
        desk.write(path, words)
        after = (desk.root / path).stat()
        assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
            before.st_size, before.st_mtime_ns, before.st_ino,
        )  # fmt: skip
        assert desk.build().files == desk.clean().files


@same_size
def test_a_time_that_goes_backwards_is_seen(desk, path, text):
    """As after `git checkout` of an old version, or `rsync --times`."""
    desk.write(path, text)
    desk.age(path, _OLD)
    assert desk.build().files == desk.clean().files


@same_size
def test_a_file_of_the_same_size_and_time_in_its_place_is_seen(desk, path, text):
    """As `mv` puts it there, or an archive whose files all have one time."""
    place = desk.root / path
    time = place.stat().st_mtime_ns
    place.with_suffix(".new").write_text(text)
    place.with_suffix(".new").replace(place)
    desk.age(path, time)
    assert desk.build().files == desk.clean().files


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no time that shows it")
@same_size
def test_a_change_under_the_old_time_is_seen(desk, path, text):
    """As an archive unpacks it, or `cp --preserve` writes it: size, time and inode are the same."""
    place = desk.root / path
    before = place.stat()
    place.write_text(text)
    desk.age(path, before.st_mtime_ns)
    after = place.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size, before.st_mtime_ns, before.st_ino,
    )  # fmt: skip
    assert desk.build().files == desk.clean().files


@same_size
def test_a_file_moved_away_and_back_is_as_it_was(desk, path, text):
    first = desk.build().files
    place = desk.root / path
    (desk.root / "aside").mkdir()
    away = desk.root / "aside/away"
    place.rename(away)
    without = desk.build()
    assert without.problems == desk.clean().problems
    away.rename(place)
    assert desk.build().files == desk.clean().files == first


def test_a_file_touched_but_not_changed_makes_nothing(desk):
    before = times(desk.public)
    for path in ("posts/a.md", "pages/info.md", "static/x.txt", "static/bild.svg", "litfass.toml"):
        desk.age(path)
    assert desk.build().built.made == ()
    assert times(desk.public) == before


@pytest.mark.parametrize("options", [{}, {"force": True}, {"jobs": 2}, {"force": True, "jobs": 2}])
def test_files_that_are_made_again_the_same_are_not_written(desk, options):
    """So that rsync and Git have nothing to do."""
    before = times(desk.public)
    desk.forget()
    built = desk.build(**options).built
    assert (built.made, built.removed) == ((), ())
    assert times(desk.public) == before


def test_an_edit_and_its_opposite_leave_every_other_file_alone(desk):
    before, content = times(desk.public), files(desk.public)
    desk.write("posts/a.md", post("Z", "2026-05-01", "![](/bild.svg)"))
    desk.build()
    desk.write("posts/a.md", post("A", "2026-05-01", "![](/bild.svg)", image="/bild.svg"))
    assert desk.build().files == content
    now = times(desk.public)
    assert {path for path in now if now[path] == before[path]} >= {
        "info/index.html", "404.html", "x.txt", "bild.svg", "assets/style.css", "robots.txt",
    }  # fmt: skip


HANDS = {
    "touched": lambda place: place.touch(),
    "edited": lambda place: place.write_text("by hand"),
    "made longer": lambda place: place.write_bytes(place.read_bytes() + b"!"),
    "emptied": lambda place: place.write_bytes(b""),
    "deleted": Path.unlink,
    "replaced by a link": lambda place: (place.unlink(), place.symlink_to("/dev/null")),
    "replaced by a folder": lambda place: (place.unlink(), place.mkdir()),
}
OURS = ["index.html", "2026/05/a/index.html", "feed.xml", "x.txt", "assets/style.css",
        "sitemap.xml", ".litfass-manifest"]  # fmt: skip


@pytest.mark.parametrize("how", HANDS)
def test_what_is_done_to_our_files_is_undone(desk, how):
    before = files(desk.public)
    for path in OURS:
        if path == ".litfass-manifest" and "replaced" in how:
            continue
        HANDS[how](desk.public / path)
        assert desk.build().files == before, path
        assert not (desk.public / path).is_symlink()


def test_a_lost_folder_is_made_again(desk):
    before = files(desk.public)
    for folder in ("2026", "assets", "."):
        shutil.rmtree(desk.public / folder)
        assert desk.build().files == before


def test_what_others_put_into_the_public_folder_stays(desk):
    """Among our files, in folders of their own, and in those that we leave."""
    strange = ["mine.txt", "2026/05/a/mine.txt", "own/index.html", ".well-known/x", "2026/mine"]
    for path in strange:
        place = desk.public / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("mine")
    before = times(desk.public)
    desk.write("posts/a.md", None)
    for options in ({}, {"force": True}):
        desk.build(**options)
        assert {path: times(desk.public)[path] for path in strange} == {
            path: before[path] for path in strange
        }
    assert not (desk.public / "2026/05/a/index.html").exists()


def test_half_a_manifest_of_a_killed_build_is_removed(desk):
    before = files(desk.public)
    (desk.public / ".litfass-manifest.new").write_text("404.ht")
    assert desk.build().files == before


def test_what_a_lost_manifest_named_is_left_alone(desk):
    """Without it nobody knows that we wrote those files."""
    (desk.public / ".litfass-manifest").unlink()
    desk.write("posts/a.md", None)
    after = desk.build().files
    assert "2026/05/a/index.html" in after
    assert desk.clean().files.items() <= after.items()


def test_a_file_becomes_a_folder_and_a_folder_a_file(desk):
    desk.write("static/x.txt", None)
    for path, text in (("static/x.txt/y", "2"), ("static/x.txt", "3"), ("static/x.txt/y", "2")):
        for old in (desk.root / "static/x.txt", desk.root / "static/x.txt/y"):
            if old.is_dir():
                shutil.rmtree(old)
            elif old.is_file():
                old.unlink()
        desk.write(path, text)
        assert desk.build().files == desk.clean().files


BROKEN = {
    "a post": ("posts/b.md", "---\ntitle: B\ndate: yesterday\n---\n"),
    "a link": ("posts/b.md", post("B", "2026-05-03", "[x](nowhere.md)")),
    "a picture": ("posts/b.md", post("B", "2026-05-03", image="nowhere.svg")),
    "an address": ("posts/b.md", post("B", "2026-05-03", slug="a")),
    "an alias": ("posts/b.md", post("B", "2026-05-03", aliases="[/2026/05/a/]")),
    "an id": ("posts/b.md", post("B", "2026-05-03", id="a.md")),
    "a page": ("pages/b.md", "---\norder: viel\n---\n\n# B\n"),
    "the settings": ("litfass.toml", "[site]\ntitle = 1\n"),
    "a template": ("templates/post.html", "{% if %}"),
    "a name in a template": ("templates/_footer.html", "{{ nobody }}"),
    "a word": ("templates/translations/en.toml", "tags = "),
}


@pytest.mark.parametrize("what", BROKEN)
def test_an_error_leaves_the_public_folder_as_it_was(desk, what):
    """It is told again as long as it is there, and with it gone the build is right."""
    path, text = BROKEN[what]
    whole = settings(SITE, BUILD) if path == "litfass.toml" else None
    before, then = files(desk.public), times(desk.public)
    desk.write(path, text)
    desk.write("static/x.txt", "2")
    complaints = desk.clean().problems
    assert complaints
    for _ in range(2):
        after = desk.build()
        assert after.problems == complaints
        assert after.files == before
        assert times(desk.public) == then
    desk.write(path, whole)
    mended = desk.build()
    assert mended.files == desk.clean().files
    assert mended.built.made == ("x.txt",)


def test_a_warning_is_given_again_by_each_build(desk):
    desk.write("posts/b.md", post("B", "2026-05-03", extra_field="1", titel="x"))
    first = [str(problem) for problem in desk.clean().built.problems]
    assert first
    for _ in range(3):
        assert [str(problem) for problem in desk.build().built.problems] == first


def test_two_public_folders_of_one_blog_do_not_disturb_each_other(desk):
    """The preview has its own, with drafts and another address."""
    desk.write("posts/b.md", post("B", "2026-05-03", draft="true"))
    preview = {"drafts": True, "url": "http://localhost:1/", "output": ".litfass/preview"}
    for title in ("Eins", "Zwei"):
        desk.write("posts/a.md", post(title, "2026-05-01", "![](/bild.svg)"))
        seen = desk.build(**preview).files
        assert desk.build().files == desk.clean().files
        assert desk.build(**preview).files == seen
        desk.forget()
        assert desk.build(**preview).files == seen


def test_many_processes_make_the_same_bytes_as_one(tmp_path):
    desk = Desk(tmp_path / "blog")
    desk.write("litfass.toml", settings())
    for number in range(1, 61):
        name = f"{1 + number // 28:02}-{1 + number % 28:02}"
        desk.write(f"posts/{name}.md", post(f"Titel {number}", f"2026-{name}", tags="[Holz]"))
    one = desk.clean(jobs=1).files
    assert desk.build(jobs=2).files == one
    desk.write("templates/_footer.html", "unten {{ site.title }}")
    desk.write("posts/01-02.md", None)
    two = desk.build(jobs=2).files
    assert two == desk.clean(jobs=1).files != one
    desk.write("templates/_footer.html", "{{ nobody }}")
    assert desk.build(jobs=2).problems == desk.clean(jobs=1).problems != ()


def test_something_foreign_in_the_way_of_a_new_file_is_told_before_anything_is_moved(desk):
    before = files(desk.public)
    desk.write("public/2026/06/foreign/inside", "mine")
    desk.write("posts/a.md", post("Anders", "2026-05-01"))
    desk.write(
        "posts/foreign.md", post("Fremd", "2026-06-01", permalink="/2026/06/foreign/inside/")
    )
    outcome = desk.build()
    assert outcome.problems
    assert outcome.files == {**before, "2026/06/foreign/inside": b"mine"}


def test_something_foreign_in_the_way_is_told_and_the_rest_comes_out_when_it_is_gone(desk):
    (desk.public / "archive/2026/index.html").unlink()
    (desk.public / "archive/2026").rmdir()
    (desk.public / "archive/2026").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        build(open_blog(desk.root), Options(now=NOW))
    assert (desk.public / "archive/2026").read_text() == "mine"
    (desk.public / "archive/2026").unlink()
    assert desk.build().files == desk.clean().files


def told(desk: Desk, *paths: str) -> tuple[str, ...]:
    """Update as the preview does, which has seen these files change; return what was made."""
    return update(open_blog(desk.root), desk.options, touched=paths).made


def test_what_a_watcher_tells_is_made_without_a_look_at_the_rest(tmp_path):
    desk = small_blog(tmp_path / "blog")
    desk.write("posts/a.md", post("A", "2026-05-01", "Anders.", image="/bild.svg"))
    desk.write("pages/info.md", "---\ntitle: Info\n---\n\nSie.\n")
    made = told(desk, "posts/a.md", "pages/info.md")
    assert "2026/05/a/index.html" in made
    assert "info/index.html" in made
    assert "2026/05/bundle/index.html" not in made
    assert files(desk.public) == desk.clean().files


@pytest.mark.parametrize("told_of", ["posts/a.md", "posts/new.md", "static/x.txt", "nowhere.md"])
def test_what_a_watcher_missed_is_made_by_the_next_look_at_everything(tmp_path, told_of):
    desk = small_blog(tmp_path / "blog")
    desk.write("posts/a.md", post("A", "2026-05-01", "Anders.", image="/bild.svg"))
    desk.write("posts/new.md", post("Neu", "2026-05-03"))
    desk.write("posts/bundle/index.md", post("B", "2026-05-02", "Auch anders."))
    told(desk, told_of)
    assert desk.build().files == desk.clean().files


def test_a_watcher_that_tells_of_a_new_title_has_all_lists_made(tmp_path):
    desk = small_blog(tmp_path / "blog")
    desk.write("posts/a.md", post("Anders", "2026-05-01", "![](/bild.svg)", image="/bild.svg"))
    assert "archive/index.html" in told(desk, "posts/a.md")
    assert files(desk.public) == desk.clean().files
