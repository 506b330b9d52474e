"""The files of the preview's folder as answers, with the script that reloads them."""

from __future__ import annotations

import html
import mimetypes
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from litfass.digest import digest
from litfass.preview.edition import Edition

SCRIPT = "/-litfass/preview.js"
KEPT = {"cache-control": "max-age=86400, immutable"}
"""For what has another address as soon as it has another content."""

# Types that a system may not know, or may have registered otherwise (Windows does, for .js).
_TYPES = {
    ".atom": "application/atom+xml", ".avif": "image/avif", ".css": "text/css",
    ".html": "text/html", ".js": "text/javascript", ".json": "application/json",
    ".md": "text/markdown", ".mjs": "text/javascript", ".rss": "application/rss+xml",
    ".svg": "image/svg+xml", ".txt": "text/plain", ".webmanifest": "application/manifest+json",
    ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
}  # fmt: skip
_SURE = 8  # digits of a digest that tell one content from another
_TEXTS = ("application/json", "application/manifest+json", "image/svg+xml", "application/xml")


class Pages(StaticFiles):
    """The pages of one edition: files of its folder, of no other, and its 404.html."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(directory=edition.public, html=True, check_dir=False)
        self._edition = edition

    async def answer(self, scope: Scope) -> Response:
        """Return the answer to a GET or HEAD. Raises HTTPException when there is none."""
        if not scope["path"].startswith(self._edition.base):
            return await self.missing(scope)
        inside = {**scope, "root_path": self._edition.base.rstrip("/")}
        return await self._shown(await self.get_response(self.get_path(inside), inside), scope)

    async def missing(self, scope: Scope) -> Response:
        """Return the blog's page for addresses that lead nowhere."""
        response = await self._shown(await self.get_response("404.html", scope), scope)
        response.status_code = 404
        return response

    async def _shown(self, response: Response, scope: Scope) -> Response:
        """Return a file's answer with its true type, and with the script if it is a page."""
        if not isinstance(response, FileResponse):
            return response
        kind = media_type(str(response.path))
        if kind == "text/html":
            content = await run_in_threadpool(Path(response.path).read_bytes)
            return HTMLResponse(with_script(content, self._edition), response.status_code)
        response.headers["content-type"] = f"{kind}; charset=utf-8" if _is_text(kind) else kind
        if version := QueryParams(scope["query_string"]).get("v"):
            content = await run_in_threadpool(Path(response.path).read_bytes)
            if digest(content)[: len(version)] == version and len(version) >= _SURE:
                response.headers.update(KEPT)
        return response

    def is_not_modified(self, *_: object) -> bool:
        """Never: the script in a page says which edition it is."""
        return False


def media_type(path: str) -> str:
    """Return the type of a file, by its name."""
    known = _TYPES.get(Path(path).suffix.lower())
    return known or mimetypes.guess_type(path)[0] or "application/octet-stream"


def with_script(page: bytes, edition: Edition) -> bytes:
    """Return a page that reloads when the edition is no longer the last one."""
    marks = "".join(f' data-{name}="{value}"' for name, value in edition.marks().items())
    script = f'<script src="{SCRIPT}?run={edition.run}"{marks}></script>'.encode()
    end = page.lower().rfind(b"</body")
    return page[:end] + script + page[end:] if end >= 0 else page + script


def no_page_yet(edition: Edition) -> Response:
    """Return what any address shows until a build has succeeded."""
    places = (html.escape(f"{problem}  {problem.hint}") for problem in edition.problems)
    items = "".join(f"<li>{place}</li>" for place in places)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"><title>Not built yet</title></head>'
        f"<body><noscript><h1>The blog cannot be built yet</h1><ul>{items}</ul></noscript>"
        "</body></html>"
    )
    return HTMLResponse(with_script(page.encode(), edition), 503)


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in _TEXTS or kind.endswith("+xml")
