"""The README's table of networks says what the adapters declare.

`python tests/whole/test_networks_table.py` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from litfass_syndication.capabilities import Capabilities, Card, Dedupe
from litfass_syndication.networks import NAMES, network_class

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BEGIN = "<!-- from the networks' capabilities: python tests/whole/test_networks_table.py -->\n"
END = "\n<!-- end of the table of networks -->"

FRONT_DOORS = (
    "README.md",
    "posts/2026-11-16-what-is-litfass.md",
    "posts/2026-11-20-announcing.md",
    "posts/2026-11-24-auf-deutsch.md",
)
MACHINES = "posts/2026-11-24-machines.md"
QUIET = tuple(name for name in NAMES if network_class(name).capabilities.quiet)
LOUD = tuple(name for name in NAMES if name not in QUIET)

_ANSWERS = {
    Dedupe.KEY: "repeated with the same key",
    Dedupe.IDENTIFIER: "repeated under the same identifier",
    Dedupe.CONTENT: "repeated in the same words",
    Dedupe.LOOKUP: "looked for among the account's own posts",
    Dedupe.NONE: "asked of you",
}
_CARDS = {Card.NETWORK: "the network's", Card.CLIENT: "ours", Card.NONE: "none"}

_BY_YOU = ("not possible: you post it", "by you", "by you")


def table() -> str:
    """Return the table as the README has it."""
    head = (
        "| network | text | picture | link card | a lost answer is | corrects | withdraws |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(map(_row, LOUD)) + _machines()


def _machines() -> str:
    """Return what stands below the table: networks whose messages nobody reads have no text."""
    titles = [network_class(name).title for name in QUIET]
    named = f"{', '.join(titles[:-1])} and {titles[-1]}"
    return f"\nMachines are told of pages that are new, changed or gone: [{named}]({MACHINES}).\n"


def _row(name: str) -> str:
    adapter = network_class(name)
    able: Capabilities = adapter.capabilities
    limit = able.limits[0]
    text = "no limit" if limit.maximum is None else f"{limit.maximum:,} {limit.measure}"
    needed = "needed" if able.images and able.images.needed else "yes"
    if able.by_hand:
        cells = (_linked(name, adapter.title), "as you say", "yes", "the place's", *_BY_YOU)
        return f"| {' | '.join(cells)} |\n"
    cells = (
        _linked(name, adapter.title),
        text,
        needed if able.images else "no",
        _CARDS[able.card],
        able.notes.get("a lost answer", _ANSWERS[able.dedupe]),
        able.notes.get("edit", "yes") if able.edit else "no",
        "yes" if able.withdraw else "no",
    )
    return f"| {' | '.join(cells)} |\n"


def _linked(name: str, title: str) -> str:
    guide = next((ROOT / "posts").glob(f"*-{name}.md"), None)
    return f"[{title}](posts/{guide.name})" if guide else title


def test_the_readme_has_the_table_of_networks():
    written = re.search(re.escape(BEGIN) + "(.*?)" + re.escape(END), README.read_text(), re.DOTALL)
    assert written
    assert written[1] == table()


def test_each_network_but_the_outbox_has_a_guide():
    without = [name for name in LOUD if "](" not in _linked(name, name)]
    assert without == ["outbox"]


def test_what_machines_are_told_has_a_guide():
    guide = (ROOT / MACHINES).read_text("utf-8")
    assert QUIET
    assert all(f'network = "{name}"' in guide for name in QUIET)


def test_who_comes_in_is_told_how_many_networks_there_are():
    number = re.compile(r"\b(\d+) (?:networks|Netzwerke)\b")
    told = {door: number.findall((ROOT / door).read_text("utf-8")) for door in FRONT_DOORS}
    assert told == {door: [str(len(NAMES))] for door in FRONT_DOORS}


def test_the_guide_to_announcing_leads_to_each_networks_guide():
    guide = (ROOT / "posts/2026-11-20-announcing.md").read_text("utf-8")
    guides = (_linked(name, "").removeprefix("[](posts/") for name in LOUD if name != "outbox")
    assert [each for each in guides if f"]({each}" not in guide] == []


if __name__ == "__main__":
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + table() + END + after)
