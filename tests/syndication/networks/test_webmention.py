"""Webmention, against pages of other people that want to be told, or do not."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Article
from litfass_syndication.announcer import syndicate
from litfass_syndication.desk import statuses
from litfass_syndication.errors import Rejected, Unreachable
from litfass_syndication.http import Connection
from litfass_syndication.journal import FileJournal
from litfass_syndication.mentions import Mentions
from litfass_syndication.networks.webmention import Options, Webmention
from litfass_syndication.testing import KEY, NOW, Fault, Reply, Wire, listening, plain_message
from litfass_syndication.testing.quiet import QuietContract

HOME = "https://blog.example/"
SOURCE = plain_message().url
FRIEND = "https://friend.example/post"
INBOX = "https://friend.example/inbox?for=1"
HTML = {"content-type": "text/html; charset=utf-8"}


def page(endpoint=INBOX):
    return Reply(200, f'<link rel="webmention" href="{endpoint}">'.encode(), HTML)


class Web:
    """Pages by address, and endpoints that keep what they are told."""

    def __init__(self):
        self.pages = {FRIEND: page()}
        self.answer = Reply(202)
        self.mentions = []
        self.asked = []

    def __call__(self, request):
        if request.method == "POST":
            self.mentions.append((request.url, dict(parse_qsl(request.content.decode()))))
            return self.answer
        self.asked.append((request.method, request.url))
        there = self.pages.get(request.url.partition("#")[0], Reply(404))
        if request.method == "HEAD" and isinstance(there, Reply):
            return replace(there, content=b"")
        return there

    @property
    def told(self):
        return [(told["source"], told["target"]) for _, told in self.mentions]


def webmention(web, home=HOME):
    return Webmention(Options(home), Wire(web).connection("https://nowhere.invalid"))


def linking(*targets, **changes):
    html = " ".join(f'<a href="{target}">x</a>' for target in targets)
    return plain_message(article=Article(html, lambda: html), **changes)


def mentioned(web, *targets):
    return webmention(web).publish(linking(*targets), KEY)


class TestWebmention(QuietContract):
    network = Webmention
    options = Options(HOME)
    article = f'<p><a href="{FRIEND}">A bench</a>, and <a href="{HOME}">more</a>.</p>'

    def counterpart(self):
        return Web()

    def publishes(self, request):
        return request.method == "POST"

    # What one page will not have is no matter of the account, and the others are told all the same.
    test_refused_credentials_are_unauthorised = None
    test_a_refused_message_is_rejected = None
    test_a_long_rate_limit_is_told = None
    test_a_rate_limit_without_a_time_is_one = None
    test_no_connection_is_unreachable = None
    test_a_lost_or_useless_answer_is_a_doubt = None
    test_secrets_show_nowhere = None


def test_a_page_is_told_who_links_to_it_at_the_address_that_it_names():
    web = Web()
    receipt = mentioned(web, FRIEND)
    assert web.mentions == [(INBOX, {"source": SOURCE, "target": FRIEND})]
    assert receipt.notes == ("1 of 1 linked pages told.",)
    assert not receipt.unfinished


def test_the_address_is_told_exactly_as_it_is_linked():
    web = Web()
    web.pages[f"{FRIEND}?a=1&b=%C3%BC"] = page()
    mentioned(web, f"{FRIEND}?a=1&amp;b=%C3%BC#below")
    assert web.told == [(SOURCE, f"{FRIEND}?a=1&b=%C3%BC#below")]


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        (Reply(200, b"<p>hello", HTML), ["HEAD", "GET"]),
        (Reply(404), ["HEAD", "GET"]),
        (Reply(410), ["HEAD", "GET"]),
        (Reply(403), ["HEAD", "GET"]),
        (Reply(200, b'<a rel="webmention" href="/x">', {"content-type": "text/plain"}), ["HEAD"]),
        (page("mailto:me@example.com"), ["HEAD", "GET"]),
    ],
)
def test_nobody_who_did_not_ask_is_told_and_that_is_no_failure(there, asked):
    web = Web()
    web.pages[FRIEND] = there
    receipt = mentioned(web, FRIEND)
    assert not web.mentions
    assert receipt.notes == ("Nobody asked to be told.",)
    assert not receipt.unfinished
    assert [method for method, _ in web.asked] == asked


def test_a_header_counts_before_the_page_and_saves_reading_it():
    web = Web()
    named = {**HTML, "link": '<https://a.example/>; rel="hub", </first>; rel="webmention"'}
    web.pages[FRIEND] = Reply(200, page().content, named)
    mentioned(web, FRIEND)
    assert web.mentions[0][0] == "https://friend.example/first"
    assert web.asked == [("HEAD", FRIEND)]


def test_a_server_that_answers_no_head_is_asked_for_the_page():
    web = Web()
    told = Wire(lambda request: Reply(405) if request.method == "HEAD" else web(request))
    network = Webmention(Options(HOME), told.connection(HOME))
    network.publish(linking(FRIEND), KEY)
    assert web.told == [(SOURCE, FRIEND)]


def test_an_endpoint_is_seen_from_where_a_redirect_led():
    web = Web()
    web.pages[FRIEND] = Reply(301, headers={"location": "https://moved.example/sub/page"})
    web.pages["https://moved.example/sub/page"] = page("inbox")
    mentioned(web, FRIEND)
    assert web.mentions == [
        ("https://moved.example/sub/inbox", {"source": SOURCE, "target": FRIEND})
    ]


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("http://127.0.0.1/admin", page()),
        ("http://192.168.178.1/", page()),
        (FRIEND, page("http://127.0.0.1:8000/shutdown")),
        (FRIEND, Reply(302, headers={"location": "http://169.254.169.254/latest/"})),
    ],
)
def test_nobody_near_us_is_spoken_to(target, there):
    web = Web()
    web.pages[target] = there
    receipt = mentioned(web, target)
    assert not web.mentions
    assert not receipt.unfinished
    assert "private network" in receipt.notes[1]
    assert {urlsplit(url).hostname for _, url in web.asked} <= {"friend.example"}


@pytest.mark.parametrize(
    "fault", [Fault.CONNECT_REFUSED, Fault.READ_TIMEOUT, Fault.RESET, Reply(503), Reply(429)]
)
@pytest.mark.parametrize("where", ["page", "endpoint"])
def test_who_does_not_answer_is_tried_again_alone_and_not_for_ever(fault, where):
    web, other = Web(), "https://other.example/"
    web.pages[other] = page("/inbox")
    methods = ("POST",) if where == "endpoint" else ("HEAD", "GET", "POST")
    wire = Wire(web, lambda one: "friend.example" in one.url and one.method in methods, fault)
    network = Webmention(Options(HOME), wire.connection(HOME))
    receipt = network.publish(linking(FRIEND, other), KEY)
    for _ in range(3):
        assert receipt.unfinished
        assert receipt.notes[0] == "1 of 2 linked pages told; the next run tries the others again."
        assert FRIEND in receipt.notes[1]
        receipt = network.edit(receipt, linking(FRIEND, other))
    assert not receipt.unfinished
    assert Mentions.read(receipt.identifier).marks == {FRIEND: "4", other: "+"}
    assert [target for _, target in web.told].count(other) == 1


def test_who_answers_later_is_told_then():
    web = Web()
    web.pages[FRIEND] = Reply(503)
    receipt = mentioned(web, FRIEND)
    web.pages[FRIEND] = page()
    receipt = webmention(web).edit(receipt, linking(FRIEND))
    assert not receipt.unfinished
    assert web.told == [(SOURCE, FRIEND)]


def test_a_refusal_is_kept_and_not_repeated():
    web = Web()
    web.answer = Reply(400, b"I do not know you.")
    receipt = mentioned(web, FRIEND)
    assert not receipt.unfinished
    assert "I do not know you." in receipt.notes[1]


def test_a_changed_post_tells_those_that_it_links_to_now_and_did_before():
    web, other = Web(), "https://other.example/"
    web.pages[other] = page("/inbox")
    receipt = mentioned(web, FRIEND)
    receipt = webmention(web).edit(receipt, linking(other))
    assert web.told == [(SOURCE, FRIEND), (SOURCE, other), (SOURCE, FRIEND)]
    webmention(web).edit(receipt, linking(other, title="Once more"))
    assert web.told[3:] == [(SOURCE, other)]


def test_who_lost_the_link_may_say_that_it_is_not_there():
    web = Web()
    receipt = mentioned(web, FRIEND)
    web.answer = Reply(400, b"There is no link to me.")
    receipt = webmention(web).edit(receipt, linking())
    assert receipt.notes == ("It links to no other page.",)
    assert not receipt.unfinished


def test_a_post_that_moved_tells_from_both_addresses():
    web, moved = Web(), f"{HOME}moved/"
    receipt = mentioned(web, FRIEND)
    webmention(web).edit(receipt, linking(FRIEND, url=moved))
    assert web.told == [(SOURCE, FRIEND), (SOURCE, FRIEND), (moved, FRIEND)]


def test_the_end_of_a_post_is_told_once_its_page_is_gone():
    web = Web()
    web.pages[SOURCE] = Reply(200, b"still there")
    receipt = mentioned(web, FRIEND, "https://silent.example/")
    with pytest.raises(Unreachable, match="still there"):
        webmention(web).withdraw(receipt)
    assert len(web.told) == 1
    del web.pages[SOURCE]
    webmention(web).withdraw(receipt)
    assert web.told == [(SOURCE, FRIEND)] * 2


def test_who_cannot_be_told_of_the_end_is_named():
    web = Web()
    receipt = mentioned(web, FRIEND)
    web.answer = Reply(503)
    with pytest.raises(Rejected, match=r"friend\.example"):
        webmention(web).withdraw(receipt)


def test_from_this_machine_nothing_goes_out_unencrypted():
    web, home = Web(), "http://127.0.0.1:8000/"
    receipt = webmention(web, home).publish(linking("http://friend.example/"), KEY)
    assert "not encrypted" in receipt.notes[1]
    assert not receipt.unfinished
    assert not web.asked


@pytest.mark.server
def test_a_blog_on_this_machine_speaks_to_others_on_it_and_the_ledger_keeps_what_they_said(
    tmp_path,
):
    journal = FileJournal(tmp_path / "ledger.jsonl")
    web = Web()
    with listening(web) as address:
        web.pages = {
            f"{address}/friend": page("/inbox"),
            f"{address}/silent": Reply(200, b"", HTML),
        }
        network = Webmention(Options(f"{address}/blog/"), Connection("https://nowhere.invalid"))

        def post(name, *targets):
            html = " ".join(f'<a href="{address}/{target}">x</a>' for target in targets)
            url = f"{address}/blog/{name}/"
            article = Article(html, lambda: html)
            return Announcement(name, url, name, NOW, "r", article=article)

        def run(*posts):
            account = Account("mentions", network, backlog=True)
            outcomes = syndicate(posts, [account], journal, clock=lambda: NOW)
            kept = statuses(journal, posts, [account], clock=lambda: NOW)
            return [one.outcome.value for one in outcomes], [one.reason for one in kept]

        one, two = post("one", "friend", "blog/two/"), post("two", "silent")
        said = ["1 of 1 linked pages told.", "Nobody asked to be told."]
        assert run(one, two) == (["announced", "announced"], said)
        assert run(one, two) == (["unchanged", "unchanged"], said)
        assert web.told == [(one.url, f"{address}/friend")]
        outcomes, _ = run(post("one", "silent"), two)
        assert outcomes == ["edited", "unchanged"]
        assert len(web.told) == 2
        outcomes, (_, gone) = run(two)
        assert outcomes == ["unchanged", "edited"]
        assert "no longer on the blog" in gone
