"""Decide which network addresses may be fetched from: public ones, and private ones that the operator named.

A feed's address, and each redirect, is written by somebody else. It must not make this machine ask its own
services, its network's routers or a cloud's metadata service (server-side request forgery, CWE-918). So names are
resolved first, **every** address found is judged, and the connection goes to a judged address, never to the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class AddressReason(StrEnum):
    """Why an address may be fetched from, or may not."""

    PUBLIC = "public"
    ALLOWED = "allowed"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link_local"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    TUNNEL = "tunnel"


REFUSED = frozenset(
    {
        AddressReason.LOOPBACK,
        AddressReason.PRIVATE,
        AddressReason.LINK_LOCAL,
        AddressReason.MULTICAST,
        AddressReason.RESERVED,
        AddressReason.TUNNEL,
    }
)

_V4_LAST = (
    ipaddress.IPv6Network("64:ff9b::/96"),  # RFC 6052, NAT64
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # RFC 8215, NAT64 of a network's own
    ipaddress.IPv6Network("::/96"),  # RFC 4291, section 2.5.5.1, IPv4-compatible, deprecated
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # RFC 2765, IPv4-translated
)
"""Networks in which the last 32 bits are an IPv4 address."""

_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""RFC 5214: the interface identifier ``::0:5efe:a.b.c.d`` holds an IPv4 address."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out for use on the public IPv6 network."""

_NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # RFC 6598, behind a provider's translator
        "192.0.0.0/24",  # RFC 6890, protocol assignments; 192.0.0.192 is a cloud's metadata service
        "192.88.99.0/24",  # RFC 7526, the former 6to4 relay
        "168.63.129.16/32",  # a cloud's internal host service behind an address that looks public
        "2001::/23",  # RFC 2928, protocol assignments, Teredo among them
        "2001:db8::/32",  # RFC 3849, documentation
        "3fff::/20",  # RFC 9637, documentation
        "fec0::/10",  # RFC 3879, site-local, deprecated
    )
)
"""Named here since the standard library's table differs between the versions of Python that we run on."""

_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Which private networks may be fetched from."""

    allow_private: tuple[Network, ...] = ()

    @classmethod
    def of(cls, cidrs: Iterable[str]) -> AddressPolicy:
        """Return the policy that allows these networks.

        Raises:
            ValueError: one is no network in CIDR notation.
        """
        return cls(allow_private=tuple(ipaddress.ip_network(c, strict=False) for c in cidrs))


def judge(address: Address, policy: AddressPolicy) -> AddressReason:
    """Return whether an address may be connected to, and why.

    An IPv6 address that carries an IPv4 one is refused as such, named after what it carries if that is worse. It is
    allowed where the operator named what it carries, or named its own network and it carries nothing bad.
    """
    carried = carried_v4(address)
    inner = [(a, judge(a, policy)) for a in carried]
    bad = next((reason for _, reason in inner if reason in REFUSED), None)
    if _named(address, policy):
        return bad or AddressReason.ALLOWED
    if carried and all(reason is AddressReason.ALLOWED for _, reason in inner):
        return AddressReason.ALLOWED
    return bad or (AddressReason.TUNNEL if carried else _kind(address))


def _named(address: Address, policy: AddressPolicy) -> bool:
    return any(address.version == n.version and address in n for n in policy.allow_private)


def carried_v4(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    """Return the IPv4 addresses inside an IPv6 address: mapped, compatible, 6to4, Teredo, NAT64, ISATAP."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    if address.teredo is not None:
        return address.teredo
    found = address.ipv4_mapped or address.sixtofour
    if found is None and _carries_last(address):
        found = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return () if found is None else (found,)


def _carries_last(address: ipaddress.IPv6Address) -> bool:
    """Return whether the last 32 bits are an IPv4 address."""
    if int(address) <= 1:
        return False
    identifier = (int(address) >> 32) & 0xFFFFFFFF
    return any(address in net for net in _V4_LAST) or identifier in _ISATAP


def _kind(address: Address) -> AddressReason:
    if address.is_loopback:
        return AddressReason.LOOPBACK
    if address.is_multicast:
        return AddressReason.MULTICAST
    if address.is_link_local:
        return AddressReason.LINK_LOCAL
    if any(address.version == n.version and address in n for n in _NOT_PUBLIC):
        return AddressReason.PRIVATE
    if address.is_unspecified or _outside(address):
        return AddressReason.RESERVED
    return AddressReason.PUBLIC if address.is_global else AddressReason.PRIVATE


def _outside(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        return address not in _GLOBAL_UNICAST and not address.is_private
    return address.is_reserved


def literal(host: str) -> Address | None:
    """Return the address that a host is written as, in any spelling that a resolver takes; ``None`` for a name.

    ``inet_aton`` reads ``127.1``, ``2130706433``, ``0x7f.1`` and ``0177.0.0.1`` as the C library does.
    """
    text = host.strip().strip("[]").rstrip(".").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text)) if text.isascii() else None
    except (OSError, ValueError):
        return None


def local_name(host: str) -> bool:
    """Return whether a name is one of the machine or its own network by convention (RFC 6761, RFC 6762, RFC 8375)."""
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith(tuple(f".{suffix}" for suffix in _LOCAL_NAMES))
