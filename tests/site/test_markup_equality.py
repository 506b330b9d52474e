"""The quick engine makes of every text what Python-Markdown makes of it, byte by byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.site.markup_texts import TEXTS, own_texts_of_python_markdown

from litfass.markup.engine import new_engine, stock_engine

HERE = Path(__file__).parent
FILES = sorted((*(HERE / "markup").glob("*.md"), *(HERE.parents[1] / "posts").glob("*.md")))
LANGUAGES = ("en", "de")
QUICK = {language: new_engine(language) for language in LANGUAGES}
STOCK = {language: stock_engine(language) for language in LANGUAGES}


def outcome(engine, text):
    """Return a text's HTML and headings, or why there are none."""
    try:
        html = engine.reset().convert(text)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong has to go wrong in both
        return type(error)
    return html, engine.toc_tokens


def assert_equal(text, language="en"):
    assert outcome(QUICK[language], text) == outcome(STOCK[language], text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_posts_are_what_they_would_be(file, language):
    assert_equal(file.read_text("utf-8"), language)


@pytest.fixture(scope="module")
def own_texts():
    return own_texts_of_python_markdown()


def test_the_texts_of_python_markdowns_own_tests_are_what_they_would_be(own_texts):
    assert len(own_texts) > 1500
    for text in own_texts:
        assert_equal(text)


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_any_text_is_what_it_would_be(text):
    assert_equal(text)
