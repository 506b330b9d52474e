"""A run: everybody in turn, failures named, nothing lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.contestants import Contestant
from benchmarks.measure import Failed, run, tree_of
from benchmarks.race import Plan, race
from benchmarks.report import Report
from benchmarks.workshop import Workshop

HOUSE = Path(__file__).parents[2]

COPY = """
import pathlib
out = pathlib.Path("out")
posts = list(pathlib.Path("content/posts").glob("*.md"))
for post in posts:
    page = out / "posts" / post.stem / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(post.read_text("utf-8"), "utf-8")
links = "".join(f"/posts/{post.stem}/" for post in posts if post.stem != FORGOTTEN)
(out / "index.html").write_text(links, "utf-8")
"""


def copier(name, program="python3", forgotten=""):
    """A generator that puts each post where its page should be."""
    return Contestant(
        name=name,
        title=name.title(),
        program=(program,),
        build=("-c", COPY.replace("FORGOTTEN", repr(forgotten))),
        serve=(),
        version=("-c", "print('copy 1.2.3')"),
        output="out",
        template="layouts/page.html",
    )


def raced(tmp_path, *contestants, rows=("cold", "edit", "title", "post"), runs=2):
    said = []
    blank = Report("2026-02-03T04:05:06+00:00", 8, runs, {}, {})
    plan = Plan(contestants, size=8, runs=runs, rows=rows)
    *_, last = race(plan, Workshop(tmp_path, tell=said.append), blank)
    return last, said


def test_every_row_of_every_contestant_is_measured_as_often_as_asked(tmp_path):
    report, said = raced(tmp_path, copier("hugo"), copier("pelican"))
    assert [(tool.version, tool.problem) for tool in report.tools] == [("1.2.3", "")] * 2
    assert {len(cell.samples) for cell in report.cells} == {2}
    assert len(report.cells) == 8
    assert all(cell.problem == "" for cell in report.cells)
    cold = [line.split()[1] for line in said if line.startswith("  cold")]
    assert cold == ["hugo", "pelican", "pelican", "hugo"]


def test_one_that_cannot_be_started_costs_the_others_nothing(tmp_path):
    report, _ = raced(tmp_path, copier("hugo", "no-such-generator"), copier("pelican"))
    hugo, pelican = report.tools
    assert "no-such-generator cannot be started" in hugo.problem
    assert pelican.problem == ""
    assert {cell.tool for cell in report.cells} == {"pelican"}


def test_a_build_that_does_not_show_the_change_is_a_failure(tmp_path):
    report, _ = raced(tmp_path, copier("hugo", forgotten="added-00003"), runs=1)
    assert report.cell("post", "hugo").problem == "index.html does not show the change"
    assert report.cell("edit", "hugo").problem == ""


def test_a_failing_program_is_told_by_its_last_words(tmp_path):
    script = "print('first'); print('alas'); raise SystemExit(3)"
    with pytest.raises(Failed, match=r"exit status 3: first ⏎ alas"):
        run((sys.executable, "-c", script), tmp_path, {}, tmp_path / "log")


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_time_and_memory_of_all_processes_count(tmp_path):
    script = (
        "import os, time; pid = os.fork(); block = bytearray(os.urandom(1)) * 40_000_000;"
        "end = time.process_time() + 0.2;\n"
        "while time.process_time() < end: pass\n"
        "pid and os.waitpid(pid, 0)"
    )
    sample = run((sys.executable, "-c", script), tmp_path, {}, tmp_path / "log")
    assert sample.cpu > 0.4
    assert sample.memory > 70_000_000


def test_the_tree_of_processes_is_what_one_started(tmp_path):
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
        while len(tree := list(tree_of(process.pid))) < 2:
            assert process.poll() is None
        assert tree[0] == process.pid
        process.communicate(b"\n")


@pytest.mark.server
def test_litfass_takes_part(tmp_path):
    """The whole program, on a blog small enough for a test."""
    out = tmp_path / "out.json"
    rows = ("cold", "edit", "tag", "template", "serve", "floor")
    options = ("--size", "30", "--runs", "1", "--only", "litfass", "--rows", *rows)
    where = ("--folder", tmp_path / "work", "--out", out)
    command = [sys.executable, "-m", "benchmarks", *options, *where]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    cells = json.loads(out.read_text("utf-8"))["cells"]
    assert {cell["row"] for cell in cells} == set(rows)
    assert all(len(cell["samples"]) == 1 for cell in cells)
    assert out.with_suffix(".svg").read_text("utf-8").startswith("<svg")
