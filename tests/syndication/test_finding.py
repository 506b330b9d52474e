"""When an announcement is found, and when it is surely not there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from litfass_syndication.announcement import Receipt
from litfass_syndication.finding import Own, found
from litfass_syndication.network import Found, Posted
from litfass_syndication.testing import NOW

PAGE = "https://blog.example/a/"
RECEIPT = Receipt("1", "https://network.example/1")


def own(*links, written=NOW):
    return Own(Posted(RECEIPT, links), written)


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([], Found(None, complete=False)),
        ([None], Found(None, complete=True)),
        ([own("https://blog.example/b/"), own(f"{PAGE}?x=1")], Found(None, complete=False)),
        ([own("https://blog.example/b/"), own(PAGE)], Found(RECEIPT, complete=True)),
        ([own(written=None), own(PAGE, written=None)], Found(RECEIPT, complete=True)),
        ([own(PAGE, written=NOW - timedelta(hours=23))], Found(RECEIPT, complete=True)),
        ([own(PAGE, written=NOW - timedelta(hours=25))], Found(None, complete=True)),
    ],
)
def test_absence_counts_only_when_the_list_reaches_back_to_the_claim(posts, expected):
    assert found(posts, PAGE, NOW) == expected


@pytest.mark.parametrize(
    ("posts", "receipt"),
    [
        ([own(PAGE, written=NOW - timedelta(days=99))], RECEIPT),
        ([own(written=NOW - timedelta(days=99)), own(PAGE)], None),
        ([own(), None], None),
    ],
)
def test_where_there_can_be_only_one_an_old_one_is_it(posts, receipt):
    assert found(posts, PAGE, NOW, only_one=True) == Found(receipt, complete=True)
