"""The ledgers of two branches merge to the truth, by git's own hand."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.syndication.ledgers import RECORDS, event

from litfass_syndication.journal import FileJournal
from litfass_syndication.ledger import Slot, Standing, Step, fold
from litfass_syndication.records import encode

HOUSE = Path(__file__).parents[2]


def written(path, records, *, ended=True):
    lines = "".join(f"{encode(record)}\n" for record in records)
    path.write_bytes((lines if ended else lines.removesuffix("\n")).encode())
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("branches")


@given(RECORDS, RECORDS, RECORDS, st.booleans())
@settings(max_examples=50)
def test_any_two_branches_fold_to_all_that_happened_on_either(folder, base, ours, theirs, ended):
    files = [
        written(folder / "ours", base + ours, ended=ended),
        written(folder / "base", base, ended=ended),
        written(folder / "theirs", base + theirs),
    ]
    merge = ["git", "merge-file", "--union", "-p", *files]
    merged = subprocess.run(merge, capture_output=True, check=True).stdout
    path = folder / "ledger.jsonl"
    path.write_bytes(merged)
    assert fold(FileJournal(path).read()) == fold(base + ours + theirs)


@pytest.fixture
def git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "someone@example.com")

    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    return git


def test_two_branches_of_a_repository_merge_without_a_conflict(git, tmp_path):
    shutil.copy(HOUSE / ".gitattributes", tmp_path)
    journal = FileJournal(tmp_path / "syndication" / "ledger.jsonl")
    journal.append(event("a"), event("a", step=Step.PUBLISHED))
    git("add", "--all")
    git("commit", "-m", "The first")
    git("switch", "-c", "draft")
    journal.append(event("b", "1"), event("b", "1", step=Step.PUBLISHED))
    git("commit", "-am", "Announced on a branch")
    git("switch", "main")
    journal.append(event("b", "2"), event("c", "3"))
    git("commit", "-am", "Claimed on another")
    git("merge", "draft")
    ledger = fold(FileJournal(tmp_path / "syndication" / "ledger.jsonl").read())
    standings = {slot: entry.standing for slot, entry in ledger.entries.items()}
    assert standings == {
        Slot("a", "konto"): Standing.ANNOUNCED,
        Slot("b", "konto"): Standing.ANNOUNCED,
        Slot("c", "konto"): Standing.IN_DOUBT,
    }
