"""The network that CONTRIBUTING.md shows is one: it keeps the contract as it stands there."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from litfass_syndication.network import Secret
from litfass_syndication.networks import NAMES
from litfass_syndication.testing import NetworkContract, Reply

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ADAPTER, LINE, TEST = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


class NoticeboardServer:
    """Answers a key that it knows with the note that it has."""

    def __init__(self):
        self.keys = []

    def __call__(self, request):
        key = request.headers["idempotency-key"]
        if key not in self.keys:
            self.keys.append(key)
        note = self.keys.index(key) + 1
        assert json.loads(request.content)["text"]
        return Reply.of({"id": f"{note}", "url": f"https://noticeboard.example/notes/{note}"})


def _noticeboard():
    """Return the shown adapter as the module that it would be."""
    module = ModuleType("noticeboard_of_the_guide")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(ADAPTER, "CONTRIBUTING.md", "exec"), module.__dict__)
    return module


noticeboard = _noticeboard()
_shown = {
    "NetworkContract": NetworkContract,
    "Noticeboard": noticeboard.Noticeboard,
    "NoticeboardServer": NoticeboardServer,
    "Options": noticeboard.Options,
    "Secret": Secret,
}
exec(compile(TEST, "CONTRIBUTING.md", "exec"), _shown)
TestNoticeboard = _shown["TestNoticeboard"]


def test_the_line_names_the_adapter():
    assert LINE.strip() == (
        f'"{noticeboard.Noticeboard.name}": "litfass_syndication.networks.noticeboard:Noticeboard",'
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_network_is_what_the_guide_says(name):
    assert (ROOT / f"syndication/litfass_syndication/networks/{name}.py").is_file()
    assert (ROOT / f"tests/syndication/networks/test_{name}.py").is_file()
    posts = (path.read_text("utf-8") for path in (ROOT / "posts").glob("*.md"))
    assert any(f'network = "{name}"' in post for post in posts)
