"""`litfass withdraw`, posts that are gone from the blog, and `litfass adopt --from-network`."""

from __future__ import annotations

import json

import pytest

POST = "---\nid: {0}\ntitle: {0}\ndate: 2026-01-01\n---\nMore.\n"


@pytest.fixture(autouse=True)
def hello(begun, add):
    """Put a post whose id is known in place of the first one."""
    for file in begun.glob("posts/*.md"):
        file.unlink()
    add(POST.format("hello"), "posts/hello.md")


def standings(litfass):
    slots = litfass("status", "--json").json["slots"]
    return {(one["post"], one["account"]): one["standing"] for one in slots}


def page(litfass, name):
    """Return a post's address, as its message has it."""
    messages = litfass("syndicate", "--dry-run", "--json", "--post", name).json["messages"]
    return next(word for word in messages[0]["text"].split() if word.startswith("https://"))


def test_a_post_is_withdrawn_everywhere_and_never_announced_again(litfass, mastodon):
    assert litfass("syndicate").status == 0
    said = litfass("withdraw", "hello", "--json")
    assert said.status == 0
    assert {one["account"]: one["done"] for one in said.json["withdrawn"]} == {
        "outbox": True,
        "fedi": True,
    }
    assert mastodon.statuses == {}
    again = litfass("syndicate", "--json").json["messages"]
    assert {one["outcome"] for one in again} == {"unchanged"}
    assert mastodon.statuses == {}
    assert set(standings(litfass).values()) == {"withdrawn"}


def test_one_account_takes_back_what_it_said(litfass, mastodon):
    litfass("syndicate")
    said = litfass("withdraw", "hello", "--account", "fedi")
    assert said.out == "✓ hello · fedi · withdrawn\n"
    assert set(standings(litfass).values()) == {"announced", "withdrawn"}


def test_a_post_that_has_just_moved_is_withdrawn_as_the_same(litfass, mastodon, begun):
    litfass("syndicate")
    file = begun / "posts/hello.md"
    text = file.read_text("utf-8").replace("id: hello", "id: moved\nslug: hello")
    file.rename(begun / "posts/moved.md").write_text(text, "utf-8")
    assert litfass("withdraw", "moved", "--account", "fedi").status == 0
    assert mastodon.statuses == {}


def test_what_cannot_be_withdrawn_is_told(litfass, mastodon):
    litfass("adopt", "fedi")
    litfass("settle", "hello", "fedi", "--published", "https://social.example/1")
    said = litfass("withdraw", "hello")
    assert said.status == 3
    assert "fedi: Mastodon cannot withdraw an announcement for us." in said.out
    assert "Delete it there: https://social.example/1" in said.out


def test_what_was_never_announced_needs_no_withdrawing(litfass, begun):
    said = litfass("withdraw", "hello")
    assert (said.status, said.out) == (0, "hello is announced nowhere.\n")
    named = litfass("withdraw", "hello", "--account", "outbox")
    assert named.status == 3
    assert "is not announced: it is due" in named.out


@pytest.mark.parametrize(
    ("argv", "why"),
    [(("helo",), 'no post "helo"'), (("hello", "--account", "feddi"), 'no account "feddi"')],
)
def test_withdrawing_needs_names_that_exist(litfass, mastodon, argv, why):
    litfass("syndicate")
    said = litfass("withdraw", *argv)
    assert said.status != 0
    assert why in said.out + said.err


def test_a_post_that_is_gone_is_told_until_it_is_withdrawn(litfass, add, begun):
    file = add(POST.format("second"), "posts/second.md")
    litfass("syndicate")
    file.unlink()
    told = litfass("syndicate")
    assert told.status == 0
    assert "second · outbox · unchanged" in told.out
    assert "no longer on the blog" in told.out
    assert "litfass withdraw second --account outbox" in told.out
    assert "second · outbox · announced: Its post is no longer" in litfass("status").out
    assert litfass("withdraw", "second").status == 0
    assert "no longer" not in litfass("syndicate").out + litfass("status").out


def test_a_lost_ledger_is_mended_from_the_network(litfass, mastodon, begun, add):
    add(POST.format("second"), "posts/second.md")
    add(POST.format("third"), "posts/third.md")
    only = ("--account", "fedi")
    assert litfass("syndicate", *only).status == 0
    third = next(name for name, one in mastodon.statuses.items() if "third" in one["content"])
    del mastodon.statuses[third]
    (begun / "syndication/ledger.jsonl").unlink()
    settings = (begun / "litfass.toml").read_text("utf-8").replace("backlog = true", "")
    (begun / "litfass.toml").write_text(settings, "utf-8")
    stopped = litfass("syndicate", *only)
    assert stopped.status == 3
    assert "3 posts would go out" in stopped.out
    assert "litfass adopt fedi" in stopped.out

    rehearsed = litfass("adopt", "fedi", "--from-network", "--dry-run", "--json").json
    assert not (begun / "syndication/ledger.jsonl").exists()
    said = litfass("adopt", "fedi", "--from-network", "--json").json
    assert rehearsed == said
    assert {one["post"] for one in said["found"]} == {"hello", "second"}
    assert said["waived"] == 1
    assert all(one["url"].startswith(mastodon.address) and one["news"] for one in said["found"])
    assert standings(litfass)["third", "fedi"] == "waived"
    assert litfass("syndicate", *only).status == 0
    assert len(mastodon.statuses) == 2

    add("More words\n", "posts/second.md")
    post = begun / "posts/second.md"
    post.write_text(post.read_text("utf-8").replace("title: second", "title: Corrected"), "utf-8")
    corrected = litfass("syndicate", "--json", *only).json["messages"]
    assert {one["post"]: one["outcome"] for one in corrected}["second"] == "edited"
    assert litfass("withdraw", "hello").status == 0
    assert len(mastodon.statuses) == 1


def test_looking_again_finds_nothing_new_and_leaves_the_line(litfass, mastodon, add):
    litfass("syndicate", "--account", "fedi")
    add(POST.format("second"), "posts/second.md")
    said = litfass("adopt", "fedi", "--from-network")
    assert "1 posts there looked through; 0 announce one of ours and were not known, 1 were." in (
        said.out
    )
    assert "unannounced" not in said.out
    assert standings(litfass)["second", "fedi"] == "due"


def test_a_look_back_is_no_announcement_and_the_first_mention_is(litfass, mastodon, add):
    add(POST.format("second"), "posts/second.md")
    first, second = page(litfass, "hello"), page(litfass, "second")
    mastodon.show("1", f"Neu: {first}")
    mastodon.show("2", f"Wie gesagt: {first}")
    mastodon.show("3", f"{first} {second}")
    found = litfass("adopt", "fedi", "--from-network", "--json").json["found"]
    assert [(one["post"], one["url"][-2:]) for one in found] == [("hello", "/1")]


def test_looking_needs_the_token(litfass, mastodon, monkeypatch):
    monkeypatch.delenv("LITFASS_FEDI_TOKEN")
    said = litfass("adopt", "fedi", "--from-network")
    assert said.status == 1
    assert "fedi: its token is missing." in said.err


def test_a_doubt_is_ended_by_what_is_found(litfass, mastodon, begun):
    litfass("syndicate", "--account", "fedi")
    ledger = begun / "syndication/ledger.jsonl"
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    ledger.write_text("".join(one for one in lines if '"published"' not in one), "utf-8")
    assert standings(litfass)["hello", "fedi"] == "in-doubt"
    litfass("adopt", "fedi", "--from-network")
    assert standings(litfass)["hello", "fedi"] == "announced"
    last = json.loads(ledger.read_text("utf-8").splitlines()[-1])
    assert last["identifier"] in mastodon.statuses
