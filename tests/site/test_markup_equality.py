"""The quick engine makes of every text what Python-Markdown makes of it, byte by byte."""

from pathlib import Path
from xml.etree.ElementTree import SubElement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor as Pattern
from tests.site.markup_texts import TEXTS, own_texts_of_python_markdown

from litfass.markup import blocks, engine, inline
from litfass.markup.engine import new_engine, stock_engine

HERE = Path(__file__).parent
FILES = sorted((*(HERE / "markup").glob("*.md"), *(HERE.parents[1] / "posts").glob("*.md")))
LINES = (
    "```", "````", "~~~", "```python", "``` {.c #i}", '```py title="x"', "``` no such", " ```",
    "    ```", "> ```", "- ```", "  ```", "x = 1", "    y", "", "> z", "```x``` y", "\t```",
    "~~~ ```",
)  # fmt: skip
LANGUAGES = ("en", "de")
QUICK = {language: new_engine(language) for language in LANGUAGES}
STOCK = {language: stock_engine(language) for language in LANGUAGES}


def outcome(converter, text):
    """Return a text's HTML and headings, or why there are none."""
    try:
        html = converter.reset().convert(text)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong has to go wrong in both
        return type(error)
    return html, converter.toc_tokens


def assert_equal(text, language="en"):
    assert outcome(QUICK[language], text) == outcome(STOCK[language], text), text


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


@settings(deadline=None, max_examples=500)
@given(TEXTS)
def test_any_text_is_what_it_would_be(text):
    assert_equal(text)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab *_~[](!"), max_size=40))
def test_emphasis_and_links_are_what_they_would_be(text):
    assert_equal(text)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
def test_fences_are_what_they_would_be(text):
    assert_equal(text)


class Found(Pattern):
    """Finds what is wanted."""

    def handleMatch(self, m, data):  # noqa: N802
        return data[m.start() : m.end()].upper(), m.start(), m.end()


class Shouted(BlockProcessor):
    """Takes what is written in capitals for a heading."""

    def test(self, parent, block):
        return parent.tag == "div" and block.isupper()

    def run(self, parent, blocks):
        SubElement(parent, "h1").text = blocks.pop(0)


def test_what_is_not_known_here_is_left_to_python_markdown():
    quick, stock = engine._engine(blocks.QuickMarkdown, "en"), stock_engine("en")
    for one in (quick, stock):
        one.inlinePatterns.register(Found("wanted"), "found", 75)
        one.parser.blockprocessors.register(Shouted(one.parser), "shouted", 45)
    for part in (blocks, inline):
        part.quicken(quick)
    html = quick.convert("A *wanted* word.\n\nLOUD\n\n- item")
    assert html == stock.convert("A *wanted* word.\n\nLOUD\n\n- item")
    assert "<em>WANTED</em>" in html
    assert ">LOUD<" in html
