"""The default theme keeps its word: it parses, speaks both languages, and calls nobody."""

import re
import string
import tomllib

import jinja2
import pytest
from jinja2 import meta

from litfass_templates import folder

THEME = folder()
TEMPLATES = tuple(sorted(path.name for path in THEME.glob("*.html")))
ASSETS = tuple(sorted(path.name for path in (THEME / "assets").iterdir()))
LANGUAGES = ("de", "en")

EVERYWHERE = {"site", "page", "t", "asset"}
GIVEN = {
    "post.html": {"post", "content", "previous", "next", "also_on", "series"},
    "index.html": {"posts", "newer_url", "older_url", "number"},
    "term.html": {"term", "years"},
    "terms.html": {"kind", "terms"},
    "archive.html": {"years", "year"},
    "page.html": {"content", "document"},
    "redirect.html": {"target"},
    "_post_card.html": {"post", "lead"},
    "_picture.html": {"post", "place", "eager"},
    "_tags.html": {"post"},
    "_authors.html": {"post"},
    "_facts.html": {"post"},
    "_series.html": {"post", "series"},
    "_years.html": {"years"},
}
# Names of vocabularies, which no browser ever fetches.
VOCABULARIES = {"schema.org", "www.w3.org"}


def translation(language):
    text = (THEME.parent / "translations" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def words(language):
    """Return what templates say themselves: all but how the `date` filter writes a day."""
    return {k: v for k, v in translation(language).items() if k not in ("date", "months")}


def blanks(phrase):
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def forms(phrase):
    return tuple(phrase.values()) if isinstance(phrase, dict) else (phrase,)


def source(name):
    return (THEME / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def environment():
    themed = jinja2.FileSystemLoader(THEME)
    made = jinja2.Environment(loader=themed, autoescape=True, undefined=jinja2.StrictUndefined)
    made.filters.update(dict.fromkeys(("date", "iso", "absolute"), str))
    return made


@pytest.fixture(scope="module")
def calls(environment):
    """Every `t("key", name=…)` of the templates: the key, and the names that it fills in."""
    found = {}
    for name in TEMPLATES:
        for call in environment.parse(source(name)).find_all(jinja2.nodes.Call):
            if getattr(call.node, "name", "") == "t":
                found[call.args[0].as_const()] = {given.key for given in call.kwargs}
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_parses_and_all_it_includes_exists(environment, name):
    tree = environment.parse(source(name))
    needed = set(meta.find_referenced_templates(tree))
    assert environment.get_template(name)
    assert needed <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_only_for_what_it_is_given(environment, name):
    asked = meta.find_undeclared_variables(environment.parse(source(name)))
    assert asked <= EVERYWHERE | GIVEN.get(name, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_exactly_those_that_the_templates_use(calls, language):
    assert words(language).keys() == calls.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_has_blanks_only_for_what_is_filled_in(calls, language):
    for key, phrase in words(language).items():
        for form in forms(phrase):
            assert form.strip()
            assert blanks(form) == calls[key], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_is_written_with_its_month_in_words(language):
    said = translation(language)
    assert blanks(said["date"]) == {"day", "month", "year"}
    assert len(set(said["months"])) == 12


def test_both_languages_count_the_same_phrases():
    plurals = [{k for k, v in words(code).items() if isinstance(v, dict)} for code in LANGUAGES]
    assert plurals[0] == plurals[1]
    for language in LANGUAGES:
        assert all(words(language)[key].keys() == {"one", "other"} for key in plurals[0])


def test_german_is_written_with_umlauts():
    german = " ".join(form for phrase in words("de").values() for form in forms(phrase))
    assert {"ä", "ö", "ü", "Ä"} <= set(german)
    assert not re.search(r"Beitraege|Schlagwoerter|fuer|naechst", german, re.IGNORECASE)


@pytest.mark.parametrize("name", [*TEMPLATES, *(f"assets/{name}" for name in ASSETS)])
def test_nothing_is_asked_of_another_host(name):
    hosts = set(re.findall(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)+)", source(name)))
    assert hosts <= VOCABULARIES


@pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".css")])
def test_a_style_fetches_nothing(name):
    assert not re.search(r"url\(|@import|@font-face", source(f"assets/{name}"))


def test_the_style_is_small_enough_for_a_slow_line():
    sizes = {name: (THEME / "assets" / name).stat().st_size for name in ASSETS}
    assert sizes["style.css"] < 20_000
    assert sizes["theme.js"] < 4_000


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_asset_that_is_named_exists(name):
    assert set(re.findall(r'asset\("([^"]+)"\)', source(name))) <= set(ASSETS)


def test_a_blogs_template_may_build_on_the_default_one(environment):
    """Its base is then the blog's own, not the theme's."""
    own = jinja2.DictLoader(
        {
            "404.html": '{% extends "default/404.html" %}',
            "base.html": "<mine>{% block main %}{% endblock %}</mine>",
        }
    )
    default = environment.loader
    loaders = [own, default, jinja2.PrefixLoader({"default": default})]
    overlaid = environment.overlay(loader=jinja2.ChoiceLoader(loaders))
    made = overlaid.get_template("404.html").render(t=str.upper, site={"base": "/blog/"})
    assert made.startswith("<mine>")
    assert "<h1>NOT_FOUND</h1>" in made
    assert 'href="/blog/"' in made
