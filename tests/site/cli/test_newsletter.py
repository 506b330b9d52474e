"""A newsletter through the program: connected, announced, and its subscribers kept private."""

from __future__ import annotations

import subprocess

import pytest
from tests.syndication.post_office import PASSWORD, USER, open_office

pytestmark = pytest.mark.server

POST = "---\nid: new\ntitle: Neues\ndate: {date}\n---\nGanz *neu*.\n"


@pytest.fixture
def office(monkeypatch):
    """Open a post office, and let the environment know the password."""
    monkeypatch.setenv("LITFASS_EMAIL_PASSWORD", PASSWORD.reveal())
    with open_office() as there:
        yield there


@pytest.fixture
def readers(begun):
    """Write a file of subscribers beside the blog."""
    path = begun.parent / "subscribers.txt"
    path.write_text("anna@reader.example\nbert@reader.example\n", "utf-8")
    path.chmod(0o600)
    return path


def connect(litfass, office, **options):
    given = {"server": office.address, "user": USER, "sender": USER, **options}
    sets = [part for name, value in given.items() for part in ("--set", f"{name}={value}")]
    return litfass("connect", "email", *sets, "--since", "2026-01-01")


def test_subscribers_are_written_to_and_named_nowhere(litfass, begun, add, office, readers):
    subprocess.run(["git", "init", "--quiet"], check=True)
    said = connect(litfass, office, to="../subscribers.txt", unsubscribe="leave@blog.example")
    assert said.status == 0
    assert "subscribers" not in (begun / ".gitignore").read_text("utf-8")
    assert f"{USER}, to 2 subscribers" in said.out
    assert 'to = "../subscribers.txt"' in (begun / "litfass.toml").read_text("utf-8")
    assert not office.mails
    add(POST.format(date="2026-02-01"), "posts/new.md")
    said = litfass("syndicate", "--post", "new", "--account", "email")
    assert "Neues · email · announced" in said.out
    assert office.recipients == ["anna@reader.example", "bert@reader.example"]
    files = [path for path in begun.rglob("*") if path.is_file()]
    assert not any(b"reader.example" in path.read_bytes() for path in files)
    assert litfass("syndicate", "--post", "new", "--account", "email").out.count("announced") == 0
    assert len(office.mails) == 2


def test_a_whole_article_is_sent_to_a_list(litfass, begun, add, office):
    assert connect(litfass, office, to="news@lists.example.org", content="article").status == 0
    add(POST.format(date="2026-02-01"), "posts/new.md")
    assert litfass("syndicate", "--post", "new", "--account", "email").status == 0
    ((recipient, mail),) = office.mails
    assert recipient == "news@lists.example.org"
    assert "Ganz <em>neu</em>." in mail.get_body(("html",)).get_content()


@pytest.fixture
def at_home(begun, readers):
    """Put the subscribers into the blog's folder, which git keeps."""
    readers.rename(begun / "subscribers.txt")
    subprocess.run(["git", "init", "--quiet"], check=True)
    return {"to": "subscribers.txt", "unsubscribe": "leave@blog.example"}


def test_git_never_gets_the_subscribers(litfass, begun, office, at_home):
    assert connect(litfass, office, **at_home).status == 0
    (begun / "subscribers.txt.email.sent").touch()
    said = subprocess.run(["git", "status", "--short", "-uall"], capture_output=True, check=True)
    assert b"litfass.toml" in said.stdout
    assert b"subscribers" not in said.stdout


def test_subscribers_that_git_has_are_not_written_to(litfass, begun, office, at_home):
    subprocess.run(["git", "add", "subscribers.txt"], check=True)
    said = connect(litfass, office, **at_home)
    assert said.status == 1
    assert "subscribers.txt: is in git" in said.err
    assert "git rm --cached subscribers.txt" in said.err
    assert "email" not in (begun / "litfass.toml").read_text("utf-8")


def test_who_cannot_leave_is_not_connected(litfass, begun, office, readers):
    before = (begun / "litfass.toml").read_bytes()
    said = connect(litfass, office, to="../subscribers.txt")
    assert said.status == 1
    assert 'set "unsubscribe"' in said.err
    assert (begun / "litfass.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"to": "news@lists"}, '"to" in [accounts.email] must be a mailing list'),
        ({"sender": "me"}, '"sender" in [accounts.email] must be like'),
        ({"unsubscribe": "http://a.example"}, "must be the address of a mailbox, or begin"),
        ({"imprint": "impressum"}, "must begin with https://"),
        ({"server": "https://mail.example"}, "not that of a mail server"),
    ],
)
def test_what_cannot_be_meant_is_told(litfass, begun, office, option, words):
    said = connect(litfass, office, **{"to": "news@lists.example.org", **option})
    assert said.status in {1, 2}
    assert words in said.err


def test_a_server_is_known_by_its_name(litfass, begun, office):
    """Nobody need know how the address of a mail server begins; it is encrypted then."""
    host = office.address.removeprefix("smtp://")
    said = connect(litfass, office, server=host, to="news@lists.example.org")
    assert said.status == 1
    assert "TLS" in said.err
    assert not office.mails
