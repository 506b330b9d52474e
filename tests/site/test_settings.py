"""`litfass.toml` is read strictly: what it cannot mean is told, with its line and a way out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.deploy.settings import FolderTarget
from litfass.errors import LitfassError, Problems, SettingsError
from litfass.settings import open_blog, parse
from litfass.tables import Reader, line_of

SITE = '[site]\ntitle = "B"\nurl = "https://blog.example"\n'


def told(text: str) -> dict[str, tuple[int | None, str]]:
    """Return the problems of settings: line and hint by message."""
    with pytest.raises(LitfassError) as caught:
        parse(text)
    return {one.message: (one.line, one.hint) for one in caught.value.problems()}


def test_what_is_not_said_has_a_good_default():
    settings = parse(SITE)
    assert settings.build.permalink == "/{year}/{month}/{slug}/"
    assert settings.build.output == "public"
    assert settings.deploy is None
    assert settings.accounts == {}


@pytest.mark.parametrize(
    ("url", "address", "base"),
    [
        ("https://blog.example", "https://blog.example/", "/"),
        ("https://example.org/blog/", "https://example.org/blog/", "/blog/"),
    ],
)
def test_the_address_ends_with_a_slash_and_knows_its_folder(url, address, base):
    site = parse(f'[site]\ntitle = "B"\nurl = "{url}"\n').site
    assert (site.address, site.base) == (address, base)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('languag = "de"', 'unknown key "languag" in [site]'),
        ('language = "german!"', '"language" in [site] is not a language: "german!"'),
        ('timezone = "Berlin"', '"timezone" in [site] is not a time zone: "Berlin"'),
        ("author = 3", '"author" in [site] must be a text, not 3'),
        ("email = true", '"email" in [site] must be a text, not true'),
        ("extra = 1", '"extra" in [site] must be a table'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(line, message):
    ((found, (number, _)),) = told(SITE + line + "\n").items()
    assert found.startswith(message)
    assert number == 4


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('output = "../elsewhere"', "must be a folder inside the blog"),
        ('output = "posts"', "that folder holds the blog's sources"),
        ("page_size = 0", "must be more than 0, not 0"),
        ("page_size = true", "must be a whole number, not true"),
        ('permalink = "{slug}"', 'must begin with "/"'),
        ('permalink = "/{year}/"', "must contain {slug}"),
        ('permalink = "/{slag}/"', "unknown placeholder {slag}"),
        ('permalink = "/../{slug}/"', "leaves the public folder"),
    ],
)
def test_the_shape_of_the_blog_is_checked(line, words):
    assert any(words in message for message in told(f"{SITE}[build]\n{line}\n"))


def test_a_missing_table_and_all_else_are_told_at_once():
    found = told('[biuld]\n[deploy]\ntarget = "ftp"\n[accounts]\nfirma = 1\n')
    assert found['unknown key "biuld"'][1] == 'Did you mean "build"?'
    assert '"title" is missing in [site]' in found
    assert '"url" is missing in [site]' in found
    assert found['"target" in [deploy] must be one of "folder", "git", "rsync"'][0] == 3
    assert '"firma" in [accounts] must be a table' in found


def test_text_that_is_not_toml_is_told_with_its_line():
    with pytest.raises(SettingsError) as caught:
        parse("[site]\ntitle = Werkstatt\n")
    (problem,) = caught.value.problems()
    assert str(problem).startswith("litfass.toml:2: is not TOML: ")


def test_a_target_takes_only_what_it_knows():
    target = '[deploy]\ntarget = "folder"\n'
    assert parse(f'{SITE}{target}path = "live"\n').deploy == FolderTarget("live")
    assert 'unknown key "branch" in [deploy]' in told(
        f'{SITE}{target}path = "live"\nbranch = "x"\n'
    )


def test_a_folder_without_settings_is_no_blog(tmp_path):
    with pytest.raises(SettingsError, match=r"There is no litfass\.toml"):
        open_blog(tmp_path)


@given(st.text())
def test_whatever_the_file_says_only_our_errors_come_of_it(text):
    with suppress(LitfassError):
        assert parse(text).site.title


class Key(str):
    """A secret's stand-in."""

    __slots__ = ()


@dataclass(frozen=True)
class Options:
    server: str
    token: Key
    visibility: Literal["public", "private"] = "public"
    languages: tuple[str, ...] = ()
    port: int | None = None


def test_a_table_becomes_a_dataclass_and_secrets_come_from_elsewhere():
    supply = lambda _table, _field, kind: Key("s") if kind is Key else None  # noqa: E731
    reader = Reader("x.toml", supply=supply)
    table = {"server": "s", "languages": ["de", "en"], "port": 1}
    assert reader.read(Options, table, "accounts.firma") == Options(
        "s", Key("s"), languages=("de", "en"), port=1
    )


def test_wrong_values_of_every_kind_are_told_together():
    reader = Reader("x.toml", supply=lambda *_: None)
    table = {"server": 1, "token": "t", "visibility": "open", "languages": "de", "port": "x"}
    assert reader.read(Options, table, "a") is None
    assert [problem.message for problem in reader.problems] == [
        '"server" in [a] must be a text, not 1',
        '"token" in [a] must be another kind of value, not "t"',
        '"visibility" in [a] is "open"; it can be one of "public", "private"',
        '"languages" in [a] must be a list, like ["one", "two"]',
        '"port" in [a] must be a whole number, not "x"',
    ]


def test_a_keys_line_is_that_in_its_own_table():
    text = 'title = 1\n[site]\nurl = 1\n["accounts.x"]\n[accounts.x]\n"title" = 2\n'
    assert line_of(text, "", "title") == 1
    assert line_of(text, "site") == 2
    assert line_of(text, "accounts.x", "title") == 6
    assert line_of(text, "site", "title") is None


def test_problems_keep_their_order():
    with pytest.raises(Problems) as caught:
        parse('[site]\nb = 1\na = 1\ntitle = "x"\nurl = "https://x.example"\n')
    assert [one.line for one in caught.value.problems()] == [2, 3]
