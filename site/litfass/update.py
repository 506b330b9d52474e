"""Bring the public folder up to date, and do no more than the edits since the last build ask for.

Nothing changed: nothing is read. The text of a few documents changed: only what shows it is made
(see `retouch`). Anything else: the whole blog is looked at (see `build`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from litfass import output
from litfass.brief import Brief, Options, Outcome
from litfass.cache import Cache
from litfass.digest import digest
from litfass.outline import Edits, Outline
from litfass.settings import Blog
from litfass.sources import Signature, Sources, is_document, scan, settled, still, trace
from litfass.workers import begun, undisturbed

if TYPE_CHECKING:
    from litfass.reading import Result

Reading = Callable[[], "tuple[Result, ...]"]

MOST = 32
"""Documents that are retouched; with more, a look at the whole blog takes less."""


def update(blog: Blog, options: Options, touched: Collection[str] | None = None) -> Outcome:
    """Make the public folder what a build of the whole blog would make it.

    Who watches the blog and its public folder can say which files have been `touched` since the
    last build; the others are not looked at then, as far as that is enough. Raises LitfassError,
    mostly Problems with all that is wrong; nothing was written then.
    """
    brief = Brief(blog, options)
    with brief.alone(), undisturbed(), brief.cache() as cache:
        told = None if touched is None else _told(brief, cache, touched)
        if told and (done := _touched(brief, cache, told)):
            return done
        sources = scan(blog.root)
        edits = _edits(brief, cache, sources)
        done = _renewed(brief, cache, edits) if edits else None
        return done or _build(brief, cache, sources)


def _renewed(brief: Brief, cache: Cache, edits: Edits) -> Outcome | None:
    """Do what the edits ask for; None when that is a look at the whole blog."""
    reading = begun(partial(_read, brief, edits), brief.options.jobs if edits.paths else 1)
    outputs = cache.signatures()
    if not _stands(brief, outputs):
        reading()
        return None
    if not edits.paths:
        return Outcome(public=brief.public, total=len(outputs), accounts=edits.outline.accounts)
    return _retouched(brief, cache, edits, outputs, reading)


def _told(brief: Brief, cache: Cache, touched: Collection[str]) -> Edits | None:
    """Return what changed if only these files can have; None when that is not for retouching."""
    outline = _outline(cache)
    if outline is None or not outline.sources.keys() >= set(touched):
        return None
    try:
        seen = {path: trace((brief.root / path).stat()) for path in touched}
    except OSError:
        return None
    moment = brief.options.now.timestamp()
    paths = outline.changed(brief.law, moment, {**outline.sources, **seen})
    if not paths or not _is_for_retouching(paths):
        return None
    now_there = {path: still(one, brief.settled) for path, one in seen.items()}
    return Edits(outline, {**outline.sources, **now_there}, tuple(paths))


def _edits(brief: Brief, cache: Cache, sources: Sources) -> Edits | None:
    """Return what changed since the last build; None when that is not for retouching."""
    outline = _outline(cache)
    if outline is None:
        return None
    now = brief.options.now.timestamp()
    paths = outline.changed(brief.law, now, sources.everything)
    if paths is None or not _is_for_retouching(paths):
        return None
    if not paths:
        return Edits(outline, outline.sources, ())
    now_there = settled(sources, brief.settled)
    edited = _edited(brief, cache, paths)
    if not edited:
        cache.keep_outline(replace(outline, sources=now_there).note())
    return Edits(outline, now_there, edited)


def _outline(cache: Cache) -> Outline | None:
    note = cache.outline()
    return None if note is None else Outline.from_note(note)


def _is_for_retouching(paths: Collection[str]) -> bool:
    return len(paths) <= MOST and all(map(is_document, paths))


def _edited(brief: Brief, cache: Cache, paths: list[str]) -> tuple[str, ...]:
    """Return which of these files have another content than the one that was read."""
    known = cache.documents(paths)
    return tuple(
        path
        for path in paths
        if path not in known or digest((brief.root / path).read_bytes()) != known[path].digest
    )


def _stands(brief: Brief, outputs: Mapping[str, Signature]) -> bool:
    """Tell whether the public folder is as the last build left it."""
    if not outputs or brief.standing(outputs) != outputs:
        return False
    return output.is_tidy(brief.public, outputs.keys())


def _read(brief: Brief, edits: Edits) -> tuple[Result, ...]:
    from litfass.reading import read_again  # noqa: PLC0415 - heavy
    from litfass.rules import rules_of  # noqa: PLC0415 - heavy

    return read_again(brief.root, edits.found, rules_of(brief.blog, brief.options))


def _touched(brief: Brief, cache: Cache, edits: Edits) -> Outcome | None:
    return _retouched(brief, cache, edits, cache.signatures(), partial(_read, brief, edits))


def _retouched(
    brief: Brief,
    cache: Cache,
    edits: Edits,
    outputs: Mapping[str, Signature],
    reading: Reading,
) -> Outcome | None:
    from litfass.retouch import retouch  # noqa: PLC0415 - heavy

    return retouch(brief, cache, edits, outputs, reading) if outputs else None


def _build(brief: Brief, cache: Cache, sources: Sources) -> Outcome:
    from litfass.build import build_all  # noqa: PLC0415 - heavy

    return build_all(brief, cache, sources)
