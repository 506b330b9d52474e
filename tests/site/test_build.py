"""What a build makes of a blog, and what it leaves alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from litfass.build import Options, survey
from litfass.errors import LitfassError, OutputError, Problems
from litfass.model import AlsoOn
from litfass.settings import open_blog

POST = "---\ntitle: {title}\ndate: {date}\ntags: [{tags}]\n---\n\n{body}\n"


def post(
    title: str = "Hallo", date: str = "2026-05-01", tags: str = "", body: str = "Ein Text."
) -> str:
    return POST.format(title=title, date=date, tags=tags, body=body)


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def html(root: Path, path: str) -> str:
    return (root / "public" / path).read_text("utf-8")


def complaints(call) -> list[str]:
    """Return the problems of a build that must fail, as a person reads them."""
    with pytest.raises(LitfassError) as caught:
        call()
    return [str(problem) for problem in caught.value.problems()]


def test_a_post_gets_its_page_at_its_permalink(blog, built):
    root = blog({"posts/2026-05-01-hallo.md": post(title="Größe & Maß")})
    built(root)
    page = html(root, "2026/05/hallo/index.html")
    assert "<h1" in page
    assert "Größe &amp; Maß" in page
    assert '<link rel="canonical" href="https://blog.example/2026/05/hallo/">' in page


def test_links_to_files_come_out_as_permalinks_with_their_fragment(blog, built):
    root = blog(
        {
            "posts/2026-05-01-eins.md": post(
                body="[so](2026-05-02-zwei.md#teil) und [da](../pages/info.md)"
            ),
            "posts/2026-05-02-zwei.md": post(
                title="Zwei", body="## Teil\n\n[zurück](/2026/05/eins/)"
            ),
            "pages/info.md": "---\ntitle: Info\n---\n\n[Feed](/feed.xml)",
        }
    )
    built(root)
    assert 'href="/2026/05/zwei/#teil"' in html(root, "2026/05/eins/index.html")
    assert 'href="/info/"' in html(root, "2026/05/eins/index.html")
    assert 'href="/2026/05/eins/"' in html(root, "2026/05/zwei/index.html")


def test_links_begin_with_the_blogs_own_folder(blog, built):
    settings = '[site]\ntitle = "B"\nurl = "https://example.org/blog"\n'
    root = blog(
        {
            "litfass.toml": settings,
            "posts/2026-05-01-a.md": post(body="[b](2026-05-02-b.md) [c](/2026/05/b/)"),
            "posts/2026-05-02-b.md": post(title="B"),
        }
    )
    built(root)
    page = html(root, "2026/05/a/index.html")
    assert page.count('href="/blog/2026/05/b/"') >= 2
    assert "https://example.org/blog/2026/05/a/" in page


def test_images_beside_a_post_come_out_beside_its_page_with_their_size(blog, built):
    root = blog({"posts/2026-05-01-reise/index.md": post(body="![Ein Tor](tor.png)")})
    Image.new("RGB", (12, 34)).save(root / "posts/2026-05-01-reise/tor.png")
    built(root)
    page = html(root, "2026/05/reise/index.html")
    tag = re.search(r"<img[^>]*>", page)[0]
    assert 'src="/2026/05/reise/tor.png"' in tag
    assert 'width="12"' in tag
    assert 'height="34"' in tag
    assert (root / "public/2026/05/reise/tor.png").is_file()


def test_hidden_files_are_published_from_static_alone(blog, built):
    root = blog(
        {
            "posts/a.md": post(),
            "posts/.b.md": post(title="B"),
            "static/.well-known/x": "x",
            "static/.htaccess": "x",
            "static/.DS_Store": "x",
            "static/.gitkeep": "",
        }
    )
    made = built(root).made
    assert {path for path in made if "/." in f"/{path}"} == {".well-known/x", ".htaccess"}
    assert "2026/05/b/index.html" not in made


def test_drafts_and_future_posts_are_left_out_unless_asked_for(blog, built):
    root = blog(
        {
            "posts/2026-05-01-jetzt.md": post(),
            "posts/2027-05-01-bald.md": post(title="Bald", date="2027-05-01"),
            "posts/2026-05-02-halb.md": post(title="Halb").replace("tags", "draft: true\ntags"),
        }
    )
    assert {one.slug for one in built(root).library.posts} == {"jetzt"}
    assert {one.slug for one in built(root, future=True).library.posts} == {"jetzt", "bald"}
    assert {one.slug for one in built(root, drafts=True).library.posts} == {"jetzt", "halb"}


def test_a_post_appears_when_its_time_has_come(blog, built):
    root = blog({"posts/a.md": post(), "posts/b.md": post(title="B", date="2026-12-24 18:00")})
    assert len(built(root).library.posts) == 1
    before = datetime(2026, 12, 24, 16, 59, tzinfo=UTC)  # Berlin is an hour ahead in winter
    assert len(built(root, now=before).library.posts) == 1
    assert len(built(root, now=before.replace(hour=17, minute=0)).library.posts) == 2


def test_a_second_build_makes_nothing(blog, built):
    root = blog({"posts/a.md": post(tags="Holz, Leim"), "static/x.txt": "x"})
    first = built(root)
    before = {path: (root / "public" / path).stat().st_mtime_ns for path in first.made}
    second = built(root)
    assert second.made == ()
    assert {path: (root / "public" / path).stat().st_mtime_ns for path in first.made} == before


def test_an_edited_body_remakes_its_page_and_the_feeds_only(blog, built):
    root = blog(
        {
            f"posts/2026-05-{day:02}-p{day}.md": post(f"P{day}", f"2026-05-{day:02}", "Holz")
            for day in range(1, 29)
        }
    )
    built(root)
    edited = root / "posts/2026-05-02-p2.md"
    edited.write_text(post("P2", "2026-05-02", "Holz", body="Ein Text.\n\nAnders."), "utf-8")
    assert built(root).made == ("2026/05/p2/index.html",)  # too old for the feeds
    newest = root / "posts/2026-05-28-p28.md"
    newest.write_text(post("P28", "2026-05-28", "Holz", body="Ein Text.\n\nAnders."), "utf-8")
    made = {path for path in built(root).made if not path.endswith((".xml", ".json"))}
    assert made == {"2026/05/p28/index.html"}


def test_a_new_post_leaves_full_index_pages_alone(blog, built):
    root = blog(
        {
            f"posts/2026-05-{day:02}-p{day}.md": post(f"P{day}", f"2026-05-{day:02}")
            for day in range(1, 29)
        }
    )
    built(root)
    (root / "posts/2026-06-01-neu.md").write_text(post(title="Neu", date="2026-06-01"), "utf-8")
    made = built(root).made
    assert "index.html" in made
    assert not [path for path in made if path.startswith("page/")]
    assert 'href="/page/1/"' in html(root, "index.html")


def test_a_template_of_the_blog_stands_before_the_themes(blog, built):
    root = blog(
        {
            "posts/a.md": post(),
            "templates/post.html": '{% extends "default/post.html" %}\n'
            '{% block head %}<meta name="own">{% endblock %}',
        }
    )
    built(root)
    assert '<meta name="own">' in html(root, "2026/05/a/index.html")
    (root / "templates/post.html").write_text("{{ post.title }}!", "utf-8")
    assert "2026/05/a/index.html" in built(root).made
    assert html(root, "2026/05/a/index.html") == "Hallo!"


def test_aliases_lead_to_the_post(blog, built):
    root = blog({"posts/a.md": post().replace("tags", "aliases: [/alt/, /noch/aelter.html]\ntags")})
    built(root)
    assert 'href="/2026/05/a/"' in html(root, "alt/index.html")
    assert 'rel="canonical" href="https://blog.example/2026/05/a/"' in html(
        root, "noch/aelter.html"
    )


def test_only_what_was_written_is_ever_removed(blog, built):
    root = blog({"posts/a.md": post(tags="Holz"), "posts/b.md": post(title="B", tags="Leim")})
    built(root)
    foreign = root / "public/2026/05/fremd.txt"
    foreign.write_text("mine", "utf-8")
    (root / "posts/b.md").unlink()
    result = built(root)
    assert "2026/05/b/index.html" in result.removed
    assert not (root / "public/2026/05/b").exists()
    assert not (root / "public/tags/leim").exists()
    assert foreign.read_text("utf-8") == "mine"


def test_what_a_lost_cache_wrote_is_still_removed(blog, built):
    root = blog({"posts/a.md": post(), "posts/b.md": post(title="B")})
    built(root)
    for one in (root / ".litfass").glob("*"):
        one.unlink()
    (root / "posts/b.md").unlink()
    assert "2026/05/b/index.html" in built(root).removed


def test_the_number_of_processes_changes_no_byte(blog, built):
    texts = {
        f"posts/2026-05-01-p{n}.md": post(title=f"P{n}", tags=f"t{n % 7}", body=f'"x" {n}')
        for n in range(90)
    }
    one, two = blog(texts, "one"), blog(texts, "two")
    built(one, jobs=1)
    built(two, jobs=3)
    assert files(one / "public") == files(two / "public")


def test_a_survey_tells_what_a_build_would_do_and_does_nothing(blog):
    root = blog({"posts/a.md": post()})
    seen = survey(open_blog(root), Options(now=datetime(2026, 11, 24, tzinfo=UTC)))
    assert "2026/05/a/index.html" in seen.made
    assert not (root / "public").exists()


def test_each_page_carries_its_revision(blog, built):
    root = blog({"posts/a.md": post()})
    revision = built(root).revisions["a.md"]
    assert f'<meta name="litfass:revision" content="{revision}">' in html(
        root, "2026/05/a/index.html"
    )


def test_where_a_post_was_announced_is_on_its_page(blog, built):
    root = blog({"posts/a.md": post()})
    built(root)
    place = AlsoOn("Mastodon", "https://social.example/@werkstatt/1")
    assert built(root, also_on={"a.md": (place,)}).made == ("2026/05/a/index.html",)
    assert 'href="https://social.example/@werkstatt/1"' in html(root, "2026/05/a/index.html")


# What goes wrong


def test_all_problems_are_told_at_once_and_nothing_is_written(blog, built):
    root = blog(
        {
            "posts/a.md": post(body="Zeile\n\n[tot](gibt-es-nicht.md)\n\n![](fehlt.png)"),
            "posts/b.md": post(title="B"),
        }
    )
    found = complaints(lambda: built(root))
    assert found == [
        'posts/a.md:9: the link "gibt-es-nicht.md" leads nowhere',
        'posts/a.md:11: the image "fehlt.png" leads nowhere',
    ]
    assert not (root / "public").exists()


def test_broken_front_matter_in_several_files_is_told_together(blog, built):
    root = blog(
        {
            "posts/a.md": "---\ntitle: [A\ndate: 2026-05-01\n---\n",
            "posts/b.md": "+++\ntitle = B\n+++\n",
            "posts/c.md": "---\ntitle: C\ndate: gestern\n---\n",
            "posts/d.md": "---\ntitle: D\ndate: 2026-02-30\n---\n",
            "posts/e.md": "---\ntitle: E\n---\n",
        }
    )
    found = "\n".join(complaints(lambda: built(root)))
    for place in ("posts/a.md:", "posts/b.md:2", "posts/c.md:3", "posts/d.md:3", "posts/e.md"):
        assert place in found


def test_a_file_that_is_not_utf8_is_named_with_its_line(blog, built):
    root = blog({"posts/a.md": post()})
    (root / "posts/b.md").write_bytes(b"---\ntitle: B\ndate: 2026-05-01\n---\n\nGr\xfc\xdfe\n")
    assert complaints(lambda: built(root)) == ["posts/b.md:6: is not a text in UTF-8"]


def test_two_posts_with_one_address_are_told(blog, built):
    root = blog(
        {"posts/a.md": post(), "posts/b.md": post(title="B").replace("tags", "slug: a\ntags")}
    )
    (found,) = complaints(lambda: built(root))
    assert "has the same address as" in found
    assert "/2026/05/a/" in found


def test_two_posts_with_one_alias_are_told(blog, built):
    def moved(title):
        return post(title=title).replace("tags", "aliases: [/alt/]\ntags")

    root = blog({"posts/a.md": moved("A"), "posts/b.md": moved("B")})
    found = complaints(lambda: built(root))
    assert found == ["posts/b.md: has the same address as posts/a.md: /alt/"]


def test_terms_of_two_kinds_with_one_address_are_told(blog, built):
    same = '[build]\ntag_permalink = "/t/{slug}/"\ncategory_permalink = "/t/{slug}/"\n'
    site = '[site]\ntitle = "B"\nurl = "https://example.org/"\n'
    both = post(tags="Holz").replace("tags", "categories: [holz]\ntags")
    root = blog({"litfass.toml": site + same, "posts/a.md": both})
    assert complaints(lambda: built(root)) == [
        'the category "holz": has the same address as the tag "Holz": /t/holz/',
        "the list of all categories: has the same address as the list of all tags: /t/",
    ]


def test_two_posts_with_one_id_are_told(blog, built):
    twice = post().replace("tags", "id: x\ntags")
    root = blog({"posts/a.md": twice, "posts/b.md": twice})
    (found,) = complaints(lambda: built(root))
    assert 'has the same "id" as posts/' in found


@pytest.mark.parametrize(
    "line", ["slug: ../../etc", "permalink: /../raus/", "permalink: '/a\\b/'", "aliases: [/../x/]"]
)
def test_an_address_outside_the_public_folder_is_refused(blog, built, line):
    root = blog({"posts/a.md": post().replace("tags", f"{line}\ntags")})
    (found,) = complaints(lambda: built(root))
    assert found.startswith("posts/a.md")
    assert not (root / "public").exists()


def test_no_posts_at_all_is_told(blog, built):
    root = blog({})
    (root / "posts").mkdir()
    assert complaints(lambda: built(root)) == ["posts: there is no post yet"]


def test_a_template_with_a_mistake_is_named_with_its_line_and_nothing_is_written(blog, built):
    root = blog({"posts/a.md": post()})
    built(root)
    before = files(root / "public")
    (root / "templates").mkdir()
    (root / "templates/post.html").write_text("<p>\n{% if %}\n", "utf-8")
    (found,) = complaints(lambda: built(root))
    assert found.startswith("templates/post.html:2: ")
    (root / "templates/post.html").write_text("<p>\n\n{{ pots.title }}\n", "utf-8")
    (found,) = complaints(lambda: built(root))
    assert found.startswith("templates/post.html:3: 'pots' is undefined")
    assert files(root / "public") == before


def test_an_asset_that_is_not_there_is_told_with_its_place(blog, built):
    root = blog({"posts/a.md": post(), "templates/post.html": '<p>\n{{ asset("nix.css") }}'})
    (found,) = complaints(lambda: built(root))
    assert found.startswith('templates/post.html:2: there is no asset "nix.css"')


def test_a_loop_of_links_is_told(blog, built):
    root = blog({"posts/a.md": post()})
    (root / "posts/tief").mkdir()
    (root / "posts/tief/rund").symlink_to(root / "posts")
    assert complaints(lambda: built(root)) == ["posts/tief/rund: goes round in a circle"]


def test_a_link_to_a_draft_is_told(blog, built):
    root = blog(
        {
            "posts/a.md": post(body="[b](b.md)"),
            "posts/b.md": post(title="B").replace("tags", "draft: true\ntags"),
        }
    )
    assert complaints(lambda: built(root)) == [
        'posts/a.md:7: the link "b.md" leads to a draft or a future post'
    ]


def test_something_foreign_in_the_way_is_left_alone(blog, built):
    root = blog({"posts/a.md": post()})
    foreign = root / "public/2026/05/a/index.html/meins.txt"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", "utf-8")
    with pytest.raises(OutputError):
        built(root)
    assert foreign.read_text("utf-8") == "mine"


@contextmanager
def small_disk(place: Path, size: str):
    """Mount a disk of its own at a folder; skip where that is not allowed."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("cannot mount a small disk here: needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_leaves_the_public_folder_as_it_was(blog, built):
    root = blog({"posts/a.md": post()})
    with small_disk(root / "public", "600k"):
        built(root)
        before = files(root / "public")
        (root / "posts/a.md").write_text(post(title="Anders"), "utf-8")
        (root / "static").mkdir()
        (root / "static/gross.bin").write_bytes(os.urandom(1 << 20))
        (found,) = complaints(lambda: built(root))
        assert "No space left" in found
        assert files(root / "public") == before


def test_the_public_folder_may_be_another_disk(blog, built):
    root = blog({"posts/a.md": post()})
    with small_disk(root / "public", "4m"):
        made = built(root).made
        assert "2026/05/a/index.html" in made
        assert files(root / "public").keys() == {*made, ".litfass-manifest"}
        assert built(root).made == ()


def test_the_public_folder_may_be_new_on_another_disk(blog, built):
    settings = '[site]\ntitle = "T"\nurl = "https://t.example"\n[build]\noutput = "disk/public"\n'
    root = blog({"posts/a.md": post(), "litfass.toml": settings})
    with small_disk(root / "disk", "4m"):
        made = built(root).made
        assert files(root / "disk/public").keys() == {*made, ".litfass-manifest"}


def test_two_builds_at_once_both_succeed(blog):
    root = blog({f"posts/p{n}.md": post(title=f"P{n}") for n in range(20)})
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC;"
        "from litfass.build import *; from litfass.settings import open_blog;"
        "build(open_blog(Path(sys.argv[1])), Options(now=datetime(2026, 11, 24, tzinfo=UTC)))"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, root]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert (root / "public/2026/05/p19/index.html").is_file()
    assert not list((root / ".litfass").glob("*.stage"))


def test_settings_with_mistakes_are_told_all_at_once_with_lines(blog):
    text = (
        '[site]\ntitel = "x"\nurl = "blog"\n\n'
        '[build]\npage_size = "ten"\npermalink = "{titel}"\n[deploi]\n'
    )
    root = blog({"litfass.toml": text})
    with pytest.raises(Problems) as caught:
        open_blog(root)
    found = {(problem.line, problem.message): problem.hint for problem in caught.value.problems()}
    assert found[2, 'unknown key "titel" in [site]'] == 'Did you mean "title"?'
    assert {line for line, _ in found} >= {1, 2, 3, 6, 7}
