"""What a process beside a build does for it: look at the public folder, and read a few files.

While the build looks through the sources, it looks at what the last build left; and while the
build thinks about what has changed, it brings in what reading needs, which takes longer than to
read a post.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self

from litfass.beside import Beside
from litfass.brief import Brief
from litfass.cache import bodies_of
from litfass.output import strayed
from litfass.sources import Found, Signature

if TYPE_CHECKING:
    from litfass.reading import Result


class Runner(Beside):
    """Runs the errands of a build whose files the last one left as `outputs`.

    A context manager. A second process is begun if more than one `jobs` may be done at once.
    """

    def __init__(self, brief: Brief, outputs: Mapping[str, Signature], jobs: int = 1) -> None:
        look, read = partial(strayed, brief.public, outputs), partial(_read, brief)
        super().__init__({"look": look, "get ready": _get_ready, "read": read}, jobs)
        self.outputs = outputs
        self._language = brief.blog.settings.site.language

    def __enter__(self) -> Self:
        super().__enter__()
        self._look: Callable[[], frozenset[str]] = self.ask("look")
        self.ask("get ready", self._language)
        return self

    @cached_property
    def strayed(self) -> frozenset[str]:
        """The files of the public folder that do not stand as they were left, by path.

        They are looked at once: whoever has the folder alone finds them as they were.
        """
        return self._look()

    def read(self, found: Sequence[Found]) -> Callable[[], tuple[Result, ...]]:
        """Begin to read files; return what brings the results."""
        return self.ask("read", found)


def _read(brief: Brief, found: Sequence[Found]) -> tuple[Result, ...]:
    from litfass.reading import Reader  # noqa: PLC0415 - heavy
    from litfass.rules import rules_of  # noqa: PLC0415 - heavy

    rules = rules_of(brief.blog, brief.options)
    with closing(bodies_of(brief.memo)) as bodies:
        return tuple(map(Reader(brief.root, rules, bodies, {}).read, found))


def _get_ready(language: str) -> None:
    from litfass.reading import get_ready  # noqa: PLC0415 - heavy

    get_ready(language)
