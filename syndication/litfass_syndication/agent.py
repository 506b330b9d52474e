"""How we introduce ourselves to a server."""

from __future__ import annotations


def user_agent() -> str:
    """Return our name and version."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return f"Litfass/{version('litfass')}"
    except PackageNotFoundError:  # run from its sources
        return "Litfass"
