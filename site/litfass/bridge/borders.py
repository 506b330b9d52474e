"""What goes wrong on the networks' side, told on the blog's side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litfass.errors import LedgerUnusable, LitfassError
from litfass_syndication.errors import LedgerError, SyndicationError


@contextmanager
def border() -> Iterator[None]:
    """Let a SyndicationError out as a LitfassError of the same words, and of the like kind."""
    try:
        yield
    except LedgerError as error:
        raise LedgerUnusable(error.message, error.hint) from None
    except SyndicationError as error:
        raise LitfassError(error.message, error.hint) from None
