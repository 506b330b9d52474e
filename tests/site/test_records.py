"""What is remembered of posts and pages is what was made of them."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.model import Body, Picture, Post, StandingPage, Term
from litfass.records import decode, encode

TEXTS = st.text(max_size=12)
NUMBERS = st.none() | st.integers(0, 5000)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(lambda moment, zone: moment.replace(tzinfo=zone, fold=0), st.datetimes(), ZONES)
EXTRA = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
        lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS, inner),
        max_leaves=5,
    ),
    max_size=3,
)
PLAIN = {"extra": EXTRA, "picture": st.none() | st.builds(Picture, TEXTS, TEXTS, NUMBERS, NUMBERS)}
BODIES = st.builds(
    Body,
    TEXTS,
    st.lists(TEXTS, max_size=3).map(tuple),
    TEXTS,
    st.integers(0, 10_000),
)


def terms(kind: str):
    return st.builds(Term, st.just(kind), TEXTS, TEXTS, TEXTS)


def several(kind: str):
    return st.lists(terms(kind), max_size=3).map(tuple)


POSTS = st.builds(
    Post,
    **PLAIN,
    body=BODIES,
    published=MOMENTS,
    updated=st.none() | MOMENTS,
    tags=several("tag"),
    categories=several("category"),
    authors=several("author"),
    series=st.none() | terms("series"),
    redirects=st.lists(TEXTS).map(tuple),
    syndicate=st.none() | st.lists(TEXTS).map(tuple),
    announce=st.dictionaries(TEXTS, TEXTS, max_size=3),
)
PAGES = st.builds(StandingPage, **PLAIN, body=BODIES, redirects=st.lists(TEXTS).map(tuple))


@given(POSTS | PAGES)
def test_a_record_gives_the_same_document_again(document):
    again = decode(encode(document))
    assert again == document
    assert repr(again) == repr(document)


@pytest.mark.parametrize("record", [b"", b"nonsense", b"i\x01\x00\x00\x00", b"s\x02\x00\x00\x00ab"])
def test_other_bytes_are_refused(record):
    with pytest.raises((ValueError, EOFError, TypeError)):
        decode(record)
