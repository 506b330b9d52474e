"""What front matter means, field by field."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.errors import LitfassError
from litfass.frontmatter import parse
from litfass.metadata import Metadata, name_of, read
from litfass.model import Picture, Source

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = timezone(timedelta(hours=2))


def told(text: str, path="posts/hello-there.md", heading="", kind="post"):
    source = Source(path, text, "")
    return read(parse(source), source, zone=BERLIN, first_heading=heading, kind=kind)


def yaml(lines: str, **more):
    return told(f"---\n{lines}\n---\n", **more)


def meant(lines: str, **more) -> Metadata:
    metadata, problems = yaml(f"date: 2026-08-22\n{lines}", **more)
    assert problems == ()
    return metadata


def wrong(lines: str, **more) -> str:
    metadata, problems = yaml(f"date: 2026-08-22\n{lines}", **more)
    assert metadata.date
    (problem,) = problems
    assert problem.severity == "error"
    assert problem.hint
    assert problem.line == 3
    return problem.message


@pytest.mark.parametrize(
    "text",
    [
        "---\ndate: 2026-08-22 09:30\n---\n",
        "---\ndate: '2026-08-22 09:30'\n---\n",
        "+++\ndate = 2026-08-22T09:30:00\n+++\n",
        "+++\ndate = 2026-08-22T07:30:00Z\n+++\n",
        "Date: 2026-08-22 09:30\n\n",
    ],
)
def test_date_is_read_from_every_form_of_front_matter(text):
    metadata, problems = told(text)
    assert metadata.date == datetime(2026, 8, 22, 9, 30, tzinfo=SUMMER)
    assert problems == ()


def test_what_is_no_date_is_told_with_its_line():
    _, (problem,) = yaml("title: x\ndate: yesterday")
    assert str(problem) == 'posts/hello-there.md:3: "date" is not a date: "yesterday"'
    assert problem.hint == "Write it like 2026-08-22 or 2026-08-22 09:30."


def test_date_falls_back_to_that_of_the_file_name():
    metadata, problems = told("Text", path="posts/2026-05-01-other.md")
    assert metadata.date == datetime(2026, 5, 1, tzinfo=SUMMER)
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("---\ntitle: x\n---\n", "Add a line to its front matter: date: 2026-08-22"),
        ("+++\ntitle = 'x'\n+++\n", "Add a line to its front matter: date = 2026-08-22"),
        ("Text", 'Begin the file with three lines: "---", "date: 2026-08-22" and "---".'),
    ],
)
def test_post_needs_a_date_and_hears_which_line_to_add(text, hint):
    _, (problem,) = told(text)
    assert str(problem) == "posts/hello-there.md:1: has no date"
    assert problem.hint == hint


def test_page_needs_no_date():
    assert told("Text", path="pages/about.md", kind="page") == (Metadata(title="About"), ())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("posts/2026-05-01-other.md", (date(2026, 5, 1), "other")),
        ("posts/2026-05-01-trip/index.md", (date(2026, 5, 1), "trip")),
        ("posts/2026-05-01.md", (date(2026, 5, 1), "2026-05-01")),
        ("posts/2026-02-30-never.md", (None, "2026-02-30-never")),
        ("posts/0999-05-01-old.md", (None, "0999-05-01-old")),
        ("posts/9999-05-01-far.md", (None, "9999-05-01-far")),
        ("posts/a.b.md", (None, "a.b")),
        ("index.md", (None, "index")),
        ("posts/2026/plain.markdown", (None, "plain")),
    ],
)
def test_name_of_a_file_may_begin_with_a_date(path, expected):
    assert name_of(path) == expected


def test_title_falls_back_to_the_first_heading_then_to_the_file_name():
    assert meant("title: Mine", heading="Heading").title == "Mine"
    assert meant("title:", heading="Heading").title == "Heading"
    assert meant("").title == "Hello there"
    assert meant("", path="posts/2026-05-01-über_uns/index.md").title == "Über uns"


@pytest.mark.parametrize(
    ("lines", "tags"),
    [
        ("tags: [one, two, one, '']", ("one", "two")),
        ("tags:\n- 2026\n- yes\n- 1.10\n-", ("2026", "yes", "1.10")),
        ("tags: one, two words; three", ("one, two words", "three")),
        ("tags: one, two  words,", ("one", "two words")),
        ("tags: ruby c++ web-design", ("ruby", "c++", "web-design")),
        ("tags: Street Art", ("Street Art",)),
        ("tags: süß sauer", ("süß sauer",)),
        ("tags: one", ("one",)),
        ("tags:", ()),
    ],
)
def test_tags_are_a_list_or_a_line(lines, tags):
    assert meant(lines).tags == tags


def test_plain_header_splits_at_commas_only():
    metadata, _ = told("Date: 2026-08-22\nTags: machine learning, art\nCategory: old and new\n\n")
    assert (metadata.tags, metadata.categories) == (("machine learning", "art"), ("old and new",))


def test_other_tools_names_are_understood():
    metadata = meant(
        "lastmod: 2026-09-01\nurl: /x/\ncategory: News\nauthor: {name: Guest desk}\n"
        "description: >\n  Two\n  lines\nlang: de_AT\ncover: {image: a.jpg, alt: An A}\n"
        "redirect_from: /old/\ncanonical: https://example.org/"
    )
    assert metadata == Metadata(
        title="Hello there",
        date=datetime(2026, 8, 22, tzinfo=SUMMER),
        updated=datetime(2026, 9, 1, tzinfo=SUMMER),
        permalink="/x/",
        categories=("News",),
        authors=("Guest desk",),
        summary="Two lines",
        language="de-AT",
        picture=Picture("a.jpg", "An A"),
        aliases=("/old/",),
        canonical_url="https://example.org/",
    )


def test_second_name_of_a_field_adds_to_a_list_and_is_extra_otherwise():
    metadata = meant("categories: [a]\ncategory: b\nsummary: c\ndescription: d\nexcerpt: ''")
    assert metadata.categories == ("a", "b")
    assert (metadata.summary, metadata.extra) == ("c", {"description": "d"})


@pytest.mark.parametrize(
    ("lines", "draft"),
    [
        ("draft: true", True),
        ("draft: yes", True),
        ("draft: false", False),
        ("draft:", False),
        ("published: false", True),
        ("published: true", False),
        ("published: 2026-08-22", False),
        ("status: draft", True),
        ("status: Published", False),
        ("draft: true\nstatus: draft\npublished: false", True),
    ],
)
def test_draft_is_said_in_three_ways(lines, draft):
    assert meant(lines).draft is draft


def test_hidden_post_is_a_draft_with_a_warning():
    metadata, (problem,) = yaml("date: 2026-08-22\nstatus: hidden")
    assert metadata.draft
    assert (problem.severity, problem.line) == ("warning", 3)


@pytest.mark.parametrize(
    ("lines", "picture"),
    [
        ("image: a.jpg", Picture("a.jpg")),
        ("image: a.jpg\nimage-alt: An A", Picture("a.jpg", "An A")),
        ("image: a.jpg\nalt: An A", Picture("a.jpg", "An A")),
        ("image: {src: a.jpg, alt: An A}", Picture("a.jpg", "An A")),
        ("image: {path: a.jpg}\nalt: An A", Picture("a.jpg", "An A")),
        ("images: [a.jpg, b.jpg]", Picture("a.jpg")),
        ("image: []", None),
        ("image:", None),
        ("image_alt: Nothing to see", None),
    ],
)
def test_image_comes_with_its_alternative_text(lines, picture):
    assert meant(lines).picture == picture


@pytest.mark.parametrize(
    ("lines", "syndicate"),
    [
        ("", None),
        ("syndicate:", None),
        ("syndicate: true", None),
        ("syndicate: false", ()),
        ("syndicate: no", ()),
        ("syndicate: []", ()),
        ("syndicate: firma", ("firma",)),
        ("syndicate: firma, privat", ("firma", "privat")),
        ("syndicate: [firma, privat]", ("firma", "privat")),
    ],
)
def test_syndicate_is_everyone_no_one_or_some(lines, syndicate):
    assert meant(lines).syndicate == syndicate


def test_announce_has_a_text_for_each_account():
    texts = meant("announce:\n  firma: |\n    Two\n    lines\n  privat: 7\n  other:").announce
    assert texts == {"firma": "Two\nlines", "privat": "7"}


@pytest.mark.parametrize(
    ("lines", "menu", "order"),
    [("", True, 0), ("menu: false\norder: 3", False, 3), ("menu: main\norder: -1", True, -1)],
)
def test_page_has_a_place_in_the_menu(lines, menu, order):
    metadata = meant(lines, kind="page")
    assert (metadata.menu, metadata.order) == (menu, order)


def test_menus_of_hugo_mean_the_menu():
    assert meant("menu: {main: {weight: 3}}").menu


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("title: [a]", '"title" is not a text'),
        ("summary: {a: b}", '"summary" is not a text'),
        ("tags: {a: b}", '"tags" is not a list of names'),
        ("tags: [[a], [b]]", '"tags" is not a list of names'),
        ("author: {email: a@b.example}", '"author" is not a list of names'),
        ("draft: maybe", '"draft" is neither true nor false'),
        ("draft: [true]", '"draft" is neither true nor false'),
        ("status: done", '"status" cannot be "done"'),
        ("lastmod: soon", '"lastmod" is not a date: "soon"'),
        ("lang: Deutsch (AT)", '"lang" is not a language code: "Deutsch (AT)"'),
        ("image: {alt: nothing}", '"image" names no file'),
        ("image: [[a]]", '"image" names no file'),
        ("canonical: /here/", '"canonical" is not a whole address: "/here/"'),
        ("announce: Hello", '"announce" is not made of one text per account'),
        ("announce: {a: [b]}", '"announce" is not made of one text per account'),
        ("order: first", '"order" is not a whole number: "first"'),
    ],
)
def test_value_of_the_wrong_kind_is_told_with_its_line(lines, message):
    assert wrong(lines) == message


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_their_lines():
    metadata, problems = yaml("titel: x\ntags: {a: 1}\ndraft: hm\ndate: 2026-13-01\nslug: kept")
    assert [problem.line for problem in problems] == [2, 3, 4, 5]
    assert metadata.slug == "kept"


def test_unknown_fields_are_kept_as_json_would_have_them():
    text = (
        "+++\nwhen = 2026-08-22\nat = 09:30:00\ndate = 2026-08-22\nlist = [[1], {a = true}]\n+++\n"
    )
    metadata, problems = told(text)
    assert problems == ()
    assert metadata.extra == {"when": "2026-08-22", "at": "09:30:00", "list": ((1,), {"a": True})}


def test_number_that_python_will_not_print_is_kept_in_hexadecimal():
    metadata, (problem,) = told(f"+++\nbig = 0x{'f' * 5000}\ndate = 0x{'f' * 5000}\n+++\n")
    assert metadata.extra == {"big": "0x" + "f" * 5000}
    assert "not a date" in problem.message


@pytest.mark.parametrize(
    ("key", "known"),
    [("titel", "title"), ("sumary", "summary"), ("tag", "tags"), ("alias", "aliases")],
)
def test_slip_is_a_warning_with_a_guess(key, known):
    metadata, (problem,) = yaml(f"date: 2026-08-22\n{key}: x")
    assert metadata.extra == {key: "x"}
    assert (problem.severity, problem.line) == ("warning", 3)
    assert f'Did you mean "{known}"?' == problem.hint


@pytest.mark.parametrize("key", ["layout", "type", "weight", "toc", "subtitle", "my_own", "mood"])
def test_fields_of_other_tools_and_ones_own_are_no_slips(key):
    assert meant(f"{key}: x").extra == {key: "x"}


KEYS = st.sampled_from(
    ["title", "date", "tags", "draft", "image", "syndicate", "announce", "order"]
)
VALUES = st.sampled_from(["[", "{a: b}", "[[x], 1]", "2026-02-30", "~", "-1", "!!int 3", "&a x"])
LINES = st.lists(st.tuples(KEYS, VALUES | st.text(max_size=12)).map(": ".join), max_size=6)


@given(st.sampled_from(["---", "+++", "Title: x"]), LINES.map("\n".join) | st.text(), st.text())
def test_nothing_but_our_own_errors_is_ever_raised(fence, lines, path):
    source = Source(path, f"{fence}\n{lines}\n{fence}\nText", "")
    try:
        metadata, problems = read(parse(source), source, zone=BERLIN, kind="post")
    except LitfassError as error:
        assert error.problems()  # noqa: PT017
    else:
        assert metadata.date or any(problem.severity == "error" for problem in problems)
        assert all(problem.line for problem in problems)
