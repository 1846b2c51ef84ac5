"""May the fetcher connect to an address? Only to web addresses on the public internet, as written and as resolved.

``check`` and ``verdict`` judge a URL as it is written, ``judge_ip`` an IP address that its host name resolves to. Both
checks are made before each connection and at each redirect. The second is made on the IP address that the socket
connects to, so that a name can't resolve to one address when it is checked and to another when it is used (DNS
rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

import idna

from bot.errors import BlockedAddress
from extract.types import Frozen

MAX_URL = 4096
PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# blocks that ``ipaddress.is_global`` calls global in some or all versions of Python: shared address space, relays and
# translators whose addresses contain another address, and reserved blocks
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
# names that mean this machine or network by convention (RFC 6761, RFC 6762, RFC 8375)
_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "home.arpa", "lan", "onion")
# characters that RFC 3986 allows nowhere in a URL; parsers differ in how they read them
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\^`{|}<>\"]")
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# forms that ``inet_aton`` accepts as an IPv4 address: 127.1, 2130706433, 0x7f.1, 0177.0.0.1
_LOOSE_IPV4 = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")


class Target(Frozen, frozen=True, kw_only=True):
    """What a URL would connect to. ``host`` is normalised; ``is_allowed``: it is one of ``allow_hosts``."""

    scheme: str
    host: str
    port: int
    is_allowed: bool = False

    @property
    def ip(self) -> IPAddress | None:
        """The host as an IP address; None where it is a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


def verdict(url: str, allow_hosts: Iterable[str] = ()) -> str:
    """Why the fetcher won't connect to this URL; empty where it may. The name is not resolved."""
    try:
        check(url, allow_hosts)
    except BlockedAddress as error:
        return str(error)
    return ""


def check(url: str, allow_hosts: Iterable[str] = ()) -> Target:
    """What this URL would connect to.

    ``allow_hosts`` are exact names or IP addresses that are allowed although they are private, on any port.

    Raises:
        BlockedAddress: it must not be connected to; says why.
    """
    target = _target(url)
    if target.host in {_plain_host(host) for host in allow_hosts}:
        return Target(scheme=target.scheme, host=target.host, port=target.port, is_allowed=True)
    if target.ip is not None:
        why = judge_ip(target.ip)
        if why:
            raise BlockedAddress(why)
    elif target.host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES)) or target.host in _LOCAL_NAMES:
        raise BlockedAddress(f"{target.host} is a name of this machine or network")
    elif "." not in target.host:
        raise BlockedAddress(f"{target.host} is a name of the local network")
    if target.port not in PORTS:
        raise BlockedAddress(f"port {target.port} is no web port")
    return target


def judge_ip(address: IPAddress) -> str:
    """Why an IP address is not on the public internet; empty where it is."""
    if any(address.version == network.version and address in network for network in _NOT_PUBLIC):
        return f"{address} is not a public address"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return f"{address} is not a public address"
    return ""


def judge_answer(target: Target, answers: Iterable[str]) -> None:
    """Check every IP address that a name resolves to: one private address among others blocks the name.

    Raises:
        BlockedAddress: names the IP address.
    """
    if target.is_allowed:
        return
    for answer in answers:
        why = judge_ip(ipaddress.ip_address(answer.partition("%")[0]))
        if why:
            raise BlockedAddress(f"{target.host} stands for {answer}: {why}")


def _target(url: str) -> Target:
    if len(url) > MAX_URL:
        raise BlockedAddress("the address is too long")
    if _UNSAFE.search(url):
        raise BlockedAddress("the address holds characters that no address may hold")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BlockedAddress("that is no address") from error
    if parts.scheme not in ("http", "https"):
        raise BlockedAddress("an address begins with http:// or https://")
    if "@" in parts.netloc:
        raise BlockedAddress("an address with a user name or password is refused")
    if not parts.hostname:
        raise BlockedAddress("the address names no host")
    host = _checked_host(parts.hostname, is_bracketed="[" in parts.netloc)
    return Target(
        scheme=parts.scheme, host=host, port=(443 if parts.scheme == "https" else 80) if port is None else port
    )


def _checked_host(host: str, *, is_bracketed: bool) -> str:
    if is_bracketed:
        if "%" in host:
            raise BlockedAddress("an address with a zone is refused")
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise BlockedAddress("that is no IPv6 address") from error
    plain = _plain_host(host)
    if _LOOSE_IPV4.fullmatch(plain):
        return _strict_ipv4(host, plain)
    if not _NAME.fullmatch(plain):
        raise BlockedAddress("the host name holds characters that no name may hold")
    return plain


def _plain_host(host: str) -> str:
    """A host as resolvers read it: digits and full stops of other scripts in ASCII, IDNA, no final dot."""
    folded = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").strip("[]").rstrip(".")
    if folded.isascii():
        return folded
    try:
        return idna.encode(folded, uts46=True).decode("ascii")
    except idna.IDNAError:
        return folded


def _strict_ipv4(host: str, plain: str) -> str:
    """An IPv4 address in its usual form, four decimal numbers: other forms serve only to hide the address.

    Raises:
        BlockedAddress: it is in another form, or is no address.
    """
    try:
        meant = str(ipaddress.IPv4Address(socket.inet_aton(plain)))
    except OSError as error:
        raise BlockedAddress("that is no IPv4 address") from error
    if host != meant:
        raise BlockedAddress(f"{host} is another way to write {meant}: write it plainly")
    return meant
