"""A message as a mail: what readers see, and what their servers want to know."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litfass_syndication.announcement import Image, Span, SpanKind
from litfass_syndication.letter import Body, Letterhead, identifier, letter
from litfass_syndication.paragraphs import body
from litfass_syndication.pictures import Upload
from litfass_syndication.testing import KEY, NOW, plain_message

HEAD = Letterhead(
    "post@blog.example",
    "Werkstattbuch",
    "https://blog.example/leave?who={address}",
    "https://blog.example/impressum/",
)
ANNA = "anna+news@reader.example"


def written(message, head=HEAD, to=ANNA, key=KEY, **changes):
    return letter(message, head, to, key, **{"content": Body(body(message)), **changes})


def mail_of(message=None, head=HEAD, **changes):
    return message_from_bytes(written(message or plain_message(), head, **changes), policy=default)


def part(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_it_says_from_whom_to_whom_and_what_about():
    mail = mail_of(head=Letterhead("post@blog.example", 'Müller, "Werkstatt"'))
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ('Müller, "Werkstatt"', "post@blog.example")
    assert mail["To"].addresses[0].addr_spec == ANNA
    assert mail["Subject"] == "Grüße aus der Werkstatt"
    assert mail["Date"].datetime == NOW
    assert mail["Content-Language"] == "de"


def test_the_identifier_is_that_of_attempt_and_reader_and_shows_neither_name():
    assert mail_of(who="0a1b")["Message-ID"] == f"<{KEY}.0a1b@blog.example>"
    assert identifier(HEAD, KEY) == f"<{KEY}@blog.example>"


def test_the_same_attempt_gives_the_same_mail_byte_by_byte():
    content = Body("<p>Da.</p>", Upload(b"\x89PNG", "image/png", 64, 48))
    one, two = (written(plain_message(), content=content) for _ in range(2))
    assert one == two
    assert one != written(plain_message(), key=f"{KEY}ff", content=content)


def test_one_click_is_offered_where_the_address_says_who_goes():
    mail = mail_of()
    assert (
        mail["List-Unsubscribe"] == "<https://blog.example/leave?who=anna%2Bnews%40reader.example>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<newsletter.blog.example>"


@pytest.mark.parametrize(
    ("unsubscribe", "header"),
    [
        ("leave@blog.example", "<mailto:leave@blog.example?subject=unsubscribe>"),
        ("https://blog.example/leave", "<https://blog.example/leave>"),
    ],
)
def test_elsewhere_a_person_answers_and_no_click_is_promised(unsubscribe, header):
    mail = mail_of(head=Letterhead("post@blog.example", unsubscribe=unsubscribe))
    assert mail["List-Unsubscribe"] == header
    assert "List-Unsubscribe-Post" not in mail


def test_a_mailing_list_sees_to_leaving_itself():
    mail = mail_of(head=Letterhead("post@blog.example", imprint=HEAD.imprint))
    assert not {"List-Unsubscribe", "List-Id", "Precedence"} & set(mail.keys())
    assert "Impressum: https://blog.example/impressum/" in part(mail, "plain")


def test_both_parts_have_the_text_the_way_out_and_the_imprint():
    mail = mail_of()
    assert part(mail, "plain") == (
        "Grüße aus der Werkstatt\n\nhttps://blog.example/2026/05/gruesse/\n\n#Werkstatt\n\n"
        "-- \n"
        "Abbestellen: https://blog.example/leave?who=anna%2Bnews%40reader.example\n"
        "Impressum: https://blog.example/impressum/\n"
    )
    html = part(mail, "html")
    url = "https://blog.example/2026/05/gruesse/"
    assert '<html lang="de">' in html
    assert f'<h1><a href="{url}">Grüße aus der Werkstatt</a></h1>' in html
    assert f' href="{url}">{url}</a></p>' in html
    assert '<a href="https://blog.example/impressum/">Impressum</a>' in html
    assert ">Abbestellen</a>" in html


def test_other_languages_are_spoken_to_in_english():
    assert "Unsubscribe: " in part(mail_of(plain_message(language="fr")), "plain")


def test_text_stays_text_in_html_and_a_link_leads_to_its_whole_address():
    spans = (
        Span("<b> & so\nweiter "),
        Span("blog.example/…", SpanKind.LINK, "https://a.example/?b&c"),
    )
    mail = mail_of(plain_message(spans=spans, content_warning="<Späne>"))
    html = part(mail, "html")
    assert "<p>&lt;b&gt; &amp; so<br>weiter " in html
    assert '<a href="https://a.example/?b&amp;c">blog.example/…</a>' in html
    assert "<strong>&lt;Späne&gt;</strong>" in html
    assert "blog.example/… (https://a.example/?b&c)" in part(mail, "plain")
    assert part(mail, "plain").startswith("<Späne>\n\n")


def test_a_picture_is_enclosed_and_nobody_is_asked_for_it():
    image = Image(Path("bank.png"), 'Eine "Bank"', "image/png", 64, 48, "d")
    content = Body("<p>Da.</p>", Upload(b"\x89PNG", "image/png", 64, 48))
    mail = mail_of(plain_message(image=image), content=content)
    html = mail.get_body(("html",)).get_content()
    assert 'src="cid:picture@litfass" alt="Eine &quot;Bank&quot;" width="64"' in html
    (picture,) = (one for one in mail.walk() if one.get_content_maintype() == "image")
    assert picture["Content-ID"] == "<picture@litfass>"
    assert picture.get_content() == b"\x89PNG"


def test_a_whole_article_is_in_the_html_and_the_text_leads_to_it():
    mail = mail_of(content=Body("<p>Alles, was <em>war</em>.</p>"))
    assert "<p>Alles, was <em>war</em>.</p>" in part(mail, "html")
    assert "https://blog.example/2026/05/gruesse/" in part(mail, "plain")


TEXTS = st.text(min_size=1, max_size=300)


def test_long_addresses_stay_in_one_piece():
    """Receivers read them off the line; the library would break them, or write them as words."""
    way, long = f"https://blog.example/{'x' * 200}?{{address}}", f"{'a' * 60}@{'b' * 60}.example"
    head = Letterhead(f"post@{'c' * 60}.example", unsubscribe=way)
    lines = written(plain_message(), head, long, who="0" * 24).split(b"\r\n")
    assert f"To: {long}".encode() in lines
    assert f"Message-ID: <{KEY}.{'0' * 24}@{'c' * 60}.example>".encode() in lines
    assert f"List-Unsubscribe: <{head.farewell(long)}>".encode() in lines


@settings(max_examples=30)
@given(title=TEXTS, name=TEXTS, text=TEXTS)
def test_no_text_adds_a_header_or_a_line_that_is_too_long(title, name, text):
    """Titles are from outside: a line break in one must not become a header."""
    message = plain_message(title=title, spans=(Span(text * 9),))
    content = written(message, Letterhead("post@blog.example", name))
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    mail = message_from_bytes(content, policy=default)
    assert set(mail.keys()) == {
        "Message-ID", "From", "To", "Subject", "Content-Language", "Date", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert [one.addr_spec for one in mail["To"].addresses] == [ANNA]
