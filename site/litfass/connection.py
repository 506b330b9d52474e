"""Where the links and pictures of all documents lead; none may lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from litfass import images
from litfass.addresses import Addresses
from litfass.cache import Cache, Linked
from litfass.digest import digest
from litfass.errors import LitfassError, Problem
from litfass.links import line_of, locate
from litfass.model import Post, StandingPage, Target
from litfass.records import decode_links, encode_links
from litfass.sources import Signature, Sources, read

Document = TypeVar("Document", bound=Post | StandingPage)

_HIDDEN = "It is not published, so the link would be dead. Publish it first, or take the link out."
_NOWHERE = {
    "link": "Write a link to another post as a link to its file, like other-post.md.",
    "image": "Put images beside the post, or into static/ and write their address from there.",
}
_SIZES = "images"


class Measure:
    """Measures images, and remembers those that did not change.

    What changed after `settled` (nanoseconds) may change again without showing it.
    """

    def __init__(self, root: Path, cache: Cache, sources: Sources, settled: int) -> None:
        self._root = root
        self._settled = settled
        self._cache = cache
        self._signatures: Mapping[str, Signature] = dict((*sources.static, *sources.media))
        self._fresh: dict[str, tuple[Signature, int | None, int | None]] = {}

    @property
    def version(self) -> str:
        """Stand for the images of the blog."""
        pictures = (path for path in self._signatures if path.lower().endswith(images.SUFFIXES))
        return digest("\0".join(f"{path} {self._state(path)}" for path in pictures))

    def _state(self, path: str) -> str:
        signature = self._signatures[path]
        lies_still = signature[1] < self._settled
        return repr(signature) if lies_still else digest((self._root / path).read_bytes())

    @cached_property
    def _known(self) -> Mapping[str, tuple[Signature, int | None, int | None]]:
        return self._cache.note(_SIZES) or {}

    def keep(self) -> None:
        """Remember what was measured."""
        still = {path: one for path, one in self._fresh.items() if one[0][1] < self._settled}
        if still:
            self._cache.keep_note(_SIZES, {**self._known, **still})

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
    """Finds where documents' links lead, and notes those that lead nowhere.

    What was found before holds as long as nothing came, went or moved.
    """

    def __init__(
        self, root: Path, addresses: Addresses, hidden: set[str], before: Mapping[str, Linked]
    ) -> None:
        self._root = root
        self._addresses = addresses
        self._hidden = hidden
        self._before = before
        self.links: dict[str, Linked] = {}
        self.problems: list[Problem] = []

    @property
    def fresh(self) -> Mapping[str, Linked]:
        """What was not known before."""
        return {path: one for path, one in self.links.items() if self._before.get(path) is not one}

    def connected(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """Return the documents with their pictures' addresses, having found all their links."""
        return tuple(
            self._connected(one) if one.body.references or one.picture else one for one in documents
        )

    def _connected(self, document: Document) -> Document:
        key = self._addresses.key(document)
        linked = self._before.get(document.source)
        if linked is None or linked.key != key:
            linked = self._found(document, key)
        self.links[document.source] = linked
        return with_picture(document, linked) if document.picture else document

    def _found(self, document: Document, key: str) -> Linked:
        targets: dict[str, Target] = {}
        for reference in document.body.references:
            target = self._addresses.find(reference, document.source)
            if target is None:
                self._note(reference, document.source)
            else:
                targets[reference] = target
        picture = document.picture and self._addresses.picture(document.picture, document.source)
        if document.picture and picture is None:
            self._note(document.picture.src, document.source)
        record = encode_links(targets, picture)
        return Linked(key, digest(record), record)

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


def with_picture(document: Document, linked: Linked) -> Document:
    """Return a document whose picture has the address that was found."""
    picture = decode_links(linked.record)[1]
    if picture is None:
        return document
    if isinstance(document, StandingPage):
        return replace(document, picture=picture, digest=digest(f"{document.digest}{picture}"))
    return replace(document, picture=picture, card=digest(f"{document.card}{picture}"))
