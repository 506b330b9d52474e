"""`litfass syndicate`, `publish`, `status`, `settle`, `adopt`, `accounts` and `networks`."""

from __future__ import annotations

import json

import pytest
from tests.site.cli.conftest import TOKEN
from tests.syndication.networks.test_devto import API_KEY, DevtoServer

from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.mastodon import MastodonServer
from litfass_syndication.testing.wire import Fault, Reply

MESSAGE = {
    "post", "account", "network", "text", "length", "limit", "outcome", "url", "reason",
}  # fmt: skip
SECOND = "---\nid: second\ntitle: Second\ndate: 2026-01-01\n---\nMore.\n"


def test_the_main_job_says_where_to_look(litfass, begun):
    said = litfass("publish")
    assert said.status == 0
    assert "Hello · outbox · announced" in said.out
    assert f"Look at {begun}/live/index.html" in said.out
    assert f"Look at {begun}/syndication/outbox.html" in said.out
    assert (begun / "live/index.html").is_file()
    assert (begun / "syndication/outbox.html").is_file()


def test_a_blog_without_an_account_is_told_that_nobody_hears_of_it(litfass, begun):
    settings = begun / "litfass.toml"
    settings.write_text(settings.read_text("utf-8").partition("[accounts.outbox]")[0], "utf-8")
    for command in ("publish", "syndicate"):
        said = litfass(command)
        assert said.status == 0
        assert "Announcements: none, for litfass.toml has no account." in said.out


def test_the_main_job_done_again_does_nothing(litfass, begun):
    litfass("publish")
    said = litfass("publish", "--json").json
    assert said.keys() == {"build", "deploy", "messages"}
    assert said["build"]["pages"]["made"] == 0
    assert said["deploy"]["added"] == said["deploy"]["changed"] == []
    assert [one["outcome"] for one in said["messages"]] == ["unchanged"]


def test_a_broken_post_is_neither_deployed_nor_announced(litfass, begun, add):
    add("---\ntitle: A\ndate: yesterday\n---\n", "posts/a.md")
    said = litfass("publish", "--json")
    assert said.status == 1
    assert said.json["messages"] == []
    assert not (begun / "live").exists()
    assert not (begun / "syndication").exists()


def test_a_dry_run_shows_each_message_with_its_length(litfass, begun):
    said = litfass("syndicate", "--dry-run")
    assert said.status == 0
    assert "  │ Hello\n" in said.out
    assert " graphemes\n" in said.out
    assert not (begun / "syndication").exists()


def test_whole_articles_go_where_they_are_taken(litfass, begun, add, monkeypatch):
    (hello,) = begun.glob("posts/*.md")
    server = DevtoServer()
    monkeypatch.setenv("LITFASS_DEV_API_KEY", API_KEY)
    with listening(server) as address:
        add(f'\n[accounts.dev]\nnetwork = "devto"\nbacklog = true\nserver = "{address}"\n')
        assert "  The whole article, with a link" in litfass("syndicate", "--dry-run").out
        said = litfass("publish", "--json").json
        again = litfass("publish", "--json").json
        add("\nCorrected.\n", f"posts/{hello.name}")
        corrected = litfass("publish", "--json").json
    assert {one["account"]: one["whole"] for one in said["messages"]} == {
        "outbox": False, "dev": True,
    }  # fmt: skip
    outcomes = [
        next(one["outcome"] for one in each["messages"] if one["account"] == "dev")
        for each in (said, again, corrected)
    ]
    assert outcomes == ["announced", "unchanged", "edited"]
    assert "<p>Corrected.</p>" in server.articles[100]["body_markdown"]


def test_a_dry_run_shows_the_limit_where_there_is_one(litfass, mastodon):
    said = litfass("syndicate", "--dry-run", "--account", "fedi")
    assert " of 500 " in said.out
    assert mastodon.statuses == {}


def test_programs_read_each_message(litfass, begun):
    (message,) = litfass("syndicate", "--dry-run", "--json").json["messages"]
    assert message.keys() >= MESSAGE
    assert message["outcome"] == "would-announce"
    assert message["limit"] is None
    assert message["text"].startswith("Hello")


@pytest.mark.parametrize("name", ["second", "posts/second.md", "second.md"])
def test_one_post_may_be_named_in_many_ways(litfass, add, name):
    add(SECOND, "posts/second.md")
    (message,) = litfass("syndicate", "--post", name, "--json").json["messages"]
    assert (message["post"], message["outcome"]) == ("second", "announced")


def test_one_account_may_be_named(litfass, mastodon):
    (message,) = litfass("syndicate", "--account", "fedi", "--json").json["messages"]
    assert (message["account"], message["outcome"]) == ("fedi", "announced")


@pytest.mark.parametrize(
    ("argv", "said_"),
    [
        (("--account", "outbocks"), 'There is no account "outbocks".\n  Did you mean "outbox"?'),
        (("--post", "nothing"), 'There is no post "nothing".'),
    ],
)
def test_names_that_do_not_exist_are_told(litfass, begun, argv, said_):
    said = litfass("syndicate", *argv)
    assert said.status == 1
    assert said_ in said.err


def test_where_a_post_was_announced_is_on_its_page_after_the_next_build(litfass, mastodon, begun):
    litfass("publish")
    litfass("build")
    (url,) = (status["url"] for status in mastodon.statuses.values())
    (page,) = begun.glob("public/*/*/hello/index.html")
    assert url in page.read_text("utf-8")


def test_a_missing_token_is_due_and_says_where_to_put_it(litfass, mastodon, monkeypatch):
    monkeypatch.delenv("LITFASS_FEDI_TOKEN")
    said = litfass("syndicate")
    assert said.status == 3
    assert "fedi: its token is missing." in said.out
    assert "LITFASS_FEDI_TOKEN" in said.out
    assert "secrets.toml" in said.out


def test_a_reason_that_many_posts_share_is_told_once(litfass, mastodon, monkeypatch, add):
    add(SECOND, "posts/second.md")
    monkeypatch.delenv("LITFASS_FEDI_TOKEN")
    said = litfass("syndicate", "--account", "fedi")
    assert said.out.count("· fedi · due") == 2
    assert said.out.count("its token is missing") == 1


def test_a_network_that_refuses_is_told_and_not_done(litfass, mastodon, begun):
    mastodon.token = "another"
    said = litfass("syndicate", "--account", "fedi", "--json")
    assert said.status == 3
    (message,) = said.json["messages"]
    assert message["outcome"] == "due"
    assert TOKEN not in said.out + said.err


def test_a_lost_answer_is_in_doubt_until_somebody_looks(litfass, begun, add, monkeypatch):
    server = MastodonServer(TOKEN)

    def lossy(request):
        reply = server(request)
        lost = request.method == "POST" and "statuses" in request.url
        return Fault.RESET if lost else reply

    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    with listening(lossy) as address:
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        said = litfass("syndicate", "--account", "fedi", "--json")
    assert said.status == 4
    (message,) = said.json["messages"]
    assert message["outcome"] == "in-doubt"
    assert f"litfass settle {message['post']} fedi" in message["hint"]

    url = "https://social.example/@me/1"
    assert "Hello · fedi · in-doubt: look there" in litfass("status").out
    settled = litfass("settle", "hello", "fedi", "--published", url, "--json")
    assert settled.json["standing"] == "announced"
    slots = litfass("status", "--json").json["slots"]
    (slot,) = (one for one in slots if one["account"] == "fedi")
    assert (slot["standing"], slot["url"]) == ("announced", url)


def test_what_is_not_in_doubt_needs_no_settling(litfass, begun):
    litfass("publish")
    said = litfass("settle", "hello", "outbox", "--missing")
    assert said.status == 1
    assert "is not in doubt" in said.err


@pytest.mark.parametrize(
    ("post", "account", "why"),
    [
        ("helo", "outbox", 'There is no post "helo"'),
        ("hello", "outbocks", 'There is no account "outbocks"'),
    ],
)
def test_settling_needs_a_post_and_an_account_that_exist(litfass, begun, post, account, why):
    said = litfass("settle", post, account, "--missing")
    assert said.status == 1
    assert why in said.err


def test_settling_wants_a_whole_address(litfass, begun):
    said = litfass("settle", "hello", "outbox", "--published", "there")
    assert said.status == 1
    assert "whole address" in said.err


def test_settling_wants_to_know_what_was_seen(litfass, begun):
    assert litfass("settle", "hello", "outbox").status == 2


def test_the_status_is_a_table_of_posts_and_accounts(litfass, mastodon, add):
    litfass("syndicate", "--account", "outbox")
    said = litfass("status")
    head, row, *_ = said.out.splitlines()
    assert head.split() == ["post", "outbox", "fedi"]
    assert row.split() == ["Hello", "announced", "due"]


def test_programs_read_every_slot(litfass, begun):
    (slot,) = litfass("status", "--json").json["slots"]
    assert slot.keys() >= {"post", "account", "standing", "url", "at"}
    assert (slot["standing"], slot["at"]) == ("due", None)


def test_an_account_that_is_new_to_the_ledger_says_how_many_posts_would_go_out(litfass, begun):
    settings = begun / "litfass.toml"
    text = settings.read_text("utf-8").replace("backlog = true", "backlog = false")
    settings.write_text(text, "utf-8")
    said = litfass("syndicate")
    assert said.status == 3
    assert "1 post would go out" in said.out
    assert "litfass adopt outbox" in said.out

    assert litfass("status").out.count("1 post would go out") == 1

    adopted = litfass("adopt", "outbox", "--json")
    assert adopted.json == {"account": "outbox", "since": None, "waived": 1}
    assert litfass("syndicate").status == 0


def test_adopting_from_a_day_on_leaves_newer_posts_due(litfass, add):
    add(SECOND, "posts/second.md")
    said = litfass("adopt", "outbox", "--since", "2026-06-01", "--json").json
    assert said["waived"] == 1
    assert said["since"].startswith("2026-06-01T00:00:00")
    standings = {one["post"]: one["standing"] for one in litfass("status", "--json").json["slots"]}
    assert standings.pop("second") == "waived"
    assert set(standings.values()) == {"due"}


@pytest.mark.parametrize(
    ("argv", "why"),
    [(("outbocks",), "no account"), (("outbox", "--since", "once"), "is not a date")],
)
def test_adopting_says_what_is_wrong(litfass, begun, argv, why):
    said = litfass("adopt", *argv)
    assert said.status == 1
    assert why in said.err


def test_accounts_tell_whose_they_are_and_what_waits(litfass, mastodon):
    said = litfass("accounts", "--json").json["accounts"]
    fields = {"name", "network", "identity", "expires", "waiting", "in_doubt"}
    assert all(one.keys() >= fields for one in said)
    fedi = next(one for one in said if one["name"] == "fedi")
    assert fedi["identity"].startswith("@")
    assert (fedi["waiting"], fedi["in_doubt"]) == (1, 0)


def test_an_account_that_is_not_signed_in_says_how_to(litfass, mastodon, monkeypatch):
    monkeypatch.delenv("LITFASS_FEDI_TOKEN")
    said = litfass("accounts")
    assert said.status == 0
    assert "fedi: its token is missing." in said.out


def test_networks_are_known_without_a_blog(litfass):
    said = litfass("networks", "--json").json["networks"]
    fields = {"name", "limit", "measure", "images", "card", "dedupe", "edit", "withdraw"}
    assert all(one.keys() >= fields for one in said)
    bluesky = next(one for one in said if one["name"] == "bluesky")
    assert (bluesky["limit"], bluesky["measure"]) == (300, "graphemes")
    assert "bluesky 300 graphemes" in " ".join(litfass("networks").out.split())


def test_secrets_are_nowhere(litfass, mastodon, begun):
    said = [litfass(*command) for command in COMMANDS]
    assert all(TOKEN not in one.out + one.err for one in said)
    files = [file for file in begun.rglob("*") if file.is_file()]
    assert all(TOKEN.encode() not in file.read_bytes() for file in files)


COMMANDS = (
    ("syndicate", "--dry-run", "--json"),
    ("publish",),
    ("status", "--json"),
    ("accounts", "--json"),
    ("check", "--json"),
    ("build", "--force"),
)


def test_a_server_that_repeats_the_token_is_not_quoted(litfass, begun, add, monkeypatch):
    def chatty(request):
        return Reply.of({"error": f"bad token {TOKEN}", "seen": dict(request.headers)}, 422)

    monkeypatch.setenv("LITFASS_FEDI_TOKEN", TOKEN)
    with listening(chatty) as address:
        add(f'\n[accounts.fedi]\nnetwork = "mastodon"\nbacklog = true\nserver = "{address}"\n')
        said = litfass("syndicate", "--json")
    assert said.status == 3
    assert TOKEN not in said.out + said.err
    ledger = (begun / "syndication/ledger.jsonl").read_text("utf-8")
    assert TOKEN not in ledger
    assert all(json.loads(line) for line in ledger.splitlines())
