"""A report as a picture: bars in SVG, light or dark as the reader's screen, and a text for ears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from benchmarks.report import Report, Spread, Tool
from benchmarks.table import seconds

__all__ = ["CHARTED", "chart"]

CHARTED = {
    "cold": "Cold build",
    "edit": "Build after one edit",
    "serve": "Preview: saved → page is new",
}
"""The rows in the picture, and what they are called there."""

OURS = "litfass"
WIDTH = 720
LABEL = 96  # left of the bars
VALUE = 84  # right of the longest
BAR, GAP = 18, 8
TITLE, PANEL = 58, 44  # room for the heading, and for a panel's own
FOOT = 30

_OPENING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
width="{width}" height="{height}" role="img" aria-labelledby="title desc">"""

STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #24292f }
.heading { font-size: 16px; font-weight: 600 }
.panel { font-weight: 600 }
.small { font-size: 12px; fill: #57606a }
.bar { fill: #8c959f }
.ours { fill: #b3261e }
.spread { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .small { fill: #9198a1 }
  .bar { fill: #6e7681 }
  .ours { fill: #ff8a7a }
  .spread { stroke: #e6edf3 }
}"""


@dataclass(frozen=True, slots=True)
class _Bar:
    tool: Tool
    spread: Spread


def chart(report: Report) -> str:
    """Return the picture as a whole SVG document: a panel a row, a bar a tool."""
    panels = {row: bars for row in CHARTED if (bars := _bars(report, row))}
    drawn: list[str] = []
    top = TITLE
    for row, bars in panels.items():
        drawn += _panel(CHARTED[row], bars, top)
        top += PANEL + len(bars) * (BAR + GAP)
    height = top + FOOT
    heading = f"{report.size:,} posts: seconds, less is better"
    lines = (
        _OPENING.format(width=WIDTH, height=height),
        f'<title id="title">{escape(heading)}</title>',
        f'<desc id="desc">{escape(_described(panels))}</desc>',
        f"<style>\n{STYLE}\n</style>",
        _text(0, 24, heading, "heading"),
        *drawn,
        _text(0, height - 10, _source(report), "small"),
        "</svg>\n",
    )
    return "\n".join(lines)


def _bars(report: Report, row: str) -> list[_Bar]:
    """Return what was measured of a row, in the order of the tools."""
    found = ((tool, report.cell(row, tool.name)) for tool in report.tools)
    spreads = ((tool, cell.spread("wall")) for tool, cell in found if cell)
    return [_Bar(tool, spread) for tool, spread in spreads if spread]


def _panel(title: str, bars: list[_Bar], top: int) -> Iterator[str]:
    scale = (WIDTH - LABEL - VALUE) / max(bar.spread.most for bar in bars)
    yield _text(0, top + 16, title, "panel")
    for place, bar in enumerate(bars):
        yield from _drawn(bar, top + 28 + place * (BAR + GAP), scale)


def _drawn(bar: _Bar, top: int, scale: float) -> Iterator[str]:
    """Yield a bar, a line from the least to the most, and the median in digits."""
    spread, middle = bar.spread, top + BAR / 2
    kind = "bar ours" if bar.tool.name == OURS else "bar"
    width = max(1.0, spread.middle * scale)
    yield _text(0, top + 14, bar.tool.title)
    yield f'<rect class="{kind}" x="{LABEL}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>'
    least, most = LABEL + spread.least * scale, LABEL + spread.most * scale
    if most > least:
        yield f'<path class="spread" d="M{least:.1f} {middle:.0f}H{most:.1f}"/>'
    yield _text(max(LABEL + width, most) + 8, top + 14, f"{seconds(spread.middle)} s")


def _described(panels: dict[str, list[_Bar]]) -> str:
    sentences = (
        f"{CHARTED[row]}: "
        + ", ".join(f"{bar.tool.title} {seconds(bar.spread.middle)} seconds" for bar in bars)
        for row, bars in panels.items()
    )
    return ". ".join(sentences) + "."


def _source(report: Report) -> str:
    versions = ", ".join(f"{tool.title} {tool.version}" for tool in report.tools if tool.version)
    machine = f"{report.machine['processor']}, {report.machine['cores']} cores"
    if disk := report.machine.get("disk"):
        machine += f", {disk}"
    return f"{report.date[:10]} · {machine} · {versions}"


def _text(left: float, top: float, text: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{left:.0f}" y="{top:.0f}">{escape(text)}</text>'
