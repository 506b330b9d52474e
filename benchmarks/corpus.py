"""A blog of any size that is always the same: what all contestants have to build.

A post's body depends on its number alone: not on the size of the blog, and not on the flavour,
which only decides where files lie and how front matter is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.prose import Prose, language_of
from benchmarks.snippets import snippet
from benchmarks.vocabulary import TAGS

__all__ = ["Post", "body_of", "picture_of", "post_of", "slug_of", "title_of"]

SEED = "litfass benchmark 1"  # another number makes another corpus, and other results
BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=3652)
REACH = 400
"""How many posts back a link may lead."""

_WORDS = 600
_SPREAD = 0.55  # of the logarithm of a post's length
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Post:
    """What is in a post's file; `picture` is the name of an image file, or empty."""

    title: str
    slug: str
    published: datetime
    tags: tuple[str, ...]
    summary: str
    body: str
    picture: str


def post_of(number: int, count: int) -> Post:
    """Return a post of a blog of `count`; only its date depends on that."""
    random = _random(number, "facts")
    prose = Prose(random, _language(number), _no_link)
    share = (number + random.random() * 0.9) / count
    return Post(
        title=title_of(number),
        slug=slug_of(number),
        published=(BEGIN + YEARS * share).replace(microsecond=0),
        tags=tuple(random.sample(TAGS, random.randint(2, 5))),
        summary=" ".join(prose.sentence(plain=True) for _ in range(2)),
        body=body_of(number),
        picture=picture_of(number),
    )


def title_of(number: int) -> str:
    """Return a post's title; titles may repeat, slugs do not."""
    return Prose(_random(number, "title"), _language(number), _no_link).title()


def slug_of(number: int) -> str:
    """Return the last part of a post's address: its title in ASCII, and its number."""
    words = title_of(number).lower().translate(_UMLAUTS)
    return f"{'-'.join(words.split())[:60].rstrip('-')}-{number:05d}"


def picture_of(number: int) -> str:
    """Return the name of a post's picture: one post of twenty has one, and one of four is a PNG."""
    if number % 20 != 7:  # noqa: PLR2004 - one of twenty
        return ""
    return f"picture-{number:05d}.{'jpg' if number // 20 % 4 else 'png'}"


def body_of(number: int) -> str:
    """Return the Markdown of a post: five to eight sections, and what they have beside text."""
    random = _random(number, "body")
    prose = Prose(random, _language(number), lambda dice: _link(dice, number))
    sections = random.randint(5, 8)
    wanted = _length(random) / (sections + 1)
    notes: list[str] = []
    extras = _extras(random, prose, notes, picture_of(number))
    places = [random.randrange(sections) for _ in extras]
    blocks = [prose.paragraph(wanted)]
    for section in range(sections):
        own = [extra for extra, place in zip(extras, places, strict=True) if place == section]
        depth = 2 if section == 0 or random.random() < 0.65 else 3  # noqa: PLR2004 - two of three
        first, *others = _text(prose, wanted)
        blocks += [prose.heading(depth), first, *own, *others]
    return "\n\n".join(blocks + notes) + "\n"


def _length(random: Random) -> float:
    """Return how many words of text a post has: about six hundred, a few have thousands."""
    middle = math.log(_WORDS) - _SPREAD**2 / 2  # so that the mean is _WORDS, not the median
    return min(5000, max(120, random.lognormvariate(middle, _SPREAD)))


def _text(prose: Prose, wanted: float) -> Iterator[str]:
    """Yield paragraphs of about so many words together; at least one."""
    words = 0
    while words < wanted * 0.62:
        paragraph = prose.paragraph(wanted)
        words += len(paragraph.split())
        yield paragraph


def _extras(random: Random, prose: Prose, notes: list[str], picture: str) -> list[str]:
    """Return code, lists, a quote, a table, footnotes and a picture, where the dice say so."""
    extras = [snippet(random) for _ in range(random.choice((0, 0, 1, 1, 2, 3, 4)))]
    for chance, make in (
        (0.6, prose.bullets),
        (0.3, prose.steps),
        (0.4, prose.quote),
        (0.25, prose.table),
    ):
        if random.random() < chance:
            extras.append(make())
    if random.random() < 0.25:  # noqa: PLR2004 - one of four
        for note in range(1, random.randint(2, 4)):
            paragraph, footnote = prose.footnote(note)
            extras.append(paragraph)
            notes.append(footnote)
    if picture:
        extras.append(f"![{' '.join(prose.words(4))}](/images/{picture})")
    return extras


def _link(random: Random, number: int) -> str:
    """Return a link to an earlier post; the first has none to link to."""
    if number == 0:
        return ""
    other = random.randrange(max(0, number - REACH), number)
    return f"[{title_of(other)}](/posts/{slug_of(other)}/)"


def _no_link(_: Random) -> str:
    return ""


def _language(number: int) -> tuple[str, ...]:
    return language_of(_random(number, "language"))


def _random(number: int, purpose: str) -> Random:
    """Return dice of their own for each purpose: a change of one changes none of the others."""
    return Random(f"{SEED}: {purpose} {number}")  # noqa: S311 - for play, not for secrets
