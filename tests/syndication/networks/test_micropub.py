"""Micropub, against a counterpart that answers as sites do, each in its own way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.syndication.town import Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Article, Receipt, Span
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Content
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.networks.micropub import Micropub, Options
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    picture,
    plain_message,
)

SERVER = "https://me.example"
ENDPOINT = "https://pub.example/micropub"
TOKEN = "tok-Of+the/Test=="
ARTICLE = Article("e1", lambda: '<p>Alles, auch <a href="https://blog.example/x/">X</a></p>')


class MicropubSite:
    """Keeps posts, newest first; `plain`: takes pictures as addresses only."""

    def __init__(self, *, lists="pages", media=True, plain=False, moves=False, page=50):
        self.posts, self.media = {}, []
        self.now = NOW
        self._lists, self._media, self._plain, self._moves = lists, media, plain, moves
        self._page = page

    def __call__(self, request):
        if request.url == f"{SERVER}/":
            return Reply(200, f'<link rel="micropub" href="{ENDPOINT}">'.encode())
        if request.url.startswith(SERVER):
            known = request.url in self.posts
            return Reply(200) if known else Reply(404, b"<h1>Not here</h1>")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply.of({"error": "unauthorized"}, 401)
        if request.path == "/media":
            self.media.append(request.content)
            return Reply(201, headers={"Location": f"https://pub.example/m/{len(self.media)}.png"})
        if request.method == "GET":
            return getattr(self, f"_{request.query['q']}")(request)
        return self._done(request.json())

    def _config(self, request):
        assert request.method == "GET"
        return Reply.of({"media-endpoint": "/media"} if self._media else {})

    def _source(self, request):
        if not self._lists:
            return Reply.of({"error": "invalid_request"}, 400)
        newest = list(self.posts.values())[::-1]
        if self._lists == "oldest first":
            newest.reverse()
        size = min(int(request.query["limit"]), self._page)
        start = int(request.query["offset"]) if self._lists != "one page" else 0
        return Reply.of({"items": newest[start : start + size]})

    def _done(self, sent):
        if "action" not in sent:
            return self._created(sent)
        if sent["url"] not in self.posts:
            return Reply.of({"error": "invalid_request", "error_description": "No such post"}, 400)
        if sent["action"] == "delete":
            del self.posts[sent["url"]]
            return Reply(204)
        properties = self.posts[sent["url"]]["properties"]
        for name in sent.get("delete", ()):
            properties.pop(name, None)
        properties.update(sent["replace"])
        return Reply(201, headers={"Location": "/moved/"}) if self._moves else Reply(204)

    def _created(self, sent):
        assert sent["type"] == ["h-entry"]
        assert all(isinstance(values, list) for values in sent["properties"].values())
        photos = sent["properties"].get("photo", ())
        if self._plain and any(isinstance(one, dict) for one in photos):
            return Reply.of({"error": "invalid_request"}, 400)
        url = f"{SERVER}/{len(self.posts) + 1}/{sent['properties'].get('mp-slug', ['post'])[0]}"
        told = {"url": [url], "published": [self.now.isoformat()]}
        self.posts[url] = {**sent, "properties": {**sent["properties"], **told}}
        return Reply(202, headers={"Location": url})


def publishes(request):
    return request.method == "POST" and request.path == "/micropub"


def micropub(server, fault=None, strikes=publishes, **options):
    connection = Wire(server, strikes, fault).connection(SERVER, Secret(TOKEN))
    return Micropub(Options(SERVER, Secret(TOKEN), **options), connection)


def sent(server):
    (one,) = server.posts.values()
    return one["properties"]


def another(number):
    """Return an article that has a link to the plain message's page."""
    text = f'<p>See <a href="{plain_message().url}">Grüße</a>.</p>'
    return plain_message(url=f"https://blog.example/{number}/", article=Article("e", lambda: text))


class TestMicropub(NetworkContract):
    network = Micropub
    options = Options(SERVER, Secret(TOKEN))
    server = SERVER

    def counterpart(self):
        return MicropubSite()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        said = {"error": "invalid_request", "error_description": "The counterpart will not."}
        return Reply.of(said, status)


class TestPublishing:
    def test_a_note_has_text_link_and_tags_and_no_title(self):
        server = MicropubSite()
        receipt = micropub(server).publish(plain_message(tags=("Holz", "Open Source")), KEY)
        url = plain_message().url
        assert receipt == Receipt(f"{SERVER}/1/gruesse", f"{SERVER}/1/gruesse")
        there = sent(server)
        assert there["content"][0]["html"].startswith("<p>Grüße aus der Werkstatt</p>\n<p><a ")
        assert f'href="{url}">{url}</a>' in there["content"][0]["html"]
        assert (there["category"], there["mp-slug"]) == (["Holz", "Open Source"], ["gruesse"])
        assert not there.keys() & {"name", "post-status", "visibility", "photo"}

    def test_the_link_is_not_cut_from_a_note(self):
        server = MicropubSite()
        network = micropub(server)
        said = Announcement("p", plain_message().url, "T", NOW, "r", summary="Wort " * 200)
        message = compose(said, Account("firma", network), network.limits())
        assert len(message.text) <= 300
        assert message.text.endswith(message.url)

    @pytest.mark.parametrize("letter", ["a", "ü", "م", "😀", "e\u0301", "👨‍👩‍👧‍👦"])
    @pytest.mark.parametrize("limit", [300, 500, 0])
    def test_a_note_has_room_for_what_the_settings_say(self, letter, limit):
        network = micropub(MicropubSite(), limit=limit)
        url, most = plain_message().url, limit or 3000
        room = (most - len(url) - 2) // len(letter)
        for length, whole in ((room - 1, True), (room, True), (room + 1, not limit)):
            said = Announcement("p", url, letter * length, NOW, "r")
            text = compose(said, Account("firma", network), network.limits()).text
            assert (text == f"{letter * length}\n\n{url}") is whole

    def test_an_article_has_a_title_a_summary_and_its_original(self):
        server = MicropubSite()
        message = plain_message(article=ARTICLE, language="en")
        micropub(server).publish(message, KEY)
        there = sent(server)
        assert (there["name"], there["summary"]) == ([message.title], [message.summary])
        html = there["content"][0]["html"]
        assert html.startswith(ARTICLE.read())
        assert f'<em>First published on <a class="litfass-original" href="{message.url}">' in html

    def test_only_whoever_asks_gets_the_article(self):
        network = micropub(MicropubSite())
        said = Announcement("p", plain_message().url, "T", NOW, "r", article=ARTICLE)
        for content, article in ((None, None), (Content.ARTICLE, ARTICLE)):
            account = Account("firma", network, content=content)
            assert compose(said, account, network.limits()).article is article

    def test_the_settings_say_how_it_is_placed(self):
        server = MicropubSite()
        options = {"status": "draft", "visibility": "unlisted", "syndicate_to": ("https://s/",)}
        micropub(server, destination="https://other.example/", **options).publish(
            plain_message(content_warning="Späne"), KEY
        )
        there = sent(server)
        assert (there["post-status"], there["visibility"]) == (["draft"], ["unlisted"])
        assert there["mp-syndicate-to"] == ["https://s/"]
        (whole,) = server.posts.values()
        assert whole["mp-destination"] == "https://other.example/"
        assert there["content"][0]["html"].startswith("<p><strong>Späne</strong></p>")

    def test_an_endpoint_of_the_settings_is_not_looked_for(self):
        server = MicropubSite()
        nowhere = (Reply(404), lambda request: request.url == f"{SERVER}/")
        assert micropub(server, *nowhere, endpoint=ENDPOINT).publish(plain_message(), KEY)

    def test_a_site_that_says_nothing_is_explained(self):
        network = micropub(MicropubSite(), Reply(200, b"<h1>Hi</h1>"), lambda _: True)
        with pytest.raises(AccountError) as caught:
            network.publish(plain_message(), KEY)
        assert "endpoint" in caught.value.hint

    def test_a_place_that_is_no_address_is_no_receipt(self):
        odd = Reply(201, headers={"Location": "javascript:alert(1)"})
        with pytest.raises(OutcomeUnknown, match="web address"):
            micropub(MicropubSite(), odd).publish(plain_message(), KEY)

    def test_no_token_goes_over_plain_http(self):
        network = micropub(MicropubSite(), endpoint="http://pub.example/micropub")
        with pytest.raises(AccountError, match="not encrypted"):
            network.publish(plain_message(), KEY)


class TestPictures:
    def test_a_picture_is_uploaded_and_described(self, tmp_path):
        server = MicropubSite()
        assert not micropub(server).publish(plain_message(image=picture(tmp_path)), KEY).notes
        alt = {"value": "https://pub.example/m/1.png", "alt": "Eine Hobelbank"}
        assert sent(server)["photo"] == [alt]
        assert b"PNG" in server.media[0]

    def test_without_a_place_for_uploads_its_address_goes(self, tmp_path):
        server = MicropubSite(media=False)
        image = replace(picture(tmp_path), url="https://blog.example/bank.png", alt="")
        assert not micropub(server).publish(plain_message(image=image), KEY).notes
        assert sent(server)["photo"] == ["https://blog.example/bank.png"]

    def test_a_site_that_takes_only_addresses_gets_that(self, tmp_path):
        server = MicropubSite(plain=True)
        receipt = micropub(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert sent(server)["photo"] == ["https://pub.example/m/1.png"]
        assert "without the words" in receipt.notes[0]

    @pytest.mark.parametrize("fault", [Reply(413), Reply(403), Reply(500), Fault.RESET, Reply(200)])
    def test_a_picture_that_fails_does_not_stop_the_post(self, tmp_path, fault):
        server = MicropubSite()
        network = micropub(server, fault, lambda request: request.path == "/media")
        receipt = network.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes[0].startswith("It has no picture.")
        assert "photo" not in sent(server)

    def test_a_picture_without_any_place_is_missed(self, tmp_path):
        server = MicropubSite(media=False)
        receipt = micropub(server).publish(plain_message(image=picture(tmp_path)), KEY)
        assert "no public address" in receipt.notes[0]


class TestFinding:
    @pytest.mark.parametrize("lists", ["pages", "one page", "oldest first"])
    @pytest.mark.parametrize("changes", [{}, {"article": ARTICLE}])
    def test_a_post_whose_answer_was_lost_is_found(self, lists, changes):
        server = MicropubSite(lists=lists)
        micropub(server).publish(another(0), KEY)
        with pytest.raises(OutcomeUnknown):
            micropub(server, Fault.READ_TIMEOUT).publish(plain_message(**changes), KEY)
        micropub(server).publish(another(1), KEY)
        found = micropub(server).find(plain_message(), KEY, NOW)
        assert found.receipt == Receipt(f"{SERVER}/2/gruesse", f"{SERVER}/2/gruesse")

    @pytest.mark.parametrize("content", [[{"html": "{}"}], ["{}"], ["Text {}."], ["[a]({}) b"]])
    def test_servers_give_the_text_as_they_like(self, content):
        server = MicropubSite()
        micropub(server).publish(plain_message(), KEY)
        link = f'<a href="{plain_message().url}">x</a>'
        shown = content[0]["html"] if isinstance(content[0], dict) else content[0]
        text = shown.format(link if shown == "{}" else plain_message().url)
        sent(server)["content"] = [{"html": text}] if isinstance(content[0], dict) else [text]
        assert micropub(server).find(plain_message(), KEY, NOW).receipt

    @pytest.mark.parametrize(("lists", "complete"), [("pages", True), ("one page", False)])
    def test_only_the_end_of_the_list_proves_that_it_is_not_there(self, lists, complete):
        server = MicropubSite(lists=lists, page=2)
        for number in range(5):
            micropub(server).publish(another(number), KEY)
        found = micropub(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, complete)

    @pytest.mark.parametrize(("lists", "complete"), [("one page", True), ("oldest first", False)])
    def test_a_list_in_order_that_is_old_enough_proves_it_too(self, lists, complete):
        server = MicropubSite(lists=lists)
        for number in range(3):
            server.now = NOW - timedelta(days=9 - number)
            micropub(server).publish(another(number), KEY)
        if lists == "oldest first":
            server._lists = "one page"
            server.posts = dict(reversed(server.posts.items()))
        assert micropub(server).find(plain_message(), KEY, NOW).complete is complete

    def test_a_site_without_a_list_tells_nothing(self):
        found = micropub(MicropubSite(lists="")).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, False)

    def test_a_list_that_is_none_tells_nothing(self):
        odd = Reply.of({"items": "none"})
        network = micropub(MicropubSite(), odd, lambda request: "q=source" in request.url)
        assert not network.find(plain_message(), KEY, NOW).complete


class TestAfterwards:
    @pytest.mark.parametrize(("moves", "url"), [(False, f"{SERVER}/1/gruesse"), (True, "/moved/")])
    def test_a_correction_replaces_text_and_tags_and_may_move_it(self, moves, url):
        server = MicropubSite(moves=moves)
        network = micropub(server)
        receipt = network.publish(plain_message(tags=("Holz",)), KEY)
        edited = network.edit(receipt, plain_message(spans=(Span("Berichtigt"),)))
        assert edited.url.endswith(url)
        assert sent(server)["content"] == [{"html": "<p>Berichtigt</p>"}]
        assert "category" not in sent(server)

    def test_a_correction_of_what_is_gone_is_refused(self):
        with pytest.raises(Rejected, match="No such post"):
            micropub(MicropubSite()).edit(Receipt("https://me.example/9", ""), plain_message())

    def test_what_is_withdrawn_is_gone_and_may_be_gone_already(self):
        server = MicropubSite()
        network = micropub(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        assert not server.posts
        network.withdraw(receipt)

    @pytest.mark.parametrize(
        ("status", "error"), [(400, Rejected), (401, Unauthorised), (403, Unauthorised)]
    )
    def test_a_refusal_to_delete_what_is_there_is_told(self, status, error):
        server = MicropubSite()
        receipt = micropub(server).publish(plain_message(), KEY)

        def stubborn(request):
            return Reply(status) if request.method == "POST" else server(request)

        with pytest.raises(error, match="firma"):
            micropub(stubborn).withdraw(receipt)
        assert server.posts

    def test_whoami_names_the_site_if_the_token_is_taken(self):
        assert micropub(MicropubSite()).whoami().handle == "me.example"
        refused = micropub(MicropubSite(), Reply(401), lambda request: "q=config" in request.url)
        with pytest.raises(Unauthorised) as caught:
            refused.whoami()
        assert "token" in caught.value.hint


def test_a_run_publishes_corrects_and_resumes(tmp_path):
    server, clock = MicropubSite(), Clock()
    server.now = clock.now
    journal = FileJournal(tmp_path / "ledger.jsonl")

    def run(edition, fault=None, title="About"):
        network = micropub(server, fault)
        account = Account("firma", network, backlog=True, content=Content.ARTICLE)
        said = post(article=Article(edition, lambda: f"<p>{edition}</p>"), title=title)
        return results(syndicate((said,), (account,), journal, clock=clock, live=lambda _: None))

    assert run("e1", Fault.READ_TIMEOUT) == ["in-doubt"]
    clock.now += timedelta(hours=1)
    assert run("e1") == ["announced"]
    assert run("e2") == ["edited"]
    assert run("e2") == ["unchanged"]
    assert sent(server)["content"][0]["html"].startswith("<p>e2</p>")
