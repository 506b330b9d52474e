"""What is written can be read: WCAG 2.2 AA, 4.5:1, in light and in dark."""

import re

import pytest

from litfass_templates import folder

PAIRS = (
    *((text, ground) for text in ("ink", "link", "muted") for ground in ("paper", "wash")),
    *(("ink", ground) for ground in ("ochre", "rose", "sage", "sky", "rule")),
    ("on-metal", "metal"),
    ("on-metal", "metal-dark"),
    ("on-red", "red"),
    *((name, "wash") for name in ("comment", "keyword", "string", "name", "number", "other")),
    *((name, "marked") for name in ("comment", "keyword", "string", "name", "number", "other")),
)


@pytest.fixture(scope="module")
def colours():
    """Each custom colour as (light, dark)."""
    assets = folder() / "assets"
    on_screen, _, _ = (assets / "style.css").read_text().partition("@media print")
    css = on_screen + (assets / "highlight.css").read_text()
    both = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    one = re.findall(r"--([\w-]+): (#\w{6});", css)
    return {name: (light, dark) for name, light, dark in both} | {n: (c, c) for n, c in one}


def luminance(colour):
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_the_guideline_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(colours, mode, text, ground):
    assert contrast(colours[text][mode], colours[ground][mode]) >= 4.5
