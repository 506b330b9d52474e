"""Which addresses we speak to, and follow. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from litfass_syndication.errors import AccountError

_PORTS = {"https": 443, "http": 80}
_MAIL_PORTS = {"smtps": 465, "smtp": 587}  # RFC 8314, sections 3.3 and 7.3


def checked(address: str, account: str = "", scheme: str = "https") -> str:
    """Return the address if secrets may be sent there; raises AccountError.

    It is whole and encrypted, and has no password in it. Plain http, or ws where the scheme is wss,
    only to this machine.
    """
    plain = scheme.removesuffix("s")
    where = f"{account}: the address" if account else "The address"
    parts = _parts(address)
    if parts.scheme not in {scheme, plain} or not parts.hostname:
        example = f'Write it like "{scheme}://{address or "social.example"}".'
        hint = "" if address.startswith(("https:", "http:", f"{scheme}:")) else example
        raise AccountError(f'{where} "{address}" is not a whole address.', hint)
    if parts.username or parts.password:
        raise AccountError(f"{where} of {parts.hostname} has a password in it.", "Leave it out.")
    if parts.scheme == plain and not is_loopback(address):
        shown = "would show everyone on the way what is sent, secrets too."
        hint = f"Write {scheme}. Plain {plain} {shown}"
        raise AccountError(f"{where} of {parts.hostname} is not encrypted.", hint)
    return address


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `tls`: encrypted from the beginning; `here`: on this machine."""

    name: str
    port: int
    tls: bool
    here: bool

    @property
    def host(self) -> str:
        """What a person knows it by: its name, with its port if that says something."""
        return self.name if self.port in _MAIL_PORTS.values() else f"{self.name}:{self.port}"


def mail_server(address: str, account: str = "") -> MailServer:
    """Take the address of a mail server apart; raises AccountError when it is none."""
    where = f"{account}: the address" if account else "The address"
    parts = _parts(address)
    if parts.scheme not in _MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        hint = 'Write it like "smtps://mail.example.org", or with smtp:// for one with STARTTLS.'
        raise AccountError(f'{where} "{address}" is not that of a mail server.', hint)
    if parts.username or parts.password:
        raise AccountError(f"{where} of {parts.hostname} has a user in it.", "Leave it out.")
    port = parts.port or _MAIL_PORTS[parts.scheme]
    return MailServer(parts.hostname, port, parts.scheme == "smtps", is_loopback(address))


def host(address: str) -> str:
    """Return the host of an address, with its port if it says one."""
    return _parts(address).netloc


def is_loopback(address: str) -> bool:
    """Tell whether an address is on this machine."""
    name = _parts(address).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def is_outside(peer: str) -> bool:
    """Tell whether an IP address is out on the internet: no private network's, not this machine."""
    try:
        ip = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return ip.is_global and mapped.is_global and not ip.is_multicast


def may_be_outside(address: str) -> bool:
    """Tell whether a whole web address, without a password, names nobody near for certain.

    Where a name leads is only known once it is connected to.
    """
    parts = _parts(address)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
        return False
    try:
        return is_outside(str(ipaddress.ip_address(parts.hostname)))
    except ValueError:
        return not is_loopback(address)


def led_to(here: str, location: str) -> str:
    """Return where a redirect leads from here; one that is broken stays as it is."""
    try:
        return urljoin(here, location)
    except ValueError:
        return location


def may_follow(here: str, there: str, *, outside: bool = False) -> bool:
    """Tell whether a redirect stays encrypted, and does not lead into this machine from outside.

    What nobody asked to be encrypted, as strangers' pages, need not be.
    """
    if outside or is_loopback(here):
        return _parts(there).scheme in _PORTS
    return _parts(there).scheme == "https" and not is_loopback(there)


def same_origin(one: str, other: str) -> bool:
    """Tell whether two addresses have one scheme, host and port."""
    return _origin(one) == _origin(other)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = _parts(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _parts(address: str) -> SplitResult:
    """Take an address apart; one that is broken has no parts."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - read, because only then a broken one is noticed
    except ValueError:
        return urlsplit("")
    return parts
