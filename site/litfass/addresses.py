"""Where every reference leads: from what a writer wrote to the address that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote

from litfass.digest import digest
from litfass.links import locate
from litfass.model import Picture, Post, StandingPage, Target
from litfass.urls import output_path, quote

Size = tuple[int, int]


class Addresses:
    """Where every reference leads.

    `sources` maps a Markdown file to its url; `files` a media or static file to the path where it
    comes out; `paths` are all paths of the public folder. `size` measures an image of the blog;
    `version` stands for the files that it measures.
    """

    def __init__(
        self,
        base: str,
        sources: Mapping[str, str],
        files: Mapping[str, str],
        paths: Iterable[str],
        size: Callable[[str], Size | None],
        version: str,
    ) -> None:
        self._base = base
        self._sources = sources
        self._files = files
        self._from_path = {path: source for source, path in files.items()}
        self._paths = frozenset(paths)
        self._size = size
        self._plain = {url: Target(url) for url in sources.values()}
        self._state = digest(
            "\0".join(
                (base, version, *chain(*sources.items(), *files.items()), *sorted(self._paths))
            )
        )

    def key(self, document: Post | StandingPage) -> str:
        """Stand for all that decides where a document's links lead."""
        return digest(
            "\0".join(
                (self._state, document.source, str(document.picture), *document.body.references)
            )
        )

    def find(self, reference: str, source: str) -> Target | None:
        """Return where a reference of a file leads, or None when it leads nowhere."""
        if plain := self._plain.get(reference):  # written as we write it ourselves
            return plain
        place, suffix = locate(reference, source)
        if place.startswith("/"):
            return self._at_root(place, suffix)
        if place in self._sources:
            return Target(self._sources[place] + suffix)
        if place in self._files:
            return self._file(self._files[place], place, suffix)
        return None

    def picture(self, picture: Picture, source: str) -> Picture | None:
        """Return a post's picture with its address and size, or None when it leads nowhere."""
        if "://" in picture.src or picture.src.startswith("//"):
            return picture
        target = self.find(picture.src, source)
        if target is None:
            return None
        return replace(picture, src=target.url, width=target.width, height=target.height)

    def _at_root(self, place: str, suffix: str) -> Target | None:
        place = unquote(place)
        for start in dict.fromkeys(("/", self._base)):  # with the blog's own folder or without
            if not place.startswith(start):
                continue
            address = "/" + place[len(start) :]
            path = _path_of(address)
            if path in self._from_path:
                return self._file(path, self._from_path[path], suffix)
            if path in self._paths:
                return Target(self._base + quote(address.lstrip("/")) + suffix)
        return None

    def _file(self, path: str, source: str, suffix: str) -> Target:
        size = self._size(source)
        return Target(self._base + quote(path) + suffix, *(size or (None, None)))


def _path_of(address: str) -> str:
    """Return the path that answers an address: a file itself, or a folder's index."""
    if address.endswith("/"):
        return address[1:] + "index.html"
    if "." in address.rsplit("/", 1)[-1]:
        return address[1:]
    return output_path(address)
