"""A page is known by its address, however a server writes it."""

from __future__ import annotations

import pytest

from litfass_syndication.links import last_part, links_in_text, links_to

PAGE = "https://blog.example/2026/05/gruesse/"


@pytest.mark.parametrize(
    ("page", "written"),
    [
        (PAGE, "https://blog.example/2026/05/gruesse"),
        (PAGE, "https://BLOG.example/2026/05/gr%75esse/"),
        (PAGE, "http://blog.example/2026/05/gruesse/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://blog.example/?a=1&b=2", "https://blog.example/?a=1&amp;b=2"),
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
