"""Code is coloured as Pygments colours it, in every language that Pygments knows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name

from litfass.markup.code import coloured

HERE = Path(__file__)
SAMPLES = (
    HERE.read_text("utf-8")[:1500],
    (
        '#!/bin/sh\nif [ -n "$a" ]; then\n\techo "x $(ls | wc -l) ${b:-c}" >&2 # no\nfi\n'
        "cat <<EOF\n<a>\nEOF\n"
    ),
    (
        "/* c */ int main(void) { char *s = \"a\\n\"; return 0x1F + 1.5e3 - 'c'; } // end\n"
        "fn f<T>(x: &T) {}\n"
    ),
    (
        '<!doctype html>\n<p class="a" id=b>&amp; <!-- c --><script>var x = /r/g;</script>\n'
        "<?php echo $y; ?>\n{% if z %}{{ z|e }}{% endif %}"
    ),
    (
        'key: "value"\n- item: [1, true, null]\n[section]\na = 1\n{"k": [1.0, "s", {"t": false}]}\n'
        "SELECT * FROM t WHERE a = 'b';\n"
    ),
    (
        'def é(ſ, K):\n    return \'Größe\' @ """doc\n    string"""  # ü\n\n\n'
        "\u2028\x0b\x0c\r\n\ttab\n"
    ),
    (
        "(defun f (x) (+ x 1)) ; lisp\n%% latex \\begin{a} $x^2$ \\end{a}\n-- lua\n"
        ":- prolog(X), Y.\nBEGIN { print $1 }\n"
    ),
    "",
    "\n\n  \n",
)
NAMES = sorted({aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases})
COMMON = (
    "python",
    "bash",
    "javascript",
    "html",
    "css",
    "c",
    "rust",
    "yaml",
    "toml",
    "diff",
    "ruby",
    "php",
)


def by_pygments(code, language):
    formatter = HtmlFormatter(cssclass="highlight", wrapcode=True)
    return highlight(code, get_lexer_by_name(language), formatter).strip()


@pytest.mark.parametrize("initial", sorted({name[0] for name in NAMES}))
def test_every_language_is_coloured_as_pygments_does_it(initial):
    for name in NAMES:
        if name.startswith(initial):
            for code in SAMPLES:
                assert coloured(code, name) == by_pygments(code, name), name


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(COMMON),
    st.text(alphabet=st.sampled_from("abf rt'\"#/*<>&;:.{}[]()=+-\\\n\t019eExé$@!|"), max_size=80),
)
def test_whatever_stands_there_is_coloured_as_pygments_does_it(language, code):
    assert coloured(code, language) == by_pygments(code, language)


def test_an_unknown_language_is_plain_text():
    assert coloured("a < b\n", "nonesuch") == by_pygments("a < b\n", "text")
