"""How networks are tested: a contract to inherit, and a wire with faults. Only tests import this.

class TestMine(NetworkContract):
    network = Mine
    options = Options(...)

    def counterpart(self): ...      # answers as the real network does
    def publishes(self, request): ...  # which request makes an announcement public
"""

import pytest

# Before it is imported: so that a failing contract shows the values it compared.
pytest.register_assert_rewrite("litfass_syndication.testing.contract")

from litfass_syndication.testing.contract import AdapterContract, NetworkContract  # noqa: E402
from litfass_syndication.testing.description import Description, fields  # noqa: E402
from litfass_syndication.testing.examples import KEY, NOW, picture, plain_message  # noqa: E402
from litfass_syndication.testing.listening import listening  # noqa: E402
from litfass_syndication.testing.wire import Counterpart, Fault, Reply, Request, Script, Wire  # noqa: E402

__all__ = [
    "KEY",
    "NOW",
    "AdapterContract",
    "Counterpart",
    "Description",
    "Fault",
    "NetworkContract",
    "Reply",
    "Request",
    "Script",
    "Wire",
    "fields",
    "listening",
    "picture",
    "plain_message",
]
