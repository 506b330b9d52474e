"""Where files of the posts' folders and of `static/` come out in the public folder."""

from __future__ import annotations

from collections.abc import Iterator

from litfass.reading import Read
from litfass.sources import Sources


def places_of(sources: Sources, read_: Read) -> dict[str, str]:
    """Return where each static and media file comes out.

    What lies in a bundle goes beside its page; a bundle that is not published keeps its files.
    """
    places = {found.path: found.path.removeprefix("static/") for found in sources.static}
    bundles = {
        _folder(one.path): one.path
        for one in (*sources.posts, *sources.pages)
        if _is_bundle(one.path)
    }
    homes = {one.source: _home(one.path) for one in (*read_.posts, *read_.pages)}
    for found in sources.media:
        bundle = next((folder for folder in _parents(found.path) if folder in bundles), None)
        if bundle is None:
            places[found.path] = found.path
        elif bundles[bundle] in homes:
            places[found.path] = homes[bundles[bundle]] + found.path.removeprefix(f"{bundle}/")
    return places


def _is_bundle(path: str) -> bool:
    return path.rsplit("/", 1)[-1] in ("index.md", "index.markdown") and path.count("/") > 1


def _folder(path: str) -> str:
    return path.rsplit("/", 1)[0]


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = _folder(path)
        yield path


def _home(path: str) -> str:
    """Return the folder of a page's own files: where its index lies, or one named like the page."""
    return (
        path.removesuffix("index.html")
        if path.endswith("/index.html")
        else path.removesuffix(".html") + "/"
    )
