"""How networks are tested: a contract to inherit, and a wire with faults. Only tests import this.

class TestMine(NetworkContract):
    network = Mine
    options = Options(...)

    def counterpart(self): ...      # answers as the real network does
    def publishes(self, request): ...  # which request makes an announcement public
"""

from litfass_syndication.testing.contract import NetworkContract
from litfass_syndication.testing.description import Description, fields
from litfass_syndication.testing.examples import KEY, NOW, picture, plain_message
from litfass_syndication.testing.listening import listening
from litfass_syndication.testing.wire import Counterpart, Fault, Reply, Request, Script, Wire

__all__ = [
    "KEY",
    "NOW",
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
