"""Posts become announcements."""

from __future__ import annotations

import struct
import zlib

import pytest

from litfass.errors import Problems

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
