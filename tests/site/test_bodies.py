"""Bodies in a file: each is what it was, or is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass import cache
from litfass.bodies import Bodies
from litfass.cache import Cache
from litfass.digest import digest
from litfass.workers import WORTHWHILE, spread


@pytest.fixture
def bodies(tmp_path):
    bodies = Bodies(tmp_path / "blog.bodies")
    yield bodies
    bodies.close()


def test_what_was_added_is_there(bodies):
    texts = ("<p>Hällo</p>", "<p>\N{PILE OF POO}</p>", "", "\udc80")
    places = [bodies.add(text) for text in texts]
    for text, place in zip(texts, places, strict=True):
        assert place is not None
        assert bodies.get(place, digest(text)) == text


def test_several_processes_add_at_once(bodies):
    texts = [f"{number} " * number for number in range(WORTHWHILE * 4)]
    bodies.add("before")
    for text, place in zip(texts, spread(bodies.add, texts, 3), strict=True):
        assert place is not None
        assert bodies.get(place, digest(text)) == text


@given(start=st.integers(), length=st.integers())
def test_a_place_that_was_never_one_has_no_body(tmp_path_factory, start, length):
    bodies = Bodies(tmp_path_factory.mktemp("bodies") / "blog.bodies")
    bodies.add("words")
    assert bodies.get((start, length), digest("other words")) is None
    bodies.close()


def test_only_what_is_wanted_is_kept(bodies):
    places = {text: bodies.add(text) for text in ("one", "two", "three")}
    moved = bodies.keep_only([places["one"], places["three"]])
    assert bodies.size() == len("onethree")
    for text in ("one", "three"):
        assert bodies.get(moved[places[text]], digest(text)) == text


def test_where_nothing_can_be_written_there_is_no_body(tmp_path):
    bodies = Bodies(tmp_path / "nowhere" / "blog.bodies")
    assert bodies.add("words") is None
    assert bodies.get((0, 5), digest("words")) is None
    assert bodies.size() == 0


def test_a_cache_forgets_bodies_that_nobody_has(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_SPARE_BODIES", 1)
    monkeypatch.setattr(cache, "_SPARE_BYTES", 100)
    with Cache(tmp_path / "blog.cache", "1") as memo:
        sizes = []
        for number in range(20):
            text = f"{number}".ljust(100)
            memo.keep_bodies({digest(text): memo.bodies.add(text)})
            memo.forget_bodies()  # no document has any of them
            sizes.append(memo.bodies.size())
        assert max(sizes) <= 400


def test_a_cache_that_moves_bodies_still_has_them(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_SPARE_BYTES", 0)
    texts = [f"{number}" * 50 for number in range(10)]
    with Cache(tmp_path / "blog.cache", "1") as memo:
        for text in texts:
            memo.bodies.add("nobody's" * 100)
            memo.keep_bodies({digest(text): memo.bodies.add(text)})
        memo.forget_bodies()
        assert memo.bodies.size() == 500
        assert [memo.body(digest(text)) for text in texts] == texts
