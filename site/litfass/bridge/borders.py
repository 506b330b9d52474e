"""What goes wrong on the networks' side, told on the blog's side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litfass.errors import LitfassError
from litfass_syndication.errors import SyndicationError


@contextmanager
def border() -> Iterator[None]:
    """Let a SyndicationError out as a LitfassError with the same words."""
    try:
        yield
    except SyndicationError as error:
        raise LitfassError(error.message, error.hint) from None
