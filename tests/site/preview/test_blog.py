"""The preview of a real blog, built by Litfass itself, seen in a headless Chromium."""

from pathlib import Path

import pytest

from litfass.preview.printing import OUTPUT, printer

SETTINGS = '[site]\ntitle = "{title}"\nurl = "https://blog.example/notes"\n'
POST = "---\ntitle: First\ndate: {date}\ndraft: {draft}\n---\n\n{words}\n\n![A dot](/dot.svg)\n"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="9"><circle r="4"/></svg>'


class Blog:
    """A blog's folder, and what a writer changes in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def post(self, words: str, *, date: str = "2026-05-01", draft: str = "false") -> None:
        self.write("posts/first.md", POST.format(words=words, date=date, draft=draft))


@pytest.fixture
def blog(tmp_path) -> Blog:
    blog = Blog(tmp_path / "blog")
    blog.write("litfass.toml", SETTINGS.format(title="Notes"))
    blog.write("static/dot.svg", DOT.format(size=8))
    blog.post("Hello.")
    return blog


@pytest.fixture
def running(blog, run):
    return run(printer(blog.root, drafts=True, future=True), blog.root)


def test_links_stay_on_this_machine_and_the_deployed_folder_is_left_alone(blog, running):
    page = running.get("/notes/2026/05/first/").text
    assert f'href="{running.address}2026/05/first/"' in page
    assert "blog.example" not in page
    assert not (blog.root / "public").exists()
    assert (blog.root / OUTPUT / "2026/05/first/index.html").is_file()


def test_drafts_and_posts_of_the_future_are_shown(blog, run):
    blog.post("Soon.", date="2999-01-01", draft="true")
    assert (
        run(printer(blog.root, drafts=True, future=True), blog.root)
        .get("/notes/2999/01/first/")
        .status
        == 200
    )


@pytest.mark.browser
def test_the_comforts_of_the_theme_are_there_after_an_edit(blog, running, browser):
    code = "```python\nprint('{}')\n```"
    blog.post(code.format("one"))
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{running.address}2026/05/first/")
    page.locator("button.copy").wait_for()
    page.evaluate("window.here = true")
    blog.post(code.format("two") + "\n\nAnd words.")
    page.get_by_text("And words.").wait_for()
    page.locator("button.copy").wait_for()
    page.locator("button.lamp").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert page.evaluate("window.here") is True


@pytest.mark.browser
def test_every_kind_of_change_is_seen(blog, running, browser):
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{running.address}2026/05/first/")
    page.get_by_text("Hello.").wait_for()

    blog.post("Changed words.")
    page.get_by_text("Changed words.").wait_for()

    blog.write("litfass.toml", SETTINGS.format(title="Another title"))
    page.get_by_text("Another title").first.wait_for()

    blog.write("static/dot.svg", DOT.format(size=77))
    page.locator("img[alt='A dot'][width='77']").wait_for()

    blog.write("templates/_footer.html", "<footer>My own footer</footer>")
    page.get_by_text("My own footer").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ("---\ntitle: First\ndate: yesterday\n---\n\nHello.\n", "posts/first.md:3"),
        ("---\ndate: 2026-05-01\n---\n\n[so](gone.md)\n", "posts/first.md:5"),
        ('[site]\ntitel = "Notes"\nurl = "https://a.example"\n', "litfass.toml:2"),
        ("<footer>\n{{ nothing.of.this }}", "templates/_footer.html:2"),
        ("<footer>\n{% if %}", "templates/_footer.html:2"),
    ],
)
def test_every_kind_of_mistake_is_shown_and_goes_when_mended(blog, running, browser, broken, place):
    name = place.partition(":")[0]
    blog.write("templates/_footer.html", "<footer>Fine</footer>")
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{running.address}2026/05/first/")
    good = (blog.root / name).read_text("utf-8")
    blog.write(name, broken)
    page.get_by_role("alert").get_by_text(place).first.wait_for()
    assert page.get_by_text("Hello.").count() == 1
    blog.write(name, good)
    page.get_by_role("alert").wait_for(state="detached")
