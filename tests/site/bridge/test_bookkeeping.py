"""What is added to a person's files reads as it shall, and all else in them stays."""

from __future__ import annotations

import tomllib
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from litfass.bridge.bookkeeping import with_secrets, with_table
from litfass.errors import SettingsError
from litfass_syndication.network import Secret

SECRET = "Tok3n-that-nobody-may-see"
FILES = (
    b"",
    b"\n",
    b"# nothing yet",
    b'[outbox]\nx = "y"',
    b'[outbox]\r\nx = "y"\r\n',
    b'\xef\xbb\xbf[outbox]\nx = "\xc3\xbc"\n\n',
    b'[bird]\nother = "kept"\n[outbox]\nx = "y"\n',
    b'[ "bird" ]  # an app\r\nother = "kept"\r\n',
    b"[bird]",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.sampled_from(FILES), TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_secret_is_added_whatever_it_is(tmp_path, before, text):
    (tmp_path / "secrets.toml").write_bytes(before)
    page = with_secrets(tmp_path, "bird", {"token": Secret(text)})
    old = tomllib.loads(before.decode("utf-8-sig"))
    expected = old | {"bird": {**old.get("bird", {}), "token": text}}
    assert tomllib.loads(page.after.decode("utf-8-sig")) == expected
    after = iter(page.after.splitlines())
    assert all(line in after for line in before.splitlines())


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), TEXTS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_comes_below_what_is_there(tmp_path, table):
    before = b'[site]\ntitle = "Werkstattbuch"  # mine'
    (tmp_path / "litfass.toml").write_bytes(before)
    page = with_table(tmp_path, "b\u00fcro", table, "Connected.")
    assert page.after.startswith(before + b"\n\n# Connected.\n")
    assert tomllib.loads(page.after.decode())["accounts"] == {"b\u00fcro": table}


def test_a_secret_comes_below_those_that_the_account_has(tmp_path):
    secrets = tmp_path / "secrets.toml"
    secrets.write_bytes(b'[bird]  # an app\napi_key = "kept"\n\n[outbox]\nx = "y"\n')
    page = with_secrets(tmp_path, "bird", {"api_secret": Secret(SECRET)})
    assert page.after.decode() == (
        f'[bird]  # an app\napi_secret = "{SECRET}"\napi_key = "kept"\n\n[outbox]\nx = "y"\n'
    )
    assert SECRET not in repr(page)


@pytest.mark.parametrize("written", ['bird = { api_key = "Geheim" }\n', 'bird = "Geheim\n'])
def test_a_file_that_nothing_can_be_added_to_is_left_and_not_quoted(tmp_path, written):
    (tmp_path / "secrets.toml").write_text(written)
    with pytest.raises(SettingsError) as caught:
        with_secrets(tmp_path, "bird", {"api_secret": Secret(SECRET)})
    shown = "".join(traceback.format_exception(caught.value))
    assert "Geheim" not in shown
    assert SECRET not in shown
    assert (tmp_path / "secrets.toml").read_text() == written
