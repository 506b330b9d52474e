"""What an account says about a post, before it is made to fit. Pure.

    Announcement × Account → text with two marks in it → parts

The address and the hashtags are marks while the template renders, so that nobody ever has to look
for them in the finished text. The marks are noncharacters: Unicode keeps them for inside a program.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Span, SpanKind
from litfass_syndication.capabilities import Capabilities
from litfass_syndication.errors import AccountError
from litfass_syndication.measure import graphemes

if TYPE_CHECKING:
    import jinja2
    import regex

ADDRESS = "\ufdd0"
HASHTAGS = "\ufdd1"
DISCLOSURE = "\ufdd2"

_SHOWN_LINK = 32


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a wording: text, the post's address, its hashtags, or what discloses an advert.

    `gap` is the white space before it. The units of a text are its graphemes, and its links,
    hashtags and mentions, each whole; the address is one unit, each hashtag is one.
    """

    mark: str
    gap: str
    units: tuple[Span, ...]


@cache
def _pattern(name: str) -> regex.Pattern[str]:
    import regex  # noqa: PLC0415

    patterns = {
        "token": r"""
            (?P<link>(?<![\p{L}\p{N}])https?://[\p{L}\p{N}\p{M}\-._~:/?#\[\]@!$&'()*+,;=%]+)
          | (?P<mention>(?<![\p{L}\p{N}_@/.])@[\w\-.]+(?:@[\w\-]+)?(?:\.[\w\-]+)+)
          | (?P<hashtag>(?<![\p{L}\p{N}_&/#])\#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)
        """,
        "word": r"[\p{L}\p{M}\p{N}]+",
        "trailing": r"[ \t]+(?=\n|\Z)",
        "blank": r"\n{3,}",
        "noise": r"[\p{Cs}\p{Cc}\ufdd0-\ufdef--\n\t]",
    }
    return regex.compile(patterns[name], regex.VERBOSE | regex.VERSION1)


def clean(text: str) -> str:
    """Return the text without control characters and our marks, its line ends made alike."""
    return _pattern("noise").sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def hashtag(tag: str) -> str:
    """Return a tag as a hashtag without "#", in CamelCase; empty when it cannot be one.

    "Straßen Bau" is StraßenBau, "open source" is OpenSource, "iOS" stays. Digits alone are no
    hashtag anywhere, and of "C++" only a misleading letter would be left.
    """
    plain = unicodedata.normalize("NFC", tag).translate({ord("'"): None, ord("’"): None})
    name = "".join(_capitalised(word) for word in _pattern("word").findall(plain))
    misleading = len(name) == 1 < len(plain.strip())
    return "" if misleading or not any(map(str.isalpha, name)) else name


def _capitalised(word: str) -> str:
    first = word[0].upper()
    return first + word[1:] if word.islower() and len(first) == 1 else word


def hashtags(tags: Iterable[str], at_most: int) -> tuple[str, ...]:
    """Return the first tags that can be hashtags, each once."""
    names = {name.casefold(): name for tag in reversed(tuple(tags)) if (name := hashtag(tag))}
    return tuple(reversed(names.values()))[:at_most]


def shown(url: str) -> str:
    """Return a link as a reader needs it: the host, and as much of the path as is readable."""
    bare = url.partition("://")[2].rstrip("/")
    visible = graphemes(bare)
    if len(visible) <= _SHOWN_LINK:
        return bare
    host = len(graphemes(bare.partition("/")[0]))
    return "".join(visible[: max(_SHOWN_LINK - 1, host + 1)]) + "…"


def parts(
    announcement: Announcement, account: Account, capabilities: Capabilities
) -> tuple[Part, ...]:
    """Return an account's wording: the address in it exactly once, hashtags at most once.

    Where the address is given beside the text, it is in it only if the author put it there.

    Raises AccountError when the account's template does not work.
    """
    if capabilities.quiet:
        return (Part(ADDRESS, "", (Span(announcement.url, SpanKind.LINK, announcement.url),)),)
    own = clean(announcement.texts.get(account.name, ""))
    tagged = any(unit.kind is SpanKind.HASHTAG for unit in _units(own, announcement.url))
    names = hashtags(announcement.tags, account.hashtags)
    if tagged or not capabilities.hashtags:
        names = ()
    title = own or ("" if capabilities.titled else clean(announcement.title))
    summary = "" if own else clean(announcement.summary)
    apart = capabilities.link_apart
    marks = {"url": "" if apart else ADDRESS, "hashtags": HASHTAGS if names else ""}
    text = _rendered(announcement, account, (title, summary), marks)
    rendered = _undisclosed(clean(announcement.disclosure), text)
    units = _each_mark_once(_units(rendered, announcement.url), with_address=not apart)
    link = account.link(announcement.url)
    shown_url = shown(announcement.url) if capabilities.short_links else link
    marked = {
        ADDRESS: (Span(shown_url, SpanKind.LINK, link),),
        HASHTAGS: tuple(Span(f"#{name}", SpanKind.HASHTAG, name) for name in names),
    }
    return _disclosed(clean(announcement.disclosure), tuple(_grouped(units, marked)))


def _undisclosed(disclosure: str, text: str) -> str:
    """Return a text without a disclosure that the author has written before it already."""
    written = f"{disclosure}:"
    begun = bool(disclosure) and text[: len(written)].casefold() == written.casefold()
    return text[len(written) :].lstrip() if begun else text


def _disclosed(disclosure: str, wording: tuple[Part, ...]) -> tuple[Part, ...]:
    """Put a disclosure in front, as a part of its own that nothing shortens."""
    if not disclosure:
        return wording
    first = Part(DISCLOSURE, "", (Span(f"{disclosure}:"),))
    return (first, *(replace(one, gap=" ") for one in wording[:1]), *wording[1:])


def title_of(announcement: Announcement) -> str:
    """Return a post's title as a title of its own, for cards and subjects, with its disclosure."""
    title, disclosure = clean(announcement.title), clean(announcement.disclosure)
    return f"{disclosure}: {_undisclosed(disclosure, title)}" if disclosure else title


def _rendered(
    announcement: Announcement,
    account: Account,
    texts: tuple[str, str],
    marks: Mapping[str, str],
) -> str:
    import jinja2  # noqa: PLC0415

    try:
        text = _template(account.template).render(
            title=texts[0],
            summary=texts[1],
            tags=[clean(tag) for tag in announcement.tags],
            **marks,
        )
    except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _template_error(account, error) from error
    return _pattern("blank").sub("\n\n", _pattern("trailing").sub("", text)).strip()


@lru_cache(maxsize=64)
def _template(source: str) -> jinja2.Template:
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    # Messages are plain text: "&" must stay "&".
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)


def _template_error(account: Account, error: Exception) -> AccountError:
    line = getattr(error, "lineno", None)
    place = f", line {line}" if line else ""
    return AccountError(
        f"The message template of the account {account.name}{place}: {error}",
        "A template knows title, summary, url, tags and hashtags.",
    )


def _units(text: str, url: str) -> Iterator[Span]:
    """Split a text into units; what leads to the post's address becomes its mark."""
    clusters = graphemes(text)
    borders = set(accumulate(map(len, clusters), initial=0))
    position = 0
    for token in _pattern("token").finditer(text):
        span = _atom(str(token.lastgroup), token.group())
        end = token.start() + len(span.text)
        if token.start() in borders and end in borders:
            yield from map(Span, graphemes(text[position : token.start()]))
            yield Span(ADDRESS) if span.target.rstrip("/") == url.rstrip("/") else span
            position = end
    yield from map(Span, graphemes(text[position:]))


def _atom(kind: str, text: str) -> Span:
    if kind == SpanKind.LINK:
        link = _without_tail(text)
        return Span(link, SpanKind.LINK, link)
    if kind == SpanKind.MENTION:
        handle = text.rstrip(".-")
        return Span(handle, SpanKind.MENTION, handle[1:])
    return Span(text, SpanKind.HASHTAG, text[1:])


def _without_tail(link: str) -> str:
    """Leave the punctuation of the sentence out of a link in it, and the bracket around it."""
    short = link.rstrip(".,:;!?'*")
    if short.endswith(")") and short.count("(") < short.count(")"):
        short = short[:-1]
    return short if short == link else _without_tail(short)


def _each_mark_once(units: Iterable[Span], *, with_address: bool) -> Iterator[Span]:
    """Keep the first address and the first hashtags; `with_address`, end with one if none is in."""
    seen = set()
    for unit in units:
        if unit.text not in seen:
            yield unit
        if unit.text in {ADDRESS, HASHTAGS}:
            seen.add(unit.text)
    if with_address and ADDRESS not in seen:
        yield from map(Span, ("\n", "\n", ADDRESS))


def _grouped(units: Iterable[Span], marked: Mapping[str, tuple[Span, ...]]) -> Iterator[Part]:
    gap = ""
    for mark, run in groupby(units, lambda unit: unit.text if unit.text in marked else ""):
        if mark:
            yield Part(mark, gap, marked[mark])
            gap = ""
            continue
        texts = tuple(run)
        start = next((i for i, unit in enumerate(texts) if not unit.text.isspace()), len(texts))
        end = next(
            (i for i in range(len(texts), start, -1) if not texts[i - 1].text.isspace()), start
        )
        gap += "".join(unit.text for unit in texts[:start])
        if start < end:
            yield Part("", gap, texts[start:end])
            gap = "".join(unit.text for unit in texts[end:])


def divided(wording: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Divide a wording into its first line, and what comes after it."""
    for index, part in enumerate(wording):
        if index and "\n" in part.gap:
            return wording[:index], wording[index:]
        end = next((i for i, unit in enumerate(part.units) if unit.text == "\n"), None)
        if end is not None:
            line = replace(part, units=part.units[:end])
            after = tuple(_grouped(part.units[end:], {}))
            return (*wording[:index], line), (*after, *wording[index + 1 :])
    return wording, ()
