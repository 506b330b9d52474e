"""A blog that tells machines: what it carries for them, and whom a whole run tells."""

from __future__ import annotations

import json
import tomllib
from datetime import timedelta
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pytest
from tests.site.bridge.conftest import NOW, SITE

from litfass.bridge import newcomer, signs
from litfass.build import Options, build
from litfass.errors import Problems
from litfass.publish import publish
from litfass.settings import open_blog
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.wire import Reply

THREE = """
[accounts.hub]
network = "websub"

[accounts.search]
network = "indexnow"

[accounts.mentions]
network = "webmention"
"""
POST = "---\nid: {id}\ntitle: {id}\ndate: 2026-11-23\n---\n\n{text}\n"
ATOM = "{http://www.w3.org/2005/Atom}"


def hubs_in(folder):
    """Return the hubs that RSS, Atom and JSON Feed in a folder name."""
    rss, atom = (ET.parse(folder / name).getroot() for name in ("feed.xml", "atom.xml"))
    links = [
        [link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == "hub"]
        for element in (rss[0], atom)
    ]
    json_hubs = json.loads((folder / "feed.json").read_text("utf-8")).get("hubs", [])
    return [*links, [hub["url"] for hub in json_hubs]]


def test_the_feeds_name_the_hub_and_the_key_lies_at_the_root(blog):
    tagged = POST.format(id="hello", text="Hi.").replace("title:", "tags: [wood]\ntitle:")
    root = blog({"litfass.toml": SITE + THREE, "posts/hello.md": tagged})
    wanted = signs(open_blog(root))
    done = build(open_blog(root), Options(NOW, signs=wanted))
    assert hubs_in(done.public) == [["https://pubsubhubbub.appspot.com/"]] * 3
    assert hubs_in(done.public / "tags" / "wood") == [[], [], []]
    (key,) = wanted.files
    assert (done.public / key.path).read_bytes() == key.content == key.path[:-4].encode()
    again = build(open_blog(root), Options(NOW, signs=wanted))
    assert not again.made
    without = build(open_blog(root), Options(NOW))
    assert key.path in without.removed
    assert hubs_in(done.public) == [[], [], []]


def test_a_file_of_the_authors_own_stays(blog):
    accounts = '[accounts.search]\nnetwork = "indexnow"\nkey = "my-own-key-1"\n'
    files = {"litfass.toml": SITE + accounts, "static/my-own-key-1.txt": "my-own-key-1\n"}
    root = blog({**files, "posts/hello.md": POST.format(id="hello", text="Hi.")})
    done = build(open_blog(root), Options(NOW, signs=signs(open_blog(root))))
    assert (done.public / "my-own-key-1.txt").read_text("utf-8") == "my-own-key-1\n"


@pytest.mark.parametrize("key", ["short", "../../../etc/passwd", "with space", "x" * 129])
def test_a_key_that_is_none_is_a_mistake_in_the_settings(blog, key):
    accounts = f'[accounts.search]\nnetwork = "indexnow"\nkey = "{key}"\n'
    root = blog({"litfass.toml": SITE + accounts})
    with pytest.raises(Problems) as caught:
        signs(open_blog(root))
    (problem,) = caught.value.problems()
    assert "8 to 128 letters" in problem.message


@pytest.mark.parametrize("network", ["websub", "indexnow", "webmention"])
def test_connecting_asks_nothing(blog, network):
    root = blog({"litfass.toml": SITE})
    new = newcomer(open_blog(root), network, "", {}, {})
    assert new.questions() == ()
    introduced = new.introduced(NOW.date())
    assert "secrets" not in introduced.page.after.decode()
    table = tomllib.loads(introduced.page.after.decode())["accounts"][network]
    assert table == {"network": network}


class Town:
    """A web server of the blog, a hub, a search engine and a friend, all at one address."""

    def __init__(self):
        self.live = None
        self.told = []

    def __call__(self, request):
        if request.method == "POST":
            self.told.append((request.path, self._said(request)))
            return Reply(202)
        if request.path == "/friend":
            html = {"content-type": "text/html"}
            return Reply(200, b'<a rel="webmention" href="/inbox">tell me</a>', html)
        file = self.live / request.path.removeprefix("/blog/")
        file = file / "index.html" if file.is_dir() else file
        return Reply(200, file.read_bytes()) if file.is_file() else Reply(404)

    def _said(self, request):
        if request.path == "/indexnow":
            return request.json()["urlList"]
        form = dict(parse_qsl(request.content.decode()))
        return form.get("hub.url") or (form["source"], form["target"])

    def news(self):
        """Return what was told since this was asked last, whoever was first."""
        news, self.told = sorted(self.told, key=str), []
        return news


@pytest.mark.server
def test_a_whole_run_tells_everybody_what_concerns_them(blog):
    town = Town()
    with listening(town) as address:
        home = f"{address}/blog/"
        lines = {"hub": f'server = "{address}/hub"', "search": f'server = "{address}/indexnow"'}
        accounts = THREE.replace("network", "backlog = true\nnetwork")
        for name, line in lines.items():
            accounts = accounts.replace(f"[accounts.{name}]\n", f"[accounts.{name}]\n{line}\n")
        settings = (
            f'[site]\ntitle = "T"\nurl = "{home}"\n[deploy]\ntarget = "folder"\npath = "live"\n'
            f'[build]\npermalink = "/{{slug}}/"\n{accounts}'
        )
        files = {
            "litfass.toml": settings,
            "posts/one.md": POST.format(id="one", text=f"See [them]({address}/friend)."),
            "posts/two.md": POST.format(id="two", text="See [this](one.md)."),
        }
        root = blog(files)
        town.live = root / "live"

        def run(minutes=0):
            now = NOW + timedelta(minutes=minutes)
            own = open_blog(root)
            options = Options(now, signs=signs(own))
            done = publish(own, options, environ={}, clock=lambda: now, sleep=lambda _: None)
            return sorted(f"{one.post} {one.account} {one.outcome}" for one in done.outcomes)

        names = [f"{post} {name}" for post in ("one", "two") for name in THREE_NAMES]
        feeds = [("/hub", f"{home}{name}") for name in ("atom.xml", "feed.json", "feed.xml")]
        mention = ("/inbox", (f"{home}one/", f"{address}/friend"))
        assert run() == [f"{name} announced" for name in names]
        one, two = f"{home}one/", f"{home}two/"
        news = [*feeds, mention, ("/indexnow", [one, home]), ("/indexnow", [two])]
        assert town.news() == sorted(news, key=str)

        assert run(1) == [f"{name} unchanged" for name in names]
        assert town.news() == []

        (root / "posts/two.md").write_text(POST.format(id="two", text="Changed."), "utf-8")
        assert [line for line in run(2) if "unchanged" not in line] == [
            f"two {name} edited" for name in THREE_NAMES
        ]
        assert town.news() == sorted([*feeds, ("/indexnow", [two, home])], key=str)

        (root / "posts/one.md").unlink()
        assert [line for line in run(3) if "unchanged" not in line] == [
            f"one {name} edited" for name in THREE_NAMES
        ]
        assert town.news() == sorted([*feeds, mention, ("/indexnow", [one, home])], key=str)
        assert not [line for line in run(4) if "unchanged" not in line]
        assert town.news() == []


THREE_NAMES = ("hub", "mentions", "search")
