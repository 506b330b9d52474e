"""The outbox as a page to read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

NEWEST = 500

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: light-dark(#f4efe4, #1d1b18);
  --poster: light-dark(#fffdf8, #292622);
  --ink: light-dark(#25211b, #ece5d8);
  --faint: light-dark(#6b6253, #a89d8a);
  --red: light-dark(#a3271b, #ff8a75);
  --edge: light-dark(#dcd3c1, #403b34);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 40rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif;
}
h1 { margin: 0; font: 600 2rem/1.2 Georgia, serif; }
header p, footer { margin: .25rem 0 2rem; color: var(--faint); font-size: .875rem; }
article {
  margin: 0 0 1.25rem; padding: 1.25rem 1.5rem;
  background: var(--poster); border: 1px solid var(--edge); border-radius: .5rem;
}
article:target { border-color: var(--red); }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
a, .tag { color: var(--red); }
.tag { font-weight: 600; }
a:focus-visible, summary:focus-visible, button:focus-visible {
  outline: 2px solid var(--red); outline-offset: 2px;
}
summary { margin-bottom: .5rem; cursor: pointer; font-weight: 600; }
figure { margin: 1rem 0 0; }
img { display: block; max-width: 100%; height: auto; border-radius: .25rem; }
figcaption { margin-top: .375rem; color: var(--faint); font-size: .875rem; }
button {
  padding: .375rem 1rem; border: 1px solid currentcolor; border-radius: .375rem;
  background: none; color: var(--red); font: inherit; font-weight: 600; cursor: pointer;
}
h2 { margin: 0 0 .75rem; font: 600 1.25rem/1.3 Georgia, serif; }
code { overflow-wrap: anywhere; font-size: .875em; }
.aside { color: var(--faint); font-size: .875rem; }
article footer {
  display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0 0;
  font-variant-numeric: tabular-nums;
}
"""


def page(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the outbox as one self-contained HTML page, the 500 newest posts, newest first."""
    ordered = sorted(
        entries, key=lambda entry: datetime.fromisoformat(entry["published"]), reverse=True
    )
    many = "1 announcement" if len(entries) == 1 else f"{len(entries)} announcements"
    older = f", the newest {NEWEST} are shown" if len(entries) > NEWEST else ""
    return sheet("Outbox", f"{many}{older}", map(_article, ordered[:NEWEST]))


def sheet(title: str, told: str, articles: Iterable[str], more: str = "") -> str:
    """Return a self-contained page of articles (HTML); `more` (HTML) comes at its end."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<title>{title}</title>\n<style>{_STYLE}</style>\n'
        f"</head>\n<body>\n<header><h1>{title}</h1>\n<p>{told}</p></header>\n<main>\n"
        + "".join(articles)
        + f"</main>\n{more}</body>\n</html>\n"
    )


def _article(entry: Mapping[str, Any]) -> str:
    language = f' lang="{escape(entry["language"])}"' if entry["language"] else ""
    text = "".join(map(_span, entry["spans"]))
    body = f'<p class="text" dir="auto"{language}>{text}</p>{_figure(entry["image"], language)}'
    if entry["content_warning"]:
        warning = escape(entry["content_warning"])
        body = f"<details><summary{language}>{warning}</summary>{body}</details>"
    return (
        f'<article id="{escape(entry["key"])}">\n{body}\n<footer>{_time(entry["published"])}'
        f"<span>{escape(entry['account'])}</span><span>{entry['length']} characters</span>"
        "</footer>\n</article>\n"
    )


def _span(span: Mapping[str, str]) -> str:
    text = escape(span["text"])
    if span["kind"] == "link":
        return f'<a href="{escape(span["target"])}">{text}</a>'
    if span["kind"] in {"hashtag", "mention"}:
        return f'<span class="tag">{text}</span>'
    return text


def _figure(image: Mapping[str, Any] | None, language: str) -> str:
    if image is None:
        return ""
    alt = escape(image["alt"])
    caption = f"<figcaption{language}>{alt}</figcaption>" if alt else ""
    return (
        f'<figure><img src="{escape(quote(image["path"]))}" alt="{alt}" width="{image["width"]}" '
        f'height="{image["height"]}" loading="lazy">{caption}</figure>'
    )


def _time(published: str) -> str:
    moment = datetime.fromisoformat(published)
    return f'<time datetime="{escape(published)}">{moment:%Y-%m-%d %H:%M}</time>'
