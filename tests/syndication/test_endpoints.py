"""Where pages want to be told of links: the cases of webmention.rocks, in our words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.endpoints import endpoint_in_header, endpoint_in_html, links

PAGE = "https://friend.example/posts/1"
END = "https://friend.example/webmention"


@pytest.mark.parametrize(
    ("header", "endpoint"),
    [
        ('</webmention>; rel="webmention"', END),
        (f'<{END}>; rel="webmention"', END),
        (f"<{END}>; rel=webmention", END),
        (f"<{END}>;rel=webmention", END),
        (f'<{END}> ; REL = "WebMention"', END),
        (f'<{END}>; rel="webmention somethingelse"', END),
        (f'<{END}>; rel="somethingelse webmention"', END),
        (f'<{END}>; title="a, b; c"; rel="webmention"', END),
        (f'<https://a.example/>; rel="hub", <{END}>; rel="webmention"', END),
        (f'<{END}>; rel="webmention", <https://other.example/>; rel="webmention"', END),
        (f"<{END}?a=1,2;b>; rel=webmention", f"{END}?a=1,2;b"),
        ("<>; rel=webmention", PAGE),
        ("<mention>; rel=webmention", "https://friend.example/posts/mention"),
        (f'<{END}>; rel="not-webmention"', ""),
        (f'<{END}>; rel="webmentions"', ""),
        (f'<{END}>; title="rel=webmention"', ""),
        (f"<{END}>", ""),
        ("<https://[broken>; rel=webmention", ""),
        ("rel=webmention", ""),
        ("", ""),
    ],
)
def test_headers_name_an_endpoint(header, endpoint):
    assert endpoint_in_header(header, PAGE) == endpoint


@pytest.mark.parametrize(
    ("html", "endpoint"),
    [
        ('<link rel="webmention" href="/webmention">', END),
        (f'<a href="{END}" rel="webmention">', END),
        ("<LINK HREF=/webmention REL=WebMention />", END),
        ('<link rel="other webmention more" href="/webmention">', END),
        ('<link href="/webmention" rel="webmention"><a rel="webmention" href="/no">', END),
        ('<a rel="webmention" href="/webmention">x</a><link rel="webmention" href="/no">', END),
        ('<a rel="webmention">no href</a><a href="/webmention" rel="webmention">', END),
        ('<link rel="webmention" href="">', PAGE),
        ("<link rel=webmention href>", PAGE),
        ('<link rel="webmention" href="/webmention?one=1&amp;two=2">', f"{END}?one=1&two=2"),
        ('<base href="/sub/"><a rel="webmention" href="w">', "https://friend.example/sub/w"),
        ('<a rel="webmention" href="w"><base href="/sub/">', "https://friend.example/sub/w"),
        ('<!-- <link rel="webmention" href="/no"> --><a rel=webmention href="/webmention">', END),
        ('&lt;a rel="webmention" href="/no"&gt;<a rel=webmention href="/webmention">', END),
        ('<script>"<a rel=webmention href=/no>"</script><a rel=webmention href=/webmention>', END),
        (
            "<textarea><a rel=webmention href=/no></textarea><a rel=webmention href=/webmention>",
            END,
        ),
        (
            "<title><link rel=webmention href=/no></title><link rel=webmention href=/webmention>",
            END,
        ),
        ('<link rel="webmention" href="/webmention"><![x[ <p>', END),
        ('<form rel="webmention" href="/no">', ""),
        ('<link rel="not-webmention" href="/no">', ""),
        ('<link rel="webmention" href="https://[broken">', ""),
        ("", ""),
    ],
)
def test_pages_name_an_endpoint(html, endpoint):
    assert endpoint_in_html(html, PAGE) == endpoint


def test_links_lead_out_of_the_blog():
    html = """
        <p>See <a href="https://friend.example/a?b=1&amp;c=2#d">this</a>, <a href="/own/">ours</a>,
        <a href="https://blog.example/2026/">ours</a>, <a href="https://blog.example">home</a>,
        <a href=" http://other.example/with space ">that</a>, <a name="x">none</a>,
        <a href="https://blog.example.evil.example/">no, not ours</a>,
        <a href="mailto:me@example.com">mail</a>, <a href="https://[broken">broken</a>,
        <a href="https://friend.example/a?b=1&amp;c=2#d">again</a>
        <img src="https://images.example/a.png"> <!-- <a href="https://hidden.example/">x</a> -->
    """
    assert links(html, "https://blog.example/") == (
        "https://friend.example/a?b=1&c=2#d",
        "http://other.example/with%20space",
        "https://blog.example.evil.example/",
    )


@given(st.text(), st.text())
def test_whatever_a_page_says_is_read(header, html):
    for found in (endpoint_in_header(header, PAGE), endpoint_in_html(html, PAGE)):
        assert isinstance(found, str)
    for link in links(html, PAGE):
        assert link.startswith(("http://", "https://"))
        assert not any(map(str.isspace, link))
