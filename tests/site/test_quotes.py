"""Straight quotes, dashes and dots become those that a language's printers set."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from litfass.markup import Markup
from litfass.markup.engine import new_engine
from litfass.markup.quotes import quotes_of

MARKUP = Markup()


def set_in(language: str, text: str) -> str:
    html = MARKUP.render(text, language).html
    return html.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c”"),
        ("en-GB", "“a ‘b’ c”"),
        ("de", "„a ‚b‘ c“"),
        ("de_AT", "„a ‚b‘ c“"),
        ("de-CH", "«a ‹b› c»"),
        ("fr", "«\u202fa ‹\u202fb\u202f› c\u202f»"),
        ("pl", "„a «b» c”"),
        ("sv", "”a ’b’ c”"),
        ("pt", "«a “b” c»"),
        ("pt-BR", "“a ‘b’ c”"),
        ("xx", "“a ‘b’ c”"),
    ],
)
def test_each_language_has_its_own_quotes(language, expected):
    assert set_in(language, "\"a 'b' c\"") == expected


@pytest.mark.parametrize(
    ("written", "typeset"),
    [
        ("it's", "it’s"),
        ("Hans' Auto", "Hans’ Auto"),
        ("'tis", "’tis"),
        ("the '80s and '90s", "the ’80s and ’90s"),
        ("'the '80s'", "‚the ’80s‘"),
        ("(\"a\", 'b')", "(„a“, ‚b‘)"),
        ('"*a*"', "„<em>a</em>“"),
        ('*"a"*', "<em>„a“</em>"),
        ('"`a`"', "„<code>a</code>“"),
        ('`"a"`', '<code>"a"</code>'),
        ('"<b>a</b>"', "„<b>a</b>“"),
        ('<b>"a"</b>', "<b>„a“</b>"),
        ('a--"b"', "a–„b“"),
        ('"a--"', "„a–“"),
        ("---", "<hr>"),
        ("a -- b --- c ---- d", "a – b — c ---- d"),
        ("a... b.... c", "a… b.... c"),
        ("\\\"a\\\" \\'b\\'", "\"a\" 'b'"),
        ('"a"\n"b"', "„a“\n„b“"),
    ],
)
def test_a_quote_knows_whether_it_opens_or_closes(written, typeset):
    assert set_in("de", written) == typeset


def test_a_quote_that_one_paragraph_leaves_open_does_not_reach_the_next():
    assert set_in("de", "'a\n\nb' c'") == "’a</p>\n<p>b’ c’"


def smarty(language: str) -> Markdown:
    """Return an engine with Python-Markdown's own extension in the place of ours."""
    quotes = quotes_of(language)
    engine = new_engine(language)
    engine.treeprocessors.deregister("typography")
    engine.registerExtensions(
        ["smarty"],
        {
            "smarty": {
                "substitutions": {
                    "left-double-quote": quotes.left,
                    "right-double-quote": quotes.right,
                    "ndash": "–",
                    "mdash": "—",
                    "ellipsis": "…",
                }
            }
        },
    )
    return engine


WORDS = st.sampled_from(
    ["a", "word", '"a"', '"two words"', "a,", "--", "---", "end...", "*it*", "`c`"]
)
SMARTY = smarty("de")


@settings(deadline=None)  # the first one makes the engine
@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
def test_in_ordinary_prose_the_outcome_is_that_of_smarty(prose):
    assert MARKUP.render(f"So {prose}.", "de").html == SMARTY.reset().convert(f"So {prose}.")
