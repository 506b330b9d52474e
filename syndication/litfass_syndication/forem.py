"""HTML and tags as Forem, the program behind dev.to, takes them. Pure.

https://github.com/forem/forem, app/services/markdown_processor; https://dev.to/p/editor_guide
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape

_MOST_TAGS = 4
_LONGEST_TAG = 30

_CODE = re.compile(r"(?P<code><(pre|code)\b.*?</\2\s*>)|(?P<tag><[^>]*>)|[^<]+|<", re.DOTALL)
_CALL = re.compile(r"(?<![\w.])@(?=\w)")
_END_OF_RAW = re.compile(r"\{(?=%-?\s*endraw)")


def markdown(html: str) -> str:
    """Return HTML as Forem's Markdown leaves it alone.

    Forem reads it as Markdown twice, and as Liquid in between. So it is one block without any line
    break, what looks like Liquid is raw, and nobody is called who was only mentioned.
    """
    block = "".join(_as_it_is(piece) for piece in _CODE.finditer(html))
    block = " ".join(block.split("\n")).replace("`", "&#96;").replace("~~~", "~~&#126;")
    plain = unescape(block)
    if "{{" in plain or "{%" in plain:
        block = f"{{% raw %}}{_END_OF_RAW.sub('{&#8203;', block)}{{% endraw %}}"
    return f"<div>{block}</div>\n"


def _as_it_is(piece: re.Match[str]) -> str:
    if piece["code"]:
        return piece[0].rstrip("\n").replace("\n", "<br>")
    return piece[0] if piece["tag"] else _CALL.sub("@&#8203;", piece[0])


def tags(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first four that can be tags there: letters from a to z, and digits."""
    plain = (_plain(name) for name in names)
    fitting = (name for name in plain if 0 < len(name) <= _LONGEST_TAG)
    return tuple(dict.fromkeys(fitting))[:_MOST_TAGS]


def _plain(name: str) -> str:
    """Return a tag in plain letters, or nothing where too little would be left of it."""
    spelt = name.casefold().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    letters = [one for one in unicodedata.normalize("NFKD", spelt) if one.isalnum()]
    misleading = len(letters) == 1 < len(name.strip())  # of "C++" or "C#" only the C
    return "" if misleading or not all(map(str.isascii, letters)) else "".join(letters)
