"""A page is known by its address, however a server writes it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.links import (
    comparable,
    last_part,
    links_in_text,
    links_to,
    with_parameters,
    without_utm,
)

PAGE = "https://blog.example/2026/05/gruesse/"


@pytest.mark.parametrize(
    ("page", "written"),
    [
        (PAGE, "https://blog.example/2026/05/gruesse"),
        (PAGE, "https://BLOG.example/2026/05/gr%75esse/"),
        (PAGE, "http://blog.example/2026/05/gruesse/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://blog.example/?a=1&b=2", "https://blog.example/?a=1&amp;b=2"),
        (PAGE, f"{PAGE}?utm_source=town&amp;utm_medium=social"),
        (f"{PAGE}?utm_source=town", PAGE),
        (f"{PAGE}?utm_source=town", f"{PAGE}?utm_source=village"),
        ("https://blog.example/?a=1", "https://blog.example/?utm_source=town&amp;a=1"),
    ],
)
def test_the_same_page(page, written):
    assert links_to(f'<p>Neu: <a class="u" href="{written}">hier</a></p>', page)


@pytest.mark.parametrize(
    "html",
    [
        "",
        f"<p>{PAGE}</p>",
        f'<a href="{PAGE}?b=2">',
        f'<a href="{PAGE}mehr/">',
        '<a href="https://andere.example/2026/05/gruesse/">',
        '<a href="http://[broken/">',
        "<a>",
    ],
)
def test_another_page_or_none(html):
    assert not links_to(html, PAGE)


def test_other_addresses_tell_as_well():
    assert links_to("", PAGE, "", PAGE)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Nichts", ()),
        ("Lies https://a.example/b/ heute", ("https://a.example/b/",)),
        ("Lies https://a.example/b/.", ("https://a.example/b/", "https://a.example/b/.")),
        (
            "(https://a.example/b?c=d#e): http://c.example",
            (
                "https://a.example/b?c=d#e",
                "https://a.example/b?c=d#e)",
                "https://a.example/b?c=d#e):",
                "http://c.example",
            ),
        ),
        ("<https://a.example/b_(c)>", ("https://a.example/b_(c", "https://a.example/b_(c)")),
        ("„https://a.example/größe“", ("https://a.example/größe",)),
        ("https://", ()),
    ],
)
def test_a_plain_text_leads_where_it_says(text, links):
    assert links_in_text(text) == links


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/2026/11/gruesse/", "gruesse"),
        ("https://a.example/gruesse.html", "gruesse"),
        ("https://a.example/gr%C3%BC%C3%9Fe/?a=b#c", "grüße"),
        ("https://a.example/", ""),
        ("https://a.example", ""),
    ],
)
def test_a_page_has_a_name(url, name):
    assert last_part(url) == name


@pytest.mark.parametrize(
    ("url", "tagged"),
    [
        (PAGE, f"{PAGE}?utm_source=a%20%26%20%C3%A4"),
        (f"{PAGE}?p=1", f"{PAGE}?p=1&utm_source=a%20%26%20%C3%A4"),
        (f"{PAGE}?p=%2B+#top", f"{PAGE}?p=%2B+&utm_source=a%20%26%20%C3%A4#top"),
        (f"{PAGE}?utm_source=b", f"{PAGE}?utm_source=b"),
        (f"{PAGE}?utm_source=", f"{PAGE}?utm_source="),
    ],
)
def test_an_address_keeps_what_it_has_and_carries_parameters_after_it(url, tagged):
    assert with_parameters(url, {"utm_source": "a & ä"}) == tagged


def test_without_parameters_an_address_stays_as_it_is():
    assert with_parameters("https://blog.example/a?#", {}) == "https://blog.example/a?#"


@given(st.dictionaries(st.sampled_from(["utm_source", "utm_id"]), st.text(min_size=1)))
def test_whatever_their_values_are_they_arrive_and_the_page_is_the_same(parameters):
    tagged = with_parameters(f"{PAGE}?p=1", parameters)
    assert tagged.isascii()
    assert dict(parse_qsl(urlsplit(tagged).query)) == {"p": "1", **parameters}
    assert comparable(tagged) == comparable(f"{PAGE}?p=1")
    assert without_utm(tagged) == f"{PAGE}?p=1"


@pytest.mark.parametrize("url", [f"{PAGE}?a=1#top", "https://blog.example/a?#", PAGE])
def test_an_address_that_carries_none_stays_as_it_is(url):
    assert without_utm(url) == url
