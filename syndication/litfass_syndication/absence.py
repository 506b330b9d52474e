"""Is a page gone? Who is told so looks for himself, and would find it still there."""

from __future__ import annotations

from litfass_syndication.errors import Unreachable
from litfass_syndication.network import Http

GONE = (404, 410)


def require_gone(http: Http, url: str) -> None:
    """Raise Unreachable while a page of the blog still answers; one that leads on is gone, too."""
    answer = http.get(url, headers={"Cache-Control": "no-cache"}, expect=GONE)
    if answer.status not in GONE and answer.url in ("", url):
        hint = "Deploy the blog without it first. A cache may show it for some minutes more."
        raise Unreachable(f"{url} is still there, though its post is not.", hint)
