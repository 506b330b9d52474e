"""Bring the public folder up to date, and do no more than the edits since the last build ask for.

Nothing changed: nothing is read. The text of a few documents changed: only what shows it is made
(see `retouch`). Anything else: the whole blog is looked at (see `build`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from litfass import output
from litfass.brief import Brief, Options, Outcome
from litfass.cache import Cache
from litfass.digest import digest
from litfass.errands import Runner
from litfass.errors import ContentError
from litfass.frontmatter import head
from litfass.outline import Edits, Outline
from litfass.settings import Blog
from litfass.sources import Signature, Sources, is_document, read, scan, still, trace
from litfass.workers import undisturbed

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
        outputs = cache.signatures()
        with Runner(brief, outputs, options.jobs if outputs else 1) as runner:
            sources = scan(blog.root)
            edits = _edits(brief, cache, sources)
            done = _renewed(brief, cache, edits, runner) if edits else None
            return done or _build(brief, cache, sources, runner)


def _renewed(brief: Brief, cache: Cache, edits: Edits, runner: Runner) -> Outcome | None:
    """Do what the edits ask for; None when that is a look at the whole blog."""
    reading = runner.read(edits.found)
    if not _stands(brief, runner):
        return None
    if not edits.paths:
        total, accounts = len(runner.outputs), edits.outline.accounts
        return Outcome(public=brief.public, total=total, accounts=accounts)
    return _retouched(brief, cache, edits, runner, reading)


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
    return Edits(outline, _still(brief, seen), tuple(paths))


def _edits(brief: Brief, cache: Cache, sources: Sources) -> Edits | None:
    """Return what changed since the last build; None when that is not for retouching."""
    outline = _outline(cache)
    if outline is None:
        return None
    now, everything = brief.options.now.timestamp(), sources.everything
    paths = outline.changed(brief.law, now, everything)
    if paths is None or not _is_for_retouching(paths):
        return None
    if not paths:
        return Edits(outline, {}, ())
    edited = _edited(brief, cache, paths)
    if edited is None:
        return None
    seen = _still(brief, {path: everything[path] for path in paths})
    if not edited:
        cache.amend_outline(seen)
    return Edits(outline, seen, edited)


def _outline(cache: Cache) -> Outline | None:
    known = cache.outline()
    return None if known is None else Outline.from_note(*known)


def _still(brief: Brief, seen: Mapping[str, Signature]) -> dict[str, Signature]:
    return {path: still(one, brief.settled) for path, one in seen.items()}


def _is_for_retouching(paths: Collection[str]) -> bool:
    return len(paths) <= MOST and all(map(is_document, paths))


def _edited(brief: Brief, cache: Cache, paths: list[str]) -> tuple[str, ...] | None:
    """Return which of these files have another content than the one that was read.

    None when some have other front matter: then more than their texts has changed, for sure.
    """
    known = cache.documents(paths)
    edited = []
    for path in paths:
        try:
            source = read(brief.root, path)
        except ContentError:
            return None
        before = known.get(path)
        if before is None or digest(head(source.text)) != before.head:
            return None
        if source.digest != before.digest:
            edited.append(path)
    return tuple(edited)


def _stands(brief: Brief, runner: Runner) -> bool:
    """Tell whether the public folder is as the last build left it."""
    if not runner.outputs or runner.strayed:
        return False
    return output.is_tidy(brief.public, runner.outputs.keys())


def _touched(brief: Brief, cache: Cache, edits: Edits) -> Outcome | None:
    runner = Runner(brief, cache.signatures())
    return _retouched(brief, cache, edits, runner, runner.read(edits.found))


def _retouched(
    brief: Brief, cache: Cache, edits: Edits, runner: Runner, reading: Reading
) -> Outcome | None:
    from litfass.retouch import retouch  # noqa: PLC0415 - heavy

    outputs = runner.outputs
    return retouch(brief, cache, edits, outputs, reading) if outputs else None


def _build(brief: Brief, cache: Cache, sources: Sources, runner: Runner) -> Outcome:
    from litfass.build import build_all  # noqa: PLC0415 - heavy

    return build_all(brief, cache, sources, runner)
