"""A text before it is parsed: its white space, its fences and its HTML.

Each of these steps looks at every line. Where the text has nothing of what a step looks for, the
step would return it as it is; and only lines with a fence can begin or end one.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions.md_in_html import HtmlBlockPreprocessor
from markdown.preprocessors import NormalizeWhitespace
from pymdownx.superfences import SuperFencesBlockPreprocessor

_UNEVEN = re.compile(r"[\x02\x03\r\t]")
_BLANK = re.compile(r"\n +(?:\n|\Z)")
_HTML = re.compile(r"<|&[#a-zA-Z]")


def quicken(engine: Markdown) -> None:
    """Let an engine prepare its texts quickly."""
    steps = engine.preprocessors
    steps.register(_Whitespace(engine), "normalize_whitespace", 30)
    if type(steps["html_block"]) is HtmlBlockPreprocessor:
        steps.register(_HtmlBlocks(engine), "html_block", 20)
    if type(steps["fenced_code_block"]) is SuperFencesBlockPreprocessor:
        _quicken_fences(engine, steps["fenced_code_block"])


def _quicken_fences(engine: Markdown, stock: SuperFencesBlockPreprocessor) -> None:
    fences = _Fences(engine)
    fences.config, fences.extension = stock.config, stock.extension
    for kind in fences.extension.superfences:
        if kind["formatter"] == stock.highlight:
            kind["formatter"] = fences.highlight
    engine.preprocessors.register(fences, "fenced_code_block", 25)


class _Whitespace(NormalizeWhitespace):
    """Makes white space even."""

    def run(self, lines: list[str]) -> list[str]:
        """Return lines with nothing but spaces in them, and none of those on empty lines."""
        text = "\n".join(lines)
        if _UNEVEN.search(text) or _BLANK.search(text):
            return super().run(lines)
        return [*lines, "", ""]


class _HtmlBlocks(HtmlBlockPreprocessor):
    """Puts blocks of HTML aside."""

    def run(self, lines: list[str]) -> list[str]:
        """Return lines with placeholders for blocks of HTML."""
        return super().run(lines) if any(map(_HTML.search, lines)) else lines


class _Fences(SuperFencesBlockPreprocessor):  # type: ignore[misc]
    """Puts fenced code aside."""

    def search_nested(self, lines: list[str]) -> list[str]:
        """Return lines with placeholders for the code between fences.

        Between two fences at the margin, every line is code. From a fence that is indented or
        quoted, pymdownx looks at line after line.
        """
        fences = [place for place, line in enumerate(lines) if "```" in line or "~~~" in line]
        done: list[str] = []
        rest = 0
        for place in fences:
            if place < rest:
                continue
            done += lines[rest:place]
            rest = place
            super().search_nested([lines[place]])
            if self.fence and self.ws:
                self.clear()
                return [*done, *super().search_nested(lines[place:])]
            if self.fence:
                ends = (end for end in fences if end > place and self.fence_end.match(lines[end]))
                if (end := next(ends, None)) is None:
                    break
                done += self._stashed(lines[place : end + 1])
                rest = end + 1
        return done + lines[rest:]

    def _stashed(self, lines: list[str]) -> list[str]:
        """Return what stands for the code between the first and the last of some lines."""
        self.code = lines[1:-1]
        self.eval_fence("", lines[-1], 0, len(lines))
        return list(self.reassemble(lines))
