"""The posts of the benchmark: always the same, for everybody the same, and like posts."""

import ast
import hashlib
import json
import re
import subprocess
from datetime import timedelta
from random import Random

import pytest

from benchmarks.corpus import BEGIN, body_of, post_of, slug_of
from benchmarks.flavours import FLAVOURS, write_blogs
from benchmarks.snippets import LANGUAGES
from benchmarks.vocabulary import TAGS

COUNT = 300


@pytest.fixture(scope="module")
def bodies():
    return [body_of(number) for number in range(COUNT)]


def test_the_bodies_are_those_that_earlier_results_were_measured_with(bodies):
    """Whoever changes this digest makes all earlier results incomparable, and should say so."""
    assert hashlib.sha256("".join(bodies).encode()).hexdigest()[:16] == "e7c8e90556c2c306"


def test_a_larger_blog_begins_with_the_posts_of_a_smaller_one():
    small, large = post_of(7, 10), post_of(7, 1000)
    assert small.published != large.published
    assert (small.title, small.tags, small.body) == (large.title, large.tags, large.body)


def test_a_post_has_about_six_hundred_words(bodies):
    text = [re.sub(r"```.*?```", "", body, flags=re.DOTALL) for body in bodies]
    lengths = sorted(len(one.split()) for one in text)
    assert 550 < sum(lengths) / COUNT < 750
    assert lengths[0] < 300
    assert lengths[-1] > 1400


@pytest.mark.parametrize(
    "element",
    ["## ", "### ", "```python", "```bash", "```json", "- ", "    - ", "1. ", "> ", "| ", "[^1]: "],
)
def test_the_posts_have_everything_that_posts_have(bodies, element):
    assert any(f"\n{element}" in body for body in bodies)


def test_links_lead_to_earlier_posts(bodies):
    earlier, found = set(), 0
    for number, body in enumerate(bodies):
        links = re.findall(r"\]\(/posts/([^/]+)/\)", body)
        assert set(links) <= earlier
        earlier.add(slug_of(number))
        found += len(links)
    assert found > COUNT


def test_one_post_of_twenty_has_a_picture_and_shows_it(bodies):
    pictures = [post_of(number, COUNT).picture for number in range(COUNT)]
    assert sum(map(bool, pictures)) == COUNT / 20
    shown = [re.findall(r"!\[.*?\]\(/images/(.*?)\)", body) for body in bodies]
    assert shown == [[picture] if picture else [] for picture in pictures]


def test_dates_and_tags_are_those_of_ten_years():
    posts = [post_of(number, 100) for number in range(100)]
    dates = [post.published for post in posts]
    assert dates == sorted(dates)
    assert dates[0] >= BEGIN
    assert timedelta(days=3600) < dates[-1] - dates[0] < timedelta(days=3653)
    assert all(2 <= len(set(post.tags)) <= 5 for post in posts)
    assert len({tag for post in posts for tag in post.tags}) == len(TAGS) == 60


@pytest.mark.parametrize("seed", range(20))
def test_the_code_in_the_posts_is_valid(seed):
    ast.parse(LANGUAGES["python"](Random(seed)))
    assert json.loads(LANGUAGES["json"](Random(seed)))


def test_the_scripts_in_the_posts_are_valid():
    scripts = "\n".join(LANGUAGES["bash"](Random(seed)) for seed in range(50))
    subprocess.run(["bash", "-n"], input=scripts, text=True, check=True)


def test_every_flavour_has_the_same_bodies_and_pictures(tmp_path):
    write_blogs(tmp_path, list(FLAVOURS), 30)
    contents = []
    for name, flavour in FLAVOURS.items():
        posts = sorted((tmp_path / name / flavour.posts).glob("*.md"))
        bodies = {post.name: post.read_bytes().split(b"\n---\n\n", 1)[1] for post in posts}
        pictures = (tmp_path / name / flavour.pictures).iterdir()
        contents.append((bodies, {one.name: one.read_bytes() for one in pictures}))
    assert all(one == contents[0] for one in contents)
    assert [len(part) for part in contents[0]] == [30, 2]
