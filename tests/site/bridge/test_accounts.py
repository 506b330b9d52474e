"""`[accounts.NAME]` becomes an account, or a problem that says what to do."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from litfass.bridge import Result
from litfass.cli.exits import Exit
from litfass.cli.telling import exit_for
from litfass.errors import LitfassError, Problem
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.wire import Reply

TOKEN = "Tok3n-that-nobody-may-see"
OUTBOX = '[accounts.outbox]\nnetwork = "outbox"\nbacklog = true\n'
FIRMA = '[accounts.firma]\nnetwork = "mastodon"\nserver = "https://social.example"\n'


def problems(opened, accounts, files=None, environ=None) -> tuple[Problem, ...]:
    with pytest.raises(LitfassError) as caught:
        opened(accounts, files, environ)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return caught.value.problems()


def test_the_common_settings_reach_the_account(opened):
    settings = 'label = "Verein"\nhashtags = 1\ncorrections = "leave"\n'
    (account,) = opened(FIRMA + settings, environ={"LITFASS_FIRMA_TOKEN": TOKEN}).accounts
    assert (account.name, account.title, account.hashtags) == ("firma", "Verein", 1)
    assert (account.backlog, account.corrections) == (False, "leave")


@pytest.mark.parametrize(
    ("common", "own", "query"),
    [
        ("", "", ""),
        ("", "utm = true\n", "?utm_source=outbox&utm_medium=social"),
        ("", 'utm = { source = "säule", medium = "" }\n', "?utm_source=s%C3%A4ule"),
        ("utm = true\n", "", "?utm_source=outbox&utm_medium=social"),
        (
            'utm = { campaign = "a b" }\n',
            '[accounts.outbox.utm]\nmedium = "rss"\n',
            "?utm_source=outbox&utm_medium=rss&utm_campaign=a%20b",
        ),
        ("utm = true\n", "utm = false\n", ""),
    ],
)
def test_a_message_s_link_carries_the_utm_parameters_that_are_set(opened, common, own, query):
    (outcome,) = opened(common + OUTBOX + own).run(lambda _: None)
    address = f"https://blog.example/werkstatt/2026/11/hello/{query}"
    assert outcome.text.split()[-1] == address


def test_an_outbox_needs_no_setting_at_all(opened):
    syndication = opened(OUTBOX)
    (outcome,) = syndication.run(lambda _: None)
    assert outcome.outcome is Result.ANNOUNCED
    assert "Hello" in Path(syndication.journal._path).with_name("outbox.jsonl").read_text("utf-8")


def test_an_outbox_s_path_starts_at_the_blog(opened):
    syndication = opened(OUTBOX + 'path = "elsewhere/told.jsonl"\n')
    syndication.run(lambda _: None)
    assert (syndication.journal._path.parent.parent / "elsewhere/told.jsonl").is_file()


def test_a_template_may_stand_in_the_settings(opened):
    (outcome,) = opened(OUTBOX + 'template = "Neu: {{ title }} {{ url }}"\n').run(lambda _: None)
    assert outcome.text == "Neu: Hello https://blog.example/werkstatt/2026/11/hello/"


def test_a_template_may_be_a_file_in_the_syndication_folder(opened):
    files = {"syndication/short.txt": "Lies: {{ url }}\n"}
    (outcome,) = opened(OUTBOX + 'template = "short.txt"\n', files).run(lambda _: None)
    assert outcome.text == "Lies: https://blog.example/werkstatt/2026/11/hello/"


def test_a_template_that_is_not_there_is_a_problem_at_its_line(opened):
    (problem,) = problems(opened, OUTBOX + 'template = "short.txt"\n')
    assert str(problem).startswith('litfass.toml:11: the template "short.txt" cannot be read')
    assert "syndication/short.txt" in problem.hint


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ('network = "mastodont"', 'There is no network "mastodont"', 'Did you mean "mastodon"?'),
        ('network = "medium"', "No program may post to Medium", 'Use "manual"'),
        ('label = "x"', '"network" is missing in [accounts.a]', "network = "),
        ('network = "outbox"\ntempalte = "x"', 'unknown key "tempalte"', 'mean "template"?'),
        ('network = "outbox"\nbacklog = "yes"', '"backlog"', ""),
        ('network = "outbox"\nhashtags = -1', "0 or more", ""),
        ('network = "outbox"\ncorrections = "no"', '"corrections"', ""),
        ('network = "mastodon"', '"server" is missing', "server = "),
        ('network = "mastodon"\nserver = 5', '"server"', ""),
    ],
)
def test_what_is_wrong_in_an_account_is_said_with_its_place(opened, table, message, hint):
    (problem,) = problems(opened, f"[accounts.a]\n{table}\n")
    assert problem.path == "litfass.toml"
    assert message in problem.message
    assert hint in problem.hint


def test_all_accounts_problems_are_told_at_once(opened):
    accounts = '[accounts.a]\nnetwork = "nowhere"\n[accounts.b]\nnetwork = "outbox"\nlable = "B"\n'
    assert len(problems(opened, accounts)) == 2


def test_two_accounts_never_share_a_secret(opened):
    both = FIRMA.replace("firma", "my-firm") + FIRMA.replace("firma", "my_firm")
    (problem,) = problems(opened, both)
    assert "would share their secrets" in problem.message


def test_a_secret_in_the_settings_is_refused_and_not_repeated(opened):
    (problem,) = problems(opened, f'{FIRMA}token = "{TOKEN}"\n')
    assert problem.line == 11
    assert "is a secret" in problem.message
    assert "LITFASS_FIRMA_TOKEN" in problem.hint
    assert "secrets.toml" in problem.hint
    assert TOKEN not in f"{problem}{problem.hint}"


def test_a_secret_comes_from_the_environment_under_the_account_s_name(opened):
    accounts = FIRMA.replace("firma", "my-firm")
    (account,) = opened(accounts, environ={"LITFASS_MY_FIRM_TOKEN": TOKEN}).accounts
    assert account.network._options.token.reveal() == TOKEN
    assert TOKEN not in repr(account)


def test_a_secret_comes_from_the_secrets_file(opened):
    (account,) = opened(FIRMA, {"secrets.toml": f'[firma]\ntoken = "{TOKEN}"\n'}).accounts
    assert account.network._options.token.reveal() == TOKEN


def test_the_environment_goes_before_the_secrets_file(opened):
    files = {"secrets.toml": '[firma]\ntoken = "old"\n'}
    (account,) = opened(FIRMA, files, {"LITFASS_FIRMA_TOKEN": TOKEN}).accounts
    assert account.network._options.token.reveal() == TOKEN


def test_a_secrets_file_that_others_can_read_is_refused(opened, monkeypatch):
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    (problem,) = problems(opened, FIRMA, {"secrets.toml": f'[firma]\ntoken = "{TOKEN}"\n'})
    assert str(problem) == "secrets.toml: can be read by others on this machine"
    assert problem.hint.endswith("chmod 600 secrets.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'[firma]\ntoken = "{TOKEN}\n', "secrets.toml:2: is not TOML"),
        (f'[frima]\ntoken = "{TOKEN}"\n', 'there is no account "frima"'),
        (f'token = "{TOKEN}"\n', '"token" stands outside of a table'),
        ("[firma]\ntoken = 5\n", "not a text"),
        (b"\xff\xfe", "is not TOML"),
    ],
)
def test_a_broken_secrets_file_is_told_without_its_secrets(opened, text, said):
    (problem,) = problems(opened, FIRMA, {"secrets.toml": text})
    assert said in str(problem)
    assert TOKEN not in f"{problem}{problem.hint}"


def test_a_missing_secret_is_told_when_the_account_is_to_speak(opened):
    syndication = opened(FIRMA + "backlog = true\n" + OUTBOX)
    firma, outbox = syndication.run(lambda _: None)
    assert firma.outcome is Result.DUE
    assert firma.reason == "firma: its token is missing."
    assert "LITFASS_FIRMA_TOKEN" in firma.hint
    assert "secrets.toml" in firma.hint
    assert outbox.outcome is Result.ANNOUNCED
    assert all(status.at is None for status in syndication.statuses() if status.account == "firma")


def test_a_rehearsal_asks_the_server_for_its_limits_as_a_stranger(opened):
    asked = []

    def server(request):
        asked.append(request.headers.get("authorization"))
        return Reply.of({"configuration": {"statuses": {"max_characters": 777}}})

    with listening(server) as address:
        accounts = FIRMA.replace("https://social.example", address) + "backlog = true\n"
        syndication = opened(accounts, rehearsal=True)
        (outcome,) = syndication.run(lambda _: None, dry_run=True)
    assert outcome.outcome is Result.WOULD_ANNOUNCE
    assert (outcome.limit, asked) == (777, [None])


def test_a_server_that_is_not_encrypted_is_refused(opened):
    accounts = FIRMA.replace("https", "http")
    (problem,) = problems(opened, accounts, environ={"LITFASS_FIRMA_TOKEN": TOKEN})
    assert "not encrypted" in problem.message


PAGE = '[accounts.page]\nnetwork = "facebook"\npage = "104"\n'


def test_a_secret_that_may_be_missing_is_not_missed(opened):
    (account,) = opened(PAGE, environ={"LITFASS_PAGE_TOKEN": TOKEN}).accounts
    assert account.network._options.token.reveal() == TOKEN
    assert account.network._options.app_secret is None


def test_a_secret_that_may_be_missing_is_read_where_it_is_not(opened):
    environ = {"LITFASS_PAGE_TOKEN": TOKEN, "LITFASS_PAGE_APP_SECRET": "s3cret-of-the-app"}
    (account,) = opened(PAGE, environ=environ).accounts
    assert account.network._options.app_secret.reveal() == "s3cret-of-the-app"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_post_that_a_network_has_no_use_for_is_told_and_not_recorded(opened, dry_run):
    accounts = '[accounts.bilder]\nnetwork = "instagram"\nbacklog = true\n'
    syndication = opened(accounts, environ={"LITFASS_BILDER_TOKEN": TOKEN})
    (outcome,) = syndication.run(lambda _: None, dry_run=dry_run)
    assert outcome.outcome is Result.UNSUITED
    assert outcome.reason == "Not for Instagram: the post has no picture."
    assert exit_for([outcome]) is Exit.DONE
    assert not any(status.at for status in syndication.statuses())


def test_an_account_of_a_network_for_messages_takes_no_article(opened):
    (problem,) = problems(opened, f'{OUTBOX}content = "article"\n')
    assert problem.message == '"content" in [accounts.outbox] is "article"'
    assert problem.hint == "Outbox takes messages only. Take the line out."
    assert problem.line
