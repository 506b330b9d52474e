"""Sentences that mean nothing, with the markup that a blog's sentences have."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from random import Random

from benchmarks.vocabulary import ENGLISH, GERMAN, NAMES

__all__ = ["Prose", "language_of"]

Link = Callable[[Random], str]
"""A Markdown link to an earlier post, or nothing where there is none."""

_WEIGHTS = {
    words: tuple(accumulate(1 / rank for rank in range(8, 8 + len(words))))
    for words in (ENGLISH, GERMAN)
}
_SHORT = 3
_COMMA_FROM = 10  # words, from which on a sentence may have a comma


def language_of(random: Random) -> tuple[str, ...]:
    """Return the words of a post's language: three posts of ten are German."""
    return GERMAN if random.random() < 0.3 else ENGLISH  # noqa: PLR2004 - said above


class Prose:
    """A hand that writes: the same words again from the same random numbers."""

    def __init__(self, random: Random, language: tuple[str, ...], link: Link) -> None:
        self._random = random
        self._language = language
        self._link = link

    def words(self, count: int) -> list[str]:
        """Return words as often as they are used."""
        weights = _WEIGHTS[self._language]
        return self._random.choices(self._language, cum_weights=weights, k=count)

    def title(self) -> str:
        """Return a title of a few of the longer words."""
        wanted = self._random.randint(3, 6)
        longer = [word for word in self.words(14) if len(word) > _SHORT][:wanted] or ["Notes"]
        return _begun(" ".join(longer))

    def heading(self, depth: int) -> str:
        """Return a heading of two to five words."""
        return f"{'#' * depth} {_begun(' '.join(self.words(self._random.randint(2, 5))))}"

    def sentence(self, *, plain: bool = False) -> str:
        """Return a sentence of about fourteen words; one of four has markup, unless plain."""
        words = self.words(max(4, round(self._random.gauss(14, 5))))
        words[0] = _begun(words[0])
        if len(words) >= _COMMA_FROM and self._random.random() < 0.5:  # noqa: PLR2004 - half of them
            words[self._random.randrange(3, len(words) - 4)] += ","
        if not plain:
            place = self._random.randrange(1, len(words) - 1)
            words[place] = self._marked(words[place])
        return " ".join(words) + self._random.choice((".", ".", ".", ".", ".", "!", "?"))

    def sentences(self, least: int, most: int) -> list[str]:
        """Return so many sentences."""
        return [self.sentence() for _ in range(self._random.randint(least, most))]

    def paragraph(self, wanted: float) -> str:
        """Return a paragraph for a section of so many words."""
        return " ".join(self.sentences(1, 2 + min(4, int(wanted // 30))))

    def bullets(self) -> str:
        """Return a list of three to six, some with one below."""
        lines = []
        for sentence in self.sentences(3, 6):
            lines.append(f"- {sentence}")
            if self._random.random() < 0.2:  # noqa: PLR2004 - one of five
                lines.append(f"    - {self.sentence()}")
        return "\n".join(lines)

    def steps(self) -> str:
        """Return a numbered list."""
        return "\n".join(f"{place}. {one}" for place, one in enumerate(self.sentences(3, 6), 1))

    def quote(self) -> str:
        """Return what somebody else is said to have said."""
        return "\n".join(f"> {sentence}" for sentence in self.sentences(1, 3))

    def table(self) -> str:
        """Return a table of words, with a number at the end of each row."""
        columns = self._random.randint(3, 4)
        rows = [
            [_begun(word) for word in self.words(columns)],
            ["---"] * (columns - 1) + ["---:"],
            *(
                [*self.words(columns - 1), str(self._random.randrange(10_000))]
                for _ in range(self._random.randint(3, 7))
            ),
        ]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def footnote(self, number: int) -> tuple[str, str]:
        """Return a paragraph that has a footnote, and the footnote."""
        text = self.sentence(plain=True)[:-1]  # "![" would begin a picture
        return f"{text}.[^{number}]", f"[^{number}]: {self.sentence(plain=True)}"

    def _marked(self, word: str) -> str:
        """Return the word emphasised, as code, linked or quoted, or mostly as it is."""
        bare = word.rstrip(",")
        match self._random.choices(tuple(_MARKS), cum_weights=tuple(_MARKS.values()))[0]:
            case "plain":
                return word
            case "code":
                return f"`{self._random.choice(NAMES)}_{self._random.choice(NAMES)}`"
            case "post":
                return self._link(self._random) or word
            case "away":
                place = f"{self._random.choice(NAMES)}/{self._random.randrange(1000)}"
                return f"[{bare}](https://example.org/{place})"
            case mark:
                return mark.format(bare)


_MARKS = dict(
    zip(
        ("*{}*", "**{}**", "code", "post", "away", '"{}"', "{} --", "plain"),
        accumulate((6, 5, 6, 3, 1.5, 2.5, 1, 75)),
        strict=True,
    )
)
"""How a word is marked, and up to which of a hundred throws."""


def _begun(text: str) -> str:
    """Return the text with a capital at the beginning, and the rest as it is."""
    return text[:1].upper() + text[1:]
