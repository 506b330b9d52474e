"""Templates: the blog's own first, then the default theme's; rendered by Jinja2."""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import litfass_templates
from litfass.digest import digest
from litfass.errors import LitfassError, ThemeError
from litfass.pages import Page, Site

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = "assets/"
OWN = "templates"

_NEEDS = re.compile(r"{%[-+]?\s*(?:extends|include|import|from)\s+(.*?)[-+]?%}", re.DOTALL)
_NAMED = re.compile(r"""["']([^"']+)["']""")
_ONLY_NAMED = re.compile(  # "a.html", or ["a.html", "b.html"]; then a word, as in `ignore missing`
    r"""\s*(?:["'][^"']+["']|[\[(](?:\s*["'][^"']+["']\s*,?)+\s*[\])])\s*"""
    r"""(?:$|(?:ignore|with|without|import|as)\b)"""
)


class Theme:
    """The templates, assets and words that a blog's pages are made with.

    `compiled` are templates that were compiled before; those that are compiled now are added.
    """

    def __init__(self, root: Path, compiled: MutableMapping[str, bytes]) -> None:
        self._compiled = compiled
        self._folders = {f"{OWN}/": root / OWN, "": litfass_templates.folder()}
        self._words = (litfass_templates.translations(), root / OWN / "translations")
        self._fingerprints: dict[str, str] = {}
        self._phrases: dict[str, Mapping[str, Any]] = {}
        self._days: dict[tuple[int, int, int, str], str] = {}

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """The theme's files by name; a blog's own stand before the default's of the same name."""
        own, default = (_files_in(folder) for folder in self._folders.values())
        named = {
            f"default/{name}": path for name, path in default.items() if name.endswith(".html")
        }
        return default | own | named

    @cached_property
    def assets(self) -> Mapping[str, Path]:
        """The files that pages link to, by the path where they come out."""
        return {name: path for name, path in self.files.items() if name.startswith(ASSETS)}

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The digest of each asset's bytes."""
        return {name: digest(path.read_bytes()) for name, path in self.assets.items()}

    def fingerprint(self, template: str, language: str) -> str:
        """Stand for everything a template's output depends on apart from its context."""
        key = f"{template}:{language}"
        if key not in self._fingerprints:
            texts = [f"{name}\0{self._text(name)}" for name in sorted(self._closure(template))]
            words = repr(sorted(self.phrases(language).items()))
            assets = repr(sorted(self.versions.items()))
            self._fingerprints[key] = digest("\0".join([*texts, words, assets]))
        return self._fingerprints[key]

    def phrases(self, language: str) -> Mapping[str, Any]:
        """Return the theme's words in a language, English where it has none of its own."""
        if language not in self._phrases:
            phrases: dict[str, Any] = {}
            for code in dict.fromkeys(("en", language.split("-", 1)[0], language)):
                for folder in self._words:
                    phrases |= _words_in(folder / f"{code}.toml")
            self._phrases[language] = phrases
        return self._phrases[language]

    def say(self, key: str, language: str, **values: object) -> str:
        """Return a phrase, filled in; `count` chooses the plural. Raises KeyError for no phrase."""
        phrase = self.phrases(language)[key]
        if not values and isinstance(phrase, str) and "{" not in phrase and "}" not in phrase:
            return phrase
        if isinstance(phrase, Mapping):
            phrase = phrase["one" if values.get("count") == 1 else "other"]
        return str(phrase).format(**values)

    def date(self, day: datetime, language: str) -> str:
        """Return a day as people of a language write it."""
        key = (day.year, day.month, day.day, language)
        if key not in self._days:
            month = self.phrases(language)["months"][day.month - 1]
            self._days[key] = self.say("date", language, day=day.day, month=month, year=day.year)
        return self._days[key]

    def asset(self, name: str) -> str:
        """Return the path of an asset, with its version. Raises LookupError for no asset."""
        path = ASSETS + name
        if path not in self.versions:
            raise LookupError(f'there is no asset "{name}" in templates/{ASSETS}')
        return f"{path}?v={self.versions[path][:8]}"

    def prepare(self, template: str) -> None:
        """Load a template before it is needed; what is wrong with it is told when it is."""
        from jinja2 import TemplateError  # noqa: PLC0415 - heavy

        with suppress(TemplateError, LitfassError):
            self._environment.get_template(template)

    def render(self, page: Page, site: Site, content: str, revision: str) -> str:
        """Return a page's HTML. Raises ThemeError with the template's line."""
        from jinja2 import TemplateError, TemplateSyntaxError  # noqa: PLC0415 - heavy
        from markupsafe import Markup  # noqa: PLC0415

        head, context = page.show()
        try:
            template = self._environment.get_template(page.template)
            return template.render(
                **context,
                page=replace(head, revision=revision),
                site=site,
                content=Markup(content),  # noqa: S704
            )
        except TemplateSyntaxError as error:
            raise ThemeError(
                _sentence(error), _SYNTAX, path=self._place(error.filename), line=error.lineno
            ) from None
        except LitfassError:
            raise
        except (
            TemplateError,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            ArithmeticError,
        ) as error:
            path, line = self._where(error)
            raise ThemeError(
                f"{_sentence(error)} (making {page.path})", _VARIABLES, path=path, line=line
            ) from None

    @cached_property
    def _environment(self) -> Environment:
        from litfass.templating import new_environment  # noqa: PLC0415 - heavy

        return new_environment(self, self._compiled, self._load)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        path = self.files.get(name)
        return (self._text(name), str(path), None) if path else None

    def _text(self, name: str) -> str:
        path = self.files.get(name)
        try:
            return path.read_text("utf-8") if path else ""
        except UnicodeDecodeError:
            raise ThemeError(
                "is not a text in UTF-8", "Save it as UTF-8.", path=self._place(str(path))
            ) from None

    def _closure(self, template: str) -> set[str]:
        """Return the template and all that it extends, includes or imports."""
        seen: set[str] = set()
        waiting = [template]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            waiting += self._needed(self._text(name))
        return seen

    def _needed(self, text: str) -> Iterable[str]:
        for needs in _NEEDS.findall(text):
            if not _ONLY_NAMED.match(needs):  # worked out while rendering: it may be any
                yield from (name for name in self.files if not name.startswith(ASSETS))
            yield from _NAMED.findall(needs)

    def _where(self, error: BaseException) -> tuple[str, int | None]:
        """Return the template and line of an error; Jinja puts them into the traceback."""
        paths = {str(path) for path in self.files.values()}
        frames = [
            frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths
        ]
        return (self._place(frames[-1].filename), frames[-1].lineno) if frames else ("", None)

    def _place(self, filename: str | None) -> str:
        """Return how a person knows a template: below the blog, or as the default theme's."""
        for shown, folder in self._folders.items():
            if filename and Path(filename).is_relative_to(folder):
                return (shown or "(default theme) ") + Path(filename).relative_to(folder).as_posix()
        return filename or ""


_SYNTAX = "Look at the braces and at blocks that are not ended, a little above as well."
_VARIABLES = "The themes guide lists what every template is given."


def _files_in(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by name, hidden ones left out."""
    files = (one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))
    return {one.relative_to(folder).as_posix(): one for one in sorted(files)}


def _sentence(error: BaseException) -> str:
    text = str(error)
    return f"there is no {text}" if isinstance(error, KeyError) else text


def _words_in(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        hint = 'A phrase looks like this: archive = "Archive"'
        raise ThemeError(
            f"is not TOML: {error}", hint, path=f"{OWN}/translations/{path.name}"
        ) from None
