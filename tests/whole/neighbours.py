"""An account on every network, each with the counterpart of its contract test on this machine.

A network that is new has a neighbour by its contract test alone, unless it is no `NetworkContract`
or its counterpart wants to know the blog: then it needs a line in `_OPENED`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from threading import Barrier, BrokenBarrierError
from urllib.parse import urlsplit

from tests.syndication import post_office

from litfass_syndication.network import Secret
from litfass_syndication.networks import NAMES
from litfass_syndication.testing import Fault, NetworkContract, Reply, Request, listening
from litfass_syndication.testing.relay import Relay

# Nothing is sent to them: a person, and a file.
SILENT = {"manual": {"title": "Forum"}, "outbox": {}}

# A member of LinkedIn is not told when a picture is ready, and has to wait; a page is told.
_CHOSEN = {"linkedin": "TestPage"}

# Hosts that a counterpart leads to, beside those in the options.
_MORE = {"linkedin": ("https://www.linkedin.com",), "micropub": ("https://pub.example",)}
_TOGETHER = frozenset({"linkedin"})  # pictures go to its own hosts alone, or to where it is itself
_SIGNED = frozenset({"tumblr", "x"})  # a signature covers the address that was really asked


@dataclass
class Neighbour:
    """An account, and what its counterpart was asked (`asked`) and told to publish (`told`).

    Where there is a `gate`, the first telling waits at it. `settings` and `secrets` are what the
    account needs, by the names of its options, and `page` is where a post has to lead to if there
    is to be anything to tell.
    """

    network: str
    publishes: Callable[[Request], bool] = lambda _: True
    settings: dict[str, object] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    page: str = ""
    gate: Barrier | None = None
    asked: list[Request] = field(default_factory=list)
    told: list[Request] = field(default_factory=list)

    def hear(self, request):
        """Write a request down, and hold it at the gate if it is the first telling."""
        self.asked.append(request)
        if self.publishes(request):
            self.told.append(request)
            if self.gate and len(self.told) == 1:
                self.gate.wait()

    def table(self):
        """Return the account as `litfass.toml` has it."""
        given = {"network": self.network, "backlog": True, **self.settings}
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in given.items())
        return f"\n[accounts.{self.network}]\n{''.join(lines)}"

    def environment(self):
        """Return the secrets by the names under which the program looks for them."""
        start = f"LITFASS_{self.network.upper()}"
        return {f"{start}_{name.upper()}": value for name, value in self.secrets.items()}


@contextmanager
def neighbourhood(home):
    """Open a counterpart for every network there is, for the blog at `home`."""
    with ExitStack() as opened:
        yield [opened.enter_context(_OPENED.get(name, _by_contract)(name, home)) for name in NAMES]


@contextmanager
def _by_contract(name, _home):
    """Open the counterpart of a network's contract test, on every host that it speaks for."""
    contract = _contract(name)
    neighbour = Neighbour(name, contract.publishes)
    with _hosts(neighbour, contract.counterpart(), _origins(contract)) as there:
        _fill_in(neighbour, contract.options, there)
        yield neighbour


def _contract(name):
    """Return the test class that tries a network by the contract, the first of several."""
    module = import_module(f"tests.syndication.networks.test_{name}")
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, NetworkContract)
        and each.__module__ == module.__name__
        and each.__name__ == _CHOSEN.get(name, each.__name__)
    ]
    if not found:
        raise LookupError(f"{name} has no NetworkContract: open a counterpart in {__name__}.")
    return found[0]()


def _origins(contract):
    """Return the hosts of a counterpart, as a contract's server and options name them."""
    values = (getattr(contract.options, each.name) for each in fields(contract.options))
    texts = (str(_plain(value)) for value in values)
    named = [contract.server, *(text for text in texts if text.startswith("https://"))]
    return tuple(dict.fromkeys((*map(_origin, named), *_MORE.get(contract.network.name, ()))))


def _origin(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _plain(value):
    return value.reveal() if isinstance(value, Secret) else value


@contextmanager
def _hosts(neighbour, counterpart, origins):
    """Let a counterpart answer for each of its hosts; yields where each of them is now."""
    there = {}

    def host(origin):
        def answer(request):
            try:
                neighbour.hear(request)
            except BrokenBarrierError:
                return Fault.RESET
            if neighbour.network not in _SIGNED:
                request = replace(request, url=request.url.replace(there[origin], origin, 1))
            return _moved(counterpart(request), there)

        return answer

    with ExitStack() as opened:
        for origin in origins:
            alone = not there or neighbour.network not in _TOGETHER
            address = opened.enter_context(listening(host(origin))) if alone else there[origins[0]]
            there[origin] = address
        yield there


def _moved(reply, there):
    """Return an answer that names the counterpart's hosts by where they are now."""
    if isinstance(reply, Fault):
        return reply
    content = reply.content
    for origin, address in there.items():
        content = content.replace(origin.encode(), address.encode())
    headers = {name: _led(value, there) for name, value in reply.headers.items()}
    return Reply(reply.status, content, headers)


def _fill_in(neighbour, options, there):
    """Take over the options of a contract test as an account's settings and secrets."""
    for each in fields(options):
        value = getattr(options, each.name)
        led = _led(_plain(value), there)
        if isinstance(value, Secret):
            neighbour.secrets[each.name] = led
        elif led != each.default:
            neighbour.settings[each.name] = led


def _led(value, there):
    """Return a value with the counterpart's hosts where they are now."""
    if isinstance(value, tuple):
        return [_led(each, there) for each in value]
    for origin, address in there.items() if isinstance(value, str) else ():
        value = value.replace(origin, address)
    return value


@contextmanager
def _apprise(name, _home):
    """Let Apprise tell a service that understands plain JSON."""
    neighbour = Neighbour(name, lambda request: request.method == "POST")
    with _hosts(neighbour, lambda _: Reply.of({}), ("https://json.example",)) as there:
        place = urlsplit(there["https://json.example"]).netloc
        neighbour.secrets["url"] = f"json://firma:Passw0rd-that-nobody-may-see@{place}/"
        yield neighbour


@contextmanager
def _nostr(name, _home):
    """Open a relay that checks every signature."""
    contract, relay = _contract(name), Relay()
    neighbour = Neighbour(name, contract.publishes)
    judged = relay.verdict

    def verdict(event):
        neighbour.hear(Request("EVENT", relay.address, {}, json.dumps(event).encode()))
        return judged(event)

    relay.verdict = verdict
    try:
        (place,) = contract.options.relays
        _fill_in(neighbour, contract.options, {place: relay.address})
        yield neighbour
    finally:
        relay.close()


class _Heard(list):
    """Mails; each is heard before it is taken."""

    def __init__(self, neighbour):
        super().__init__()
        self._neighbour = neighbour

    def append(self, taken):
        recipient, mail = taken
        words = mail.get_body(("plain",)).get_content().encode()
        self._neighbour.hear(Request("DATA", recipient, {}, words))
        super().append(taken)


@contextmanager
def _email(name, _home):
    """Open a post office that knows a mailing list."""
    neighbour = Neighbour(name)
    with post_office.open_office(mails=_Heard(neighbour)) as office:
        neighbour.secrets["password"] = post_office.PASSWORD.reveal()
        neighbour.settings = {
            "server": office.address,
            "user": post_office.USER,
            "sender": post_office.USER,
            "to": "news@lists.example.org",
        }
        yield neighbour


@contextmanager
def _indexnow(name, home):
    """Open a search engine that knows the key which this blog must have."""
    contract = _contract(name)
    neighbour = Neighbour(name, contract.publishes)
    engine = type(contract.counterpart())(replace(contract.options, home=home))
    with _hosts(neighbour, engine, (_origin(contract.server),)) as there:
        neighbour.settings["server"] = _led(contract.server, there)
        yield neighbour


@contextmanager
def _websub(name, _home):
    """Open a hub; the feeds are the blog's own."""
    contract = _contract(name)
    neighbour = Neighbour(name, contract.publishes)
    with _hosts(neighbour, contract.counterpart(), (_origin(contract.server),)) as there:
        neighbour.settings["server"] = _led(contract.server, there)
        yield neighbour


@contextmanager
def _webmention(name, _home):
    """Open somebody's page that wants to be told who links to it."""
    contract = _contract(name)
    web = contract.counterpart()
    (page,) = web.pages
    neighbour = Neighbour(name, contract.publishes)
    with _hosts(neighbour, web, (_origin(page),)) as there:
        neighbour.page = _led(page, there)
        yield neighbour


def _silent(name, _home):
    return nullcontext(Neighbour(name, settings=SILENT[name]))


_OPENED = {
    "apprise": _apprise,
    "email": _email,
    "indexnow": _indexnow,
    "nostr": _nostr,
    "webmention": _webmention,
    "websub": _websub,
    **dict.fromkeys(SILENT, _silent),
}
