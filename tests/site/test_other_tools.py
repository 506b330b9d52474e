"""Posts as Jekyll and Pelican have them are posts here, as they are."""

from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from litfass import yaml_fields
from litfass.frontmatter import parse
from litfass.metadata import Metadata, read
from litfass.model import Source

CORPORA = Path(__file__).parent / "corpora"


def source(file: Path) -> Source:
    return Source(f"posts/{file.name}", file.read_text(encoding="utf-8"), "")


def told(file: Path):
    text = source(file)
    return read(parse(text), text, zone=ZoneInfo("Europe/Berlin"), kind="post")


def samples(folder: str) -> list[Path]:
    found = sorted((CORPORA / folder).glob("*.md"))
    assert len(found) >= 24
    return found


@pytest.mark.parametrize(
    "file",
    [*samples("jekyll/_posts"), *samples("pelican/content")],
    ids=lambda file: f"{file.parent.parent.name}-{file.stem}",
)
def test_posts_of_other_tools_read_without_a_problem(file):
    metadata, problems = told(file)
    assert problems == ()
    assert metadata.date
    assert parse(source(file)).body.strip()


def test_samples_use_every_field_that_other_tools_have():
    used = set()
    for file in (*samples("jekyll/_posts"), *samples("pelican/content")):
        metadata, _ = told(file)
        used |= {one.name for one in fields(Metadata) if getattr(metadata, one.name) != one.default}
    ours = {"syndicate", "announce", "content_warning", "sponsored", "menu", "order"}
    assert used >= {one.name for one in fields(Metadata)} - ours


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("jekyll/_posts/2019-03-02-moving-in.md", {"categories": ("blog", "meta")}),
        ("jekyll/_posts/2022-02-02-defaults.md", {"title": "Defaults"}),
        (
            "pelican/content/many-authors.md",
            {"authors": ("Desk, Harbour", "Desk, Night", "Desk, Guest")},
        ),
        ("pelican/content/fenced-colons.md", {"tags": ("salt", "history: short")}),
        ("pelican/content/indented-list.md", {"authors": ("Harbour desk", "Night desk")}),
        (
            "pelican/content/long-summary.md",
            {"summary": "A ferry is never late. It is the pier that is early."},
        ),
    ],
)
def test_samples_mean_what_their_tools_take_them_for(file, expected):
    metadata, _ = told(CORPORA / file)
    assert {name: getattr(metadata, name) for name in expected} == expected


@pytest.fixture
def without_libyaml(monkeypatch):
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    yaml_fields._loader.cache_clear()
    yield
    yaml_fields._loader.cache_clear()


def test_samples_read_the_same_without_libyaml(request):
    files = samples("jekyll/_posts")
    before = [parse(source(file)) for file in files]
    request.getfixturevalue("without_libyaml")
    assert not issubclass(yaml_fields._loader(), yaml.cyaml.CParser)
    assert [parse(source(file)) for file in files] == before
