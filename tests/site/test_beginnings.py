"""What is said to begin a match does begin every match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.markup.beginnings import ANY, beginnings

PATTERNS = (
    r"[a-c]x?", r"(?i)[k-m]\d", r"\bfoo|bar\b", r"(?=xy)x", r"(a|b)\1", r"[^\W\d_]+", r"x?y*[+-]",
    r"(?:ab){2,}|\s+?z", r"(?s).x", r"(?<!a)b|(?i:c)", r"[^a-y]b", r"(?x) q  # a comment",
    r"(?>ab|c)", r"(?i)\u212a|straße", r"(?a)\w",
)  # fmt: skip


def characters(pattern):
    begin = beginnings(re.compile(pattern))
    return {chr(code) for code in range(128) if begin >> code & 1}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-c]x?", "abc"),
        ("(?i)k1", "kK"),
        (r"\bfoo|bar", "fb"),
        ("x?y*[+-]", "xy+-"),
        (r"(a|b)\1", "ab"),
        (r"\d", "0123456789"),
        ("ä", ""),
    ],
)
def test_characters_are_found_through_choices_options_and_groups(pattern, expected):
    assert characters(pattern) == set(expected)


@pytest.mark.parametrize(
    "pattern", ["", "x*", "x|", "(?=x)", r"(x?)\1", r"(?i)\u212a", "(?a)x", "."]
)
def test_where_it_cannot_be_told_it_is_any(pattern):
    assert beginnings(re.compile(pattern)) == ANY


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_match_begins_as_was_said(pattern):
    compiled = re.compile(pattern)

    @given(st.from_regex(compiled))
    def begins(text):
        for found in compiled.finditer(text):
            first = text[found.start() : found.start() + 1]
            assert not first or not first.isascii() or first in characters(pattern)

    begins()
