"""The HTTP client, as the one policy wants it: no cookies, no kept connection, nothing packed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from litfass_syndication.agent import user_agent

if TYPE_CHECKING:
    import httpx


def made(
    timeout: httpx.Timeout, transport: httpx.BaseTransport | None, *, proxies: bool
) -> httpx.Client:
    """Return a client; `proxies` of the environment are used, or we ask directly."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy  # noqa: PLC0415

    import httpx  # noqa: PLC0415

    for name in ("httpx", "httpcore"):  # they log addresses, and in these may be secrets
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.Client(
        headers={
            "User-Agent": user_agent(),
            "Accept": "application/json, */*;q=0.5",
            "Accept-Encoding": "identity",  # so that "at most N bytes" cannot be a bomb
        },
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=timeout,
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=proxies,
        transport=transport,
    )
