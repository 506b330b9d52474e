"""Hashtags, links and mentions are recognised where a reader would, and nowhere else."""

from __future__ import annotations

import pytest

from litfass_syndication.wording import hashtag, hashtags, shown


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Straßen Bau", "StraßenBau"),
        ("open source", "OpenSource"),
        ("python", "Python"),
        ("iOS", "iOS"),
        ("ätzend schön", "ÄtzendSchön"),
        ("A\u0308rger", "Ärger"),
        ("snake_case-and.dots", "SnakeCaseAndDots"),
        ("don't panic", "DontPanic"),
        ("3D Druck", "3DDruck"),
        ("हिन्दी", "हिन्दी"),
        ("R", "R"),
        ("2026", ""),
        ("C++", ""),
        ("🎉", ""),
        ("", ""),
    ],
)
def test_a_tag_becomes_a_hashtag_or_none(tag, expected):
    assert hashtag(tag) == expected


def test_the_first_tags_that_can_be_hashtags_each_once():
    assert hashtags(["2026", "Bau", "bau", "Nacht", "Straße"], 2) == ("Bau", "Nacht")
    assert hashtags(["Bau"], 0) == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://blog.example/", "blog.example"),
        ("https://blog.example/a/b/", "blog.example/a/b"),
        ("https://blog.example/2026/11/a-long-story-about-it/", "blog.example/2026/11/a-long-sto…"),
        (f"https://{'sub.' * 12}example/long/path", f"{'sub.' * 12}example/…"),
    ],
)
def test_a_shown_link_names_its_host_in_full(url, expected):
    assert shown(url) == expected
