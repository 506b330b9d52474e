"""Jinja as pages are made with it: what templates can call, and a shorter way to what they do most.

A page has Jinja escape and call some hundred times. Plain texts and our own functions take a way
here that asks nothing which only others could need; what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime
from json import JSONEncoder
from typing import Any, Protocol
from urllib.parse import urljoin

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup, escape

from litfass.compiled import Compiled

Load = Callable[[str], "tuple[str, str, None] | None"]


class Words(Protocol):
    """What a theme puts into its pages apart from what is written in their templates."""

    def say(self, key: str, language: str, **values: object) -> str:
        """Return a phrase."""

    def date(self, day: datetime, language: str) -> str:
        """Return a day."""

    def asset(self, name: str) -> str:
        """Return the path of an asset."""


def new_environment(theme: Words, compiled: MutableMapping[str, bytes], load: Load) -> Environment:
    """Return an environment for a theme's templates, which `load` finds by their names."""
    environment = _PageEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=Compiled(compiled),
    )

    @pass_context
    def t(context: Context, key: str, **values: object) -> str:
        return theme.say(key, context["page"].language, **values)

    @pass_context
    def asset(context: Context, name: str) -> str:
        return f"{context['site'].base}{theme.asset(name)}"

    @pass_context
    def date(context: Context, day: datetime) -> str:
        return theme.date(day, context["page"].language)

    @pass_context
    def absolute(context: Context, url: str) -> str:
        return urljoin(str(context["site"].url), url)

    environment.ours = frozenset({t, asset})
    environment.globals |= {"t": t, "asset": asset}
    environment.filters |= {"date": date, "iso": datetime.isoformat, "absolute": absolute}
    environment.policies["json.dumps_function"] = JSONEncoder(sort_keys=True).encode
    environment.policies["json.dumps_kwargs"] = {}
    return environment


class _Context(Context):
    """A context that calls our own functions at once; Jinja looks at what each would be given."""

    environment: _PageEnvironment

    def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call a function from a template."""
        if function not in self.environment.ours:
            return super().call(function, *args, **kwargs)
        kwargs.pop("_block_vars", None)  # what Jinja tells of its loops
        kwargs.pop("_loop_vars", None)
        return function(self, *args, **kwargs)


class _Generator(CodeGenerator):
    """Writes templates as Python that escapes by `written`."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _PageEnvironment(Environment):
    """An environment that knows which functions are `ours`: they are given the context."""

    context_class = _Context
    code_generator_class = _Generator
    ours: frozenset[Callable[..., Any]] = frozenset()

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template can call: a plain mapping, which is read for each page."""
        return {**self.globals, **(d or {})}

    @staticmethod
    def written(value: object) -> str:
        """Return what stands in HTML for a value, as `markupsafe.escape` does."""
        if type(value) is not str:
            return value if type(value) is Markup else escape(value)
        return (
            value.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&#34;")
            .replace("'", "&#39;")
        )
