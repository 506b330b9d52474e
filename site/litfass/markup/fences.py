"""Fenced code, put aside and coloured: pymdownx's superfences, which here look at some lines only.

Only a line with a fence can begin or end fenced code, and between two fences at the margin every
line is code. What asks for more than colours (line numbers, a title, attributes) and what is
indented or quoted is left to pymdownx.
"""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from pymdownx.superfences import SuperFencesBlockPreprocessor

from litfass.markup.code import MARKS, NoStyle, coloured


def quicken(engine: Markdown) -> None:
    """Let an engine find and colour fenced code quickly."""
    stock: Any = engine.preprocessors["fenced_code_block"]
    if type(stock) is not SuperFencesBlockPreprocessor:
        return
    fences = _Fences(engine)
    fences.config, fences.extension = stock.config, stock.extension
    for kind in fences.extension.superfences:
        if kind["formatter"] == stock.highlight:
            kind["formatter"] = fences.highlight
    engine.preprocessors.register(fences, "fenced_code_block", 25)
    indented: Any = engine.treeprocessors["indent-highlight"]
    indented.config["pygments_style"] = NoStyle()


class _Fences(SuperFencesBlockPreprocessor):  # type: ignore[misc]
    """Puts fenced code aside."""

    def search_nested(self, lines: list[str]) -> list[str]:
        """Return lines with placeholders for the code between fences."""
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

    def highlight(
        self, src: str = "", language: str = "", options: Any = None, md: Any = None, **more: Any
    ) -> Any:
        """Return code as HTML."""
        if options or any(more.values()) or MARKS.search(src):
            return super().highlight(src, language, options, md, **more)
        self.highlight_ext.pygments_code_block += 1  # as if it had been numbered
        return coloured(src, language)

    def get_hl_settings(self) -> None:
        """Learn how code is to look, but for its colours."""
        super().get_hl_settings()
        self.pygments_style = NoStyle()
