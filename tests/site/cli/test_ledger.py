"""`litfass ledger`: all that was announced, taken out, brought in, or gone over."""

from __future__ import annotations

import io
import json
import sys

import pytest
from tests.servers.postgres import PASSWORD

LEDGER = "syndication/ledger.jsonl"


@pytest.fixture
def announced(litfass, begun):
    """Return a blog whose first post is announced."""
    assert litfass("publish").status == 0
    return begun


def lines(path):
    return path.read_text("utf-8").splitlines()


def given(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def keep_at(blog, address):
    """Say in the settings where the ledger is."""
    settings = blog / "litfass.toml"
    head, table, rest = settings.read_text("utf-8").partition("[syndication]\n")
    assert table
    settings.write_text(f'{head}{table}ledger = "{address}"\n{rest}', "utf-8")


def test_a_ledger_is_exported_as_it_stands(litfass, announced):
    said = litfass("ledger", "export", "copy.jsonl")
    assert said.status == 0
    assert said.out == f"4 records of {LEDGER} written to copy.jsonl.\n"
    assert (announced / "copy.jsonl").read_bytes() == (announced / LEDGER).read_bytes()


def test_an_export_can_be_printed_and_nothing_else_is(litfass, announced):
    said = litfass("ledger", "export", "-")
    assert said.out.splitlines() == lines(announced / LEDGER)


def test_a_program_gets_one_object_and_the_records_in_it(litfass, announced):
    said = litfass("ledger", "export", "-", "--json").json
    assert said.pop("lines") == [json.loads(line) for line in lines(announced / LEDGER)]
    assert said == {"ledger": LEDGER, "records": 4, "file": "-"}
    said = litfass("ledger", "--json", "export", "copy.jsonl").json
    assert said == {"ledger": LEDGER, "records": 4, "file": "copy.jsonl"}


def test_an_export_writes_over_nothing(litfass, announced):
    before = (announced / LEDGER).read_bytes()
    said = litfass("ledger", "export", LEDGER)
    assert said.status == 1
    assert f"{LEDGER}: exists already" in said.err
    assert (announced / LEDGER).read_bytes() == before


def test_an_empty_ledger_can_be_taken_out_and_brought_in(litfass, begun):
    assert litfass("ledger", "export", "copy.jsonl").out.startswith("0 records")
    assert litfass("ledger", "import", "copy.jsonl").out == f"0 records added to {LEDGER}.\n"


def test_an_import_adds_what_is_not_there_yet(litfass, announced):
    litfass("ledger", "export", "copy.jsonl")
    (announced / LEDGER).write_text("\n".join(lines(announced / LEDGER)[:3]) + "\n", "utf-8")
    assert litfass("ledger", "import", "copy.jsonl", "--json").json == {
        "ledger": LEDGER, "records": 4, "file": "copy.jsonl", "added": 1, "known": 3, "torn": False,
    }  # fmt: skip
    said = litfass("ledger", "import", "copy.jsonl")
    assert said.out == f"0 records added to {LEDGER}; 4 were there already.\n"
    assert (announced / LEDGER).read_bytes() == (announced / "copy.jsonl").read_bytes()


def test_what_is_piped_in_is_imported_without_the_torn_line(litfass, announced, monkeypatch):
    content = (announced / LEDGER).read_bytes()
    (announced / LEDGER).unlink()
    given(monkeypatch, content[:-9])
    said = litfass("ledger", "import", "-")
    assert said.out == (
        f"3 records added to {LEDGER}.\nThe last line was torn by a crash, and left out.\n"
    )
    assert (announced / LEDGER).read_bytes() == b"".join(content.splitlines(keepends=True)[:3])


def test_an_import_with_a_foreign_line_adds_nothing(litfass, announced, monkeypatch):
    content = (announced / LEDGER).read_bytes()
    (announced / LEDGER).unlink()
    given(monkeypatch, content + b"A diary.\n")
    said = litfass("ledger", "import", "-")
    assert said.status == 1
    assert "standard input:5: this line cannot be read" in said.err
    assert not (announced / LEDGER).exists()


def test_a_file_that_is_not_there_is_said(litfass, begun):
    said = litfass("ledger", "import", "nowhere.jsonl", "--json")
    assert said.status == 1
    assert said.json["problems"][0]["message"].startswith("nowhere.jsonl cannot be read: No such")


def test_a_ledger_that_is_well_is_said_to_be(litfass, announced):
    said = litfass("ledger", "verify")
    assert said.status == 0
    assert said.out == f"{LEDGER}: 4 records; slots: 1 announced.\nAll of it can be read.\n"
    assert litfass("ledger", "verify", "--json").json == {
        "ledger": LEDGER, "records": 4, "slots": {"announced": 1}, "posts": [], "accounts": [],
        "problems": [],
    }  # fmt: skip


def test_every_broken_line_is_told_at_once(litfass, announced):
    content = (announced / LEDGER).read_bytes()
    torn = content.splitlines()[0][:20]
    (announced / LEDGER).write_bytes(b'A diary\n{"v": 99}\n' + content + torn)
    said = litfass("ledger", "verify")
    assert said.status == 1
    assert f"{LEDGER}:1: this line cannot be read" in said.err
    assert f"{LEDGER}:2: a newer Litfass wrote this line" in said.err
    assert f"{LEDGER}:7: this line was torn by a crash" in said.err
    assert said.out.endswith("3 lines cannot be read.\n")
    found = litfass("ledger", "verify", "--json")
    assert found.status == 1
    assert [(one["path"], one["line"]) for one in found.json["problems"]] == [
        (LEDGER, 1), (LEDGER, 2), (LEDGER, 7),
    ]  # fmt: skip
    assert found.json["records"] == 4


def test_posts_and_accounts_that_are_gone_are_told_and_are_no_error(litfass, announced):
    (post,) = (announced / "posts").glob("*.md")
    post.write_text("---\nid: other\ntitle: Other\ndate: 2026-01-01\n---\nWords.\n", "utf-8")
    settings = announced / "litfass.toml"
    settings.write_text(settings.read_text("utf-8").partition("[accounts.outbox]")[0], "utf-8")
    said = litfass("ledger", "verify", "--json")
    assert said.status == 0
    assert said.json["accounts"] == ["outbox"]
    assert len(said.json["posts"]) == 1
    assert {one["severity"] for one in said.json["problems"]} == {"warning"}


def test_a_broken_post_keeps_nobody_from_reading_the_ledger(litfass, announced, add):
    add("---\ntitle: A\ndate: yesterday\n---\n", "posts/a.md")
    said = litfass("ledger", "verify")
    assert said.status == 0
    assert said.out.endswith("1 announced.\nAll of it can be read.\n")
    assert "posts/a.md" in said.err
    assert "any more" not in said.err


def test_drafts_and_posts_of_the_future_are_not_gone(litfass, announced):
    (post,) = (announced / "posts").glob("*.md")
    text = post.read_text("utf-8")
    post.write_text(text.replace("title:", "draft: true\ntitle:", 1), "utf-8")
    assert litfass("ledger", "verify", "--json").json["posts"] == []


def test_an_action_that_does_not_exist_is_a_mistake_of_use(litfass, begun):
    assert litfass("ledger", "burn").status == 2
    assert litfass("ledger").status == 2


@pytest.mark.server
def test_a_ledger_moves_into_a_database_and_back_without_loss(
    litfass, announced, postgres, monkeypatch
):
    monkeypatch.setenv("LITFASS_LEDGER_PASSWORD", PASSWORD)
    address = postgres.database()
    keep_at(announced, f"{address}?blog=mine")
    refused = litfass("publish")
    assert refused.status == 1
    assert f"litfass ledger import {LEDGER}" in refused.err
    before = (announced / LEDGER).read_bytes()
    assert litfass("ledger", "import", LEDGER).status == 0
    assert litfass("publish", "--json").json["messages"][0]["outcome"] == "unchanged"
    verified = litfass("ledger", "verify", "--json")
    assert (verified.status, verified.json["slots"]) == (0, {"announced": 1})
    assert verified.json["ledger"] == f"{address}?blog=mine"
    litfass("ledger", "export", "back.jsonl")
    assert (announced / "back.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    "command", ["build", "check", "publish", "syndicate", "status", "ledger verify"]
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_password_in_the_settings_is_never_shown(litfass, begun, command, form):
    keep_at(begun, "postgresql://me:S3cret-word@127.0.0.1:1/blog")
    said = litfass(*command.split(), *form)
    assert said.status == 1
    assert "holds a password" in said.out + said.err
    assert "S3cret" not in said.out + said.err
    assert not (begun / "syndication").exists()


def test_without_psycopg_a_person_is_told_how_to_get_it(litfass, begun, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    keep_at(begun, "postgresql://me@127.0.0.1:1/blog")
    said = litfass("publish")
    assert said.status == 1
    assert "pip install 'litfass[postgres]'" in said.err


def test_a_database_that_is_away_stops_the_main_job_before_anything_goes_out(litfass, begun):
    keep_at(begun, "postgresql://me@127.0.0.1:1/blog")
    said = litfass("publish")
    assert said.status == 1
    assert "The ledger postgresql://me@127.0.0.1:1/blog cannot be used" in said.err
    assert not (begun / "live").exists()
