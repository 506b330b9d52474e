"""`litfass build`, `deploy` and `check`."""

from __future__ import annotations

import re

from litfass.errors import LitfassError

BROKEN = "---\ntitle: Broken\ndate: yesterday\n---\n"
POST = "---\ntitle: {0}\ndate: 2026-01-01\n---\n{0}\n"


def test_a_build_says_what_it_did(litfass, begun):
    said = litfass("build")
    assert re.fullmatch(r"\d+ files made, 0 unchanged · \d+\.\d s · public/\n", said.out)
    assert re.match(r"0 files made, \d+ unchanged · ", litfass("build").out)


def test_a_build_says_what_it_removed(litfass, begun):
    (begun / "pages/more.md").write_text("# More\n", "utf-8")
    litfass("build")
    (begun / "pages/more.md").unlink()
    assert ", 1 removed ·" in litfass("build").out


def test_programs_read_a_build_s_numbers(litfass, begun):
    said = litfass("build", "--json").json
    assert said.keys() == {"pages", "seconds", "problems"}
    assert said["pages"].keys() == {"total", "made", "removed"}
    assert said["pages"]["total"] == said["pages"]["made"] > 5
    assert said["problems"] == []


def test_options_reach_the_build(litfass, begun, monkeypatch):
    seen = []

    def asked(_: object, options: object) -> None:
        seen.append(options)
        raise LitfassError("That will do.")

    monkeypatch.setattr("litfass.cli.commands.build.update", asked)
    litfass("build", "--force", "--jobs", "3", "--drafts", "--future")
    (options,) = seen
    assert (options.force, options.jobs, options.drafts, options.future) == (True, 3, True, True)


def test_posts_of_the_future_are_built_when_asked_for(litfass, begun, add):
    add(POST.format("Later").replace("2026", "2999"), "posts/later.md")
    litfass("build")
    assert not list(begun.glob("public/2999"))
    litfass("build", "--future")
    assert list(begun.glob("public/2999/*/later"))


def test_all_mistakes_are_told_at_once_with_place_and_hint(litfass, begun, add):
    add(BROKEN, "posts/a.md")
    add(BROKEN, "posts/b.md")
    add('\n[accounts.x]\nnetwork = "mastodont"\n')
    said = litfass("build")
    assert said.status == 1
    assert re.search(r"^posts/a\.md:3: .*yesterday", said.err, re.MULTILINE)
    assert re.search(r"^posts/b\.md:3: .*yesterday", said.err, re.MULTILINE)
    assert re.search(
        r"^litfass\.toml:\d+: There is no network .*\n  Did you mean", said.err, re.MULTILINE
    )
    assert not (begun / "public").exists()


def test_a_mistake_leaves_the_last_build_as_it_is(litfass, begun, add):
    litfass("build")
    before = sorted(begun.glob("public/**/*"))
    add(BROKEN, "posts/a.md")
    assert litfass("build").status == 1
    assert sorted(begun.glob("public/**/*")) == before


def test_an_unknown_account_in_a_post_is_a_warning_when_building(litfass, add):
    add("---\ntitle: A\ndate: 2026-01-01\nsyndicate: [outbocks]\n---\n", "posts/a.md")
    said = litfass("build")
    assert said.status == 0
    assert 'posts/a.md:4: warning: there is no account "outbocks"' in said.err
    assert 'Did you mean "outbox"?' in said.err


def test_a_deployment_says_where_and_what(litfass, begun):
    litfass("build")
    said = litfass("deploy")
    assert said.status == 0
    assert re.fullmatch(rf"Deployed to {begun}/live: \d+ new\n", said.out)
    assert "Nothing to deploy" in litfass("deploy").out


def test_a_dry_deployment_lists_files_and_moves_none(litfass, begun):
    litfass("build")
    said = litfass("deploy", "--dry-run")
    assert "+ index.html\n" in said.out
    assert "Would be deployed" in said.out
    assert not (begun / "live").exists()


def test_programs_read_a_deployment(litfass, begun):
    litfass("build")
    deployment = litfass("deploy", "--json").json["deploy"]
    assert deployment.keys() == {"target", "where", "added", "changed", "removed"}
    assert "index.html" in deployment["added"]


def test_a_deployment_without_a_build_says_what_to_do_first(litfass, begun):
    said = litfass("deploy")
    assert said.status == 1
    assert "litfass build" in said.err


def test_a_deployment_without_a_target_says_what_is_missing(litfass, begun):
    settings = begun / "litfass.toml"
    text = settings.read_text("utf-8")
    text = text.replace('[deploy]\ntarget = "folder"\npath = "live"\n', "")
    settings.write_text(text, "utf-8")
    said = litfass("deploy")
    assert said.status == 1
    assert "litfass.toml: does not say where to deploy to" in said.err


def test_a_check_finds_images_without_words(litfass, add):
    add("---\ntitle: A\ndate: 2026-01-01\n---\n\n![](/x.svg)\n\n![seen](/x.svg)\n", "posts/a.md")
    add("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>", "static/x.svg")
    said = litfass("check")
    assert (said.status, said.out) == (0, "1 warning\n")
    assert 'posts/a.md:6: warning: the image "/x.svg" has no alternative text' in said.err


def test_a_check_finds_messages_that_do_not_fit(litfass, add):
    add('\n[accounts.fedi]\nnetwork = "mastodon"\nserver = "https://social.example"\n')
    warning = "w" * 490
    add(f"---\ntitle: A\ndate: 2026-01-01\ncontent_warning: {warning}\n---\nA\n", "posts/a.md")
    said = litfass("check", "--json")
    assert said.status == 1
    (problem,) = said.json["problems"]
    assert problem["path"] == "posts/a.md"
    assert "fedi takes at most 500" in problem["message"]


def test_a_check_finds_templates_that_do_not_work(litfass, begun):
    settings = begun / "litfass.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("backlog =", 'template = "{{ titel }}"\nbacklog ='), "utf-8")
    said = litfass("check", "--json")
    assert said.status == 1
    (problem,) = said.json["problems"]
    assert problem["path"].startswith("posts/")
    assert "titel" in problem["message"]


def test_a_check_writes_nothing_into_the_public_folder(litfass, begun):
    litfass("check")
    assert not (begun / "public").exists()


def test_a_check_finds_accounts_that_do_not_exist(litfass, add):
    add("---\ntitle: A\ndate: 2026-01-01\nsyndicate: [outbocks]\n---\n", "posts/a.md")
    said = litfass("check", "--json")
    assert said.status == 1
    assert [(one["path"], one["line"]) for one in said.json["problems"]] == [("posts/a.md", 4)]


def test_a_new_account_s_hub_and_key_come_with_the_next_build(litfass, begun, add):
    litfass("build")
    add('[accounts.feeds]\nnetwork = "websub"\n[accounts.search]\nnetwork = "indexnow"\n')
    assert litfass("build").status == 0
    assert 'rel="hub"' in (begun / "public/feed.xml").read_text("utf-8")
    (key,) = {path.name for path in (begun / "public").glob("*.txt")} - {"robots.txt"}
    assert (begun / "public" / key).read_text("utf-8") == key.removesuffix(".txt")
    assert litfass("build").out.startswith("0 files made")
    (post,) = (begun / "posts").glob("*.md")
    post.write_text(post.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    assert litfass("build").status == 0
    for name in ("feed.xml", "atom.xml", "feed.json"):
        text = (begun / "public" / name).read_text("utf-8")
        assert "One more line." in text
        assert "https://pubsubhubbub.appspot.com/" in text


def test_connecting_what_asks_nothing_is_one_command(litfass, begun):
    said = litfass("connect", "webmention")
    assert said.status == 0
    assert '[accounts.webmention]\nnetwork = "webmention"\n' in (begun / "litfass.toml").read_text()
    assert "blog.example" in litfass("accounts").out
