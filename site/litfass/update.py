"""Bring the public folder up to date, and do no more than the edits since the last build ask for.

Nothing changed: nothing is read. The text of a few documents changed: only what shows it is made
(see `retouch`). Anything else: the whole blog is looked at (see `build`).
"""

from __future__ import annotations

from dataclasses import replace

from litfass import output
from litfass.brief import OUTLINE, Brief, Options, Outcome
from litfass.cache import Cache
from litfass.digest import digest
from litfass.outline import Edits, Outline
from litfass.settings import Blog
from litfass.sources import Sources, is_document, scan, settled
from litfass.workers import undisturbed

MOST = 32
"""Documents that are retouched; with more, a look at the whole blog takes less."""


def update(blog: Blog, options: Options) -> Outcome:
    """Make the public folder what a build of the whole blog would make it.

    Raises LitfassError, mostly Problems with all that is wrong; nothing was written then.
    """
    brief = Brief(blog, options)
    with brief.alone(), undisturbed(), brief.cache() as cache:
        sources = scan(blog.root)
        edits = _edits(brief, cache, sources)
        if edits is None:
            return _build(brief, cache, sources)
        if not edits.paths:
            return Outcome(
                public=brief.public, total=len(edits.outputs), accounts=edits.outline.accounts
            )
        return _retouch(brief, cache, edits) or _build(brief, cache, sources)


def _edits(brief: Brief, cache: Cache, sources: Sources) -> Edits | None:
    """Return what changed since the last build; None when that is not for retouching."""
    note = cache.note(OUTLINE)
    if note is None:
        return None
    outline = Outline.from_note(note)
    now = brief.options.now.timestamp()
    paths = outline.changed(brief.law, now, sources.everything)
    if paths is None or len(paths) > MOST or not all(map(is_document, paths)):
        return None
    outputs = cache.outputs()
    there = output.standing(brief.public, outputs)
    if any(there.get(path) != one.signature for path, one in outputs.items()):
        return None
    if not outputs or not output.is_tidy(brief.public, outputs.keys()):
        return None
    if not paths:
        return Edits(outline, outline.sources, (), outputs)
    now_there = settled(sources, brief.settled)
    edited = _edited(brief, cache, paths)
    if not edited:
        cache.keep_note(OUTLINE, replace(outline, sources=now_there).note())
    return Edits(outline, now_there, edited, outputs)


def _edited(brief: Brief, cache: Cache, paths: list[str]) -> tuple[str, ...]:
    """Return which of these files have another content than the one that was read."""
    known = cache.documents(paths)
    return tuple(
        path
        for path in paths
        if path not in known or digest((brief.root / path).read_bytes()) != known[path].digest
    )


def _retouch(brief: Brief, cache: Cache, edits: Edits) -> Outcome | None:
    from litfass.retouch import retouch  # noqa: PLC0415 - heavy

    return retouch(brief, cache, edits)


def _build(brief: Brief, cache: Cache, sources: Sources) -> Outcome:
    from litfass.build import build_all  # noqa: PLC0415 - heavy

    return build_all(brief, cache, sources)
