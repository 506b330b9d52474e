"""The addresses in a piece of HTML: found, and replaced, in one pass over its tags.

Only real tags count: not comments, not scripts, not code that shows a tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

Change = Callable[[str], str]

_QUOTED = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""


def _tags(other: str) -> re.Pattern[str]:
    """Return what finds tags that may hold an address, and steps over those that begin so."""
    return re.compile(
        rf"""<(?=[!aefilostuv])(?!{other})
        (?: !--.*?-->
        | (?P<opaque>script|style|textarea|title)\b{_QUOTED}>.*?</(?P=opaque)\s*>
        | (?P<name>a|area|audio|embed|form|iframe|image|img|input|link|object|source|track|use
          |video)(?=[\s/>])(?P<attributes>{_QUOTED})> )""",
        re.DOTALL | re.IGNORECASE | re.VERBOSE,
    )


TAG = _tags("span")  # nearly all tags of highlighted code are of no interest
"""A tag that may hold an address, in the groups `name` and `attributes`; or what to step over."""

AWAY = _tags(r'span|a[ ]class="headerlink"[ ]href="\#')
"""The same, without the links that a heading has to itself."""

ADDRESS = re.compile(
    r"""(?P<before>(?:^|(?<=["'\s/]))(?P<attribute>href|src|srcset|poster)\s*=\s*)
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>=`]+))""",
    re.IGNORECASE | re.VERBOSE,
)
_CANDIDATE = re.compile(r"(?P<before>[\s,]*+)(?P<address>\S*[^\s,])(?P<after>(?:\s[^,]*)?)")


def addresses(html: str) -> Iterator[str]:
    """Return all addresses in href, src, srcset and poster, unescaped, in order."""
    for tag in TAG.finditer(html):
        for found in ADDRESS.finditer(tag["attributes"] or ""):
            yield from _addresses_of(found)


def readdress(html: str, change: Change) -> str:
    """Return HTML with each address replaced by what `change` makes of it."""
    return TAG.sub(lambda tag: readdress_tag(tag, change), html)


def readdress_tag(tag: re.Match[str], change: Change) -> str:
    """Return a tag that TAG found with its addresses changed."""
    attributes = tag["attributes"]
    if not attributes or "=" not in attributes:
        return tag[0]
    changed = ADDRESS.sub(lambda found: _changed(found, change), attributes)
    return f"<{tag['name']}{changed}>"


def _value(found: re.Match[str]) -> str:
    value = found["double"] or found["single"] or found["bare"] or ""
    return unescape(value) if "&" in value else value


def _addresses_of(found: re.Match[str]) -> Iterator[str]:
    value = _value(found)
    if found["attribute"].lower() != "srcset":
        yield value.strip()
        return
    for candidate in _CANDIDATE.finditer(value):
        yield candidate["address"]


def _changed(found: re.Match[str], change: Change) -> str:
    value = _value(found)
    if found["attribute"].lower() == "srcset":
        changed = _CANDIDATE.sub(
            lambda one: one["before"] + change(one["address"]) + one["after"], value
        )
    else:
        changed = change(value.strip())
    return found[0] if changed == value else f'{found["before"]}"{escape(changed)}"'
