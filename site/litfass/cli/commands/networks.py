"""`litfass networks`: the networks that we know, and what each can do."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from litfass.bridge import networks
from litfass.cli.exits import Exit
from litfass.cli.screen import Screen

NOTHING: dict[str, object] = {"networks": []}


def run(args: Namespace, screen: Screen) -> Exit:
    """Show all networks."""
    del args
    known = [_fields(name, capabilities) for name, _, capabilities in networks()]
    screen.table(
        ("network", "text", "image", "link card", "safe to repeat by", "edit", "withdraw"),
        (_row(fields) for fields in known),
    )
    screen.result({"networks": known})
    return Exit.DONE


def _fields(name: str, capabilities: Any) -> dict[str, object]:
    limit = capabilities.limits[0]
    return {
        "name": name,
        "limit": limit.maximum,
        "measure": str(limit.measure),
        "images": capabilities.images is not None,
        "card": str(capabilities.card),
        "dedupe": str(capabilities.dedupe),
        "contents": [str(one) for one in capabilities.contents],
        "edit": capabilities.edit,
        "withdraw": capabilities.withdraw,
        "notes": dict(capabilities.notes),
    }


def _row(fields: dict[str, object]) -> tuple[str, ...]:
    text = f"{fields['limit']} {fields['measure']}" if fields["limit"] else "no limit"
    able = ("yes" if fields[name] else "no" for name in ("images", "edit", "withdraw"))
    images, edit, withdraw = able
    name, card, dedupe = (str(fields[key]) for key in ("name", "card", "dedupe"))
    return (name, text, images, card, dedupe, edit, withdraw)
