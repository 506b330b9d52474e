"""Where posts were announced: receipts become the "also on" links of the next build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from litfass.model import AlsoOn
from litfass_syndication.ledger import Entry, Ledger, Standing


def also_on(ledger: Ledger, labels: Mapping[str, str]) -> dict[str, tuple[AlsoOn, ...]]:
    """Return where each post was announced, by all ids that it ever had.

    Only web addresses are links. Accounts come in the order of `labels`; one that is no longer
    among them is called by its name.
    """
    order = {name: place for place, name in enumerate(labels)}
    links: dict[str, tuple[AlsoOn, ...]] = {}
    for entry in sorted(_shown(ledger.entries.values()), key=lambda one: _place(one, order)):
        account = entry.slot.account
        link = AlsoOn(labels.get(account, account), entry.url)
        links[entry.slot.post] = (*links.get(entry.slot.post, ()), link)
    former = {name: links[post] for name, post in ledger.names.items() if post in links}
    return links | former


def _shown(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (
        entry
        for entry in entries
        if entry.standing is Standing.ANNOUNCED and entry.url.startswith(("https://", "http://"))
    )


def _place(entry: Entry, order: Mapping[str, int]) -> tuple[str, int, str]:
    account = entry.slot.account
    return entry.slot.post, order.get(account, len(order)), account
