"""Where the links and pictures of all documents lead; none may lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from litfass import images
from litfass.cache import Cache
from litfass.digest import digest
from litfass.errors import LitfassError, Problem
from litfass.library import Addresses
from litfass.links import line_of, locate
from litfass.model import Post, StandingPage, Target
from litfass.sources import Signature, Sources, read

Document = TypeVar("Document", Post, StandingPage)

_HIDDEN = "It is not published, so the link would be dead. Publish it first, or take the link out."
_NOWHERE = {
    "link": "Write a link to another post as a link to its file, like other-post.md.",
    "image": "Put images beside the post, or into static/ and write their address from there.",
}


class Measure:
    """Measures images, and remembers those that did not change."""

    def __init__(self, root: Path, cache: Cache, sources: Sources) -> None:
        self._root = root
        self._cache = cache
        self._signatures = {
            found.path: found.signature for found in (*sources.static, *sources.media)
        }
        self._fresh: dict[str, tuple[Signature, int | None, int | None]] = {}

    @cached_property
    def _known(self) -> Mapping[str, tuple[Signature, int | None, int | None]]:
        return self._cache.images()

    def keep(self) -> None:
        """Remember what was measured."""
        self._cache.keep_images(self._fresh)

    def size(self, path: str) -> tuple[int, int] | None:
        """Return width and height of an image of the blog in pixels, or None."""
        if not path.lower().endswith(images.SUFFIXES):
            return None
        known = self._fresh.get(path) or self._known.get(path)
        if known is None or known[0] != self._signatures.get(path):
            size = images.size_of(self._root / path) or (None, None)
            known = self._fresh[path] = (self._signatures[path], *size)
        return (known[1], known[2]) if known[1] and known[2] else None


class Connection:
    """Finds where documents' links lead, and notes those that lead nowhere."""

    def __init__(self, root: Path, addresses: Addresses, hidden: set[str]) -> None:
        self._root = root
        self._addresses = addresses
        self._hidden = hidden
        self.references: dict[str, Mapping[str, Target]] = {}
        self.problems: list[Problem] = []

    def connected(self, document: Document) -> Document:
        """Return the document with its picture's address, having found all its links."""
        targets = {}
        for reference in document.body.references:
            target = self._addresses.find(reference, document.source)
            if target is None:
                self._note(reference, document.source)
            else:
                targets[reference] = target
        self.references[document.source] = targets
        return self._with_picture(document)

    def _with_picture(self, document: Document) -> Document:
        if document.picture is None:
            return document
        picture = self._addresses.picture(document.picture, document.source)
        if picture is None:
            self._note(document.picture.src, document.source)
            return document
        if isinstance(document, StandingPage):
            return replace(document, picture=picture, digest=digest(f"{document.digest}{picture}"))
        return replace(document, picture=picture, card=digest(f"{document.card}{picture}"))

    def _note(self, reference: str, source: str) -> None:
        try:
            line = line_of(read(self._root, source).text, reference)
        except LitfassError:
            line = None
        place, _ = locate(reference, source)
        if place in self._hidden:
            message = f'the link "{reference}" leads to a draft or a future post'
            hint = _HIDDEN
        else:
            what = "image" if place.lower().endswith(images.SUFFIXES) else "link"
            message, hint = f'the {what} "{reference}" leads nowhere', _NOWHERE[what]
        self.problems.append(Problem(message, hint, source, line))
