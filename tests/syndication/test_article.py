"""Some networks take the whole article: what that means for messages, and for the ledger."""

from __future__ import annotations

import dataclasses

import pytest
from tests.syndication.town import Clock, Town, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Article
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Content
from litfass_syndication.compose import compose
from litfass_syndication.errors import Unreachable
from litfass_syndication.journal import FileJournal

BOTH = (Content.ARTICLE, Content.EXCERPT)


def article(edition="e1", read=lambda: "<p>Alles.</p>"):
    return Article(edition, read)


def composed(contents=BOTH, content=None, said=None, **able):
    town = Town(contents=contents, **able)
    account = Account("town", town, content=content)
    said = said or post(article=article(), tags=("Leim", " ", "Holz\x00"), summary="Kurz gesagt.")
    return compose(said, account, town.capabilities)


class Reads:
    """A text that counts how often it is read."""

    def __init__(self, error=None):
        self.times = 0
        self._error = error

    def __call__(self):
        self.times += 1
        if self._error:
            raise self._error
        return "<p>Alles.</p>"


class Gazette(Town):
    """A town that prints whole articles."""

    def __init__(self):
        super().__init__(contents=BOTH)
        self.printed = []

    def publish(self, message, key):
        self.printed.append(message.article.read())
        return super().publish(message, key)


class Press:
    """A ledger, a clock and an account, and runs of them."""

    def __init__(self, folder):
        self.town, self.clock = Gazette(), Clock()
        self.account = Account("town", self.town, backlog=True)
        self.journal = FileJournal(folder / "ledger.jsonl")

    def run(self, *announcements):
        return syndicate(
            announcements,
            (self.account,),
            self.journal,
            clock=self.clock,
            live=lambda _: None,
        )


@pytest.fixture
def press(tmp_path):
    return Press(tmp_path)


@pytest.mark.parametrize(
    ("contents", "content", "whole"),
    [
        (BOTH, None, True),
        (BOTH, Content.EXCERPT, False),
        (BOTH[::-1], None, False),
        (BOTH[::-1], Content.ARTICLE, True),
        ((), None, False),
        ((), Content.ARTICLE, False),
        ((Content.EXCERPT,), Content.ARTICLE, False),
    ],
)
def test_an_account_passes_on_what_it_is_told_as_far_as_its_network_takes_it(
    contents, content, whole
):
    assert (composed(contents, content).article is not None) is whole


def test_composing_reads_no_article():
    reads = Reads()
    message = composed(said=post(article=article(read=reads)))
    assert message.digest
    assert not reads.times


def test_another_edition_is_another_message_only_where_the_article_goes():
    def digest(edition, contents):
        return composed(contents, said=post(article=article(edition))).digest

    assert digest("e1", BOTH) != digest("e2", BOTH)
    assert digest("e1", ()) == digest("e2", ()) == composed((), said=post()).digest


def test_the_digests_that_ledgers_have_stay_as_they_are():
    message = composed((), said=post(tags=("Leim",), summary="Kurz gesagt."))
    assert message.digest == "f7b74d916eb2ba01da4176dc853f5d43"


def test_tags_go_as_they_are_where_a_network_files_under_them():
    assert composed(tags=True).tags == ("Leim", "Holz")
    assert composed().tags == ()
    assert composed(tags=True).digest != composed().digest


def test_a_network_that_shows_a_title_is_not_told_it_twice():
    text = composed(titled=True, hashtags=False).text
    assert text == "Kurz gesagt.\n\nhttps://blog.example/hello/"


def test_the_author_s_own_words_are_said_even_so():
    said = dataclasses.replace(post(summary="Kurz."), texts={"town": "Lies das!"})
    assert composed(titled=True, said=said).text == "Lies das!\n\nhttps://blog.example/hello/"


def test_a_corrected_body_is_a_correction_where_the_article_went(press):
    assert results(press.run(post(article=article("e1")))) == ["announced"]
    assert results(press.run(post(article=article("e1")))) == ["unchanged"]
    assert results(press.run(post(article=article("e2")))) == ["edited"]
    assert len(press.town.edits) == 1


def test_only_what_is_sent_is_read(press):
    first, second = Reads(), Reads()
    press.run(post("one", article=article(read=first)))
    press.run(post("one", article=article(read=first)), post("two", article=article(read=second)))
    assert (first.times, second.times) == (1, 1)


def test_a_text_that_cannot_be_read_leaves_no_doubt(press):
    lost = Unreachable("The text of posts/hello.md cannot be read.")
    (outcome,) = press.run(post(article=article(read=Reads(lost))))
    assert (str(outcome.outcome), outcome.reason) == ("due", lost.message)
    assert results(press.run(post(article=article()))) == ["announced"]
    assert press.town.printed == ["<p>Alles.</p>"]
