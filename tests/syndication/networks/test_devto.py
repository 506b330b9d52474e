"""dev.to, against a counterpart that is as strict as Forem."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.syndication.town import Clock, post, results

from litfass_syndication.account import Account
from litfass_syndication.announcement import Announcement, Article, Receipt
from litfass_syndication.announcer import syndicate
from litfass_syndication.capabilities import Content
from litfass_syndication.compose import compose
from litfass_syndication.errors import OutcomeUnknown, Rejected, Unauthorised, Unreachable
from litfass_syndication.forem import markdown, tags
from litfass_syndication.journal import FileJournal
from litfass_syndication.network import Secret
from litfass_syndication.networks.devto import Devto, Options
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

SERVER = "https://dev.to"
API_KEY = "key-That+nobody/may=see"
ARTICLE = Article("e1", lambda: '<p>Alles <img src="https://blog.example/a.png" alt="A"></p>')


class DevtoServer:
    """Keeps articles as Forem does: one for each canonical address, tags as it wants them."""

    def __init__(self, page=30):
        self.articles = {}
        self.users = {}
        self._page = page

    def __call__(self, request):
        if request.headers.get("api-key") != API_KEY:
            return refusal(401, "unauthorized")
        if request.path == "/api/users/me":
            return Reply.of({"id": 7, "username": "werkstatt", "name": "Werkstatt"})
        if request.path == "/api/articles/me/all":
            return self._listed(int(request.query["page"]), int(request.query["per_page"]))
        number = int(request.path.rpartition("/")[2]) if request.method == "PUT" else None
        if number is not None and number not in self.articles:
            return refusal(404, "not found")
        return self._kept(request.json()["article"], number)

    def draft(self, url, title="Vom Feed", **more):
        """Make a draft of a post in the feed, as the user may have set it up."""
        article = {"title": title, "canonical_url": url, "body_markdown": "x"}
        return self._kept({**article, **more}, None)

    def _listed(self, page, size):
        ours = [one for one in self.articles.values() if one["id"] not in self.users]
        size = min(size, self._page)
        drafts = [one for one in ours if not one["published"]]
        public = [one for one in ours if one["published"]]
        newest = sorted(public, key=lambda one: (one["published_at"], one["id"]), reverse=True)
        return Reply.of([*drafts, *newest][(page - 1) * size : page * size])

    def _kept(self, sent, number):
        before = self.articles.get(number, {})
        wrong = [*self._flaws({**before, **sent}, number)]
        if wrong:
            return refusal(422, ", ".join(wrong))
        number = number or 100 + len(self.articles)
        one = {"id": number, "published": False, **before, **sent}
        one["url"] = f"{SERVER}/werkstatt/artikel-{number}"
        one["published_at"] = before.get("published_at") or (
            NOW.isoformat() if one["published"] else None
        )
        self.articles[number] = one
        return Reply.of(one, 200 if before else 201)

    def _flaws(self, article, number):
        if not article.get("title") or len(article["title"]) > 128:
            yield "Title is too long (maximum is 128 characters)"
        if len(article.get("tags", [])) > 4:
            yield "Tag list exceed the maximum of 4 tags"
        if not all(re.fullmatch("[a-z0-9]{1,30}", one) for one in article.get("tags", [])):
            yield "Tag contains non-alphanumeric or prohibited unicode characters"
        for other, there in self.articles.items():
            if other != number and there["canonical_url"] == article["canonical_url"]:
                yield "Canonical url has already been taken"


def refusal(status, words):
    return Reply.of({"error": words, "status": status}, status)


def publishes(request):
    return request.method == "POST" and request.path == "/api/articles"


def devto(server, fault=None, strikes=publishes, **options):
    wire = Wire(server, strikes, fault)
    return Devto(Options(Secret(API_KEY), **options), wire.connection(SERVER, Secret(API_KEY)))


def online(folder, **changes):
    return replace(picture(folder), url="https://blog.example/bank.png", **changes)


class TestDevto(NetworkContract):
    network = Devto
    options = Options(Secret(API_KEY))
    server = SERVER
    describes_pictures = False

    def counterpart(self):
        return DevtoServer()

    def publishes(self, request):
        return publishes(request)

    def picture(self, folder):
        return online(folder)

    def error(self, status):
        return refusal(status, "The counterpart will not have it.")


class TestPublishing:
    def test_the_whole_article_goes_with_its_origin(self):
        server = DevtoServer()
        message = plain_message(article=ARTICLE, tags=("Open Source", "Straßenbau"))
        receipt = devto(server).publish(message, KEY)
        (sent,) = server.articles.values()
        assert receipt == Receipt("100", f"{SERVER}/werkstatt/artikel-100")
        assert sent["body_markdown"] == f"<div>{ARTICLE.read()}</div>\n"
        assert (sent["canonical_url"], sent["published"]) == (message.url, True)
        assert (sent["title"], sent["description"]) == (message.title, message.summary)
        assert sent["tags"] == ["opensource", "strassenbau"]
        assert "main_image" not in sent

    def test_an_excerpt_has_the_summary_and_a_link_and_no_second_title(self):
        server = DevtoServer()
        network = devto(server)
        said = Announcement(
            "p", "https://blog.example/p/", "Titel & mehr", NOW, "r", summary="So <kurz>.",
            tags=("Holz",), article=ARTICLE,
        )  # fmt: skip
        account = Account("firma", network, content=Content.EXCERPT)
        network.publish(compose(said, account, network.limits()), KEY)
        (sent,) = server.articles.values()
        url = "https://blog.example/p/"
        link = f'<a class="litfass-original" href="{url}">{url}</a>'
        assert sent["body_markdown"] == f"<div><p>So &lt;kurz&gt;.</p> <p>{link}</p></div>\n"
        assert sent["tags"] == ["holz"]

    def test_a_draft_is_one_and_an_organization_is_named(self):
        server = DevtoServer()
        devto(server, status="draft", organization=9).publish(plain_message(), KEY)
        (sent,) = server.articles.values()
        assert (sent["published"], sent["organization_id"]) == (False, 9)

    def test_a_cover_is_fetched_from_the_blog(self, tmp_path):
        server = DevtoServer()
        image = online(tmp_path)
        assert not devto(server).publish(plain_message(image=image), KEY).notes
        assert server.articles[100]["main_image"] == image.url

    def test_a_cover_that_cannot_be_one_is_missed(self, tmp_path):
        server = DevtoServer()
        drawn = online(tmp_path, media_type="image/svg+xml")
        receipt = devto(server).publish(plain_message(image=drawn), KEY)
        assert receipt.notes[0].startswith("It has no cover: its picture is SVG")
        assert "main_image" not in server.articles[100]

    def test_a_content_warning_goes_first(self):
        server = DevtoServer()
        devto(server).publish(plain_message(article=ARTICLE, content_warning="Späne & Staub"), KEY)
        body = server.articles[100]["body_markdown"]
        assert body.startswith("<div><p><strong>Späne &amp; Staub</strong></p><p>Alles")

    @pytest.mark.parametrize("letter", ["a", "ü", "م", "😀"])
    def test_a_title_has_room_for_128_characters(self, letter):
        server = DevtoServer()
        network = devto(server)
        for number, length in enumerate((127, 128, 129)):
            url = f"https://blog.example/{number}/"
            network.publish(plain_message(title=letter * length, url=url), KEY)
        titles = [one["title"] for one in server.articles.values()]
        assert titles == [letter * 127, letter * 128, f"{letter * 127}…"]

    def test_an_article_that_cannot_be_read_sends_nothing(self):
        def lost():
            raise Unreachable("The text of posts/a.md cannot be read.")

        server = DevtoServer()
        with pytest.raises(Unreachable):
            devto(server).publish(plain_message(article=Article("e", lost)), KEY)
        assert not server.articles


class TestOneForEachAddress:
    def test_a_draft_made_of_the_feed_is_taken(self):
        server = DevtoServer()
        server.draft(plain_message().url)
        receipt = devto(server).publish(plain_message(article=ARTICLE), KEY)
        assert receipt.identifier == "100"
        assert "draft" in receipt.notes[0]
        (sent,) = server.articles.values()
        assert sent["published"]
        assert "Alles" in sent["body_markdown"]

    def test_what_is_there_already_is_left_as_it_is(self):
        server = DevtoServer()
        server.draft(plain_message().url, published=True)
        receipt = devto(server).publish(plain_message(article=ARTICLE), KEY)
        assert (receipt.identifier, receipt.notes) == ("100", ("It was there already.",))
        assert server.articles[100]["body_markdown"] == "x"

    def test_an_address_that_another_user_has_taken_is_refused_with_advice(self):
        server = DevtoServer()
        server.draft(plain_message().url)
        server.users[100] = "somebody"
        with pytest.raises(Rejected, match="firma") as caught:
            devto(server).publish(plain_message(), KEY)
        assert "Another account" in caught.value.hint


class TestFinding:
    @pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Reply(502)], ids=str)
    def test_an_article_whose_answer_was_lost_is_found(self, fault):
        server = DevtoServer()
        with pytest.raises(OutcomeUnknown):
            devto(server, fault).publish(plain_message(), KEY)
        found = devto(server).find(plain_message(), KEY, NOW)
        assert found.receipt == Receipt("100", f"{SERVER}/werkstatt/artikel-100")

    def test_what_never_came_is_surely_not_there(self):
        found = devto(DevtoServer()).find(plain_message(), KEY, NOW)
        assert (found.receipt, found.complete) == (None, True)

    def test_it_is_found_on_a_later_page_even_if_pages_are_shorter_than_asked_for(self):
        server = DevtoServer(page=2)
        devto(server).publish(plain_message(), KEY)
        for number in range(5):
            server.draft(f"https://blog.example/{number}/", published=True)
        assert devto(server).find(plain_message(), KEY, NOW).receipt.identifier == "100"

    def test_a_draft_of_the_feed_is_not_what_was_published(self):
        server = DevtoServer()
        server.draft(plain_message().url)
        assert devto(server).find(plain_message(), KEY, NOW).receipt is None
        assert devto(server, status="draft").find(plain_message(), KEY, NOW).receipt
        assert not list(devto(server).listing())

    def test_the_page_s_own_article_is_the_one_however_old_it_is(self):
        server = DevtoServer()
        devto(server).publish(plain_message(), KEY)
        found = devto(server).find(plain_message(), KEY, NOW + timedelta(days=30))
        assert (found.receipt and found.receipt.identifier) == "100"

    def test_older_articles_end_the_search(self):
        server = DevtoServer()
        devto(server).publish(plain_message(url="https://blog.example/old/"), KEY)
        later = NOW + timedelta(days=30)
        found = devto(server).find(plain_message(), KEY, later)
        assert (found.receipt, found.complete) == (None, True)

    def test_a_listing_without_an_end_proves_nothing(self):
        endless = Reply.of([{"id": 1, "canonical_url": "https://a.example/", "published": False}])
        network = devto(DevtoServer(), endless, lambda request: request.method == "GET")
        assert not network.find(plain_message(), KEY, NOW).complete


class TestAfterwards:
    def test_a_correction_replaces_the_text_and_leaves_a_draft_a_draft(self):
        server = DevtoServer()
        network = devto(server, status="draft")
        receipt = network.publish(plain_message(), KEY)
        changed = plain_message(title="Berichtigt", article=ARTICLE)
        assert network.edit(receipt, changed) == receipt
        assert server.articles[100]["title"] == "Berichtigt"
        assert not server.articles[100]["published"]

    def test_withdrawing_makes_it_a_draft_and_may_find_it_gone(self):
        server = DevtoServer()
        network = devto(server)
        receipt = network.publish(plain_message(), KEY)
        network.withdraw(receipt)
        assert not server.articles[100]["published"]
        server.articles.clear()
        network.withdraw(receipt)

    def test_whoami_says_whose_key_it_is(self):
        identity = devto(DevtoServer()).whoami()
        assert (identity.handle, identity.url) == ("@werkstatt", f"{SERVER}/werkstatt")

    @pytest.mark.parametrize(("status", "hint"), [(401, "new API key"), (403, "in order")])
    def test_a_refusal_says_what_to_do(self, status, hint):
        with pytest.raises(Unauthorised, match="firma") as caught:
            devto(DevtoServer(), refusal(status, "no")).publish(plain_message(), KEY)
        assert hint in caught.value.hint


def test_a_run_publishes_corrects_and_resumes(tmp_path):
    server, clock = DevtoServer(), Clock()
    journal = FileJournal(tmp_path / "ledger.jsonl")

    def run(edition, fault=None):
        account = Account("firma", devto(server, fault), backlog=True)
        said = post(article=Article(edition, lambda: f"<p>{edition}</p>"))
        return results(syndicate((said,), (account,), journal, clock=clock, live=lambda _: None))

    assert run("e1", Fault.READ_TIMEOUT) == ["in-doubt"]
    clock.now += timedelta(hours=1)
    assert run("e1") == ["announced"]
    assert run("e2") == ["edited"]
    assert run("e2") == ["unchanged"]
    (sent,) = server.articles.values()
    assert sent["body_markdown"] == "<div><p>e2</p></div>\n"


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("Open Source", "Go", "Holz", "Hobel", "Leim"), ("opensource", "go", "holz", "hobel")),
        (("Straßenbäume", "Café"), ("strassenbaeume", "cafe")),
        (("C++", "C#", "c"), ("c",)),
        (("خشب", "木", "😀", "日本go"), ()),
        (("a" * 30, "b" * 31), ("a" * 30,)),
        (("Web-Dev", "webdev", "web_dev"), ("webdev",)),
    ],
)  # fmt: skip
def test_tags_are_four_plain_words(names, taken):
    assert tags(names) == taken


@pytest.mark.parametrize(
    ("html", "sent"),
    [
        ("<p>a</p>\n\n<p>b</p>", "<p>a</p>  <p>b</p>"),
        ("<pre><code>a\n\n  b\n</code></pre>", "<pre><code>a<br><br>  b<br></code></pre>"),
        ("<p>`so` ~~~ an @ich, a@b.example</p>",
         "<p>&#96;so&#96; ~~&#126; an @&#8203;ich, a@b.example</p>"),
        ("<code>@wrapper</code>", "<code>@wrapper</code>"),
        ('<a href="https://m.a/@ich">a &lt; b</a>', '<a href="https://m.a/@ich">a &lt; b</a>'),
        ("<p>{{ x }}</p>", "{% raw %}<p>{{ x }}</p>{% endraw %}"),
        ("<p>&#123;&#37; x %}</p>", "{% raw %}<p>&#123;&#37; x %}</p>{% endraw %}"),
        ("<p>{% endraw %}</p>", "{% raw %}<p>{&#8203;% endraw %}</p>{% endraw %}"),
        ("<p>{ x }</p>", "<p>{ x }</p>"),
    ],
)  # fmt: skip
def test_forem_leaves_html_as_it_is(html, sent):
    assert markdown(html) == f"<div>{sent}</div>\n"
