"""Addresses: words become slugs, patterns become addresses, addresses become files."""

import string
from datetime import UTC, datetime
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.errors import ContentError
from litfass.urls import absolute_html, check_pattern, expand, output_path, quote, slugify

MAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("Größe & Übermut", "groesse-uebermut"),
        ("STRASSE ẞ", "strasse-ss"),
        ("Crème brûlée", "creme-brulee"),
        ("o\u0308ffnen", "oeffnen"),
        ("Don’t stop, it's fine", "dont-stop-its-fine"),
        ("already-a-slug-2026", "already-a-slug-2026"),
        ("C", "c"),
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        ("1+1 and #tag", "1-1-and-tag"),
        ("日本語 テスト", "日本語-テスト"),
        ("हिन्दी", "हिन्दी"),
        ("Ελληνικά", "ελληνικά"),
        ("Чайка", "чайка"),
        ("🎉", "1f389"),
        ("nul", "nul-1"),
        ("", "x"),
    ],
)
def test_a_slug_is_what_one_would_type(text, slug):
    assert slugify(text) == slug


@given(st.text(max_size=60))
def test_a_slug_is_one_part_of_an_address_and_its_own_slug(text):
    slug = slugify(text)
    assert slug
    assert not set(slug) & set(string.ascii_uppercase + string.whitespace + "/\\.?#%\"'<>")
    assert slugify(slug) == slug


@given(st.text(max_size=60))
def test_any_slug_can_be_a_file(text):
    assert output_path(f"/{slugify(text)}/") == f"{slugify(text)}/index.html"


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("/{year}/{month}/{day}/{slug}/", "/2026/05/01/hello/"),
        ("/{category}/{slug}.html", "/travel/hello.html"),
        ("/{slug}/", "/hello/"),
    ],
)
def test_a_pattern_is_filled_in(pattern, address):
    assert check_pattern(pattern) is None
    assert expand(pattern, slug="hello", published=MAY, category="travel") == address


def test_what_a_document_lacks_drops_out_of_its_address():
    assert expand("/{category}/{slug}/", slug="hello", published=MAY) == "/hello/"
    assert expand("/{year}/{slug}/", slug="about", published=None) == "/about/"


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("/{yaer}/{slug}/", "unknown placeholder {yaer}"),
        ("/{year}/", "must contain {slug}"),
        ("{slug}/", 'must begin with "/"'),
        ("/{slug/", "a brace without its partner"),
        ("/../{slug}/", "leaves the public folder"),
        ("/a//{slug}/", "two slashes"),
    ],
)
def test_a_pattern_that_cannot_be_is_explained(pattern, complaint):
    assert complaint in (check_pattern(pattern) or "")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/a/b/", "a/b/index.html"),
        ("/a/b", "a/b/index.html"),
        ("/a/b.html", "a/b.html"),
        ("/gr%C3%BC%C3%9Fe/", "grüße/index.html"),
        ("/grüße/", "grüße/index.html"),
    ],
)
def test_an_address_is_answered_by_a_file(address, path):
    assert output_path(address) == path


@pytest.mark.parametrize(
    "address",
    [
        "/../x/", "/a/../../x/", "/%2e%2e/x/", "/..%2fx/", "/a//b/", "//a/", "/a\\b/", "/a\nb/",
        "/a\x00/", "/con/", "/AUX.html", "/a./", "/a /", "/a:b/", "/why?/", "/./", f"/{'a' * 256}/",
        "/com¹/", "/conin$/", "/con .txt", "/.git/config", "/a/.GIT/", "/git~1/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_file_everywhere_is_refused(address):
    with pytest.raises(ContentError) as caught:
        output_path(address)
    assert caught.value.hint


PARTS = st.sampled_from(
    ["..", ".", "", "a", "%2e", "%2f", "\\", "C:", "nul", " ", "~", "é", "index.html"]
)


@given(st.one_of(st.lists(PARTS, max_size=6).map("/".join), st.text(max_size=30)))
def test_no_address_leaves_the_public_folder(address):
    try:
        path = output_path(address)
    except ContentError:
        return
    for pure in (PurePosixPath(path), PureWindowsPath(path)):
        assert not pure.is_absolute()
        assert not pure.drive
        assert ".." not in pure.parts
    assert path == "/".join(PurePosixPath(path).parts)


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        ("/grüße/", "/gr%C3%BC%C3%9Fe/"),
        ("/gr%C3%BC%C3%9Fe/", "/gr%C3%BC%C3%9Fe/"),
        ("/100%.png", "/100%25.png"),
        ('/a "b"/', "/a%20%22b%22/"),
    ],
)
def test_an_address_is_quoted_once(address, quoted):
    assert quote(address) == quoted


@given(st.text(alphabet=st.characters(exclude_characters="%", exclude_categories=("Cs",))))
def test_a_quoted_address_is_ascii_and_says_the_same(address):
    assert quote(address).isascii()
    assert unquote(quote(address)) == address


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ('<a href="#part">', '<a href="https://a.example/b/post/#part">'),
        ('<a href="../other/?x=1&amp;y=2">', '<a href="https://a.example/b/other/?x=1&amp;y=2">'),
        ("<img alt='a>b' src=/c.png>", "<img alt='a>b' src=\"https://a.example/c.png\">"),
        (
            '<img srcset="a.png 1x, /b.png 2x">',
            '<img srcset="https://a.example/b/post/a.png 1x, https://a.example/b.png 2x">',
        ),
        ('<video poster="p.jpg">', '<video poster="https://a.example/b/post/p.jpg">'),
        ('<a href="https://c.example/">', '<a href="https://c.example/">'),
        ('<a href="mailto:a@b.example">', '<a href="mailto:a@b.example">'),
        ('<a href="http://[">', '<a href="http://[">'),
        ('<code>href="a"</code> href="b"', '<code>href="a"</code> href="b"'),
        ('<!-- <a href="a"> -->', '<!-- <a href="a"> -->'),
        ("<script>\"<a href='a'>\"</script>", "<script>\"<a href='a'>\"</script>"),
        ('<a data-href="a">', '<a data-href="a">'),
    ],
)
def test_every_address_in_html_becomes_whole(html, whole):
    assert absolute_html(html, "https://a.example/b/post/") == whole
