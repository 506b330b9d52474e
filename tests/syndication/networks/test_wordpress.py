"""WordPress, against a counterpart that answers as its REST API does."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from email.utils import unquote as unquoted
from html import escape, unescape

import pytest
from tests.syndication.town import Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Article, Receipt
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Content
from litfass_syndication.compose import compose
from litfass_syndication.errors import AccountError, OutcomeUnknown, Rejected, Unauthorised
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.networks.wordpress import Options, WordPress, block
from litfass_syndication.redaction import secrets_in
from litfass_syndication.testing import (
    KEY,
    NOW,
    Fault,
    NetworkContract,
    Reply,
    Wire,
    fields,
    picture,
    plain_message,
)

SERVER = "https://verein.example"
USER = "Frau Müller"
PASSWORD = "abcd EFGH 1234 ijkl MNOP 5678"
AUTHORIZATION = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
ARTICLE = Article("e1", lambda: "<p>Alles [gallery] und mehr</p>")


class WordPressServer:
    """Keeps posts, pictures and terms as WordPress does, for a user of some role."""

    def __init__(self, *, plain=False, trash=True, role="author", link=True):
        self.posts, self.media, self.terms = {}, {}, {"tags": {}, "categories": {}}
        self.now = NOW
        self._plain, self._trash, self._role, self._link = plain, trash, role, link

    def __call__(self, request):
        route = request.query.get("rest_route") or request.path.removeprefix("/wp-json")
        if "wp/v2" not in route:
            return self._front()
        if request.headers.get("authorization") != AUTHORIZATION:
            return refusal(401, "incorrect_password", "The password is incorrect.")
        if route.startswith("/wp/v2/users/me"):
            able = {"edit_posts": True, "publish_posts": self._role == "author"}
            return Reply.of({"id": 3, "name": USER, "capabilities": able})
        _, _, _, kind, *number = route.split("/")
        return getattr(self, f"_{kind}")(request, *map(int, number))

    def _front(self):
        root = f"{SERVER}/?rest_route=/" if self._plain else f"{SERVER}/wp-json/"
        headers = {"link": f'<{root}>; rel="https://api.w.org/"'} if self._link else {}
        return Reply(200, b"<!doctype html><title>Verein</title>", headers)

    def _posts(self, request, number=None):
        if number and number not in self.posts:
            return refusal(404, "rest_post_invalid_id", "Invalid post ID.")
        if request.method == "DELETE":
            return self._deleted(request, number)
        if request.method == "GET" and number:
            return Reply.of(self.posts[number])
        if request.method == "GET":
            return self._listed(request)
        return self._kept(request.json(), number)

    def _listed(self, request):
        if request.query["author"] != "3":
            return Reply.of([])
        assert request.query["status"] == "any"
        page, size = int(request.query["page"]), int(request.query["per_page"])
        standing = [one for one in self.posts.values() if one["status"] != "trash"]
        newest = sorted(standing, key=lambda one: (one["date_gmt"], one["id"]), reverse=True)
        if page > 1 and not newest[(page - 1) * size :]:
            return refusal(400, "rest_post_invalid_page_number", "No such page.")
        return Reply.of(newest[(page - 1) * size : page * size])

    def _kept(self, sent, number):
        if sent.get("status") == "publish" and self._role != "author":
            return refusal(403, "rest_cannot_publish", "Sorry, you are not allowed to publish.")
        before = self.posts.get(number, {"featured_media": 0})
        known = {*self.terms["tags"].values(), *self.terms["categories"].values()}
        assert {*sent.get("tags", ()), *sent.get("categories", ())} <= known
        number = number or 40 + len(self.posts)
        told = {name: {"raw": sent[name]} for name in ("title", "content", "excerpt")}
        one = {**before, "id": number, "date_gmt": f"{self.now:%Y-%m-%dT%H:%M:%S}", **sent, **told}
        one["link"] = f"{SERVER}/{one.get('slug', number)}/"
        self.posts[number] = one
        return Reply.of(one, 201)

    def _deleted(self, request, number):
        if self.posts[number]["status"] == "trash":
            return refusal(410, "rest_already_trashed", "The post has already been deleted.")
        if request.query.get("force") == "true":
            del self.posts[number]
        elif not self._trash:
            return refusal(501, "rest_trash_not_supported", "Set force=true to delete.")
        else:
            self.posts[number]["status"] = "trash"
        return Reply.of({"deleted": True})

    def _media(self, request, number=None):
        if self._role == "contributor":
            return refusal(403, "rest_cannot_create", "Sorry, you are not allowed to upload.")
        if number:
            self.media[number].update(request.json())
            return Reply.of({"id": number})
        parts = fields(request)
        number = 70 + len(self.media)
        alt = parts["alt_text"].decode()
        self.media[number] = {"alt_text": alt, "bytes": parts["file"]}
        return Reply.of({"id": number}, 201)

    def _tags(self, request):
        return self._term("tags", request)

    def _categories(self, request):
        return self._term("categories", request)

    def _term(self, kind, request):
        there = self.terms[kind]
        if request.method == "GET":
            sought = request.query["search"].casefold()
            found = {one: there[one] for one in there if sought in unescape(one).casefold()}
            return Reply.of([{"id": number, "name": name} for name, number in found.items()])
        name = escape(request.json()["name"], quote=False)
        if name in there:
            data = {"status": 400, "term_id": there[name]}
            return Reply.of({"code": "term_exists", "message": "It exists.", "data": data}, 400)
        if kind == "categories" and self._role != "editor":
            return refusal(403, "rest_cannot_create", "Sorry, you are not allowed.")
        there[name] = 10 + len(self.terms["tags"]) + len(self.terms["categories"])
        return Reply.of({"id": there[name], "name": name}, 201)


def refusal(status, code, words="The counterpart will not have it."):
    return Reply.of({"code": code, "message": words, "data": {"status": status}}, status)


def publishes(request):
    return request.method == "POST" and unquoted(request.url).endswith("/wp/v2/posts")


def wordpress(server, fault=None, strikes=publishes, **changes):
    options = Options(SERVER, USER, Secret(PASSWORD), **changes)
    connection = Wire(server, strikes, fault).connection(SERVER, *secrets_in(options))
    return WordPress(options, connection)


def another(url):
    """Return an article at another address, which has a link to the plain message's page."""
    text = f'<p>See <a href="{plain_message().url}">Grüße</a>.</p>'
    return plain_message(url=url, article=Article("e", lambda: text))


class TestWordPress(NetworkContract):
    network = WordPress
    options = Options(SERVER, USER, Secret(PASSWORD))
    server = SERVER

    def counterpart(self):
        return WordPressServer()

    def publishes(self, request):
        return publishes(request)

    def error(self, status):
        return refusal(status, "rest_something")


class TestPublishing:
    @pytest.mark.parametrize("changes", [{}, {"plain": True}, {"link": False}])
    def test_the_whole_article_goes_with_a_link_to_the_original(self, changes):
        server = WordPressServer(**changes)
        message = plain_message(article=ARTICLE, title="Leim & <Holz>")
        receipt = wordpress(server).publish(message, KEY)
        (sent,) = server.posts.values()
        assert receipt == Receipt("40", f"{SERVER}/gruesse/")
        link = f'<a class="litfass-original" href="{message.url}">blog.example</a>'
        assert sent["content"]["raw"] == (
            "<!-- wp:html -->\n<p>Alles &#91;gallery] und mehr</p>\n"
            f"<p><em>Zuerst erschienen auf {link}.</em></p>\n<!-- /wp:html -->"
        )
        assert sent["title"]["raw"] == "Leim &amp; &lt;Holz&gt;"
        assert (sent["excerpt"]["raw"], sent["status"]) == (message.summary, "publish")
        assert sent["slug"] == "gruesse"

    def test_the_words_before_the_link_are_one_s_own_or_english(self):
        server = WordPressServer()
        wordpress(server, remark="Original:").publish(plain_message(article=ARTICLE), KEY)
        wordpress(server).publish(plain_message(article=ARTICLE, language="fr"), KEY)
        first, second = (one["content"]["raw"] for one in server.posts.values())
        assert "<em>Original: <a " in first
        assert "<em>First published on <a " in second

    def test_an_excerpt_has_the_summary_and_a_link(self):
        server = WordPressServer()
        network = wordpress(server)
        url = "https://blog.example/p/"
        said = Announcement("p", url, "Titel", NOW, "r", summary="Kurz & gut.", article=ARTICLE)
        account = Account("firma", network, content=Content.EXCERPT)
        network.publish(compose(said, account, network.limits()), KEY)
        content = server.posts[40]["content"]["raw"]
        link = f'<a class="litfass-original" href="{url}">{url}</a>'
        assert content == block(f"<p>Kurz &amp; gut.</p>\n<p>{link}</p>")

    def test_tags_are_found_by_name_or_made(self):
        server = WordPressServer()
        server.terms["tags"] = {"Leim &amp; Lack": 5, "Leim": 6}
        receipt = wordpress(server).publish(plain_message(tags=("leim", "Leim & Lack", "Neu")), KEY)
        assert not receipt.notes
        assert server.posts[40]["tags"][:2] == [6, 5]
        assert server.terms["tags"]["Neu"] == server.posts[40]["tags"][2]

    def test_a_tag_that_somebody_makes_meanwhile_is_taken(self):
        server = WordPressServer()
        server.terms["tags"] = {"Neu": 8}
        blind = Reply.of([])
        network = wordpress(server, blind, lambda request: "search" in request.query)
        network.publish(plain_message(tags=("Neu",)), KEY)
        assert server.posts[40]["tags"] == [8]

    def test_a_category_that_may_not_be_made_is_missed(self):
        server = WordPressServer()
        server.terms["categories"] = {"Blog": 2}
        receipt = wordpress(server, categories=("Blog", "Neues")).publish(plain_message(), KEY)
        assert server.posts[40]["categories"] == [2]
        assert receipt.notes[0].startswith('It is not under "Neues".')

    def test_a_picture_is_uploaded_with_its_words(self, tmp_path):
        server = WordPressServer()
        assert not wordpress(server).publish(plain_message(image=picture(tmp_path)), KEY).notes
        assert server.posts[40]["featured_media"] == 70
        assert server.media[70]["alt_text"] == "Eine Hobelbank"
        assert server.media[70]["bytes"] == (tmp_path / "bank.png").read_bytes()

    @pytest.mark.parametrize("fault", [Reply(413, b"<h1>Too large</h1>"), Reply(500), Fault.RESET])
    def test_a_picture_that_fails_does_not_stop_the_post(self, tmp_path, fault):
        server = WordPressServer()
        network = wordpress(server, fault, lambda request: request.path.endswith("/media"))
        receipt = network.publish(plain_message(image=picture(tmp_path)), KEY)
        assert receipt.notes[0].startswith("It has no picture.")
        assert "featured_media" not in server.posts[40] or not server.posts[40]["featured_media"]

    def test_a_contributor_writes_drafts_without_a_picture(self, tmp_path):
        server = WordPressServer(role="contributor")
        message = plain_message(image=picture(tmp_path))
        receipt = wordpress(server, status="pending").publish(message, KEY)
        assert server.posts[40]["status"] == "pending"
        assert "not allowed to upload" in receipt.notes[0]
        with pytest.raises(Unauthorised) as caught:
            wordpress(server).publish(message, KEY)
        assert "Author" in caught.value.hint

    def test_a_wrong_password_is_tried_once(self, tmp_path):
        """A site may shut out whoever comes with a wrong one several times."""
        wire = Wire(WordPressServer())
        options = Options(SERVER, USER, Secret("wrong"))
        message = plain_message(image=picture(tmp_path), tags=("Leim", "Holz"))
        with pytest.raises(Unauthorised, match="firma"):
            WordPress(options, wire.connection(SERVER)).publish(message, KEY)
        assert sum("wp/v2" in request.url for request in wire.requests) == 1


class TestFinding:
    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(504), Reply(200, b"<br>Notice")])
    def test_a_post_whose_answer_was_lost_is_found_by_its_link(self, fault):
        server = WordPressServer()
        with pytest.raises(OutcomeUnknown):
            wordpress(server, fault).publish(plain_message(article=ARTICLE), KEY)
        found = wordpress(server).find(plain_message(), KEY, NOW)
        assert found.receipt == Receipt("40", f"{SERVER}/gruesse/")

    def test_a_post_of_the_same_name_is_another(self):
        server = WordPressServer()
        wordpress(server).publish(another("https://blog.example/1/gruesse/"), KEY)
        found = wordpress(server).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_it_is_found_on_a_later_page(self):
        server = WordPressServer()
        wordpress(server).publish(plain_message(), KEY)
        for number in range(40):
            wordpress(server).publish(another(f"https://blog.example/{number}/"), KEY)
        assert wordpress(server).find(plain_message(), KEY, NOW).receipt.identifier == "40"

    def test_the_page_s_own_copy_is_the_one_however_old_it_is(self):
        server = WordPressServer()
        wordpress(server).publish(plain_message(), KEY)
        found = wordpress(server).find(plain_message(), KEY, NOW + timedelta(days=9))
        assert (found.receipt and found.receipt.identifier) == "40"

    def test_older_posts_end_the_search_and_only_then_is_it_surely_not_there(self):
        server = WordPressServer()
        wordpress(server).publish(another("https://blog.example/old/"), KEY)
        full = Reply.of([server.posts[40]] * 20)
        network = wordpress(server, full, lambda request: "author" in request.query)
        assert not network.find(plain_message(), KEY, NOW).complete
        assert network.find(plain_message(), KEY, NOW + timedelta(days=9)).complete


class TestAfterwards:
    def test_a_correction_replaces_the_text_and_keeps_what_a_person_has_done(self, tmp_path):
        server = WordPressServer()
        network = wordpress(server)
        image = picture(tmp_path)
        receipt = network.publish(plain_message(image=image), KEY)
        server.posts[40]["status"] = "private"
        server.posts[40]["slug"] = "anders"
        changed = plain_message(title="Berichtigt", image=replace(image, alt="Eine Bank"))
        assert network.edit(receipt, changed).identifier == "40"
        there = server.posts[40]
        assert (there["title"]["raw"], there["status"]) == ("Berichtigt", "private")
        assert (there["slug"], there["featured_media"]) == ("anders", 70)
        assert server.media[70]["alt_text"] == "Eine Bank"

    def test_a_correction_adds_the_picture_that_is_lacking(self, tmp_path):
        server = WordPressServer()
        network = wordpress(server)
        receipt = network.publish(plain_message(), KEY)
        network.edit(receipt, plain_message(image=picture(tmp_path)))
        assert server.posts[40]["featured_media"] == 70

    def test_a_correction_of_a_post_that_is_gone_is_refused(self):
        with pytest.raises(Rejected, match="Invalid post ID"):
            wordpress(WordPressServer()).edit(Receipt("9", ""), plain_message())

    def test_withdrawing_uses_the_trash_and_may_find_it_there_or_gone(self):
        server = WordPressServer()
        network = wordpress(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        assert server.posts[40]["status"] == "trash"
        network.withdraw(receipt)
        server.posts.clear()
        network.withdraw(receipt)

    def test_what_somebody_has_thrown_away_is_not_corrected(self):
        server = WordPressServer()
        network = wordpress(server)
        receipt = network.publish(plain_message(), KEY)
        server.posts[40]["status"] = "trash"
        with pytest.raises(Rejected, match="trash"):
            network.edit(receipt, plain_message(title="Berichtigt"))
        assert server.posts[40]["title"]["raw"] == plain_message().title

    def test_where_there_is_no_trash_it_is_deleted(self):
        server = WordPressServer(trash=False)
        network = wordpress(server)
        network.withdraw(network.publish(plain_message(), KEY))
        assert not server.posts

    def test_an_api_that_was_shut_has_not_deleted_anything(self):
        server = WordPressServer()
        receipt = wordpress(server).publish(plain_message(), KEY)
        shut = refusal(404, "rest_no_route")
        network = wordpress(server, shut, lambda request: request.method == "DELETE")
        with pytest.raises(Unauthorised, match="firma"):
            network.withdraw(receipt)

    def test_whoami_says_who_and_whether_that_is_enough(self):
        identity = wordpress(WordPressServer()).whoami()
        assert (identity.handle, identity.url) == (f"{USER} on verein.example", SERVER)
        contributor = WordPressServer(role="contributor")
        assert wordpress(contributor, status="draft").whoami()
        with pytest.raises(Unauthorised, match="may not publish"):
            wordpress(contributor).whoami()


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "incorrect_password", "Application Passwords"),
        (401, "rest_not_logged_in", "Authorization"),
        (401, "rest_cannot_create", "Application Passwords"),
        (403, "rest_cannot_create", "Author"),
        (404, "rest_no_route", "REST API"),
    ],
)
def test_a_refusal_says_what_to_do(status, code, hint):
    with pytest.raises(Unauthorised, match="firma") as caught:
        wordpress(WordPressServer(), refusal(status, code)).publish(plain_message(), KEY)
    assert hint in caught.value.hint


def test_no_password_goes_to_another_host_than_the_settings_have():
    root = "https://www.verein.example/blog/wp-json/"
    elsewhere = {"link": f'<{root}>; rel="https://api.w.org/"'}
    network = wordpress(WordPressServer(), Reply(200, b"", elsewhere), lambda _: True)
    with pytest.raises(AccountError) as caught:
        network.whoami()
    assert 'server = "https://www.verein.example/blog"' in caught.value.hint


def test_a_run_publishes_corrects_and_resumes(tmp_path):
    server, clock = WordPressServer(), Clock()
    server.now = clock.now
    journal = FileJournal(tmp_path / "ledger.jsonl")

    def run(edition, fault=None):
        account = Account("firma", wordpress(server, fault), backlog=True)
        said = post(article=Article(edition, lambda: f"<p>{edition}</p>"))
        return results(syndicate((said,), (account,), journal, clock=clock, live=lambda _: None))

    assert run("e1", Fault.READ_TIMEOUT) == ["in-doubt"]
    clock.now += timedelta(hours=1)
    assert run("e1") == ["announced"]
    assert run("e2") == ["edited"]
    assert run("e2") == ["unchanged"]
    (sent,) = server.posts.values()
    assert "<p>e2</p>" in sent["content"]["raw"]
