"""The preview as a writer sees it: in a headless Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest

from litfass.errors import Problem, Problems
from litfass.preview.edition import Proof, Touched

pytestmark = pytest.mark.browser

HEAD = '<meta charset="utf-8"><link rel="stylesheet" href="/style.css">'
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"></svg>'
LONG = "<p style='height:300vh'>A long way</p>"


@pytest.fixture
def blog(tmp_path) -> Path:
    root = tmp_path / "blog"
    (root / "posts").mkdir(parents=True)
    (root / "static").mkdir()
    (root / "templates").mkdir()
    write(root, "posts/one.txt", "First words")
    write(root, "static/style.css", "p { color: rgb(1, 1, 1) }")
    write(root, "static/picture.svg", PICTURE.format(10))
    write(root, "templates/head.html", HEAD)
    return root


@pytest.fixture
def builder(blog) -> Callable[[str, Touched], Proof]:
    """Return what builds one page of `posts/one.txt`, and copies the style sheet."""
    public = blog / ".litfass" / "preview"

    def build(_: str, _touched: Touched = None) -> Proof:
        words = (blog / "posts" / "one.txt").read_text("utf-8")
        if words.startswith("broken"):
            problem = Problem(f"cannot be read: {words}", "Write it anew.", "posts/one.txt", 7)
            raise Problems([problem, Problem("is odd", path="posts/two.txt")])
        head = (blog / "templates/head.html").read_text("utf-8")
        page = f"<!doctype html><html><head>{head}</head><body><p>{words}</p>{LONG}</body></html>"
        static = {path.name: path.read_text("utf-8") for path in (blog / "static").iterdir()}
        files = {"index.html": page, **static}
        public.mkdir(parents=True, exist_ok=True)
        changed = [name for name, text in files.items() if write(public, name, text)]
        return Proof(public, "/", tuple(changed), len(files))

    return build


@pytest.fixture
def page(blog, builder, run, browser):
    """A page of the running preview, with no error in its console at the end."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    mistakes = []

    def noted(error) -> None:  # playwright cannot call a list's own method
        mistakes.append(error)

    page.on("pageerror", noted)
    page.goto(run(builder, blog).address)
    yield page
    page.close()
    assert mistakes == []


def write(root: Path, name: str, text: str) -> bool:
    """Write a file; tell whether that changed it."""
    path = root / name
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def test_an_edit_is_seen_without_a_hand_and_the_place_is_kept(blog, page):
    page.evaluate("scrollTo(0, 321)")
    write(blog, "posts/one.txt", "Second words")
    page.get_by_text("Second words").wait_for()
    page.wait_for_function("scrollY === 321")
    page.wait_for_function("history.scrollRestoration === 'auto'")


def test_an_edit_takes_its_place_in_a_page_that_stays(blog, page):
    page.evaluate("window.here = true")
    write(blog, "templates/head.html", f"{HEAD}<title>Other title</title>")
    write(blog, "posts/one.txt", "Second words")
    page.get_by_text("Second words").wait_for()
    page.wait_for_function("document.title === 'Other title'")
    write(blog, "posts/one.txt", "Third words")
    page.get_by_text("Third words").wait_for()
    assert page.evaluate("window.here") is True


RUNS = "window.runs = (window.runs ?? 0) + 1"


def test_a_script_runs_again_if_it_asks_for_it(blog, page):
    scripts = f'<script data-preview="once">{RUNS}</script>'
    scripts += f'<script data-preview="again">{RUNS}; document.body?.append("ran")</script>'
    write(blog, "templates/head.html", HEAD + scripts)
    page.wait_for_function("window.runs === 2")
    write(blog, "posts/one.txt", "Second words")
    page.get_by_text("Second words").wait_for()
    page.wait_for_function("window.runs === 3 && document.body.textContent.includes('ran')")


@pytest.mark.parametrize(
    "change",
    [
        lambda blog: write(blog, "posts/one.txt", "Second words<script>let it = 1</script>"),
        lambda blog: write(blog, "templates/head.html", f"{HEAD}<script>let it = 1</script>"),
        lambda blog: write(blog, "templates/head.html", f"{HEAD}<style>p {{ margin: 0 }}</style>"),
        lambda blog: write(blog, "static/picture.svg", PICTURE.format(20)),
    ],
)
def test_what_a_page_would_not_notice_loads_it_anew(blog, page, change):
    for _ in range(2):  # and what has such a script is loaded anew for other edits, too
        page.evaluate("window.here = true")
        change(blog)
        page.wait_for_function("window.here !== true")
        change = lambda blog: write(blog, "posts/one.txt", "More<script>let more = 1</script>")  # noqa: E731


def test_a_picture_that_has_changed_is_seen(blog, page):
    write(blog, "posts/one.txt", '<img src="/picture.svg">')
    page.wait_for_function("document.querySelector('img')?.naturalWidth === 10")
    write(blog, "static/picture.svg", PICTURE.format(20))
    page.wait_for_function("document.querySelector('img')?.naturalWidth === 20")


def test_a_style_sheet_that_is_changed_together_with_a_page_is_seen(blog, page):
    write(blog, "static/style.css", "p { color: rgb(9, 9, 9) }")
    write(blog, "posts/one.txt", "Second words")
    page.get_by_text("Second words").wait_for()
    page.wait_for_function("getComputedStyle(document.querySelector('p')).color === 'rgb(9, 9, 9)'")


def test_a_style_sheet_is_changed_without_a_reload(blog, page):
    page.evaluate("window.here = true")
    write(blog, "static/style.css", "p { color: rgb(9, 9, 9) }")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('p')).color === 'rgb(9, 9, 9)'"
        " && document.querySelectorAll('link').length === 1"
    )
    assert page.evaluate("window.here") is True


def test_a_mistake_lies_over_the_page_until_it_is_mended(blog, page):
    page.evaluate("window.here = true")
    write(blog, "posts/one.txt", "broken")
    alert = page.get_by_role("alert")
    alert.wait_for()
    words = alert.inner_text()
    for expected in ("2 problems", "posts/one.txt:7", "cannot be read", "Write it anew.", "is odd"):
        assert expected in words
    assert page.get_by_text("First words").count() == 1
    write(blog, "posts/one.txt", "First words")
    alert.wait_for(state="detached")
    assert page.evaluate("window.here") is True


def test_the_overlay_shows_words_and_never_html(blog, page):
    write(blog, "posts/one.txt", "broken <img src=x onerror='window.harmed = true'>")
    page.get_by_text("<img src=x").wait_for()
    assert page.evaluate("window.harmed") is None


def test_a_theme_cannot_hide_or_dress_the_overlay(blog, page):
    harsh = "* { display: none !important; opacity: 0 !important; color: red !important }"
    write(blog, "static/style.css", harsh)
    page.wait_for_function("getComputedStyle(document.body).display === 'none'")
    write(blog, "posts/one.txt", "broken")
    page.get_by_text("posts/one.txt:7").wait_for(state="attached")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('litfass-problems')).opacity") == "1"
    )


def test_the_overlay_can_be_put_away(blog, page):
    ways = (lambda: page.keyboard.press("Escape"), page.get_by_role("button", name="Hide").click)
    for number, put_away in enumerate(ways):
        write(blog, "posts/one.txt", f"broken {number}")
        page.get_by_text(f"broken {number}").wait_for()
        put_away()
        page.get_by_role("alert").wait_for(state="detached")


def test_a_preview_that_starts_broken_shows_the_page_once_mended(blog, builder, run, browser):
    write(blog, "posts/one.txt", "broken")
    page = browser.new_page()
    page.goto(run(builder, blog).address + "anywhere/")
    page.get_by_text("posts/one.txt:7").wait_for()
    page.goto(page.url.replace("anywhere/", ""))
    page.get_by_text("posts/one.txt:7").wait_for()
    write(blog, "posts/one.txt", "Mended words")
    page.get_by_text("Mended words").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_a_folder_that_appears_or_comes_back_is_watched(blog, page):
    for number in range(2):
        folder = blog / "posts"
        folder.rename(blog / f"aside-{number}")
        page.get_by_role("alert").wait_for()
        folder.mkdir()
        write(blog, "posts/one.txt", f"Anew {number}")
        page.get_by_text(f"Anew {number}").wait_for()
        write(blog, "posts/one.txt", f"Again {number}")
        page.get_by_text(f"Again {number}").wait_for()
