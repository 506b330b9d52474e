"""What waits for a person as a page to read and to copy from. Pure, but for where pictures are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from litfass_syndication.by_hand import Manuscript
from litfass_syndication.outbox_page import sheet

# A page that was opened from a file may use the clipboard in most browsers; in the others, and
# where somebody forbids it, the text is selected, and Ctrl-C does the rest.
_SCRIPT = """<script>
document.addEventListener("click", async ({ target }) => {
  if (!target.matches("button[data-copies]")) return;
  const text = document.getElementById(target.dataset.copies);
  try {
    await navigator.clipboard.writeText(text.textContent);
    target.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(text);
    target.textContent = "Selected: copy it now";
  }
});
</script>
"""


def page(manuscripts: Sequence[Manuscript], folder: Path) -> str:
    """Return the texts as one self-contained HTML page that lies in the folder."""
    many = len(manuscripts)
    told = "1 text waits" if many == 1 else f"{many or 'No'} texts wait"
    articles = (_article(number, one, folder) for number, one in enumerate(manuscripts, 1))
    return sheet("To post by hand", f"{told} for you.", articles, _SCRIPT)


def _article(number: int, one: Manuscript, folder: Path) -> str:
    language = f' lang="{escape(one.language)}"' if one.language else ""
    place = f"text-{number}"
    return (
        f"<article>\n<h2>{escape(one.place)} · <span{language}>{escape(one.title)}</span></h2>\n"
        + "".join(f'<p class="aside">{line}</p>\n' for line in _asides(one))
        + f'<p class="text" id="{place}" dir="auto"{language}>{escape(one.text)}</p>\n'
        + (_figure(one, folder, language) if one.image else "")
        + f'<p><button type="button" data-copies="{place}">Copy the text</button></p>\n'
        + f"<footer><span>Is it there? <code>{escape(one.done)}</code></span>"
        + f"<span>{'Leave the old one?' if one.outdated else 'Not at all?'} "
        + f"<code>{escape(one.never)}</code></span>"
        + f"<span>{_length(one)}</span></footer>\n</article>\n"
    )


def _asides(one: Manuscript) -> Iterator[str]:
    if one.outdated:
        where = f": {_link(one.url)}" if one.url else "."
        yield f"The text there is now out of date{where}"
    if one.address:
        yield f"Post it at {_link(one.address)}"
    if one.content_warning:
        yield f"Content warning: {escape(one.content_warning)}"


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>'


def _figure(one: Manuscript, folder: Path, language: str) -> str:
    source = quote(os.path.relpath(one.image or folder, folder).replace(os.sep, "/"))
    alt = escape(one.alt)
    return (
        f'<figure><img src="{escape(source)}" alt="{alt}" loading="lazy">'
        f"<figcaption{language}>{alt}</figcaption></figure>\n"
    )


def _length(one: Manuscript) -> str:
    limit = "" if one.limit is None else f" of {one.limit}"
    return escape(f"{one.length}{limit} {one.measure}")
