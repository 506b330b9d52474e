"""The page that waiting texts are copied from."""

from __future__ import annotations

from dataclasses import replace

from litfass_syndication.by_hand import Manuscript
from litfass_syndication.manual_page import page

TEXT = 'Ein <b>"Titel"</b> & mehr\n\nhttps://blog.example/a/'


def manuscript(**changes):
    plain = Manuscript(
        post="hello",
        account="xing",
        place="XING",
        address="https://xing.example/new?a=1&b=2",
        title="<Titel>",
        text=TEXT,
        language="de",
        length=48,
        limit=420,
        measure="graphemes",
        outdated=False,
        url="",
        image=None,
        alt="",
        content_warning="",
        done="litfass settle hello xing",
        never="litfass settle hello xing --never",
    )
    return replace(plain, **changes)


def test_it_says_how_many_wait(tmp_path):
    assert "No texts wait for you." in page((), tmp_path)
    assert "1 text waits for you." in page((manuscript(),), tmp_path)
    assert "2 texts wait for you." in page((manuscript(), manuscript()), tmp_path)


def test_each_text_has_a_button_of_its_own_and_nothing_is_read_as_html(tmp_path):
    shown = page((manuscript(), manuscript(post="other")), tmp_path)
    escaped = "Ein &lt;b&gt;&quot;Titel&quot;&lt;/b&gt; &amp; mehr\n\nhttps://blog.example/a/"
    for number in (1, 2):
        assert f'<p class="text" id="text-{number}" dir="auto" lang="de">{escaped}</p>' in shown
        assert f'data-copies="text-{number}">Copy the text</button>' in shown
    assert "&lt;Titel&gt;" in shown
    assert 'href="https://xing.example/new?a=1&amp;b=2"' in shown
    assert "48 of 420 graphemes" in shown
    assert "<code>litfass settle hello xing</code>" in shown
    assert "<code>litfass settle hello xing --never</code>" in shown
    assert "out of date" not in shown


def test_an_outdated_text_leads_to_the_old_one(tmp_path):
    shown = page((manuscript(outdated=True, url="https://xing.example/1"),), tmp_path)
    assert 'out of date: <a href="https://xing.example/1"' in shown
    assert "Leave the old one?" in shown


def test_a_picture_is_seen_from_the_folder_of_the_page(tmp_path):
    image = tmp_path / "static" / "eine bank.png"
    shown = page((manuscript(image=image, alt='"Bank"'),), tmp_path / "syndication")
    assert 'src="../static/eine%20bank.png" alt="&quot;Bank&quot;"' in shown
    assert "<figcaption" in shown


def test_it_asks_nobody_else_for_anything(tmp_path):
    shown = page((manuscript(address=""),), tmp_path)
    assert not any(asked in shown for asked in ("src=", "<link", "@import", "url("))
