"""The main job: build, deploy, wait until live, announce."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from litfass.bridge import Result
from litfass.build import Options
from litfass.errors import DeployError, Problems
from litfass.publish import Published, Steps, publish
from litfass.settings import open_blog
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.wire import Reply

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

OUTBOX = '[accounts.outbox]\nnetwork = "outbox"\nbacklog = true\n'
POST = "---\nid: hello\ntitle: Hello\ndate: 2026-11-20\n---\n\nA first post.\n"


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def published(blog: Callable[..., Path]) -> Callable[..., Published]:
    """Return who publishes a blog with one post, deployed to `live`."""

    def run(url: str = "https://blog.example", wait: int = 0, more: str = "", **rest) -> Published:
        settings = (
            f'[site]\ntitle = "T"\nurl = "{url}"\n[syndication]\nwait_seconds = {wait}\n'
            f"{more or DEPLOY}{OUTBOX}"
        )
        root = blog({"litfass.toml": settings, "posts/hello.md": rest.pop("post", POST)})
        clock = Clock()
        options = Options(NOW)
        rest.setdefault("environ", {})
        return publish(open_blog(root), options, clock=clock, sleep=clock.sleep, **rest)

    return run


DEPLOY = '[deploy]\ntarget = "folder"\npath = "live"\n'


def server(folder: Callable[[], Path], path: str = "/"):
    """Return a web server of a folder that may not be there yet."""

    def answer(request) -> Reply:
        file = folder() / request.path.removeprefix(path) / "index.html"
        return Reply(200, file.read_bytes()) if file.is_file() else Reply(404)

    return answer


def test_the_steps_are_told_in_their_order(published):
    told: list[str] = []
    steps = Steps(
        lambda built: told.append(f"{built.total} built"),
        lambda deployment: told.append(deployment.target),
        said=lambda outcome: told.append(outcome.outcome),
    )
    done = published(steps=steps)
    assert told == [f"{done.built.total} built", "folder", "announced"]


def test_a_second_run_builds_and_deploys_and_announces_nothing(published):
    published()
    done = published()
    assert done.built.made == ()
    assert done.deployment.changes == 0
    assert [one.outcome for one in done.outcomes] == [Result.UNCHANGED]


def test_without_a_target_nothing_is_deployed(published):
    assert published(more="\n").deployment is None


def test_a_page_that_is_live_in_its_new_revision_is_announced(published, tmp_path):
    waited: list[str] = []
    with listening(server(lambda: tmp_path / "blog/live")) as address:
        (outcome,) = published(address, wait=60, steps=Steps(waiting=waited.append)).outcomes
    assert outcome.outcome is Result.ANNOUNCED
    assert waited == [f"{address}/2026/11/hello/"]


def test_a_blog_behind_a_password_is_looked_at_with_it(published, tmp_path):
    folder, seen = server(lambda: tmp_path / "blog/live"), []

    def locked(request):
        seen.append(request.headers.get("authorization"))
        return folder(request) if seen[-1] == "Basic bWU6c2VjcmV0" else Reply(401)

    with listening(locked) as address:
        (refused,) = published(address, wait=1).outcomes
        environ = {"LITFASS_SITE_USER": "me", "LITFASS_SITE_PASSWORD": "secret"}
        (outcome,) = published(address, wait=1, environ=environ).outcomes
    assert refused.outcome is Result.DUE
    assert outcome.outcome is Result.ANNOUNCED
    assert set(seen) == {None, "Basic bWU6c2VjcmV0"}


def test_a_page_that_does_not_get_live_is_not_announced_but_due(published, tmp_path):
    with listening(server(lambda: tmp_path / "nowhere")) as address:
        (outcome,) = published(address, wait=60).outcomes
    assert outcome.outcome is Result.DUE
    assert "is not live" in outcome.reason


def test_a_page_that_shows_an_older_revision_is_not_announced(published, tmp_path):
    old = tmp_path / "old/2026/11/hello/index.html"
    old.parent.mkdir(parents=True)
    old.write_text('<head><meta name="litfass:revision" content="old"></head>', "utf-8")
    with listening(server(lambda: tmp_path / "old")) as address:
        (outcome,) = published(address, wait=60).outcomes
    assert outcome.outcome is Result.DUE
    assert "another version" in outcome.reason


def test_a_failed_deployment_stops_before_any_announcement(published, tmp_path):
    stranger = tmp_path / "blog/live/precious.txt"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("mine", "utf-8")
    with pytest.raises(DeployError):
        published()
    assert stranger.read_text("utf-8") == "mine"
    assert not (tmp_path / "blog/syndication").exists()


def test_an_unknown_account_in_a_post_stops_before_the_deployment(published, tmp_path):
    with pytest.raises(Problems):
        published(post=POST.replace("id: hello", "id: hello\nsyndicate: [firma]"))
    assert not (tmp_path / "blog/live").exists()
