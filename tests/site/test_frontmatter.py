"""Front matter in each of its ways, and what is said when it is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.errors import ContentError
from litfass.frontmatter import FrontMatter, parse
from litfass.model import Source


def front(text: str) -> FrontMatter:
    return parse(Source("posts/hello.md", text, ""))


def refused(text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        front(text)
    assert caught.value.path == "posts/hello.md"
    assert caught.value.hint
    return caught.value


def test_yaml_gives_fields_with_their_lines_and_the_body_with_its_own():
    found = front("---\ntitle: Hello\ntags:\n  - one\n  - two\ndraft: true\n---\n\nText\n")
    assert found.fields == {"title": "Hello", "tags": ["one", "two"], "draft": True}
    assert found.lines == {"title": 2, "tags": 3, "draft": 6}
    assert (found.body, found.body_line, found.form) == ("\nText\n", 8, "yaml")


def test_toml_gives_fields_with_their_lines():
    found = front('+++\ntitle = "Hello"\ntags = [\n  "one",\n]\n[params]\nwide = true\n+++\nText\n')
    assert found.fields == {"title": "Hello", "tags": ["one"], "params": {"wide": True}}
    assert found.lines == {"title": 2, "tags": 3, "params": 6}
    assert (found.body, found.body_line, found.form) == ("Text\n", 9, "toml")


def test_plain_header_ends_at_the_first_blank_line_and_goes_on_when_indented():
    found = front(
        "Title: One: two\nAuthors: Harbour desk;\n  Night desk\nDate: 2026-08-22\n\nText: more\n"
    )
    assert found.fields == {
        "title": "One: two",
        "authors": "Harbour desk;\nNight desk",
        "date": "2026-08-22",
    }
    assert found.lines == {"title": 1, "authors": 2, "date": 4}
    assert (found.body, found.body_line, found.form) == ("Text: more\n", 6, "header")


def test_invisible_line_separators_do_not_shift_the_lines():
    found = front('---\ntitle: "a\u2028b\u2029c\x85d"\ndate: x\n---\nText')
    assert found.lines == {"title": 2, "date": 3}
    assert found.fields["title"] == "a b c d"


def test_field_that_comes_again_in_a_plain_header_adds_to_the_first():
    assert front("Tags: one\nTags: two\n\n").fields == {"tags": "one\ntwo"}


def test_blank_lines_above_the_front_matter_are_nothing():
    assert front("\n\n---\ntitle: x\n---\n").lines == {"title": 4}
    assert front("\n\nTitle: x\n\nText").lines == {"title": 3}


@pytest.mark.parametrize("text", ["Note: mind the step.\n", "# A heading\n", "", "\n", "----\nx\n"])
def test_text_without_front_matter_is_all_body(text):
    assert front(text) == FrontMatter({}, {}, text, 1, "none")


@pytest.mark.parametrize("text", ["---\n---\nText", "---\n# nothing\n---\nText", "+++\n+++\nText"])
def test_front_matter_may_be_empty(text):
    found = front(text)
    assert (found.fields, found.body) == ({}, "Text")


def test_yaml_may_end_with_dots():
    assert front("---\ntitle: x\n...\nText").body == "Text"


def test_rule_in_the_body_is_left_alone():
    assert front("---\ntitle: x\n---\nOne\n\n---\n\nTwo").body == "One\n\n---\n\nTwo"


def test_names_are_in_lower_case_with_underscores():
    found = front("---\nTitle: x\nImage-Alt: y\ncontent warning: z\n2026: a\ntrue: b\n---\n")
    assert list(found.fields) == ["title", "image_alt", "content_warning", "2026", "true"]
    assert found.lines["true"] == 6


def test_unquoted_values_remain_what_was_written():
    text = "---\na: no\nb: 12:30\nc: 007\nd: 2026-08-22\ne: 1.10\nf: 1_000\ng: 0x1F\n---\n"
    values = front(text).fields.values()
    assert [*values] == ["no", "12:30", "007", "2026-08-22", "1.10", "1_000", "0x1F"]


def test_plain_numbers_flags_and_nothing_are_told_apart():
    found = front("---\na: 7\nb: -2.5\nc: true\nd: False\ne:\nf: ~\ng: '7'\nh: null\n---\n")
    assert [*found.fields.values()] == [7, -2.5, True, False, None, None, "7", None]


def test_impossible_date_comes_out_as_text():
    assert front("---\ndate: 2026-02-30\n---\n").fields == {"date": "2026-02-30"}
    assert front("---\ndate: !!timestamp 2026-02-30\n---\n").fields == {"date": "2026-02-30"}


def test_anchors_and_merges_work():
    text = "---\nbase: &base {a: 1, b: 2}\nmore:\n  <<: *base\n  b: 3\n---\n"
    assert front(text).fields["more"] == {"a": 1, "b": 3}


def test_pelican_header_between_dashes_may_have_colons_in_its_values():
    found = front("---\ntitle: Salz: eine Reise\ndate: 2026-08-22 09:30\nsummary:\n---\nText\n")
    assert found.fields == {
        "title": "Salz: eine Reise",
        "date": "2026-08-22 09:30",
        "summary": "",
    }
    assert found.lines == {"title": 2, "date": 3, "summary": 4}
    assert (found.form, found.body, found.body_line) == ("header", "Text\n", 6)


def test_yaml_with_quotes_or_lists_is_no_plain_header():
    error = refused('---\ntitle: One: two\nsummary: "Three"\n---\n')
    assert error.line == 2
    assert error.hint == 'A value with ": " in it needs quotes: title: "One: two".'


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("---\ntitle: x\ntitle: y\n---\n", 3, '"title" is there twice'),
        ("---\ntitle: x\nTitle: y\n---\n", 3, '"Title" is there twice'),
        ("---\nimage: {src: a, src: b}\n---\n", 2, '"src" is there twice'),
        ("+++\ntitle = 'x'\nTitle = 'y'\n+++\n", 3, '"Title" is there twice'),
        ('---\ndate: 2026-01-01\ntitle: "x\ntags: a\n---\n', 3, "end of stream"),
        ("---\ntags: [a, b\ntitle: x\n---\n", 2, "did not find expected"),
        ("---\ntags:\n\t- a\n---\n", 3, "cannot start any token"),
        ("---\ntitle: 'x'\nauthor: @me\n---\n", 3, "cannot start any token"),
        ("---\ntitle: x\nstar: *ring\n---\n", 3, "undefined alias"),
        ("---\ntitle: !python/object:os.system x\n---\n", 2, "constructor"),
        ("---\na: é\ntitle: x\x01\n---\n", 3, "control characters"),
        ("---\n\n- a\n- b\n---\n", 3, "not made of fields"),
        ("---\njust text\n---\n", 2, "not made of fields"),
        ("---\n? [a, b]\n: c\n---\n", 2, "name is not a text"),
        ("---\ntitle: !!int many\n---\n", 2, "YAML cannot be read"),
        ("+++\ntitle = 'x'\ndate = 2026-02-30\n+++\n", 3, "Invalid date"),
        ("+++\ntitle = Hello\n+++\n", 2, "TOML cannot be read"),
        ("+++\na = 1\nb = [1,\n+++\n", 3, "TOML cannot be read"),
        ("\n---\ntitle: x\n", 2, "never ends"),
        ("+++\ntitle = 'x'\n---\n", 1, "never ends"),
    ],
)
def test_broken_front_matter_is_told_with_its_line(text, line, part):
    error = refused(text)
    assert part in error.message
    assert error.line == line


@pytest.mark.parametrize(
    "block",
    [
        "---\na: " + "[" * 50_000 + "\n---\n",
        "---\n" + "- " * 50_000 + "\n---\n",
        "---\na: " + "{a: " * 5_000 + "}" * 5_000 + "\n---\n",
        "---\na: " + "[" * 90 + "]" * 90 + "\n---\n",
        "+++\na = " + "[" * 50_000 + "]" * 50_000 + "\n+++\n",
        "---\na: &a [*a]\n---\n",
        "---\na: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]\nb: &b [" + "*a, " * 50 + "]\nc: &c ["
        "" + "*b, " * 50 + "]\nd: [" + "*c, " * 50 + "]\n---\n",
        "+++\na = " + "9" * 5_000 + "\n+++\n",
    ],
    ids=["open", "dashes", "braces", "deep", "toml", "ring", "laughs", "number"],
)
def test_what_would_blow_up_is_refused(block):
    refused(block)


def test_long_lists_are_no_offence():
    items = "".join(f"  - part-{number}\n" for number in range(500))
    assert len(front(f"---\naliases:\n{items}---\n").fields["aliases"]) == 500


LINES = st.lists(
    st.sampled_from(
        ["---", "+++", "title: a", "Title: b: c", 'x = "y"', "- a", "  b: [", "}", "&a *a", "<<: 1"]
    )
    | st.text(max_size=20),
    max_size=8,
).map("\n".join)


@given(LINES | st.text())
def test_nothing_but_a_content_error_is_ever_raised(text):
    try:
        found = front(text)
    except ContentError as error:
        assert error.line is None or 1 <= error.line <= text.count("\n") + 1  # noqa: PT017
    else:
        assert found.lines.keys() == found.fields.keys()
        assert text.endswith(found.body)


@given(LINES | st.text(), st.sampled_from(["---\ntitle: x\n---\n", "+++\n+++\n", "Title: x\n\n"]))
def test_body_begins_on_the_line_that_is_told(body, head):
    found = front(head + body)
    assert found.body == body
    assert (head + body).split("\n")[found.body_line - 1 :] == body.split("\n")
