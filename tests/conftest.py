"""What all tests have in common."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine is no defect: properties have no deadline.
settings.register_profile("litfass", deadline=None)
settings.load_profile("litfass")


@pytest.fixture(scope="session")
def postgres():
    """Run a PostgreSQL on loopback."""
    from tests.servers.postgres import running  # noqa: PLC0415 - psycopg, only where it is needed

    with running() as server:
        yield server
