"""An incremental build makes the very bytes of a clean one, whatever was changed and lost."""

from __future__ import annotations

import os
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litfass.build import Options, build
from litfass.errors import LitfassError
from litfass.settings import open_blog

SETTINGS = """\
[site]
title = "{title}"
url = "https://blog.example/"
author = "A"
[build]
page_size = 2
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)
names = st.sampled_from("abcde")
words = st.sampled_from(
    ["Holz", "Leim", "Größe", '"so"', "[a](a.md)", "![](/bild.svg)", "`x`", "# T"]
)
posts = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Eins", "Zwei", "Drei"]),
        "day": st.integers(1, 60),
        "tags": st.lists(st.sampled_from(["Holz", "holz", "Leim"]), max_size=2, unique=True),
        "draft": st.booleans(),
        "body": st.lists(words, min_size=1, max_size=4),
    }
)
edits = st.one_of(
    st.tuples(st.just("write"), names, posts),
    st.tuples(st.just("delete"), names, st.none()),
    st.tuples(st.just("rename"), names, names),
    st.tuples(
        st.just("template"),
        st.sampled_from(["_footer.html", "base.html"]),
        st.sampled_from(["a", "b", None]),
    ),
    st.tuples(st.just("setting"), st.sampled_from(["X", "Y"]), st.none()),
    st.tuples(
        st.just("static"), st.sampled_from(["x.txt", "y/z.txt"]), st.sampled_from(["1", "2", None])
    ),
    st.tuples(st.just("words"), st.sampled_from(["Tags", "Words"]), st.none()),
    st.tuples(st.just("clock"), st.integers(1, 40), st.none()),
    st.tuples(st.just("damage"), st.integers(0, 1 << 16), st.integers(0, 255)),
    st.tuples(st.just("lose"), st.none(), st.none()),
)


class Desk:
    """A blog under random edits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = NOW
        self.write("litfass.toml", SETTINGS.format(title="X"))
        self.write(
            "static/bild.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="4"/>'
        )
        self.write("posts/a.md", "---\ntitle: A\ndate: 2026-05-01\n---\nText\n")

    def write(self, path: str, text: str | None) -> None:
        place = self.root / path
        if text is None:
            place.unlink(missing_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")

    def edit(self, kind: str, one, two) -> None:
        getattr(self, f"_{kind}")(one, two)

    def build(self, output: str = "public") -> dict[str, bytes] | str:
        try:
            built = build(open_blog(self.root), Options(now=self.now, output=output))
        except LitfassError as error:
            return "\n".join(map(str, error.problems()))
        return {
            one.relative_to(built.public).as_posix(): one.read_bytes()
            for one in built.public.rglob("*")
            if one.is_file()
        }

    def _write(self, name, fields) -> None:
        date = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=fields["day"])
        tags = ", ".join(fields["tags"])
        head = f"title: {fields['title']}\ndate: {date:%Y-%m-%d}\ntags: [{tags}]\n"
        head += f"draft: {str(fields['draft']).lower()}"
        self.write(f"posts/{name}.md", f"---\n{head}\n---\n\n{' '.join(fields['body'])}\n")

    def _delete(self, name, _) -> None:
        self.write(f"posts/{name}.md", None)

    def _rename(self, name, new) -> None:
        place = self.root / f"posts/{name}.md"
        if place.exists():
            place.rename(self.root / f"posts/{new}.md")

    def _template(self, name, text) -> None:
        whole = {
            "a": '{% extends "default/base.html" %}{% block head %}a{% endblock %}',
            "b": "b {{ site.title }}",
        }
        self.write(f"templates/{name}", whole[text] if text and name == "base.html" else text)

    def _setting(self, title, _) -> None:
        self.write("litfass.toml", SETTINGS.format(title=title))

    def _static(self, path, text) -> None:
        self.write(f"static/{path}", text)

    def _words(self, word, _) -> None:
        self.write("templates/translations/en.toml", f'tags = "{word}"\n')

    def _clock(self, days, _) -> None:
        self.now = NOW + timedelta(days=days - 20)

    def _damage(self, place, byte) -> None:
        cache = self.root / ".litfass/public.cache"
        if cache.exists():
            content = bytearray(cache.read_bytes())
            content[place % len(content)] = byte
            cache.write_bytes(content)

    def _lose(self, *_) -> None:
        (self.root / ".litfass/public.cache").unlink(missing_ok=True)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5),
    seed=st.integers(),
)
def test_an_incremental_build_makes_the_bytes_of_a_clean_one(tmp_path, steps, seed):
    root = tmp_path / str(random.Random(seed).random())
    desk = Desk(root)
    before = desk.build()
    for step in steps:
        for edit in step:
            desk.edit(*edit)
        after = desk.build()
        clean = desk.build("clean")
        assert after == clean
        if isinstance(after, str):
            public = root / "public"
            assert {
                one.relative_to(public).as_posix(): one.read_bytes()
                for one in public.rglob("*")
                if one.is_file()
            } == before
        else:
            before = after
        shutil.rmtree(root / "clean", ignore_errors=True)
        (root / ".litfass/clean.cache").unlink(missing_ok=True)
    shutil.rmtree(root)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_cache_that_is_cut_short_changes_nothing(tmp_path, share):
    desk = Desk(tmp_path)
    desk.edit(
        "write",
        "b",
        {"title": "Zwei", "day": 9, "tags": ["Holz"], "draft": False, "body": ["Leim"]},
    )
    first = desk.build()
    cache = tmp_path / ".litfass/public.cache"
    os.truncate(cache, int(cache.stat().st_size * share))
    assert desk.build() == first
    shutil.rmtree(tmp_path / "public")
    assert desk.build() == first


def test_a_damaged_body_is_not_believed(tmp_path):
    desk = Desk(tmp_path)
    desk.edit(
        "write", "b", {"title": "Zwei", "day": 9, "tags": [], "draft": False, "body": ["Leim"]}
    )
    first = desk.build()
    cache = tmp_path / ".litfass/public.cache"
    cache.write_bytes(cache.read_bytes().replace(b"<p>Leim", b"<p>LEIM"))
    shutil.rmtree(tmp_path / "public")
    assert desk.build() == first
