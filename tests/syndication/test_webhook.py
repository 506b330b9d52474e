"""The address of a webhook is taken apart so that its secret part stays one."""

from __future__ import annotations

import pytest

from litfass_syndication.errors import AccountError
from litfass_syndication.network import Secret
from litfass_syndication.webhook import Webhook, Webhooks

CHAT = Webhooks(
    "Chat",
    path=r"/hooks/\w+",
    example="https://chat.example.org/hooks/…",
    elsewhere="https://chat.invalid",
)


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("https://chat.example/hooks/abc", "https://chat.example"),
        (" https://chat.example:8065/hooks/abc/\n", "https://chat.example:8065"),
        ("https://example.org/chat/hooks/abc", "https://example.org/chat"),
        ("http://127.0.0.1:1/hooks/abc", "http://127.0.0.1:1"),
    ],
)
def test_the_server_may_be_known_and_the_path_may_not(address, server):
    assert CHAT.parted(Secret(address)) == Webhook(server, "/hooks/abc")
    assert CHAT.server(Secret(address)) == server


@pytest.mark.parametrize(
    "address",
    [
        "",
        "abc",
        "chat.example/hooks/abc",
        "https:///hooks/abc",
        "ftp://chat.example/hooks/abc",
        "https://chat.example/hooks/",
        "https://chat.example/hooks/abc/def",
        "https://chat.example/hooks/abc?x=1",
        "https://chat.example/?to=/hooks/abc",
        "https://chat.example /hooks/abc",
    ],
)
def test_what_is_none_is_named_and_not_shown(address):
    assert CHAT.parted(Secret(address)) is None
    assert CHAT.server(Secret(address)) == "https://chat.invalid"
    with pytest.raises(AccountError) as caught:
        CHAT.required(Secret(address))
    assert "Chat" in caught.value.message
    assert not address or address not in caught.value.message
    assert "secrets" in caught.value.hint
