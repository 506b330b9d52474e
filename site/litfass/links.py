"""Links and images of a post: where they lead, and the addresses that they get on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from urllib.parse import unquote

from litfass.hypertext import ADDRESS, TAG, addresses, readdress_tag
from litfass.model import Target

_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\Z")
_SUFFIX = re.compile(r"[?#].*\Z", re.DOTALL)

_PELICAN = re.compile(r"[{|](filename|static|attach)[}|]", re.IGNORECASE)
_LIQUID_POST = re.compile(r"\{%-?\s*(?:post_url|link)\s+(\S+?)\s*-?%\}")
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
    images = 0

    def linked(tag: re.Match[str]) -> str:
        nonlocal images
        name = tag["name"]
        if name is None:
            return tag[0]
        if name.lower() != "img":
            return readdress_tag(tag, change) if targets else tag[0]
        images += 1
        return _image(tag, targets, readdress_tag(tag, change), first=images == 1)

    def change(address: str) -> str:
        target = targets.get(address)
        return target.url if target else address

    return TAG.sub(linked, html)


def _image(tag: re.Match[str], targets: Mapping[str, Target], linked: str, *, first: bool) -> str:
    attributes = tag["attributes"]
    names = {name.lower() for name in _NAMES.findall(attributes)}
    found = next(addresses(tag[0]), "")
    added = dict[str, str | int]()
    target = targets.get(found)
    if target and target.width and target.height and not names & {"width", "height"}:
        added |= {"width": target.width, "height": target.height}
    if not first:
        added |= {"loading": "lazy", "decoding": "async"}
    more = "".join(f' {name}="{value}"' for name, value in added.items() if name not in names)
    if not more:
        return linked
    end = "/>" if linked.endswith("/>") else ">"
    return f"{linked.removesuffix(end).rstrip()}{more}{end}"


_NAMES = re.compile(r"""(?:^|(?<=["'\s]))([A-Za-z-]+)(?=[\s=/]|\Z)""")


def locate(reference: str, source: str) -> tuple[str, str]:
    """Return where a reference in a source leads within the blog, and its "?query#part".

    A place is a path in the blog, such as "posts/other.md", or an address at its root, such as
    "/images/x.png". What Jekyll ({% post_url … %}, {{ site.baseurl }}) and Pelican ({filename},
    {static}) write is understood.
    """
    place = _without_liquid(reference.strip())
    suffix = _SUFFIX.search(place)
    rest = suffix[0] if suffix else ""
    place = unquote(place[: len(place) - len(rest)])
    if marked := _PELICAN.match(place):
        place = place[marked.end() :]
        if marked[1].lower() == "static" or not place.startswith("/"):
            return _pelican_place(marked[1].lower(), place, source), rest
        return normpath("posts" + place), rest
    if place.startswith("/"):
        return place, rest
    return _beside(place, source), rest


def _without_liquid(reference: str) -> str:
    if "{" not in reference:
        return reference
    if post := _LIQUID_POST.search(reference):
        name = post[1].removeprefix("_posts/")
        name = name if "." in name.rsplit("/", 1)[-1] else f"{name}.md"
        return f"{{filename}}/{name}{reference[post.end() :]}"
    reference = _LIQUID_FILTERED.sub(r"\1", reference)
    return _LIQUID_BASE.sub("", reference)


def _pelican_place(kind: str, place: str, source: str) -> str:
    if kind == "static":
        return "/" + place.lstrip("/")
    return _beside(place, source)


def _beside(place: str, source: str) -> str:
    folder = source.rpartition("/")[0]
    path = normpath(f"{folder}/{place}") if place else source
    return path + "/" if place.endswith("/") and path != "." else path


def line_of(text: str, reference: str) -> int | None:
    """Return the line of a source's text on which a reference stands first, or None."""
    from html import escape  # noqa: PLC0415

    for written in (f"({reference}", f"<{reference}", f'"{reference}', f": {reference}", reference):
        at = text.find(written)
        if at < 0:
            at = text.find(escape(written))
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return None
