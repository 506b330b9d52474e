"""Results: kept, judged, and shown in a table and a picture."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from rich.console import Console
from tests.benchmarks.reports import MIB, REPORT, SIZE, cell

from benchmarks.chart import chart
from benchmarks.goals import GOALS, judge
from benchmarks.report import Spread, read, write
from benchmarks.table import limit_of, shown

SVG = "{http://www.w3.org/2000/svg}"


def verdict(title, report=REPORT):
    (found,) = (one for one in judge(report) if one.goal.title == title)
    return found


def printed(report):
    console = Console(width=80)
    with console.capture() as capture:
        console.print(shown(report))
    return capture.get()


def test_a_report_is_read_as_it_was_written(tmp_path):
    write(REPORT, tmp_path / "results" / "one.json")
    assert read(tmp_path / "results" / "one.json") == REPORT


def test_the_middle_is_the_median_and_the_spread_is_from_least_to_most():
    assert REPORT.cell("cold", "hugo").spread("wall") == Spread(5.0, 4.5, 9.0)
    assert REPORT.cell("serve", "hugo").spread("wall") is None


@pytest.mark.parametrize(
    ("title", "measured", "reached"),
    [
        ("cold build, beside Hugo", 2.25 / 5, True),
        ("cold build, beside Pelican", None, None),
        ("one body edit", 0.25, True),
        ("one body edit, beside Hugo", 0.25 / 5, False),
        ("peak memory", 225 * MIB, True),
        ("cost per post, largest beside smallest", 1.1, True),
        ("litfass --version, more than python", 0.04, True),
        ("saved → new HTML, 10,000 posts", None, None),
    ],
)
def test_a_goal_is_judged_by_medians(title, measured, reached):
    found = verdict(title)
    assert found.measured == (None if measured is None else pytest.approx(measured))
    assert found.reached is reached


def test_a_goal_for_another_size_is_judged_as_a_hint_only():
    cells = tuple(replace(one, size=1000) for one in REPORT.cells if one.row == "edit")
    small = replace(REPORT, size=1000, cells=cells)
    assert verdict("one body edit").stated
    assert not verdict("one body edit", small).stated
    assert "(reached)" in printed(small)


def test_limits_are_said_in_their_own_units():
    said = {goal.title: limit_of(goal, goal.limit) for goal in GOALS}
    assert said["peak memory"] == "250 MiB"
    assert said["one body edit"] == "400 ms"
    assert said["cold build, beside Hugo"] == "0.500 ×"


def test_the_table_has_medians_spreads_and_how_many_times_ours():
    lines = [" ".join(line.split()) for line in printed(REPORT).splitlines()]
    assert "Litfass 2.250 2.000–2.500 4.500 225" in lines
    assert "Hugo 5.000 4.500–9.000 10.0 500 2.2" in lines
    assert "1,000 posts 1.000 1.000–1.000 2.000 100 2.00" in lines


def test_the_table_names_who_failed_and_why():
    text = " ".join(printed(REPORT).split())
    assert "Pelican did not take part: pip failed: no space" in text
    assert "hugo failed at 'serve': it never answered" in text


def test_the_picture_has_a_bar_for_each_tool_as_long_as_its_median():
    root = ET.fromstring(chart(REPORT))
    bars = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")]
    assert len(bars) == 4
    assert bars[0] / bars[1] == pytest.approx(2.25 / 5, rel=0.01)
    assert [bar.get("class") for bar in root.iter(f"{SVG}rect")] == ["bar ours", "bar"] * 2


def test_the_picture_can_be_heard_and_is_dark_in_the_dark():
    text = chart(REPORT)
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    named = {one.get("id") for one in root if one.get("id")}
    assert set(root.get("aria-labelledby").split()) == named
    assert "Cold build: Litfass 2.250 seconds, Hugo 5.000 seconds" in root.find(f"{SVG}desc").text
    assert "prefers-color-scheme: dark" in text
    assert "Abacus <2>, 2 cores" in "".join(root.itertext())


def test_a_picture_of_nothing_is_a_picture_still():
    assert ET.fromstring(chart(replace(REPORT, cells=()))).tag == f"{SVG}svg"


def test_the_numbers_of_another_size_are_not_mixed_in():
    both = replace(REPORT, cells=(*REPORT.cells, cell("cold", "litfass", 99.0, size=SIZE * 10)))
    assert both.middle("cold", "litfass", "wall") == 2.25
