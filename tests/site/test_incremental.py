"""An incremental build makes the very bytes of a clean one, whatever was changed and lost."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from tests.site.desk import BUILD, NOW, SITE, Desk, files, picture, post, settings, times

from litfass.model import AlsoOn

_room = count()  # each example has a folder of its own

names = st.sampled_from(["a", "b", "c", "d", "bundle/index", "other/index"])
short = partial(st.lists, max_size=2, unique=True)
FIELDS = {
    "title": st.sampled_from(["Eins", "Zwei", "Drei & mehr"]),
    "date": st.integers(1, 60).map(lambda day: f"{NOW + timedelta(day - 40):%Y-%m-%d}"),
    "updated": st.sampled_from(["", "2026-05-20", "2026-05-21"]),
    "tags": short(st.sampled_from(["Holz", "holz", "Leim"])),
    "categories": short(st.sampled_from(["Bank", "Hobel"])),
    "series": st.sampled_from(["", "Zinken", "zinken"]),
    "authors": short(st.sampled_from(["Ida", "Otto"])),
    "aliases": st.sampled_from([[], ["/alt/NAME/"], ["/alt/NAME/", "/noch/NAME/"]]),
    "image": st.sampled_from(["", "/bild.svg", "https://elsewhere.example/bild.png"]),
    "image_alt": st.sampled_from(["", "Ein Bild"]),
    "slug": st.sampled_from(["", "", "eigen"]),
    "permalink": st.sampled_from(["", "/fest/NAME/", "/fest/NAME.html"]),
    "language": st.sampled_from(["", "en", "de-CH"]),
    "summary": st.sampled_from(["", "Kurz gesagt"]),
    "canonical_url": st.sampled_from(["", "https://elsewhere.example/zuerst/"]),
    "content_warning": st.sampled_from(["", "Sägespäne"]),
    "sponsored": st.sampled_from(["false", "true"]),
    "mood": st.sampled_from(["", "heiter"]),
    "draft": st.sampled_from(["false", "true"]),
    "id": st.sampled_from(["", "id-NAME"]),
}
words = st.sampled_from(
    ["Holz", "Leim", "Größe", '"so"', "[a](/bild.svg)", "![](/bild.svg)", "`x`", "\n\n## T\n\n",
     "\n\n```python\nx = 1\n```\n\n", "[zu a](a.md)"]
)  # fmt: skip
bodies = st.lists(words, min_size=1, max_size=4).map(" ".join)
changes = st.one_of(
    *(st.tuples(st.just(field), values) for field, values in FIELDS.items()),
    st.tuples(st.just("body"), bodies),
    st.tuples(st.just("body"), bodies),
)
SETTINGS = {
    "title": ["Werkstattbuch", "Holz & Leim"],
    "url": ["https://blog.example/", "https://blog.example/unter/"],
    "language": ["en", "de"],
    "author": ["Die Werkstatt", ""],
    "email": ["", "post@blog.example"],
    "description": ["", "Späne"],
    "timezone": ["UTC", "Pacific/Auckland"],
    "copyright": ["", "frei"],
    "page_size": [2, 1, 3],
    "feed_size": [20, 1],
    "permalink": ["/{year}/{month}/{slug}/", "/{slug}.html"],
    "page_permalink": ["/{slug}/", "/s/{slug}/"],
    "tag_permalink": ["/tags/{slug}/", "/thema-{slug}/"],
    "category_permalink": ["/categories/{slug}/", "/fach/{slug}/"],
}
TEMPLATES = {
    "_footer.html": ["", "unten {{ site.title }}"],
    "_note.html": ["eine Notiz", "noch eine Notiz"],
    "_mood.html": ["{{ post.extra }}!", "{{ post.extra }}?"],
    "base.html": [
        '{% extends "default/base.html" %}{% block head %}x{% endblock %}',
        '{{ page.title }} {% include "_" ~ "note.html" ignore missing %}',
    ],
    "post.html": [
        '{% extends "default/post.html" %}{% block head %}{% include "_note.html" %}{% endblock %}',
        '{% extends "base.html" %}{% block main %}{{ content }}{% endblock %}',
    ],
    "index.html": [
        "{% for one in posts %}{{ one.draft }} {{ one.extra }} {{ one.canonical_url }}{% endfor %}",
        "{% set part = '_mood.html' %}{% for post in posts %}{% include part %}{% endfor %}",
    ],
    "assets/style.css": ["a { color: red }", "a { color: tan }"],
    "assets/own.css": ["b { color: red }"],
    "translations/en.toml": ['tags = "Words"\n', 'tags = "Marks"\n'],
    "translations/de.toml": ['archive = "Ablage"\n'],
}  # fmt: skip


def _some(table):
    """Return a choice of a key, and of one of its values or None."""
    return st.sampled_from(
        [(key, value) for key, values in table.items() for value in (*values, None)]
    )


texts = st.sampled_from(["1", "2", "drei", None])
edits = st.one_of(
    st.tuples(st.just("change"), names, changes),
    st.tuples(st.just("change"), names, changes),
    st.tuples(st.just("change"), names, changes),
    st.tuples(st.just("delete"), names, st.none()),
    st.tuples(st.just("rename"), names, names),
    st.tuples(
        st.just("page"),
        st.sampled_from(["info", "impressum"]),
        st.sampled_from(["order: 1", "order: 9", "menu: false", "draft: true", "title: Neu", None]),
    ),
    st.tuples(
        st.just("picture"),
        st.sampled_from(["static/bild.svg", "posts/bundle/bild.svg"]),
        st.sampled_from([3, 5, 17]),
    ),
    st.tuples(st.just("setting"), _some(SETTINGS), st.none()),
    st.tuples(st.just("template"), _some(TEMPLATES), st.none()),
    st.tuples(st.just("static"), st.sampled_from(["x.txt", "y/z.txt", "x.txt/z"]), texts),
    st.tuples(st.just("clock"), st.integers(-20, 20), st.none()),
    st.tuples(st.just("receipt"), names, st.sampled_from(["https://a.example/1", "", None])),
    st.tuples(
        st.just("option"), st.sampled_from(["drafts", "future", "force"]), st.booleans()
    ),
    st.tuples(st.just("option"), st.just("url"), st.sampled_from(["", "http://localhost:1/"])),
    st.tuples(st.just("hand"), st.integers(0, 1 << 16), st.sampled_from(["touch", "lose", "x"])),
    st.tuples(st.just("foreign"), st.sampled_from(["mine.txt", "2026/mine.txt"]), texts),
    st.tuples(st.just("damage"), st.integers(0, 1 << 20), st.integers(0, 255)),
    st.tuples(st.just("lose"), st.none(), st.none()),
)  # fmt: skip


class BusyDesk(Desk):
    """A desk whose author does everything that one can do, in any order."""

    def __init__(self, root: Path, *, restless: bool) -> None:
        super().__init__(root, restless=restless)
        self.posts = {
            "a": {"title": "A", "date": "2026-05-01", "tags": ["Holz"], "body": "Text"},
            "b": {"title": "B", "date": "2026-05-02", "series": "Zinken", "body": "![](/bild.svg)"},
            "c": {"title": "C", "date": "2026-05-09", "series": "Zinken", "body": "[zu a](a.md)"},
            "bundle/index": {"title": "D", "date": "2026-05-20", "body": "![](bild.svg)"},
        }  # fmt: skip
        self.site, self.shape = dict(SITE), dict(BUILD)
        self.foreign: dict[str, bytes] = {}
        self.write("static/bild.svg", picture(3))
        self.write("posts/bundle/bild.svg", picture(3))
        self.write("pages/info.md", "---\ntitle: Info\n---\n\nWer wir sind.\n")
        self.write("templates/_note.html", "eine Notiz")
        self.write("templates/_mood.html", "{{ post.extra }}")
        self.write("litfass.toml", settings(self.site, self.shape))
        for name in self.posts:
            self._put(name)

    def edit(self, kind: str, one, two) -> None:
        getattr(self, f"_{kind}")(one, two)

    def _put(self, name: str) -> None:
        fields = {
            key: str(value).replace("NAME", name.split("/", maxsplit=1)[0])
            for key, value in self.posts[name].items()
            if value
        }
        self.write(f"posts/{name}.md", post(**fields))

    def _change(self, name, change) -> None:
        field, value = change
        fields = self.posts.setdefault(name, {"title": "Neu", "date": "2026-05-05", "body": "Neu"})
        self.posts[name] = fields | {field: value}
        self._put(name)

    def _delete(self, name, _) -> None:
        self.posts.pop(name, None)
        self.write(f"posts/{name}.md", None)

    def _rename(self, name, new) -> None:
        if name in self.posts and name != new:
            place = self.root / f"posts/{new}.md"
            place.parent.mkdir(exist_ok=True)
            (self.root / f"posts/{name}.md").replace(place)
            self.posts[new] = self.posts.pop(name)

    def _page(self, name, line) -> None:
        page = f"---\nslug: {name}\n{line}\n---\n\n# {name}\n\nSeite\n"
        self.write(f"pages/{name}.md", page if line else None)

    def _picture(self, path, width) -> None:
        self.write(path, picture(width))

    def _setting(self, choice, _) -> None:
        key, value = choice
        table = self.site if key in SITE or key not in SETTINGS_OF_BUILD else self.shape
        table[key] = SETTINGS[key][0] if value is None else value
        self.write("litfass.toml", settings(self.site, self.shape))

    def _template(self, choice, _) -> None:
        self.write(f"templates/{choice[0]}", choice[1])

    def _static(self, path, text) -> None:
        """Write a file, where need be in the place of a folder, or a folder in that of a file."""
        place = self.root / "static" / path
        if place.is_dir():
            shutil.rmtree(place)
        if place.parent.is_file():
            place.parent.unlink()
        self.write(f"static/{path}", text)

    def _clock(self, days, _) -> None:
        self.options = replace(self.options, now=NOW + timedelta(days))

    def _receipt(self, name, url) -> None:
        known = {key: value for key, value in self.options.also_on.items() if key != f"{name}.md"}
        new = {} if url is None else {f"{name}.md": (AlsoOn("Mastodon", url),) if url else ()}
        self.options = replace(self.options, also_on=known | new)

    def _option(self, name, value) -> None:
        self.options = replace(self.options, **{name: value})

    def _hand(self, which, how) -> None:
        """Do something to one of the files that we wrote."""
        ours = (
            sorted(files(self.public).keys() - self.foreign.keys()) if self.public.exists() else []
        )
        if not ours:
            return
        place = self.public / ours[which % len(ours)]
        if how == "touch":
            place.touch()
        elif how == "lose":
            place.unlink()
        else:
            place.write_text(how)

    def _foreign(self, path, text) -> None:
        self.write(f"public/{path}", text)
        self.foreign.pop(path, None)
        if text is not None:
            self.foreign[path] = text.encode()

    def _damage(self, where, byte) -> None:
        kept = [one for one in self.memory() if one.stat().st_size]
        if kept:
            place = kept[where % len(kept)]
            content = bytearray(place.read_bytes())
            content[where % len(content)] = byte
            place.write_bytes(content)

    def _lose(self, *_) -> None:
        self.forget()


SETTINGS_OF_BUILD = frozenset(
    {"page_size", "feed_size", "permalink", "page_permalink", "tag_permalink", "category_permalink"}
)


@effort(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5),
    restless=st.booleans(),
)
def test_an_incremental_build_makes_the_bytes_of_a_clean_one(tmp_path, steps, restless):
    """And the same problems; with one, or where bytes stay, the public folder is not touched."""
    desk = BusyDesk(tmp_path / str(next(_room)), restless=restless)
    desk.build()
    for step in steps:
        for edit in step:
            desk.edit(*edit)
        before, then = files(desk.public), times(desk.public)
        after, now = desk.build(), times(desk.public)
        clean = desk.clean()
        assert after.problems == clean.problems
        assert after.files == (before if after.problems else clean.files | desk.foreign)
        same = [path for path, content in after.files.items() if before.get(path) == content]
        assert {path: now[path] for path in same} == {path: then[path] for path in same}
    shutil.rmtree(desk.root)
