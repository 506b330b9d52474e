"""Whatever a post says, Misskey's own parser finds nothing in its note but what we meant."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.syndication.networks.test_misskey import MisskeyServer, misskey

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, SpanKind
from litfass_syndication.compose import compose
from litfass_syndication.mfm import written
from litfass_syndication.networks.misskey import Misskey
from litfass_syndication.testing import NOW

pytestmark = pytest.mark.server

# Of what markup is made, and of what is beside it in a text.
PIECES = st.sampled_from([
    "*", "**", "***", "_", "__", "~~", "`", "```\n", "\n```", "\n", "\n\n", " ", "$[x2 ", "$[", "]",
    "[", "](", "?[", "(", ")", "<b>", "</b>", "<i>", "<s>", "<small>", "<center>", "</center>",
    "<plain>", "</plain>", ":", ":smile:", "@", "@user", "@user@social.example", "#", "#tag", "> ",
    ">", r"\(", r"\)", r"\[", r"\]", "a", "Ü", "word", "ß", "م", "🎉", "👨‍👩‍👧‍👦", "e\u0301",
    "Search", "検索", " [Search]", "„", "“", "–", "…", ".", ",", "!", "10:30:45", "&", "=", "~",
    "https://x.example/a(b)", "http://ö.example/ü", "https://a.example/x!", "<https://b.example>",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
PLAIN = {"text": "text", "plain": "text", "unicodeEmoji": "text"}
KINDS = {
    SpanKind.PLAIN: "text",
    SpanKind.LINK: "url",
    SpanKind.HASHTAG: "hashtag",
    SpanKind.MENTION: "mention",
}


def joined(parts):
    """Put neighbouring texts together; a space of no width is none that anybody reads."""
    for kind, run in groupby(parts, lambda part: part[0]):
        if kind != "text":
            yield from run
        elif text := "".join(part[1] for part in run).replace("\u200b", ""):
            yield kind, text


def meant(span):
    if span.kind is SpanKind.MENTION:
        return ("mention", span.text) if span.text.isascii() else ("text", span.text)
    return KINDS[span.kind], span.target or span.text


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
@example("Holz [Search]", "")
@example("**Holz** [Search]", "#Holz> Search")
@example("*Holz* _Wald_", "~~ `Holz` ~~ <b>Wald</b>")
@example("Holz</plain>*Wald*", "$[x2 Holz] [Wald](https://x.example) :wald:")
@example("#Holz–Wald", "Siehe https://a.example/x!")
@example("@user", "> Holz")
def test_a_note_says_what_the_post_says(mfm_parser, title, summary):
    page = "https://blog.example/2026/05/größe_(a)/"
    post = Announcement("a", page, title, NOW, "r", summary, ("Holz", "Straßen Bau"))
    message = compose(post, Account("firma", misskey(MisskeyServer())), Misskey.capabilities)
    read = mfm_parser("".join(map(written, message.spans)))
    seen = joined((PLAIN.get(kind, kind), said) for kind, said in read)
    assert list(seen) == list(joined(map(meant, message.spans)))
