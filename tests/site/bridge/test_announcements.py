"""Posts become announcements."""

from __future__ import annotations

import struct
import zlib

import pytest

from litfass.cache import Cache
from litfass.errors import Problems
from litfass_syndication.errors import Unreachable

OUTBOX = '[accounts.outbox]\nnetwork = "outbox"\nbacklog = true\n'
HEAD = "---\nid: hello\ntitle: Hello\ndate: 2026-11-20 10:00\n"


def picture(shade: int) -> bytes:
    """Return a PNG of two pixels by one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((0, shade, shade)))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def announced(opened, front: str, files=None):
    text = f"{HEAD}{front}---\n\nA first post.\n"
    return opened(OUTBOX, {"posts/hello.md": text, **(files or {})}).announcements[0]


def test_an_announcement_has_what_the_post_says(opened):
    front = (
        "summary: In short\ntags: [Holz, Leim]\nlanguage: en\ncontent_warning: Staub\n"
        "announce:\n  outbox: Lies das!\nsyndicate: [outbox]\n"
    )
    said = announced(opened, front)
    assert (said.post, said.title, said.summary) == ("hello", "Hello", "In short")
    assert (said.tags, said.language) == (("Holz", "Leim"), "en")
    assert (said.content_warning, said.texts) == ("Staub", {"outbox": "Lies das!"})
    assert (said.accounts, said.published.day) == (("outbox",), 20)


@pytest.mark.parametrize(
    ("front", "word"),
    [
        ("sponsored: true\nlanguage: de-AT\n", "Anzeige"),
        ("sponsored: true\nlanguage: en\n", "Advertisement"),
        ("sponsored: true\nlanguage: cs\n", "Advertisement"),
        ("sponsored: false\nlanguage: de\n", ""),
        ("language: de\n", ""),
    ],
)
def test_what_was_paid_for_is_called_so_in_its_language(opened, front, word):
    assert announced(opened, front).disclosure == word


def test_a_blog_may_have_a_word_of_its_own_for_what_was_paid_for(opened):
    words = {"templates/translations/de.toml": 'sponsored = "Werbung"\n'}
    assert announced(opened, "sponsored: true\nlanguage: de\n", words).disclosure == "Werbung"


def test_its_address_is_the_page_s_own_even_if_another_is_canonical(opened):
    said = announced(opened, "canonical_url: https://elsewhere.example/x\n")
    assert said.url == "https://blog.example/werkstatt/2026/11/hello/"


def test_its_revision_is_the_one_that_was_built(opened):
    assert announced(opened, "").revision


def test_its_aliases_are_whole_addresses(opened):
    said = announced(opened, "aliases: [/old/hello/]\n")
    assert said.aliases == ("https://blog.example/werkstatt/old/hello/",)


@pytest.mark.parametrize(
    ("place", "address"), [("posts/kite.png", "posts/kite.png"), ("static/kite.png", "kite.png")]
)
def test_its_image_is_the_file_of_the_blog(opened, place, address):
    reference = "kite.png" if place.startswith("posts") else "/kite.png"
    front = f"image: {{src: {reference}, alt: A kite}}\n"
    image = announced(opened, front, {place: picture(0)}).image
    assert (image.path.name, image.alt, image.media_type) == ("kite.png", "A kite", "image/png")
    assert (image.width, image.height) == (2, 1)
    assert image.url == f"https://blog.example/werkstatt/{address}"


def test_another_picture_under_the_same_name_is_another_image(opened):
    front = "image: kite.png\n"
    first = announced(opened, front, {"posts/kite.png": picture(0)}).image
    second = announced(opened, front, {"posts/kite.png": picture(250)}).image
    assert first.digest != second.digest


def test_a_picture_elsewhere_is_no_image_of_ours(opened):
    assert announced(opened, "image: https://pictures.example/kite.png\n").image is None


def test_drafts_and_posts_of_the_future_are_never_announced(opened):
    files = {
        "posts/draft.md": "---\ntitle: Draft\ndate: 2026-11-01\ndraft: true\n---\nx\n",
        "posts/later.md": "---\ntitle: Later\ndate: 2027-01-01\n---\nx\n",
    }
    assert [one.post for one in opened(OUTBOX, files).announcements] == ["hello"]


@pytest.mark.parametrize(
    "front", ["syndicate:\n  - outbocks\n", "announce:\n  outbocks: Lies das!\n"]
)
def test_an_account_that_does_not_exist_is_told_with_its_line(opened, front):
    with pytest.raises(Problems) as caught:
        announced(opened, front)
    (problem,) = caught.value.problems()
    assert str(problem) == 'posts/hello.md:6: there is no account "outbocks"'
    assert problem.hint == 'Did you mean "outbox"?'


DEV = '[accounts.dev]\nnetwork = "devto"\n'


def whole(opened, files):
    return opened(DEV, files).announcements[0].article


def test_where_no_network_takes_articles_there_are_none(opened):
    assert opened(OUTBOX).announcements[0].article is None


PHOTO = f"{HEAD}---\n\nSee [the bank](bank.md) and ![A bank](bank.png), or [below](#end).\n"
BANK = "---\nid: bank\ntitle: Bank\ndate: 2026-11-19\n---\n\nA bank.\n"
ILLUSTRATED = {"posts/hello.md": PHOTO, "posts/bank.md": BANK, "posts/bank.png": picture(1)}


def test_the_article_has_whole_addresses_only(opened):
    html = whole(opened, ILLUSTRATED).read()
    assert 'href="https://blog.example/werkstatt/2026/11/bank/"' in html
    assert 'src="https://blog.example/werkstatt/' in html
    assert 'alt="A bank"' in html
    assert 'href="https://blog.example/werkstatt/2026/11/hello/#end"' in html


def test_an_article_is_read_only_when_somebody_wants_it(opened, monkeypatch):
    monkeypatch.setattr(Cache, "body", lambda *_: pytest.fail("a body was read"))
    assert whole(opened, ILLUSTRATED).edition


def test_an_article_s_edition_changes_with_the_body_and_with_where_its_links_lead(opened):
    edition = whole(opened, ILLUSTRATED).edition
    corrected = {**ILLUSTRATED, "posts/hello.md": f"{PHOTO}More.\n"}
    moved = {**ILLUSTRATED, "posts/bank.md": BANK.replace("11-19", "10-19")}
    assert len({edition, whole(opened, corrected).edition, whole(opened, moved).edition}) == 3


def test_a_neighbour_or_another_template_leaves_an_article_s_edition_as_it_is(opened):
    edition = whole(opened, ILLUSTRATED).edition
    neighbour = {"posts/new.md": "---\nid: new\ntitle: New\ndate: 2026-11-10\n---\n\nNew.\n"}
    theme = {"templates/footer.html": "Other."}
    assert whole(opened, {**ILLUSTRATED, **neighbour, **theme}).edition == edition


def test_an_article_whose_file_is_gone_is_not_to_be_had(opened):
    syndication = opened(DEV)
    shelf = syndication.announcements[0].article.read.args[0]
    shelf._place.unlink()
    (shelf._root / "posts/hello.md").unlink()
    with pytest.raises(Unreachable, match=r"posts/hello\.md"):
        syndication.announcements[0].article.read()
