"""UTM parameters: what a link tells a blog's statistics of where it was followed. Pure.

The names are those that Google Analytics brought up and Matomo, Plausible and others read:
https://support.google.com/analytics/answer/10917952
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES = ("source", "medium", "campaign", "term", "content", "id")

Utm = bool | Mapping[str, str]
"""What settings say: yes, no, or a table of values by name; an empty one leaves a name out."""


def objection(utm: Utm) -> str | None:
    """Return what is wrong with a setting, or None."""
    names = () if isinstance(utm, bool) else map(_bare, utm)
    unknown = next((name for name in names if name not in NAMES), None)
    return f'has no "{unknown}"; it can have {", ".join(NAMES)}' if unknown is not None else None


def parameters(network: str, common: Utm, own: Utm | None) -> dict[str, str]:
    """Return the parameters of an account's links; none unless its or the common setting says so.

    What the account does not say is as in the common setting, else the network and "social".
    """
    if own is False or (own is None and common is False):
        return {}
    values = {"source": network, "medium": "social", **_table(common), **_table(own)}
    return {f"utm_{name}": values[name] for name in NAMES if values.get(name)}


def _table(utm: Utm | None) -> dict[str, str]:
    return {_bare(name): value for name, value in utm.items()} if isinstance(utm, Mapping) else {}


def _bare(name: str) -> str:
    return name.removeprefix("utm_")
