"""Where files of the posts' folders and of `static/` come out in the public folder."""

from __future__ import annotations

from collections.abc import Iterator

from litfass.reading import Read
from litfass.sources import Sources


def places_of(sources: Sources, shown: Read) -> dict[str, str]:
    """Return where each static and media file comes out.

    What lies in a bundle goes beside its page; a bundle that is not published keeps its files.
    """
    places = {file.path: file.path.removeprefix("static/") for file in sources.static}
    bundles = {_folder(one.path): one.path for one in sources.documents if _is_bundle(one.path)}
    homes = {one.source: _home(one.path) for one in shown.documents}
    for file in sources.media:
        bundle = next((folder for folder in _parents(file.path) if folder in bundles), None)
        if bundle is None:
            places[file.path] = file.path
        elif bundles[bundle] in homes:
            places[file.path] = homes[bundles[bundle]] + file.path.removeprefix(f"{bundle}/")
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
