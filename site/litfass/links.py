"""Links and images of a post: where they lead, and the addresses that they get on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from posixpath import normpath
from urllib.parse import unquote

from litfass.hypertext import AWAY, addresses, readdress_tag
from litfass.model import Target

_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\Z")
_IMAGE = re.compile("<img", re.IGNORECASE)
_SUFFIX = re.compile(r"[?#].*\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s=/"'<>]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_MARKDOWN = (".md", ".markdown")

_PELICAN = re.compile(r"[{|](?:filename|static|attach)[}|]", re.IGNORECASE)
_LIQUID_TAG = re.compile(r"\{%-?\s*(post_url|link)\s+(\S+?)\s*-?%\}")
_LIQUID_FILTERED = re.compile(
    r"""\{\{-?\s*["']([^"']*)["']\s*\|\s*(?:relative_url|absolute_url|prepend:[^}|]*)\s*-?\}\}"""
)
_LIQUID_BASE = re.compile(r"\{\{-?\s*(?:site\.(?:base)?url)\s*-?\}\}")


def references(html: str) -> tuple[str, ...]:
    """Return the addresses in HTML that are not whole, each once, in order."""
    found = dict.fromkeys(addresses(html))
    return tuple(address for address in found if not _WHOLE.match(address))


def link(html: str, targets: Mapping[str, Target]) -> str:
    """Return HTML with each reference replaced by the address of its target.

    Images get their width and height, and all but the first one are loaded when they come near.
    """
    if not targets and not _IMAGE.search(html):
        return html
    images = 0

    def linked(tag: re.Match[str]) -> str:
        nonlocal images
        name = tag["name"]
        if name is None:
            return tag[0]
        if name.lower() != "img":
            return readdress_tag(tag, change)
        images += 1
        return _image(tag, targets, readdress_tag(tag, change), first=images == 1)

    def change(address: str) -> str:
        target = targets.get(address)
        return target.url if target else address

    return AWAY.sub(linked, html)


def _image(tag: re.Match[str], targets: Mapping[str, Target], linked: str, *, first: bool) -> str:
    """Add to a linked image what its author left out."""
    names = {name.lower() for name in _ATTRIBUTE.findall(tag["attributes"])}
    added: dict[str, str | int] = {}
    target = targets.get(next(addresses(tag[0]), ""))
    if target and target.width and target.height and names.isdisjoint({"width", "height"}):
        added |= {"width": target.width, "height": target.height}
    if not first:
        added |= {"loading": "lazy", "decoding": "async"}
    more = "".join(f' {name}="{value}"' for name, value in added.items() if name not in names)
    end = "/>" if linked.endswith("/>") else ">"
    return f"{linked.removesuffix(end).rstrip()}{more}{end}" if more else linked


def locate(reference: str, source: str) -> tuple[str, str]:
    """Return where a reference in a source leads within the blog, and its "?query#part".

    A place is a path in the blog, such as "posts/other.md", or an address at its root, such as
    "/images/x.png". What Jekyll ({% post_url … %}, {{ site.baseurl }}) and Pelican ({filename},
    {static}) write is understood.
    """
    place = _without_liquid(reference.strip())
    found = _SUFFIX.search(place)
    suffix = found[0] if found else ""
    place = unquote(place.removesuffix(suffix))
    if marked := _PELICAN.match(place):
        place = place[marked.end() :]
        if place.startswith("/"):
            return _in_content(place.lstrip("/")), suffix
    return (place if place.startswith("/") else _beside(place, source)), suffix


def _without_liquid(reference: str) -> str:
    if "{" not in reference:
        return reference
    if tag := _LIQUID_TAG.search(reference):
        return f"{{filename}}/{_jekyll_file(tag[1], tag[2])}{reference[tag.end() :]}"
    return _LIQUID_BASE.sub("", _LIQUID_FILTERED.sub(r"\1", reference))


def _jekyll_file(kind: str, path: str) -> str:
    """Return where a file that `post_url` or `link` names lies here."""
    if kind == "post_url":
        return f"{path}.md"
    if path.endswith(_MARKDOWN) and not path.startswith("_posts/"):
        return f"pages/{path}"
    return path.removeprefix("_posts/")


def _in_content(path: str) -> str:
    """Return where a path of Pelican's one folder for everything lies here."""
    if not path.endswith(_MARKDOWN):
        return "/" + path
    return normpath(path if path.startswith("pages/") else f"posts/{path}")


def _beside(place: str, source: str) -> str:
    """Return a path that is written as seen from its source."""
    folder = source.rpartition("/")[0]
    return normpath(f"{folder}/{place}") if place else source


def line_of(text: str, reference: str) -> int | None:
    """Return the line of a source's text on which a reference stands first, or None.

    Where it is the end of a link counts before where it is merely mentioned.
    """
    written = f"(?:{re.escape(reference)}|{re.escape(escape(reference))})"
    for around in (r"""(?:[("'<=,]|:[ \t]+|, )%s(?=[)\s>"',]|\Z)""", r"(?<!\w)%s(?!\w)", "%s"):
        if found := re.search(around % written, text):
            return text.count("\n", 0, found.end()) + 1
    return None
