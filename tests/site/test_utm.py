"""What settings say of UTM parameters."""

from __future__ import annotations

import pytest

from litfass.errors import LitfassError
from litfass.settings import parse
from litfass.utm import objection, parameters

SITE = '[site]\ntitle = "A"\nurl = "https://blog.example"\n'
PLAIN = {"utm_source": "mastodon", "utm_medium": "social"}


@pytest.mark.parametrize(
    ("common", "own", "meant"),
    [
        (False, None, {}),
        (False, False, {}),
        (True, False, {}),
        ({"campaign": "may"}, False, {}),
        (True, None, PLAIN),
        (False, True, PLAIN),
        (False, {}, PLAIN),
        ({"campaign": "may"}, None, {**PLAIN, "utm_campaign": "may"}),
        ({"campaign": "may"}, True, {**PLAIN, "utm_campaign": "may"}),
        ({"campaign": "may"}, {"campaign": "june"}, {**PLAIN, "utm_campaign": "june"}),
        (True, {"medium": ""}, {"utm_source": "mastodon"}),
        (False, {"utm_source": "a", "id": "1"}, {**PLAIN, "utm_source": "a", "utm_id": "1"}),
    ],
)
def test_an_account_s_own_word_stands_before_the_common_one(common, own, meant):
    assert parameters("mastodon", common, own) == meant


def test_they_come_in_their_usual_order():
    assert list(parameters("x", {"campaign": "c"}, {"medium": "m"})) == [
        "utm_source",
        "utm_medium",
        "utm_campaign",
    ]


def test_a_name_that_is_none_is_told_with_those_that_are():
    assert objection({"sourse": "a"}) == (
        'has no "sourse"; it can have source, medium, campaign, term, content, id'
    )
    assert objection({"utm_source": "a"}) is None


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('"yes"', '"utm" in [syndication] must be true or false, not "yes"'),
        ("{ source = 1 }", '"utm" in [syndication] has a "source" that must be a text, not 1'),
        ('{ tag = "a" }', '"utm" in [syndication] has no "tag"; it can have source'),
    ],
)
def test_a_wrong_setting_is_told(written, wrong):
    with pytest.raises(LitfassError) as caught:
        parse(f"{SITE}[syndication]\nutm = {written}\n")
    (problem,) = caught.value.problems()
    assert problem.message.startswith(wrong)
    assert problem.line == 5
